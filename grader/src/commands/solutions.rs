//! `solutions in`, `out` and `status`: whose files lectures/ holds. How they are swapped safely is `stash`'s business.

use std::{env, path::Path};

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::{PROGRAM, Session};
use crate::{
    cli::Swap,
    course::Chapter,
    exit::Exit,
    grade::Grader,
    keep::stash::{self, Stash},
    paths::Paths,
    report::{plural, put_json, putln, tell},
};

/// Swaps, or says how things stand.
pub fn solutions(session: &Session, action: &Swap) -> Result<Exit> {
    let (Swap::In { name } | Swap::Out { name } | Swap::Status { name }) = action;
    let chapters = session.chapters_called(name.as_deref())?;
    let paths = &session.paths;
    let lines = match action {
        Swap::Status { .. } => status(session, &chapters, paths)?,
        Swap::In { .. } => each(session, &chapters, put_in)?,
        Swap::Out { .. } => each(session, &chapters, take_out)?,
    };
    if session.common.json {
        let states: Result<Vec<Value>> = chapters.iter().map(|chapter| as_json(paths, chapter)).collect();
        put_json(&json!({ "format": 1, "chapters": states? }));
    } else if !session.common.quiet {
        lines.iter().for_each(|line| putln!("{line}"));
    }
    Ok(Exit::Done)
}

/// Opens the stash and says what was left to recover.
pub fn open(paths: &Paths) -> Result<Stash> {
    let stash = Stash::open(paths)?;
    if let Some(done) = &stash.recovered {
        tell(&format!("note: {}", done.says));
    }
    Ok(stash)
}

/// A path as it can be typed where the user is: relative in the course's folder, in full elsewhere.
pub fn shown(paths: &Paths, path: &Path) -> String {
    let here = env::current_dir().is_ok_and(|here| here == paths.root());
    let path = if here { path.strip_prefix(paths.root()).unwrap_or(path) } else { path };
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

type Act = fn(&Session, &Stash, &Paths, &Chapter) -> Result<String>;

/// Acts on each chapter; what fails for one does not keep the others from being done.
fn each(session: &Session, chapters: &[&Chapter], act: Act) -> Result<Vec<String>> {
    let grader = Grader::new(session.course, session.events)?;
    let stash = open(&grader.paths)?;
    let (mut lines, mut errors) = (Vec::new(), Vec::new());
    for chapter in chapters {
        match act(session, &stash, &grader.paths, chapter) {
            Ok(line) => lines.push(line),
            Err(error) => errors.push(format!("{}: {error:#}", chapter.name)),
        }
    }
    ensure!(errors.is_empty(), "{}", lines.into_iter().chain(errors).collect::<Vec<_>>().join("\n"));
    Ok(lines)
}

fn put_in(session: &Session, stash: &Stash, paths: &Paths, chapter: &Chapter) -> Result<String> {
    let name = &chapter.name;
    let out = session.style.command(&format!("{PROGRAM} solutions out {name}"));
    if let Some(kept) = stash::waiting(paths, name)? {
        let kept = shown(paths, &kept.payload);
        return Ok(format!(
            "{name}: the solutions are in already, your files in {kept}; to swap back: {out}"
        ));
    }
    let kept = shown(paths, &stash.put_in(name)?);
    Ok(format!("{name}: the solutions are in, your files in {kept}\nTo swap back: {out}"))
}

fn take_out(session: &Session, stash: &Stash, paths: &Paths, chapter: &Chapter) -> Result<String> {
    let (name, place) = (&chapter.name, shown(paths, &paths.lecture(&chapter.name).join("src")));
    if stash::waiting(paths, name)?.is_none() {
        return Ok(format!("{name}: {place} holds your files already"));
    }
    let Some(edits) = stash.take_out(name)? else {
        return Ok(format!("{name}: your files are in {place} again, as they were"));
    };
    let kept = stash::list(paths, name)?.into_iter().find(|kept| edits.starts_with(&kept.folder));
    let kept = kept.map_or_else(|| "NAME".to_owned(), |kept| super::stash::name(name, &kept));
    let edits = shown(paths, &edits);
    let copy = session.style.command(&format!("{PROGRAM} stash restore {kept} FILE"));
    Ok(format!(
        "{name}: your files are in {place} again, as they were\n\
         What was edited while the solutions were in is in {edits}\nTo use a file of it: {copy}"
    ))
}

fn status(session: &Session, chapters: &[&Chapter], paths: &Paths) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for chapter in chapters {
        let name = session.style.strong(&chapter.name);
        let waiting = stash::waiting(paths, &chapter.name)?;
        let others = stash::list(paths, &chapter.name)?.len() - usize::from(waiting.is_some());
        let others = match others {
            0 => String::new(),
            others => format!(
                "; {} more, which `stash list` names",
                plural(others, "stash").replace("stashs", "stashes")
            ),
        };
        lines.push(match &waiting {
            Some(kept) => format!("{name}: solutions (yours are in {}){others}", shown(paths, &kept.payload)),
            None => format!("{name}: yours{}", others.replace(" more", "")),
        });
    }
    Ok(lines)
}

fn as_json(paths: &Paths, chapter: &Chapter) -> Result<Value> {
    let relative = |path: &Path| path.strip_prefix(paths.root()).unwrap_or(path).display().to_string();
    let waiting = stash::waiting(paths, &chapter.name)?.map(|kept| relative(&kept.payload));
    let stashes = stash::list(paths, &chapter.name)?;
    let stashes: Vec<Value> = stashes
        .iter()
        .map(|kept| json!({ "path": relative(&kept.payload), "contents": kept.contents }))
        .collect();
    Ok(
        json!({ "chapter": chapter.name, "solutions": waiting.is_some(), "yours": waiting, "stashes": stashes }),
    )
}
