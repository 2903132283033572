//! What a command left that was interrupted and can't be completed, because the journal of it makes no sense. The files
//! themselves say where everything is.

use std::path::Path;

use anyhow::Error;

use super::Observation;
use crate::{
    PROGRAM,
    commands::solutions::shown,
    course::{Course, Exercise},
    keep::stash::{self, Deposit},
    paths::{Paths, UPDATE_JOURNAL},
};

const NAME: &str = "interrupted";

/// A problem for each journal that makes no sense. One that does was followed before any command started, this one too; `failed`
/// is why that could not be.
pub fn findings(course: &Course, paths: &Paths, failed: Option<&Error>) -> Vec<Observation> {
    let unreadable = stash::unreadable_journals(paths);
    if let (Some(error), []) = (failed, &unreadable[..]) {
        let advice = "make that possible, then give any command: it completes what was interrupted";
        return vec![Observation::problem(NAME, format!("{error:#}"), advice)];
    }
    unreadable.into_iter().map(|journal| finding(course, paths, &journal)).collect()
}

fn finding(course: &Course, paths: &Paths, journal: &Path) -> Observation {
    let says = format!("{} can't be read, so what was interrupted can't be completed", shown(paths, journal));
    let mut steps = if journal.ends_with(UPDATE_JOURNAL) {
        steps_after_update(paths)
    } else {
        course
            .chapters
            .iter()
            .flat_map(|chapter| steps_of(paths, &chapter.name, &chapter.exercises))
            .collect()
    };
    let (from, aside) = (shown(paths, journal), shown(paths, &journal.with_extension("unreadable.toml")));
    steps.push(format!("`mv {from} {aside}`"));
    let rest = format!("`{PROGRAM} solutions status` shows every stash");
    Observation::problem(
        NAME,
        says,
        format!("in this order: {}; then all commands work again, and {rest}", steps.join(", ")),
    )
}

/// What was moved out of lectures/ and has nothing in its place goes back.
fn steps_of(paths: &Paths, chapter: &str, exercises: &[Exercise]) -> Vec<String> {
    let lecture = paths.lecture(chapter);
    let mut places = vec![lecture.join("src")];
    if places[0].is_dir() {
        places = exercises.iter().map(|exercise| lecture.join(exercise.file())).collect();
        places.dedup();
    }
    let stashes = stash::list(paths, chapter).unwrap_or_default();
    let newest = |place: &Path| {
        let name = place.file_name();
        stashes
            .iter()
            .rev()
            .map(|Deposit { payload, .. }| payload)
            .find(|payload| payload.file_name() == name)
    };
    let missing = places.iter().filter(|place| !place.exists());
    let step = |place: &Path| Some(format!("`mv {} {}`", shown(paths, newest(place)?), shown(paths, place)));
    missing.filter_map(|place| step(place)).collect()
}

fn steps_after_update(paths: &Paths) -> Vec<String> {
    let stashes = stash::list(paths, stash::UPDATE).unwrap_or_default();
    let root = Some(shown(paths, paths.root())).filter(|root| !root.is_empty());
    let root = root.unwrap_or_else(|| ".".to_owned());
    let step = |kept: &Deposit| {
        let from = shown(paths, &kept.payload);
        format!("`cp -a {from}/. {root}` (what the update had replaced; update again afterwards)")
    };
    stashes.last().map(step).into_iter().collect()
}
