//! `next`: the first thing to fix, or else the next task, and nothing else.

use anyhow::Result;
use serde_json::json;

use super::{Session, finish::note_attempts};
use crate::{
    exit::Exit,
    grade::{Grader, Options},
    report::{next_task, place, put, put_json},
    verdict::{Failure, Verdict},
};

/// Grades what changed and says what to do.
pub fn next(session: &Session) -> Result<Exit> {
    let exercises = session.selected(&[])?;
    let grader = Grader::new(session.course, session.events)?;
    let graded = grader.grade_lectures(&exercises, &Options::default())?;
    note_attempts(session, &graded);
    let next = next_task(exercises.iter().copied(), &graded);
    if session.common.json {
        let next = next.map(|exercise| {
            let verdict = graded.verdicts.get(&exercise.full_id());
            let place = place(session.paths.root(), exercise, verdict.and_then(failure));
            json!({ "id": exercise.full_id(), "title": exercise.title, "place": place, "state": verdict.map(Verdict::word) })
        });
        put_json(&json!({ "format": 1, "next": next }));
    } else {
        let terminal = session.terminal();
        put!("{}", terminal.task(next, &graded, terminal.screen.rows));
    }
    Ok(Exit::Done)
}

/// What is wrong, where something is.
pub fn failure(verdict: &Verdict) -> Option<&Failure> {
    match verdict {
        Verdict::Failed(failure) => Some(failure),
        _ => None,
    }
}
