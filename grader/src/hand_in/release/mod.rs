//! The tree that students get: no solutions, no wrong variants, no programs that know the answers; sealed cases instead.
//!
//! It is made beside its place, looked through for leaks and only then given its name. `workspace` takes what is gone out of
//! cargo's manifests, `leaks` looks for what must not be there, the `manifest` lists what is there. `gradescope` packs it for an autograder.

pub mod gradescope;
pub mod leaks;
mod workspace;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use ignore::WalkBuilder;

use crate::{
    build::compile::settle_lock,
    course::{Course, VERSION, cases, manifest, stubs},
    events::{Event, Listener},
    files::write_whole,
    paths::Paths,
};

/// What students get of the top level.
const TOP: [&str; 14] = [
    ".cargo",
    ".clippy.toml",
    ".devcontainer",
    ".gitignore",
    ".rustfmt.toml",
    ".vscode",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "datasets",
    "grader",
    "lectures",
];
/// Folders that stay with the authors.
const KEPT: [&str; 4] = ["grader/bench", "grader/tests", "grader/hidden/misconceptions", "lectures/figures"];

/// How a line of the README ends that speaks of what students don't get.
const NOT_RELEASED: &str = "; not in a release";

/// What was made.
#[derive(Debug)]
pub struct TreeSize {
    /// How many files.
    pub files: usize,
    /// How many bytes they have together.
    pub bytes: u64,
}

/// Makes the students' tree of `course` at `place`, where nothing may be yet.
///
/// # Errors
/// When something is there, can't be written, or would give an answer away.
pub fn release(course: &Course, place: &Path, events: &dyn Listener) -> Result<TreeSize> {
    let taken = fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_some())
        || (place.exists() && !place.is_dir());
    ensure!(!taken, "`{}` is not empty and was left as it is: name a new folder", place.display());
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("failed to make `{}`", folder.display()))?;
    let draft = tempfile::Builder::new().prefix(".release-").tempdir_in(folder);
    let draft = draft.with_context(|| format!("failed to make a folder in `{}`", folder.display()))?;
    tree(course, draft.path())?;
    let (source, target) = (Paths::new(&course.root), Paths::new(draft.path()));
    // Otherwise the student's first build would change a file of the release.
    settle_lock(&source, &draft.path().join("Cargo.toml"))?;
    // Sealing takes minutes; what can be seen before need not wait for it.
    refuse_leaks(course, draft.path())?;
    for (i, chapter) in course.chapters.iter().enumerate() {
        let what = format!("{}: sealing its cases", chapter.name);
        events.hear(Event::Examining { what: &what, done: i, total: course.chapters.len() });
        cases::seal(&target, &source, chapter)?;
    }
    events.hear(Event::Finished);
    refuse_leaks(course, draft.path())?;
    manifest::write(draft.path(), VERSION)?;
    if place.is_dir() {
        fs::remove_dir(place).with_context(|| format!("failed to replace `{}`", place.display()))?;
    }
    fs::rename(draft.path(), place).with_context(|| format!("failed to make `{}`", place.display()))?;
    // It has another name now; there is nothing left to clear away.
    let _ = draft.keep();
    count(place)
}

fn refuse_leaks(course: &Course, root: &Path) -> Result<()> {
    let leaks = leaks::find(course, root)?;
    ensure!(
        leaks.is_empty(),
        "nothing was released, because it would give answers away:\n{}",
        leaks.join("\n")
    );
    Ok(())
}

/// Everything but the sealed cases, below `root`.
pub fn tree(course: &Course, root: &Path) -> Result<()> {
    for file in files(course)? {
        copy(&course.root.join(&file), &root.join(&file))?;
    }
    for chapter in &course.chapters {
        put_stubs(&Paths::new(&course.root), &Paths::new(root), &chapter.name)?;
    }
    workspace::edit(course, root)?;
    cut_authors_part(&root.join("README.md"))
}

/// The files that are copied as they are, relative to the course's root.
fn files(course: &Course) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for top in TOP.into_iter().chain(["rust-toolchain.toml"]) {
        let path = course.root.join(top);
        if !path.exists() {
            continue;
        }
        for entry in WalkBuilder::new(&path).hidden(false).require_git(false).parents(true).build() {
            let entry = entry.with_context(|| format!("failed to read `{}`", path.display()))?;
            let file = entry.path().strip_prefix(&course.root).unwrap_or(entry.path());
            if entry.file_type().is_some_and(|kind| kind.is_file()) && is_for_students(course, file) {
                files.push(file.to_owned());
            }
        }
    }
    Ok(files)
}

fn is_for_students(course: &Course, file: &Path) -> bool {
    let is_source = |name: &str| file.starts_with(Path::new("lectures").join(name).join("src"));
    // Calls to be timed hold no answer.
    let oracle = file
        .strip_prefix("grader/hidden/src")
        .is_ok_and(|below| below.components().count() > 1 && !below.starts_with("sized"));
    let program_of_golden = file.starts_with("grader/golden") && file.extension().is_some_and(|e| e == "py");
    !KEPT.iter().any(|kept| file.starts_with(kept))
        && !course.chapters.iter().any(|chapter| is_source(&chapter.name))
        && !oracle
        && !is_litter(file)
        && !program_of_golden
        && !file.ends_with("target")
}

/// What macOS leaves beside files, and hidden files that are called as sources.
fn is_litter(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("._") || name == ".DS_Store" || name.starts_with('.') && name.ends_with(".rs")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let copied = to.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::copy(from, to));
    copied.map(|_| ()).with_context(|| format!("failed to copy `{}`", from.display()))
}

/// The stubs as they were sealed, whatever lectures/ holds just now.
fn put_stubs(source: &Paths, target: &Paths, chapter: &str) -> Result<()> {
    for (file, text) in stubs::load(source, chapter)?.files {
        let path = target.lecture(chapter).join(file);
        let folder = path.parent().unwrap_or(&path).to_owned();
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
        written.with_context(|| format!("failed to write `{}`", path.display()))?;
    }
    Ok(())
}

/// What only authors need would show them a line of a solution.
fn cut_authors_part(readme: &Path) -> Result<()> {
    let text =
        fs::read_to_string(readme).with_context(|| format!("failed to read `{}`", readme.display()))?;
    let (begin, end) = ("<!-- authors:", "<!-- end of the authors' part -->\n");
    let cut = text.split_once(begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let Some((before, after)) = cut else { return Ok(()) };
    let is_here = |line: &&str| !line.trim_end().ends_with(NOT_RELEASED);
    let after: String = after.split_inclusive('\n').filter(is_here).collect();
    write_whole(readme, format!("{before}{after}").as_bytes())
}

fn count(place: &Path) -> Result<TreeSize> {
    let mut released = TreeSize { files: 0, bytes: 0 };
    for entry in WalkBuilder::new(place).standard_filters(false).build() {
        let entry = entry.context("failed to count what was released")?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            released.files += 1;
            released.bytes += entry.metadata().map_or(0, |metadata| metadata.len());
        }
    }
    Ok(released)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_systems_leave_behind_is_not_released() {
        for litter in
            ["grader/src/._main.rs", "datasets/.DS_Store", "grader/src/.main.rs", "lectures/._README.md"]
        {
            assert!(is_litter(Path::new(litter)), "{litter}");
        }
        for file in [".gitignore", ".cargo/config.toml", "datasets/.gitignore", "grader/src/main.rs"] {
            assert!(!is_litter(Path::new(file)), "{file}");
        }
    }
}
