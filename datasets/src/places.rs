//! Where data sets lie: bundled in the course, or in full in one of two folders.
//!
//! The course is looked for when a program runs. Where it was built is no help: a course may be copied with its programs.

use std::{
    env,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use crate::Error;

/// Names a folder of full-size data sets.
pub const FULL: &str = "CRASH_COURSE_DATA";
/// Names a folder that is used instead of the repository's `datasets/bundled`.
pub const BUNDLED: &str = "CRASH_COURSE_BUNDLED";

/// The course's root, once somebody said which one.
static ROOT: OnceLock<PathBuf> = OnceLock::new();

/// Says which course's data are meant; only the first time counts.
pub fn of_course(root: &Path) {
    ROOT.get_or_init(|| root.to_owned());
}

/// The course's folder `datasets`: of the course that was named, or that the current folder or this program lies in.
fn own() -> PathBuf {
    let places = [env::current_dir().ok(), env::current_exe().ok()];
    let found = || course_of(places.iter().flatten().map(PathBuf::as_path));
    ROOT.get().map(PathBuf::as_path).or_else(found).unwrap_or(Path::new("")).join("datasets")
}

/// The first course that one of `places` lies in.
fn course_of<'p>(mut places: impl Iterator<Item = &'p Path>) -> Option<&'p Path> {
    places.find_map(|place| place.ancestors().find(|folder| is_course(folder)))
}

fn is_course(folder: &Path) -> bool {
    folder.join("lectures/course.toml").is_file() || folder.join("datasets/bundled").is_dir()
}

/// The bundled subsets: `datasets/bundled`, or what `CRASH_COURSE_BUNDLED` says.
pub fn bundled() -> PathBuf {
    named(BUNDLED).unwrap_or_else(|| own().join("bundled"))
}

/// Where `fetch` puts data sets unless told otherwise: `datasets/downloaded`, which git ignores.
pub fn downloaded() -> PathBuf {
    own().join("downloaded")
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
    let way_out = "it comes with the course: copy `datasets/bundled` from there again, or set CRASH_COURSE_BUNDLED to a copy \
                   of that folder";
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_course_that_was_copied_finds_its_own_data() {
        let folder = tempfile::tempdir().unwrap();
        let [here, there] = ["here", "there"].map(|name| folder.path().join(name));
        for copy in [&here, &there] {
            fs::create_dir_all(copy.join("datasets/bundled")).unwrap();
        }
        let (within, program) = (here.join("lectures/tricks"), there.join("target/debug/grader"));
        let nowhere = Path::new("/nowhere/at/all");
        assert_eq!(course_of([nowhere, &program].into_iter()), Some(there.as_path()));
        assert_eq!(course_of([within.as_path(), &program].into_iter()), Some(here.as_path()));
        assert_eq!(course_of([nowhere].into_iter()), None);
    }
}
