//! What a released tree consists of: its version and the hash of each file, in `grader/sealed/release.toml`.
//!
//! By it `update` tells what a student changed, and a release that is not whole is found out. The texts of the lectures as
//! they were released, which a merge needs, lie packed beside it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use ignore::WalkBuilder;
use serde::{Deserialize, Serialize};

use crate::{
    course::stubs,
    files::{read_toml, sha256, write_whole},
    source::tree::Tree,
};

/// The form of manifests that this grader writes and reads.
const FORMAT: u32 = 1;
const FILE: &str = "grader/sealed/release.toml";
const TEXTS: &str = "grader/sealed/lectures.zip";
const HEADER: &str =
    "# What this release consists of. `update` goes by it; whoever edits it makes updates impossible.\n";
/// Folders that belong to students and tools, of which a release has nothing.
const FOREIGN: [&str; 3] = [".crash-course", ".git", "target"];

/// The files of a release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    format: u32,
    /// The version of the course.
    pub version: String,
    /// SHA-256 by path, with slashes.
    pub files: BTreeMap<String, String>,
}

impl Manifest {
    /// That of the released tree below `root`; `None` where the tree was not made by `release`.
    ///
    /// # Errors
    /// When it can't be read, or is in a form that this grader does not know.
    pub fn load(root: &Path) -> Result<Option<Self>> {
        let path = root.join(FILE);
        if !path.is_file() {
            return Ok(None);
        }
        let manifest: Self = read_toml(&path)?;
        ensure!(
            manifest.format == FORMAT,
            "`{}` has format {}, and this grader knows {FORMAT}: get the new course as a whole, and copy your lectures into it",
            path.display(),
            manifest.format
        );
        if let Some(path) = manifest.files.keys().find(|path| !is_plain(path)) {
            bail!("a release can't have a file `{path}`: its manifest was tampered with");
        }
        Ok(Some(manifest))
    }

    /// The `wanted` paths whose files below `root` are missing or others.
    pub fn changed(&self, root: &Path, wanted: impl Fn(&str) -> bool) -> Vec<&str> {
        let is_other = |(path, hash): &(&String, &String)| {
            !read_plain(root, path).is_ok_and(|bytes| is_same(&bytes, hash))
        };
        let files = self.files.iter().filter(|(path, _)| wanted(path));
        files.filter(is_other).map(|(path, _)| path.as_str()).collect()
    }

    /// Whether the files below `root` are those of the manifest.
    ///
    /// # Errors
    /// Names the first that is not.
    pub fn verify(&self, root: &Path) -> Result<()> {
        for (path, wanted) in &self.files {
            let bytes = read_plain(root, path)
                .with_context(|| format!("`{path}` of the release is missing or can't be read"))?;
            ensure!(
                is_same(&bytes, wanted),
                "`{path}` of the release was changed after it was made: publish what `release` writes, unchanged"
            );
        }
        Ok(())
    }
}

/// Writes the manifest of the tree below `root`, and the texts of its lectures.
pub fn write(root: &Path, version: &str) -> Result<()> {
    let mut texts = Tree::default();
    let mut files = BTreeMap::new();
    for path in paths(root)? {
        let bytes = fs::read(root.join(&path)).with_context(|| format!("failed to read `{path}`"))?;
        files.insert(path.clone(), sha256(&bytes));
        if let Some(text) = String::from_utf8(bytes).ok().filter(|_| path.starts_with("lectures/")) {
            texts.files.insert(path.into(), text);
        }
    }
    let packed = stubs::pack(&texts).context("failed to pack the texts of the lectures")?;
    write_whole(&root.join(TEXTS), &packed)?;
    files.insert(TEXTS.to_owned(), sha256(&packed));
    let manifest = Manifest { format: FORMAT, version: version.to_owned(), files };
    let text = toml::to_string(&manifest).context("failed to write the manifest of the release")?;
    write_whole(&root.join(FILE), format!("{HEADER}{text}").as_bytes())
}

/// The manifest's own path: it can't hold its own hash.
pub fn file() -> &'static str {
    FILE
}

/// The texts of the lectures as they were released; empty where the file is gone.
pub fn texts(root: &Path) -> BTreeMap<PathBuf, String> {
    stubs::unpack(&root.join(TEXTS)).unwrap_or_default().files
}

/// Whether `bytes` have this hash. Git on some machines rewrites line ends, which nobody calls a change.
pub fn is_same(bytes: &[u8], wanted: &str) -> bool {
    sha256(bytes) == wanted
        || (bytes.contains(&b'\r')
            && str::from_utf8(bytes).is_ok_and(|text| sha256(unix(text).as_bytes()) == wanted))
}

/// A text with the line ends that the course is written with.
pub fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Reads a file of a release; links and giants are none.
pub fn read_plain(root: &Path, path: &str) -> Result<Vec<u8>> {
    let path = root.join(path);
    let metadata =
        fs::symlink_metadata(&path).with_context(|| format!("failed to read `{}`", path.display()))?;
    ensure!(metadata.is_file(), "`{}` is not a file", path.display());
    fs::read(&path).with_context(|| format!("failed to read `{}`", path.display()))
}

fn paths(root: &Path) -> Result<Vec<String>> {
    let mut paths = Vec::new();
    for entry in WalkBuilder::new(root).standard_filters(false).sort_by_file_name(Ord::cmp).build() {
        let entry = entry.context("failed to list what was released")?;
        let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let Some(name) = path.to_str() else { bail!("`{}` has no name in UTF-8", path.display()) };
        if entry.file_type().is_some_and(|kind| kind.is_file())
            && is_plain(name)
            && ![FILE, TEXTS].contains(&name)
        {
            paths.push(name.to_owned());
        }
    }
    Ok(paths)
}

/// Whether a path stays below the root and out of what is not the course's.
fn is_plain(path: &str) -> bool {
    let parts = || Path::new(path).components();
    let first = parts().next().and_then(|part| part.as_os_str().to_str()).unwrap_or_default();
    !path.is_empty()
        && !path.contains(['\\', '\0'])
        && parts().all(|part| matches!(part, Component::Normal(_)))
        && !FOREIGN.contains(&first)
}
