//! The sheet about the current task, as markup: around the verdict where one stands, the task's text and its history.

use std::path::PathBuf;

use super::{
    html::Html,
    map::{Map, word},
    outcome::outcome,
    task,
};
use crate::{
    clean::clean_plain,
    course::{Chapter, Course, Exercise},
    keep::history::Attempt,
    report::place,
    verdict::{Marks, Verdict},
};

/// Everything that a sheet is made of.
pub struct View<'a> {
    /// For titles and sources.
    pub course: &'a Course,
    /// The chapters that are graded.
    pub chapters: Vec<&'a Chapter>,
    /// What came of each exercise.
    pub graded: &'a Marks,
    /// The current task.
    pub exercise: &'a Exercise,
    /// How many of its hints were taken.
    pub hints: usize,
    /// Earlier verdicts on it, the first first.
    pub history: Vec<Attempt>,
    /// How fast it is, in lines.
    pub timing: Option<String>,
    /// Pictures of what came out, as files.
    pub drawn: Vec<PathBuf>,
    /// How the grader is called, for the commands that it suggests.
    pub program: &'a str,
    /// Whether every task has a file beside this one, to be reached from the map.
    pub is_one_of_all: bool,
}

/// Everything on one page that needs nothing beside it, to be printed or handed in.
pub fn sheet(view: &View) -> Html {
    let verdict = view.graded.verdicts.get(&view.exercise.full_id());
    let (mut left, mut right) = (heading(view, verdict).and(outcome(view, verdict)), Html::default());
    // Where nothing is written yet the task is what matters.
    let is_open = matches!(verdict, None | Some(Verdict::NotStarted));
    if is_open { &mut left } else { &mut right }.push(task::text(view));
    right.push(task::timing(view).and(task::history(view)));
    let columns = Html::tag("div", &[("class", "work")], left).and(Html::tag("aside", &[], right));
    map(view).and(Html::tag("div", &[("class", "columns")], columns))
}

fn map(view: &View) -> Html {
    let View { course, ref chapters, graded, exercise, is_one_of_all, .. } = *view;
    Map { course, chapters, graded, current: Some(exercise), has_files: is_one_of_all }.drawn()
}

/// What went wrong with grading itself.
pub fn trouble(message: &str) -> Html {
    let title = Html::said("h1", "", "The grader could not go on");
    Html::tag("section", &[("class", "verdict bad")], title.and(Html::said("pre", "", &clean_plain(message))))
}

fn heading(view: &View, verdict: Option<&Verdict>) -> Html {
    let title =
        Html::tag("h1", &[], Html::text(&view.exercise.title).and(Html::text(" ")).and(word(verdict)));
    let failure = match verdict {
        Some(Verdict::Failed(failure)) => Some(&**failure),
        _ => None,
    };
    let place = place(&view.course.root, view.exercise, failure);
    let id = Html::said("code", "", &view.exercise.full_id());
    title.and(Html::tag(
        "p",
        &[("class", "faint")],
        id.and(Html::text(" · ")).and(Html::said("code", "", &place)),
    ))
}
