//! Source trees: a chapter's `src/**/*.rs` in memory, from wherever it comes, with overlays applied.
//!
//! Only these files are ever taken from a student; manifests, build scripts and configuration are not, nor are hidden files,
//! which editors and systems leave behind. What can't be read as a source costs only itself; `reading` finds out.

mod reading;

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::files::hash;

pub use reading::text_of;

/// No lecture comes near this size; more is a mistake or an attack.
pub const LARGEST_FILE: u64 = 1 << 20;

/// A crate's root.
pub const ROOT: &str = "src/lib.rs";

/// What a folder's module is written in, if not in a file beside the folder.
pub const INDEX: &str = "mod.rs";

/// A chapter's sources by path relative to its folder (`src/relu.rs`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// The files' texts.
    pub files: BTreeMap<PathBuf, String>,
    /// What should be a source and can't be read as one, with a sentence that names it and the remedy.
    pub damaged: BTreeMap<PathBuf, String>,
}

impl Tree {
    /// Reads `folder/src/**/*.rs` where all of it must be in order: the course's own sources.
    ///
    /// # Errors
    /// When something is damaged or missing.
    pub fn read(folder: &Path) -> Result<Self> {
        let tree = Self::of_student(folder);
        match tree.damaged.values().next() {
            Some(says) => bail!("{says}"),
            None => Ok(tree),
        }
    }

    /// Reads `folder/src/**/*.rs` as far as that can be done. A link to a file of the same folder is followed.
    pub fn of_student(folder: &Path) -> Self {
        reading::read(folder)
    }

    /// Of these files.
    pub fn of(files: impl IntoIterator<Item = (impl Into<PathBuf>, impl Into<String>)>) -> Self {
        let files = files.into_iter().map(|(path, text)| (path.into(), text.into())).collect();
        Self { files, damaged: BTreeMap::new() }
    }

    /// Every file, what is wrong with it standing for what can't be read.
    pub fn all(&self) -> impl Iterator<Item = (&Path, &str)> {
        self.files.iter().chain(&self.damaged).map(|(path, text)| (path.as_path(), text.as_str()))
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
        self.hash_of(self.all().map(|(path, _)| path))
    }

    /// A hash of some files.
    pub fn hash_of<'a>(&self, files: impl IntoIterator<Item = &'a Path>) -> String {
        hash(files.into_iter().flat_map(|path| {
            let text =
                self.files.get(path).or(self.damaged.get(path)).map(String::as_str).unwrap_or_default();
            [path.as_os_str().as_encoded_bytes(), text.as_bytes()]
        }))
    }
}

/// Whether a name or a path of names is hidden, as `.relu.rs.swp` and what macOS calls `._relu.rs`.
pub fn is_hidden(path: &Path) -> bool {
    path.iter().any(|name| name != OsStr::new(".") && name.as_encoded_bytes().starts_with(b"."))
}

/// The name of the module that a file is: `src/given/mod.rs` is `given`.
pub fn module_name(file: &Path) -> &str {
    let is_index = file.file_name().is_some_and(|name| name == INDEX);
    let named = file.parent().filter(|_| is_index).unwrap_or(file);
    named.file_stem().and_then(OsStr::to_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_must_fit_exactly_once() {
        let mut tree = Tree::of([("src/a.rs", "x + x")]);
        let message = tree.patch(Path::new("src/a.rs"), "x", "y").unwrap_err().to_string();
        assert!(message.contains("2 times"), "{message}");
        tree.patch(Path::new("src/a.rs"), "x + x", "y").unwrap();
        assert_eq!(tree.files[Path::new("src/a.rs")], "y");
    }
}
