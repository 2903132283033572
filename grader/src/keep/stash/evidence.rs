//! Whose files are whose, where a stash's own record of it is lost: told by the files themselves, or not at all.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

use super::{
    contents::{Entry, entries},
    disk,
    places::{Deposit, Places},
};
use crate::{PROGRAM, course::stubs, files::sha256, paths::Paths};

/// Whether `kept` holds the student's files of `chapter` because lectures/ holds the solutions.
///
/// # Errors
/// When the files leave it open. What to do then is said.
pub fn waits(places: &Places, chapter: &str, kept: &Deposit) -> Result<bool> {
    let lecture = places.source(chapter);
    if !disk::exists(&lecture) {
        return Ok(true);
    }
    let [solutions, here, stashed] =
        [&places.solution(chapter), &lecture, &kept.payload].map(|folder| files(folder));
    let (solutions, here, stashed) = (solutions?, here?, stashed?);
    let is_solved = |files: &Files, path: &PathBuf| files.get(path) == solutions.get(path);
    // What the stub and the solution have in common is nobody's.
    let stubs = stubs::load(&Paths::new(places.root()), chapter).unwrap_or_default().files;
    let is_stub = |path: &PathBuf| {
        let stub = stubs.get(&Path::new("src").join(path)).map(|text| Some(sha256(text)));
        solutions.get(path) == stub.as_ref()
    };
    let told_apart =
        || solutions.keys().filter(|path| !is_stub(path) && here.get(*path) != stashed.get(*path));
    let solved_here = told_apart().any(|path| is_solved(&here, path));
    let solved_there = told_apart().any(|path| is_solved(&stashed, path));
    match (solved_here, solved_there) {
        (true, false) => Ok(true),
        (false, true) => Ok(false),
        _ => bail!("{}", unclear(places, chapter, kept)),
    }
}

fn unclear(places: &Places, chapter: &str, kept: &Deposit) -> String {
    let [record, stash, payload, lecture] =
        [&kept.folder.join(super::contents::FILE), &kept.folder, &kept.payload, &places.source(chapter)]
            .map(|path| places.shown(path));
    format!(
        "`{record}` can't be read, so it is not known whose files `{lecture}` holds. Are yours those in `{payload}`? Then move \
         `{lecture}` elsewhere, and `{PROGRAM} solutions out {chapter}` brings them back. Are yours in `{lecture}`? Then move \
         `{stash}` elsewhere"
    )
}

type Files = BTreeMap<PathBuf, Option<String>>;

/// The hashes of what is below `folder`, by path from there on.
fn files(folder: &Path) -> Result<Files> {
    if !disk::exists(folder) {
        return Ok(Files::new());
    }
    let below = |Entry { path, sha256, .. }: Entry| {
        Some((Path::new(&path).strip_prefix("src").ok()?.to_owned(), sha256))
    };
    Ok(entries(folder)?.into_iter().filter(|entry| entry.sha256.is_some()).filter_map(below).collect())
}

/// Whether two folders hold the same files, whatever their permissions.
pub fn same_files(one: &Path, other: &Path) -> bool {
    matches!((files(one), files(other)), (Ok(one), Ok(other)) if !one.is_empty() && one == other)
}
