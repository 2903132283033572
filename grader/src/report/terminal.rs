//! The report a student reads: a line a chapter, the first thing to fix, the next step. Fits a screen.

use std::fmt::Write;

use super::{Style, body::body, place::place, plural};
use crate::{
    clean::{clean, clean_plain},
    messages::{states::waiting_for, symptoms::explanation},
};
use crate::{
    course::{Chapter, Course, Exercise},
    verdict::{Failure, Kind, Marks, Verdict},
};

const BAR: usize = 24;
/// Columns of prose.
const WIDTH: usize = 96;
/// Rows of a screen; what is read first must not be scrolled away.
const ROWS: usize = 24;
/// With fewer rows for a failure only its first sentence is shown.
const ENOUGH: usize = 16;

/// Writes reports for one course.
pub struct Terminal<'a> {
    /// For titles and prerequisites of exercises.
    pub course: &'a Course,
    /// Colours or none.
    pub style: Style,
    /// How the grader is called, for the commands that it suggests.
    pub program: &'a str,
}

/// Points earned and points to be had in `exercises`.
pub fn summary<'e>(exercises: impl Iterator<Item = &'e Exercise>, graded: &Marks) -> (u32, u32) {
    exercises.fold((0, 0), |(earned, all), exercise| {
        let points = if graded.is_passed(&exercise.full_id()) { exercise.points } else { 0 };
        (earned + points, all + exercise.points)
    })
}

impl Terminal<'_> {
    /// The whole report on the chapters that were graded.
    pub fn report(&self, chapters: &[&Chapter], graded: &Marks) -> String {
        let mut text = self.header(chapters, graded);
        for chapter in chapters {
            text += &self.chapter_line(chapter, graded);
        }
        let exercises = || chapters.iter().flat_map(|chapter| &chapter.exercises);
        let verdict = |exercise: &&Exercise| graded.verdicts.get(&exercise.full_id());
        let to_fix = exercises().find(|exercise| verdict(exercise).is_some_and(is_to_fix));
        text.push('\n');
        match to_fix {
            Some(exercise) => {
                let others: Vec<&Exercise> =
                    exercises().filter(|other| verdict(other).is_some_and(is_to_fix)).collect();
                let others = self.others(&others) + &self.waiting(exercises(), graded);
                // Two rows are the prompt's.
                let room = ROWS.saturating_sub(text.lines().count() + others.lines().count() + 2);
                let verdict = &graded.verdicts[&exercise.full_id()];
                return text + &self.detail_within(exercise, verdict, graded, room) + &others;
            }
            None => {
                // What waits is written already.
                let is_new = |exercise: &&Exercise| {
                    verdict(exercise).is_none_or(|verdict| *verdict == Verdict::NotStarted)
                };
                let is_left = |exercise: &&Exercise| !graded.is_passed(&exercise.full_id());
                text += &self.first_step(exercises().find(is_new).or_else(|| exercises().find(is_left)));
            }
        }
        text + &self.waiting(exercises(), graded)
    }

    /// What is known of one exercise, in full.
    pub fn detail(&self, exercise: &Exercise, verdict: &Verdict, graded: &Marks) -> String {
        self.detail_within(exercise, verdict, graded, usize::MAX)
    }

    /// What is known of one exercise, of a failing case only as much as `rows` have room for.
    fn detail_within(&self, exercise: &Exercise, verdict: &Verdict, graded: &Marks, rows: usize) -> String {
        let id = self.style.strong(&exercise.full_id());
        let mut text = format!("{id} · {} · {}\n", exercise.title, self.word(verdict));
        match verdict {
            Verdict::Passed { cases, prints, results, .. } => {
                _ = writeln!(
                    text,
                    "  {} answered right, {} earned",
                    plural(*cases, "case"),
                    points(exercise.points)
                );
                results
                    .iter()
                    .for_each(|(name, result)| _ = writeln!(text, "  {}: {}", clean(name), clean(result)));
                text += &self.prints(prints.as_deref());
            }
            Verdict::NotStarted => text += &format!("  {}\n", place(&self.course.root, exercise, None)),
            Verdict::Waiting { needs } => {
                _ = writeln!(text, "  {}", waiting_for(needs, graded));
            }
            Verdict::Broken { message } | Verdict::TooMuch { message } => {
                _ = writeln!(text, "\n{}", self.style.rendered(message).trim_end())
            }
            Verdict::Internal { message } => {
                let message = clean_plain(message);
                _ = writeln!(text, "  The grader failed here, not you; no points are lost.\n  {message}");
            }
            Verdict::Failed(failure) => text += &self.failure(exercise, failure, rows.saturating_sub(1)),
        }
        text
    }

    fn header(&self, chapters: &[&Chapter], graded: &Marks) -> String {
        let (earned, all) = summary(chapters.iter().flat_map(|chapter| &chapter.exercises), graded);
        let title = self.style.strong(&self.course.title);
        format!("{title}   {earned} of {all} points\n\n")
    }

    fn chapter_line(&self, chapter: &Chapter, graded: &Marks) -> String {
        let (earned, all) = summary(chapter.exercises.iter(), graded);
        let solved =
            chapter.exercises.iter().filter(|exercise| graded.is_passed(&exercise.full_id())).count();
        let filled = (earned as usize * BAR).checked_div(all as usize).unwrap_or_default();
        let bar = self.style.good(&"█".repeat(filled)) + &self.style.faint(&"░".repeat(BAR - filled));
        format!(
            "  {:<16} {bar} {earned:>3}/{all} points, {solved} of {} exercises\n",
            chapter.name,
            chapter.exercises.len()
        )
    }

    /// The sentence first, then the case, then its numbers, as many as there is room for.
    fn failure(&self, exercise: &Exercise, failure: &Failure, rows: usize) -> String {
        let mut text = format!("  {}\n\n", place(&self.course.root, exercise, Some(failure)));
        let mut said = explanation(failure);
        if rows < ENOUGH {
            said.truncate(1);
        }
        for (i, sentence) in said.iter().enumerate() {
            for line in wrapped(&clean(sentence)) {
                _ = writeln!(text, "  {}", if i == 0 { self.style.strong(&line) } else { line });
            }
        }
        if failure.kind != Kind::Borrowed {
            let (about, passed, cases) = (clean(&failure.about), failure.passed, failure.cases);
            let gap = if said.is_empty() { "" } else { "\n" };
            _ = writeln!(text, "{gap}  Case: {about} ({passed} of {cases} cases right)");
        }
        let run = format!("{} run {}", self.program, exercise.full_id());
        let replay = format!("{run} --seed {}", failure.seed);
        let hint = format!("{} hint {}", self.program, exercise.full_id());
        let end =
            format!("\n  again: {}\n  stuck: {}\n", self.style.command(&replay), self.style.command(&hint));
        let room = rows.saturating_sub(text.lines().count() + end.lines().count());
        text + &body(self.style, failure, room) + &end
    }

    fn prints(&self, prints: Option<&str>) -> String {
        super::body::prints(self.style, prints)
    }

    fn others(&self, to_fix: &[&Exercise]) -> String {
        match to_fix {
            [] | [_] => String::new(),
            [_, others @ ..] => {
                let ids: Vec<String> = others.iter().map(|exercise| exercise.full_id()).collect();
                format!("\n  to fix after that: {}\n", ids.join(", "))
            }
        }
    }

    /// What is written already, and what it waits for.
    fn waiting<'e>(&self, exercises: impl Iterator<Item = &'e Exercise>, graded: &Marks) -> String {
        let waiting = exercises.filter_map(|exercise| match graded.verdicts.get(&exercise.full_id())? {
            Verdict::Waiting { needs } => {
                Some(format!("  {} {}\n", exercise.full_id(), waiting_for(needs, graded)))
            }
            _ => None,
        });
        let waiting: String = waiting.collect();
        if waiting.is_empty() { waiting } else { format!("\nwaiting:\n{waiting}") }
    }

    fn first_step(&self, next: Option<&Exercise>) -> String {
        let Some(exercise) = next else { return self.style.good("Everything here is solved.") + "\n" };
        let mut text = format!("Next: {} · {}\n", self.style.strong(&exercise.full_id()), exercise.title);
        let hint = self.style.command(&format!("{} hint {}", self.program, exercise.full_id()));
        _ = writeln!(
            text,
            "  open {} and write what `todo!()` stands for, then",
            place(&self.course.root, exercise, None)
        );
        _ = writeln!(
            text,
            "  run {} again. The theory: lectures/{}/README.md",
            self.style.command(self.program),
            exercise.chapter
        );
        _ = writeln!(text, "  stuck: {hint}");
        text
    }

    fn word(&self, verdict: &Verdict) -> String {
        match verdict {
            Verdict::Passed { .. } => self.style.good(verdict.word()),
            Verdict::NotStarted | Verdict::Waiting { .. } => self.style.faint(verdict.word()),
            _ => self.style.bad(verdict.word()),
        }
    }

    /// A line an exercise.
    pub fn list(&self, chapters: &[&Chapter], graded: &Marks) -> String {
        let mut text = String::new();
        for chapter in chapters {
            _ = writeln!(text, "{} · {}", self.style.strong(&chapter.name), chapter.title);
            for exercise in &chapter.exercises {
                let verdict = graded.verdicts.get(&exercise.full_id());
                let word = verdict.map_or_else(String::new, |verdict| match verdict {
                    Verdict::Waiting { needs } => self.style.faint(&waiting_for(needs, graded)),
                    _ => self.word(verdict),
                });
                let (id, points) = (exercise.full_id(), points(exercise.points));
                let minutes =
                    if exercise.minutes > 0 { format!("{} min", exercise.minutes) } else { String::new() };
                _ = writeln!(text, "  {id:<37} {points:>9} {minutes:>8}  {:<57} {word}", exercise.title);
            }
        }
        text
    }
}

/// Prose in lines that a person can follow.
fn wrapped(prose: &str) -> Vec<String> {
    textwrap::wrap(prose, WIDTH).into_iter().map(std::borrow::Cow::into_owned).collect()
}

fn is_to_fix(verdict: &Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Broken { .. } | Verdict::TooMuch { .. } | Verdict::Failed(_) | Verdict::Internal { .. }
    )
}

fn points(points: u32) -> String {
    plural(points as usize, "point")
}
