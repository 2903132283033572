//! `reset`: an exercise as it was at first, what stood there in a stash.
//!
//! How it is kept safe is `stash`'s business, which text comes out `restore`'s.

use std::{fs, io::ErrorKind, path::Path};

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::{
    Exit, PROGRAM, Session,
    solutions::{open, shown},
};
use crate::{
    course::{Exercise, stubs},
    grade::Grader,
    keep::stash::{self, Stash},
    paths::Paths,
    report::{put_json, putln},
    source::restore::{Unfit, restore},
};

/// Puts back the stub of the exercise that `name` means, or of the whole file that it is in.
pub fn reset(session: &Session, name: &str, whole: bool) -> Result<Exit> {
    let exercise = session.course.one(name)?;
    let grader = Grader::new(session.course, session.events)?;
    let stash = open(&grader.paths)?;
    refuse_while_solutions_are_in(&grader.paths, &exercise.full_id(), &exercise.chapter)?;
    let target = grader.paths.lecture(&exercise.chapter).join(exercise.file());
    if !is_there(&target) {
        return missing(session, &grader, &stash, &[&exercise.chapter]);
    }
    let place = shown(&grader.paths, &target);
    let stubs = stubs::load(&grader.paths, &exercise.chapter)?;
    let stub = stubs.files.get(&exercise.file()).with_context(|| format!("there is no stub of `{place}`"))?;
    let old = read(&target)?;
    let new = match &old {
        Some(old) if !whole => restored(old, stub, exercise, &place)?,
        _ => stub.clone(),
    };
    let what = if whole { format!("`{place}`") } else { format!("`{}`", exercise.full_id()) };
    if old.as_deref() == Some(new.as_bytes()) {
        return say(session, exercise, None, &format!("{what} is untouched: there is nothing to put back"));
    }
    let flag = if whole { " --file" } else { "" };
    let command = format!("reset {}{flag}", exercise.full_id());
    let Some(kept) = stash.replace(&exercise.chapter, &exercise.file(), &new, command)? else {
        bail!("`{place}` went away while this ran; its stub is there now");
    };
    let kept_place = shown(&grader.paths, &kept);
    let mut text = format!(
        "{what} is its stub again; the old `{place}` is in {kept_place}\nTo bring it back: {}",
        session.style.command(&format!("{PROGRAM} stash restore {}", stashed(&exercise.chapter, &kept)))
    );
    if read(&kept)? != old {
        text += "\nIt was saved while this ran: the other exercises are as before that, the last save is in the stash";
    }
    say(session, exercise, Some(&kept_place), &text)
}

/// Brings back what is gone of the chapters that `name`, a chapter's or an exercise's, lies in; touches nothing that is there.
pub fn bring_back(session: &Session, name: &str) -> Result<Exit> {
    let mut chapters: Vec<&str> =
        session.course.select(name)?.into_iter().map(|exercise| exercise.chapter.as_str()).collect();
    chapters.dedup();
    let grader = Grader::new(session.course, session.events)?;
    let stash = open(&grader.paths)?;
    missing(session, &grader, &stash, &chapters)
}

fn missing(session: &Session, grader: &Grader, stash: &Stash, chapters: &[&str]) -> Result<Exit> {
    let mut back = Vec::new();
    for chapter in chapters {
        refuse_while_solutions_are_in(&grader.paths, &format!("lectures/{chapter}"), chapter)?;
        for (file, stub) in &stubs::load(&grader.paths, chapter)?.files {
            let target = grader.paths.lecture(chapter).join(file);
            if !is_there(&target) {
                stash.replace(chapter, file, stub, format!("reset {chapter} --missing"))?;
                back.push(shown(&grader.paths, &target));
            }
        }
    }
    if session.common.json {
        put_json(&json!({ "format": 1, "back": back }));
    } else if !session.common.quiet {
        match &back[..] {
            [] => putln!("nothing is missing of {}", chapters.join(", ")),
            back => putln!("was missing, and is there again as a stub: {}", back.join(", ")),
        }
    }
    Ok(Exit::Done)
}

/// What the stash is called that a file lies in.
fn stashed(chapter: &str, file: &Path) -> String {
    let folder = file.parent().and_then(Path::file_name).unwrap_or_default();
    format!("{chapter}/{}", folder.to_string_lossy())
}

/// Be it a link to nothing.
fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn refuse_while_solutions_are_in(paths: &Paths, what: &str, chapter: &str) -> Result<()> {
    if stash::waiting(paths, chapter)?.is_some() {
        bail!(
            "`{what}` holds a solution now, and yours waits in a stash: `{PROGRAM} solutions out {chapter}` first"
        );
    }
    Ok(())
}

fn restored(old: &[u8], stub: &str, exercise: &Exercise, shown: &str) -> Result<String> {
    let id = exercise.full_id();
    let way_out =
        format!("`{PROGRAM} reset {id} --file` puts back the whole file, and keeps yours in a stash");
    let Ok(text) = std::str::from_utf8(old) else { bail!("`{shown}` is not UTF-8 text; {way_out}") };
    restore(text, stub, &exercise.items).map_err(|unfit| match unfit {
        Unfit::Stub => anyhow::anyhow!("`{id}`: {unfit}; the course is broken"),
        _ => anyhow::anyhow!("`{id}` can't be put back on its own: `{shown}`, {unfit}; {way_out}"),
    })
}

fn say(session: &Session, exercise: &Exercise, stash: Option<&str>, text: &str) -> Result<Exit> {
    if session.common.json {
        put_json(&json!({ "format": 1, "exercise": exercise.full_id(), "stash": stash }));
    } else if !session.common.quiet {
        putln!("{text}");
    }
    Ok(Exit::Done)
}

fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("failed to read `{}`", path.display())),
    }
}
