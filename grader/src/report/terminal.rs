//! The report a student reads: a line a chapter, the first thing to fix, the next step. Fits a screen.

use std::fmt::Write;

use super::{
    News, Screen, Style,
    body::{body, cut},
    news::solved,
    place::place,
    plural,
};
use crate::{
    clean::{clean, clean_plain},
    messages::{failures::case, states::waiting_for, symptoms::explanation},
};
use crate::{
    course::{Chapter, Course, Exercise},
    verdict::{Failure, Marks, Verdict},
};

/// Columns of a chapter's bar, where there is room.
const BAR: usize = 24;
/// Columns of a chapter's line beside its bar.
const BESIDE: usize = 56;
/// With fewer rows for a failure only its first sentence is shown.
const ENOUGH: usize = 16;

/// With fewer rows a failure stands below its own chapter's line alone.
const FOR_ALL: usize = 32;

/// What it takes to be graded again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// The command once more.
    Command,
    /// A save: somebody watches.
    Save,
    /// A save, and for everything else there are keys.
    Keys,
}

/// What somebody works at: the first to fix, or else the first that is new, or else the first not solved. What waits is written
/// already.
pub fn next_task<'e>(
    exercises: impl Iterator<Item = &'e Exercise> + Clone,
    graded: &Marks,
) -> Option<&'e Exercise> {
    let verdict = |exercise: &&Exercise| graded.verdicts.get(&exercise.full_id());
    let first = |is: &dyn Fn(&&Exercise) -> bool| exercises.clone().find(|exercise| is(exercise));
    first(&|exercise| verdict(exercise).is_some_and(is_to_fix))
        .or_else(|| first(&|exercise| verdict(exercise).is_none_or(|v| *v == Verdict::NotStarted)))
        .or_else(|| first(&|exercise| !graded.is_passed(&exercise.full_id())))
}

/// Writes reports for one course.
pub struct Terminal<'a> {
    /// For titles and prerequisites of exercises.
    pub course: &'a Course,
    /// Colours or none.
    pub style: Style,
    /// Where it is shown.
    pub screen: Screen,
    /// What it takes to be graded again.
    pub again: Again,
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
    pub fn report(&self, chapters: &[&Chapter], graded: &Marks, news: &News) -> String {
        let exercises = || chapters.iter().flat_map(|chapter| &chapter.exercises);
        let verdict = |exercise: &&Exercise| graded.verdicts.get(&exercise.full_id());
        let to_fix = exercises().find(|exercise| verdict(exercise).is_some_and(is_to_fix));
        let mut text = self.header(chapters, graded);
        for chapter in chapters.iter().filter(|chapter| self.has_room_for(chapter, to_fix)) {
            text += &self.chapter_line(chapter, graded);
        }
        text.push('\n');
        text += &solved(self, news, false, usize::MAX);
        match to_fix {
            Some(exercise) => {
                let others: Vec<&Exercise> =
                    exercises().filter(|other| verdict(other).is_some_and(is_to_fix)).collect();
                let others = self.others(&others) + &self.waiting(exercises(), graded);
                // Two rows are the prompt's.
                let room = self.screen.rows.saturating_sub(text.lines().count() + others.lines().count() + 2);
                let verdict = &graded.verdicts[&exercise.full_id()];
                return text + &self.detail_within(exercise, verdict, graded, room) + &others;
            }
            None => text += &self.first_step(next_task(exercises(), graded)),
        }
        text + &self.waiting(exercises(), graded)
    }

    /// What is said of exercises that were solved just now, where there are so many rows.
    pub fn solved(&self, news: &News, rows: usize) -> String {
        let said = solved(self, news, self.again != Again::Keys, rows);
        if said.is_empty() { said } else { format!("\n{said}") }
    }

    /// What there is to do about one exercise, in as many rows as there are.
    pub fn task(&self, exercise: Option<&Exercise>, graded: &Marks, rows: usize) -> String {
        let Some(exercise) = exercise else { return self.first_step(None) };
        match graded.verdicts.get(&exercise.full_id()) {
            None | Some(Verdict::NotStarted) => self.first_step(Some(exercise)),
            Some(verdict) => self.detail_within(exercise, verdict, graded, rows),
        }
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
                let message = self.style.rendered(message);
                let rows = if self.screen == Screen::PAPER { usize::MAX } else { rows };
                let room = rows.saturating_sub(text.lines().count() + 1);
                let message = format!("{}\n", message.trim_end());
                let more = match self.again {
                    Again::Keys => "v".to_owned(),
                    Again::Command | Again::Save => format!("{} run {}", self.program, exercise.full_id()),
                };
                text += &format!("\n{}", cut(self.style, self.screen, &message, (room, &more)));
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

    /// Where rows are few, what is to be fixed needs them more than the other chapters do.
    fn has_room_for(&self, chapter: &Chapter, to_fix: Option<&Exercise>) -> bool {
        let is_small = self.screen.columns.is_some() && self.screen.rows < FOR_ALL;
        !is_small || to_fix.is_none_or(|exercise| exercise.chapter == chapter.name)
    }

    fn chapter_line(&self, chapter: &Chapter, graded: &Marks) -> String {
        let (earned, all) = summary(chapter.exercises.iter(), graded);
        let solved =
            chapter.exercises.iter().filter(|exercise| graded.is_passed(&exercise.full_id())).count();
        let columns = self.screen.table(usize::MAX).saturating_sub(BESIDE).clamp(4, BAR);
        let filled = (earned as usize * columns).checked_div(all as usize).unwrap_or_default();
        let bar = self.style.good(&"█".repeat(filled)) + &self.style.faint(&"░".repeat(columns - filled));
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
            for line in self.wrapped(&clean(sentence)) {
                _ = writeln!(text, "  {}", if i == 0 { self.style.strong(&line) } else { line });
            }
        }
        if let Some(case) = case(failure) {
            let gap = if said.is_empty() { "" } else { "\n" };
            _ = writeln!(text, "{gap}  Case: {}", clean(&case));
        }
        let run = format!("{} run {}", self.program, exercise.full_id());
        let replay = format!("{run} --seed {}", failure.seed);
        let again = match self.again {
            Again::Command => format!("  again: {}\n", self.style.command(&replay)),
            Again::Save | Again::Keys => String::new(),
        };
        let end = format!("\n{again}{}", self.stuck(exercise));
        let room = rows.saturating_sub(text.lines().count() + end.lines().count());
        text + &body(self.style, self.screen, failure, (room, self.more())) + &end
    }

    /// What shows all of something that had no room.
    fn more(&self) -> &'static str {
        if self.again == Again::Keys { "v" } else { "`run`" }
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
        let place = place(&self.course.root, exercise, None);
        let then = match self.again {
            Again::Command => {
                let program = self.program.trim_end_matches(" --");
                format!("write what `todo!()` stands for, then: {}", self.style.command(program))
            }
            Again::Save | Again::Keys => "write what `todo!()` stands for, then save".to_owned(),
        };
        _ = writeln!(text, "  open {place}\n  {then}");
        _ = writeln!(text, "  the theory: lectures/{}/README.md", exercise.chapter);
        text + &self.stuck(exercise)
    }

    /// How to get a hint, where that takes more than a key.
    fn stuck(&self, exercise: &Exercise) -> String {
        let hint = format!("{} hint {}", self.program, exercise.full_id());
        match self.again {
            Again::Command | Again::Save => format!("  stuck: {}\n", self.style.command(&hint)),
            Again::Keys => String::new(),
        }
    }

    pub(super) fn word(&self, verdict: &Verdict) -> String {
        match verdict {
            Verdict::Passed { .. } => self.style.good(verdict.word()),
            Verdict::NotStarted | Verdict::Waiting { .. } => self.style.faint(verdict.word()),
            _ => self.style.bad(verdict.word()),
        }
    }

    /// Prose in lines that a person can follow.
    fn wrapped(&self, prose: &str) -> Vec<String> {
        let columns = self.screen.prose().saturating_sub("  ".len());
        textwrap::wrap(prose, columns).into_iter().map(std::borrow::Cow::into_owned).collect()
    }
}

/// Whether it is the student's turn: something is written, and not right.
pub fn is_to_fix(verdict: &Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Broken { .. } | Verdict::TooMuch { .. } | Verdict::Failed(_) | Verdict::Internal { .. }
    )
}

pub(super) fn points(points: u32) -> String {
    plural(points as usize, "point")
}
