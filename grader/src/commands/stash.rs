//! `stash list` and `stash restore`: what was moved out of the way, and how it comes back.
//!
//! How files are kept safe is `keep::stash`'s.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde_json::json;

use super::{
    PROGRAM, Session,
    solutions::{open, shown},
};
use crate::{
    cli::StashAction,
    course::{Chapter, Exercise},
    exit::Exit,
    grade::Grader,
    keep::stash::{self, Deposit, Origin},
    paths::Paths,
    report::{plural, put_json, putln},
    source::tree::{Tree, text_of},
};

/// Lists, or brings back.
pub fn stash(session: &Session, action: &StashAction) -> Result<Exit> {
    match action {
        StashAction::List { name } => list(session, name.as_deref()),
        StashAction::Restore { name, file } => restore(session, name, file.as_deref()),
    }
}

/// What a stash is called: `tricks/2026-11-30T09-12-44Z-1`.
pub fn name(chapter: &str, kept: &Deposit) -> String {
    let folder = kept.folder.file_name().unwrap_or_default().to_string_lossy();
    format!("{chapter}/{folder}")
}

fn list(session: &Session, chapter: Option<&str>) -> Result<Exit> {
    let mut stashes = Vec::new();
    for chapter in session.chapters_called(chapter)? {
        let of_chapter = stash::list(&session.paths, &chapter.name)?;
        stashes.extend(of_chapter.into_iter().map(|kept| (chapter, kept)));
    }
    if session.common.json {
        let entries = stashes.iter();
        let entries = entries
            .map(|(chapter, kept)| json!({ "name": name(&chapter.name, kept), "contents": kept.contents }));
        put_json(&json!({ "format": 1, "stashes": entries.collect::<Vec<_>>() }));
        return Ok(Exit::Done);
    }
    for (chapter, kept) in &stashes {
        putln!("{}  {}", session.style.strong(&name(&chapter.name, kept)), describe(&session.paths, kept));
    }
    if stashes.is_empty() {
        putln!("there are no stashes: nothing was ever moved out of the way");
    } else {
        let command = session.style.command(&format!("{PROGRAM} stash restore NAME"));
        putln!("\nTo bring one back: {command}");
    }
    Ok(Exit::Done)
}

/// What is in a stash, and why.
pub fn describe(paths: &Paths, kept: &Deposit) -> String {
    let place = shown(paths, &kept.payload);
    let Some(contents) = &kept.contents else { return format!("{place} (its contents.toml can't be read)") };
    let what = match contents.kind {
        Origin::Yours => "your files, waiting for the solutions to go",
        Origin::Edits => "edits made while the solutions were in",
        Origin::Old => "from before",
        Origin::Found => "written while a command was interrupted",
    };
    let files = contents.files.iter().filter(|entry| !entry.path.ends_with('/')).count();
    let file = kept.payload.file_name().unwrap_or_default().to_string_lossy();
    format!("{file}: {}, {what} (`{}`)", plural(files, "file"), contents.command)
}

fn restore(session: &Session, wanted: &str, only: Option<&Path>) -> Result<Exit> {
    let grader = Grader::new(session.course, session.events)?;
    let (paths, stash) = (&grader.paths, open(&grader.paths)?);
    let (chapter, kept) = find(session, paths, wanted)?;
    let waits = stash::waiting(paths, &chapter.name)?.is_some_and(|waiting| waiting.folder == kept.folder);
    ensure!(
        !waits,
        "your files wait there for the solutions to go: `{PROGRAM} solutions out {}`",
        chapter.name
    );
    let mut files = files(chapter, &kept)?;
    files.retain(|(file, _)| only.is_none_or(|only| file.ends_with(only)));
    ensure!(!files.is_empty(), "there is no such file in `{wanted}`");
    let mut back = Vec::new();
    for (file, text) in &files {
        let target = paths.lecture(&chapter.name).join(file);
        if fs::read(&target).is_ok_and(|now| now == text.as_bytes()) {
            continue;
        }
        let old = stash.replace(&chapter.name, file, text, format!("stash restore {wanted}"))?;
        back.push((shown(paths, &target), old.map(|old| shown(paths, &old))));
    }
    if session.common.json {
        put_json(&json!({ "format": 1, "back": back }));
    } else if back.is_empty() {
        putln!("nothing to do: lectures/ says the same");
    }
    for (file, old) in back.iter().filter(|_| !session.common.json) {
        let old = old.as_ref().map_or_else(String::new, |old| format!("; what stood there is in {old}"));
        putln!("`{file}` is as it was in {wanted}{old}");
    }
    Ok(Exit::Done)
}

fn find<'c>(session: &'c Session, paths: &Paths, wanted: &str) -> Result<(&'c Chapter, Deposit)> {
    for chapter in &session.course.chapters {
        for kept in stash::list(paths, &chapter.name)? {
            if name(&chapter.name, &kept) == wanted.trim_end_matches('/') || kept.folder.ends_with(wanted) {
                return Ok((chapter, kept));
            }
        }
    }
    bail!("there is no stash `{wanted}`; `{PROGRAM} stash list` names them")
}

/// The texts in a stash and the files below the chapter that they were.
fn files(chapter: &Chapter, kept: &Deposit) -> Result<Vec<(PathBuf, String)>> {
    let payload = &kept.payload;
    let file_name = payload.file_name().context("a stash without a name")?;
    if payload.is_dir() {
        let tree = Tree::read(&kept.folder)?;
        return Ok(tree.files.into_iter().filter(|(file, _)| file.starts_with(file_name)).collect());
    }
    let bytes = fs::read(payload).with_context(|| format!("failed to read `{}`", payload.display()))?;
    let text = text_of(bytes).map_err(|why| anyhow!("`{}` {why}", payload.display()))?;
    let known = chapter.exercises.iter().map(Exercise::file).find(|file| file.file_name() == Some(file_name));
    Ok(vec![(known.unwrap_or_else(|| Path::new("src").join(file_name)), text)])
}
