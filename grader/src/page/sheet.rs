//! The sheet about the current task, as markup: where one stands, and around the verdict, the task's text and its history.

use std::path::PathBuf;

use super::{html::Html, outcome::outcome, task};
use crate::{
    clean::clean_plain,
    course::{Chapter, Course, Exercise},
    keep::history::Attempt,
    report::{place, summary},
    verdict::{Marks, Verdict},
};

/// Everything that a sheet is made of.
pub struct View<'a> {
    /// For titles and sources.
    pub course: &'a Course,
    /// The chapters that are graded.
    pub chapters: Vec<&'a Chapter>,
    /// The verdicts.
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
}

/// The sheet.
pub fn sheet(view: &View) -> Html {
    let verdict = view.graded.verdicts.get(&view.exercise.full_id());
    let (mut left, mut right) = (heading(view, verdict).and(outcome(view, verdict)), Html::default());
    // Where nothing is written yet the task is what matters.
    let is_open = matches!(verdict, None | Some(Verdict::NotStarted));
    if is_open { &mut left } else { &mut right }.push(task::text(view));
    right.push(task::timing(view).and(task::history(view)));
    let columns = Html::tag("div", &[("class", "work")], left).and(Html::tag("aside", &[], right));
    standing(view).and(Html::tag("div", &[("class", "columns")], columns))
}

/// What went wrong with grading itself.
pub fn trouble(message: &str) -> Html {
    let title = Html::said("h1", "", "The grader could not go on");
    Html::tag("section", &[("class", "verdict bad")], title.and(Html::said("pre", "", &clean_plain(message))))
}

fn standing(view: &View) -> Html {
    let exercises = || view.chapters.iter().flat_map(|chapter| &chapter.exercises);
    let (earned, all) = summary(exercises(), view.graded);
    let title = Html::said("strong", "", &view.course.title);
    let points = Html::said("span", "points", &format!("{earned} of {all} points"));
    let head = Html::tag("p", &[("class", "course")], title.and(Html::text(" ")).and(points));
    let rows: Html = view.chapters.iter().map(|chapter| chapter_row(view, chapter)).collect();
    Html::tag(
        "nav",
        &[("aria-label", "Where you stand")],
        head.and(Html::tag("ul", &[("class", "map")], rows)),
    )
}

fn chapter_row(view: &View, chapter: &Chapter) -> Html {
    let (earned, all) = summary(chapter.exercises.iter(), view.graded);
    let chips: Html = chapter.exercises.iter().map(|exercise| chip(view, exercise)).collect();
    let name = Html::said("span", "name", &chapter.name);
    let chips = Html::tag("span", &[("class", "chips")], chips);
    let points = Html::said("span", "points", &format!("{earned}/{all}"));
    Html::tag("li", &[], name.and(chips).and(points))
}

/// A sign as well as a colour: not everybody tells the colours apart.
fn chip(view: &View, exercise: &Exercise) -> Html {
    let verdict = view.graded.verdicts.get(&exercise.full_id());
    let (class, sign) = match verdict {
        Some(Verdict::Passed { .. }) => ("good", "✓"),
        None | Some(Verdict::NotStarted) => ("open", "·"),
        Some(Verdict::Waiting { .. }) => ("open", "…"),
        Some(_) => ("bad", "×"),
    };
    let is_current = exercise.full_id() == view.exercise.full_id();
    let class = format!("chip {class}{}", if is_current { " current" } else { "" });
    let word = verdict.map_or("not graded", Verdict::word);
    let says = format!("{} · {} · {word}", exercise.full_id(), exercise.title);
    Html::tag(
        "span",
        &[("class", &class), ("title", &says), ("role", "img"), ("aria-label", &says)],
        Html::text(sign),
    )
}

fn heading(view: &View, verdict: Option<&Verdict>) -> Html {
    let class = match verdict {
        Some(Verdict::Passed { .. }) => "good",
        None | Some(Verdict::NotStarted | Verdict::Waiting { .. }) => "open",
        Some(_) => "bad",
    };
    let word = Html::said("span", &format!("word {class}"), verdict.map_or("not graded", Verdict::word));
    let title = Html::tag("h1", &[], Html::text(&view.exercise.title).and(Html::text(" ")).and(word));
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
