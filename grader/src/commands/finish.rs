//! The end of every command that grades: what is printed, what is written, and the exit code.

use std::fs;

use anyhow::{Context, Result, anyhow};

use super::{PROGRAM, Session};
use crate::{
    cli::Scoring,
    exit::Exit,
    keep::{history, stash, state},
    report::{Grading, Paper, Terminal, export, put, putln, tell, write_whole_lines},
    verdict::Marks,
};

/// Prints a grading as it was asked for (`text` is what a person reads), writes it in other forms, compares the points with those
/// that are wanted.
pub fn finish(
    session: &Session,
    scoring: &Scoring,
    grading: &Grading,
    text: impl FnOnce(&Terminal) -> Result<String>,
) -> Result<Exit> {
    if session.common.json {
        let json = export::format("json").ok_or_else(|| anyhow!("there is no JSON here"))?;
        write_whole_lines(&json.text(grading)?);
    } else if session.common.quiet {
        grading.parts.iter().for_each(|part| putln!("{}", in_a_line(grading, part)));
    } else {
        put!("{}{}", swapped(session, grading), text(&session.terminal())?);
    }
    write(scoring, grading)?;
    let below = scoring.min_score.is_some_and(|wanted| grading.least().0 < wanted);
    Ok(if below { Exit::BelowScore } else { Exit::Done })
}

fn in_a_line(grading: &Grading, part: &Paper) -> String {
    let (earned, of) = part.points(&grading.chapters);
    let whose = part.submission.as_ref().map(|facts| format!("{}: ", facts.place));
    format!("{}{earned} of {of} points", whose.unwrap_or_default())
}

/// Writes the forms that were asked for.
fn write(scoring: &Scoring, grading: &Grading) -> Result<()> {
    let junit = scoring.junit.iter().map(|path| ("junit", path));
    let exports = scoring.export.iter().map(|export| (export.format, &export.path));
    for (name, path) in junit.chain(exports) {
        let format =
            export::format(name).with_context(|| format!("there is no form `{name}` of a report"))?;
        fs::write(path, format.text(grading)?)
            .with_context(|| format!("failed to write `{}`", path.display()))?;
    }
    Ok(())
}

/// Says whose solutions the points are, where they are not the student's.
fn swapped(session: &Session, grading: &Grading) -> String {
    let (mut text, mut names) = (String::new(), Vec::new());
    for chapter in grading.chapters.iter().filter(|_| !grading.of_submissions) {
        match stash::waiting(&session.paths, &chapter.name) {
            Ok(None) => {}
            Ok(Some(_)) => names.push(chapter.name.as_str()),
            Err(error) => text += &format!("{error:#}\n\n"),
        }
    }
    if names.is_empty() {
        return text;
    }
    let which = if let [name] = names[..] { format!(" {name}") } else { String::new() };
    let out = session.style.command(&format!("{PROGRAM} solutions out{which}"));
    let names = names.iter().map(|name| format!("lectures/{name}")).collect::<Vec<_>>().join(", ");
    format!("{text}The reference solutions are in {names}; your own files come back by {out}\n\n")
}

/// Counts attempts, and says what was solved just now for the first time. Points do not depend on them, so a state that can't be
/// written spoils no grading. Reference solutions that stand in for a student's files are nobody's attempt.
pub fn note_attempts(session: &Session, graded: &Marks) -> Vec<String> {
    let is_own = |id: &String| {
        let chapter = id.split_once('/').map_or("", |(chapter, _)| chapter);
        matches!(stash::waiting(&session.paths, chapter), Ok(None))
    };
    let own: Vec<String> = graded.fresh.iter().filter(|id| is_own(id)).cloned().collect();
    let mut news: Vec<String> = own.iter().filter(|id| graded.is_passed(id)).cloned().collect();
    if own.is_empty() {
        return news;
    }
    let noted = state::update(&session.paths, |state| {
        news.retain(|id| !state.get(id).solved);
        state.note_attempts(&own, graded);
    });
    match noted {
        Ok(None) => {}
        Ok(Some(path)) => tell(&state::set_aside_message(&path)),
        Err(error) => tell(&format!("warning: attempts are not counted: {error:#}")),
    }
    if let Err(error) = history::note(&session.paths, graded) {
        tell(&format!("warning: attempts are not noted: {error:#}"));
    }
    news
}
