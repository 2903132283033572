//! Timing of solved layers: so far it picks the exercises and says that it can't time them yet.

use anyhow::Result;

use super::{Outcome, Session};
use crate::course::Exercise;
use crate::report::putln;

/// Says what would be timed.
pub fn bench(session: &Session, ids: &[String]) -> Result<Outcome> {
    let mut exercises: Vec<&Exercise> = Vec::new();
    for id in ids {
        exercises.extend(session.course.select(id)?);
    }
    if ids.is_empty() {
        exercises.extend(session.chapters()?.into_iter().flat_map(|chapter| &chapter.exercises));
    }
    exercises.sort_by_key(|exercise| {
        session.course.exercises().position(|other| other.full_id() == exercise.full_id())
    });
    exercises.dedup_by_key(|exercise| exercise.full_id());
    let ids: Vec<String> = exercises.iter().map(|exercise| exercise.full_id()).collect();
    let what = if let [id] = &ids[..] { id.clone() } else { format!("these {} exercises", ids.len()) };
    putln!("Nothing was timed: the grader can't measure speed yet, so there are no timings of {what}.");
    Ok(Outcome::Done)
}
