//! Hints: the next one each time, from a nudge to almost the answer; then where the lecture explains it.

use std::{fmt::Write, fs};

use anyhow::{Result, ensure};
use serde_json::json;

use super::{PROGRAM, Session};
use crate::{
    course::Exercise,
    exit::Exit,
    keep::state,
    paths::Paths,
    report::{put, put_json, tell},
};

/// Which hints somebody wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// The next one.
    Next,
    /// Those seen before.
    Again,
    /// None: the count starts afresh.
    Forget,
}

/// Shows the hints of the exercise that `name` means, and remembers how far they went.
pub fn hint(session: &Session, name: &str, wanted: Request) -> Result<Exit> {
    let exercise = session.course.one(name)?;
    let (id, all) = (exercise.full_id(), exercise.hints.len());
    ensure!(all > 0, "`{id}` has no hints; lectures/{}/README.md explains it", exercise.chapter);
    let paths = &session.paths;
    let mut seen = 0;
    let updated = state::update(paths, |state| {
        let record = state.entry(&id);
        seen = record.hints;
        record.hints = match wanted {
            Request::Next => (seen + 1).min(all),
            Request::Again => seen,
            Request::Forget => 0,
        };
    });
    match updated {
        Ok(None) => {}
        Ok(Some(path)) => tell(&state::set_aside_message(&path)),
        Err(error) => tell(&format!("warning: hints taken are not counted: {error:#}")),
    }
    let shown = shown(wanted, seen, all);
    if session.common.json {
        let hints = &exercise.hints[shown];
        put_json(
            &json!({ "format": 1, "exercise": id, "hints": hints, "of": all, "lecture": section(paths, exercise) }),
        );
    } else {
        put!("{}", text(session, paths, exercise, wanted, seen));
    }
    Ok(Exit::Done)
}

/// The hints to show to somebody who has seen the first `seen` of `all`.
fn shown(wanted: Request, seen: usize, all: usize) -> std::ops::Range<usize> {
    let seen = seen.min(all);
    match wanted {
        Request::Next => seen..(seen + 1).min(all),
        Request::Again => 0..seen,
        Request::Forget => 0..0,
    }
}

fn text(session: &Session, paths: &Paths, exercise: &Exercise, wanted: Request, seen: usize) -> String {
    let (id, all) = (exercise.full_id(), exercise.hints.len());
    if wanted == Request::Forget {
        return format!("The next hint for {id} will be the first again.\n");
    }
    let mut text = format!("{} · {}\n", session.style.strong(&id), exercise.title);
    let shown = shown(wanted, seen, all);
    for i in shown.clone() {
        _ = writeln!(
            text,
            "\n  {} {}",
            session.style.faint(&format!("hint {} of {all}:", i + 1)),
            exercise.hints[i]
        );
    }
    let again = session.style.command(&format!("{PROGRAM} hint {id} --again"));
    match wanted {
        Request::Again if shown.is_empty() => text += "\n  No hint shown yet.\n",
        Request::Next if shown.is_empty() => {
            _ = writeln!(text, "\n  That was the last hint. All of them once more: {again}");
            _ = writeln!(text, "  The lecture explains it in {}", section(paths, exercise));
            _ = writeln!(text, "  (source: {}).", exercise.source);
        }
        _ if shown.end < all => {
            let more = session.style.command(&format!("{PROGRAM} hint {id}"));
            _ = writeln!(text, "\n  more: {more}");
        }
        _ => _ = writeln!(text, "\n  That is the last one. The lecture: {}", section(paths, exercise)),
    }
    text
}

/// The lecture's section about an exercise: the heading above the place that links to it.
fn section(paths: &Paths, exercise: &Exercise) -> String {
    let file = format!("lectures/{}/README.md", exercise.chapter);
    let lecture = fs::read_to_string(paths.root().join(&file)).unwrap_or_default();
    let link = format!("[`{}`]", exercise.full_id());
    let before: Option<Vec<&str>> = lecture.split_once(&link).map(|(before, _)| before.lines().collect());
    let heading = before.and_then(|lines| lines.into_iter().rev().find_map(|line| line.strip_prefix("## ")));
    heading.map_or_else(|| file.clone(), |heading| format!("{file}, “{heading}”"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_come_one_by_one_and_end() {
        assert_eq!([0, 1, 2, 3, 7].map(|seen| shown(Request::Next, seen, 3)), [0..1, 1..2, 2..3, 3..3, 3..3]);
        assert_eq!([0, 2, 7].map(|seen| shown(Request::Again, seen, 3)), [0..0, 0..2, 0..3]);
    }
}
