//! Where data sets lie: bundled in the repository, or in full in one of two folders.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::Error;

/// Names a folder of full-size data sets.
pub const FULL: &str = "CRASH_COURSE_DATA";
/// Names a folder that is used instead of the repository's `datasets/bundled`.
pub const BUNDLED: &str = "CRASH_COURSE_BUNDLED";

/// The bundled subsets: `datasets/bundled`, or what `CRASH_COURSE_BUNDLED` says.
pub fn bundled() -> PathBuf {
    named(BUNDLED).unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("bundled"))
}

/// Where `fetch` puts data sets unless told otherwise: `datasets/downloaded`, which git ignores.
pub fn downloaded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("downloaded")
}

/// The folders with full-size data sets, in the order of preference: what `CRASH_COURSE_DATA` says, then [`downloaded`].
pub fn full() -> Vec<PathBuf> {
    named(FULL).into_iter().chain([downloaded()]).collect()
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// A bundled file or folder.
pub(crate) fn in_bundle(path: &str) -> Result<PathBuf, Error> {
    let file = bundled().join(path);
    if file.exists() {
        return Ok(file);
    }
    let way_out = "it comes with the repository; restore it with `git checkout -- datasets/bundled`, or set \
                   CRASH_COURSE_BUNDLED to a copy of that folder";
    Err(Error::Missing { file, way_out: way_out.into() })
}

/// The first of `folders` in any of [`full`] that holds one of `files`.
pub(crate) fn find(name: &'static str, folders: &[&str], files: &[&str]) -> Result<PathBuf, Error> {
    let candidates = full().into_iter().flat_map(|root| folders.iter().map(move |folder| root.join(folder)));
    let held = |folder: &PathBuf| files.iter().any(|file| folder.join(file).is_file());
    candidates.into_iter().find(held).ok_or_else(|| {
        let looked: Vec<String> = full().iter().map(|root| root.display().to_string()).collect();
        Error::NotHere { name, looked: looked.join(", ") }
    })
}
