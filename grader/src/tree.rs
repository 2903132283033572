//! Source trees: a chapter's `src/**/*.rs` in memory, from wherever it comes, with overlays applied.
//!
//! Only these files are ever taken from a student; manifests, build scripts and configuration are not.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

/// No lecture comes near this size; more is a mistake or an attack.
pub const LARGEST_FILE: u64 = 1 << 20;

/// A crate's root.
pub const ROOT: &str = "src/lib.rs";

/// A chapter's sources by path relative to its folder (`src/relu.rs`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// The files' texts.
    pub files: BTreeMap<PathBuf, String>,
}

impl Tree {
    /// Reads `folder/src/**/*.rs`. Links are not followed.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.read_below(folder, Path::new("src"))?;
        ensure!(!tree.files.is_empty(), "no Rust files below `{}`", folder.join("src").display());
        Ok(tree)
    }

    fn read_below(&mut self, folder: &Path, relative: &Path) -> Result<()> {
        let place = folder.join(relative);
        let entries =
            fs::read_dir(&place).with_context(|| format!("failed to read `{}`", place.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("failed to read `{}`", place.display()))?;
            let path = relative.join(entry.file_name());
            let kind = entry.file_type().with_context(|| format!("failed to read `{}`", path.display()))?;
            if kind.is_dir() {
                self.read_below(folder, &path)?;
            } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "rs") {
                let text = read_source(&folder.join(&path))?;
                self.files.insert(path, text);
            }
        }
        Ok(())
    }

    /// Replaces the only occurrence of `find` in `file`.
    pub fn patch(&mut self, file: &Path, find: &str, replace: &str) -> Result<()> {
        let text = self.files.get_mut(file).with_context(|| format!("there is no `{}`", file.display()))?;
        match text.matches(find).count() {
            1 => *text = text.replacen(find, replace, 1),
            n => bail!("`{find}` occurs {n} times in `{}`, not once", file.display()),
        }
        Ok(())
    }

    /// A hash of all files.
    pub fn fingerprint_all(&self) -> String {
        self.hash_of(self.files.keys().map(PathBuf::as_path))
    }

    /// A hash of some files.
    pub fn hash_of<'a>(&self, files: impl IntoIterator<Item = &'a Path>) -> String {
        hash(files.into_iter().flat_map(|path| {
            let text = self.files.get(path).map(String::as_str).unwrap_or_default();
            [path.as_os_str().as_encoded_bytes(), text.as_bytes()]
        }))
    }
}

/// SHA-256 of the parts with their lengths, in hexadecimal.
pub fn hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_le_bytes());
        sha.update(part);
    }
    sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of `bytes`, in hexadecimal.
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read_source(path: &Path) -> Result<String> {
    let size = fs::metadata(path).with_context(|| format!("failed to read `{}`", path.display()))?.len();
    ensure!(
        size <= LARGEST_FILE,
        "`{}` has {size} bytes; a source file may have {LARGEST_FILE}",
        path.display()
    );
    let bytes = fs::read(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    String::from_utf8(bytes).with_context(|| format!("`{}` is not UTF-8 text", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        Tree { files: files.iter().map(|(path, text)| (path.into(), (*text).to_owned())).collect() }
    }

    #[test]
    fn a_patch_must_fit_exactly_once() {
        let mut tree = tree(&[("src/a.rs", "x + x")]);
        let message = tree.patch(Path::new("src/a.rs"), "x", "y").unwrap_err().to_string();
        assert!(message.contains("2 times"), "{message}");
        tree.patch(Path::new("src/a.rs"), "x + x", "y").unwrap();
        assert_eq!(tree.files[Path::new("src/a.rs")], "y");
    }
}
