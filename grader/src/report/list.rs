//! The list of exercises: a line each, as wide as the screen.

use std::fmt::Write;

use textwrap::core::display_width;

use super::terminal::{Terminal, points, summary};
use crate::{
    course::{Chapter, Exercise},
    messages::states::waiting_for,
    verdict::{Marks, Verdict},
};

/// Columns of a line with everything in it.
const FULL: usize = 136;
/// Columns of a name, where a line has not everything.
const NAME: usize = 26;
/// Columns of a state, and of what stands before it there.
const STATE: usize = 16;
const BEFORE: usize = 48;
/// With less room than this a title says nothing.
const TITLE: usize = 30;

impl Terminal<'_> {
    /// A line an exercise; the last, which is seen where there are more than fit, sums up.
    pub fn list(&self, chapters: &[&Chapter], graded: &Marks) -> String {
        let (earned, all) = summary(chapters.iter().flat_map(|chapter| &chapter.exercises), graded);
        let mut text = self.listed(chapters, graded, |_| true) + &format!("{earned} of {all} points");
        if let [first, _, ..] = chapters {
            let one = format!("{} list --chapter {}", self.program, first.name);
            text += &format!("; one chapter: {}", self.style.command(&one));
        }
        text + "\n"
    }

    /// A line an exercise that somebody has begun, and how many are left.
    pub fn list_begun(&self, chapters: &[&Chapter], graded: &Marks) -> String {
        let is_begun = |verdict: Option<&Verdict>| verdict.is_some_and(|v| *v != Verdict::NotStarted);
        let exercises = chapters.iter().flat_map(|chapter| &chapter.exercises);
        let rest = exercises.filter(|exercise| !is_begun(graded.verdicts.get(&exercise.full_id()))).count();
        let begun = self.listed(chapters, graded, is_begun);
        if rest == 0 { begun } else { format!("{begun}and {rest} not started\n") }
    }

    fn listed(
        &self,
        chapters: &[&Chapter],
        graded: &Marks,
        is_shown: impl Fn(Option<&Verdict>) -> bool,
    ) -> String {
        let mut text = String::new();
        for chapter in chapters {
            let verdict = |exercise: &Exercise| graded.verdicts.get(&exercise.full_id());
            let shown: Vec<_> =
                chapter.exercises.iter().filter(|exercise| is_shown(verdict(exercise))).collect();
            if !shown.is_empty() {
                _ = writeln!(text, "{} · {}", self.style.strong(&chapter.name), chapter.title);
            }
            for exercise in shown {
                text += &self.line(exercise, &self.state(verdict(exercise), graded));
            }
        }
        text
    }

    fn state(&self, verdict: Option<&Verdict>, graded: &Marks) -> String {
        match verdict {
            Some(Verdict::Waiting { needs }) => {
                self.style.faint(&format!("waiting: {}", waiting_for(needs, graded)))
            }
            Some(verdict) => self.word(verdict),
            None => String::new(),
        }
    }

    fn line(&self, exercise: &Exercise, state: &str) -> String {
        let points = points(exercise.points);
        let minutes = if exercise.minutes > 0 { format!("{} min", exercise.minutes) } else { String::new() };
        let columns = self.screen.table(FULL);
        if columns < FULL {
            let title = titled(&exercise.title, state, columns.saturating_sub(BEFORE));
            return format!("  {:<NAME$} {points:>9} {minutes:>7}  {title}\n", exercise.id);
        }
        format!("  {:<37} {points:>9} {minutes:>8}  {:<57} {state}\n", exercise.full_id(), exercise.title)
    }
}

/// A state, and the title behind it as far as there is room.
fn titled(title: &str, state: &str, room: usize) -> String {
    let (width, room) = (display_width(state), room.saturating_sub(STATE + 2));
    if width > STATE || room < TITLE {
        return state.to_owned();
    }
    let shown = if title.chars().count() <= room {
        title.to_owned()
    } else {
        title.chars().take(room - 1).collect::<String>() + "…"
    };
    format!("{state}{}  {shown}", " ".repeat(STATE - width))
}
