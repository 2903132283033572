//! Where one stands in the course, as markup: a sign for each task, and a list of all.

use super::{
    export::{FIRST, file_of},
    html::Html,
};
use crate::{
    course::{Chapter, Course, Exercise},
    report::{plural, summary},
    verdict::{Marks, Verdict},
};

/// What a map is made of.
pub struct Map<'a> {
    /// For titles.
    pub course: &'a Course,
    /// The chapters that are graded.
    pub chapters: &'a [&'a Chapter],
    /// What came of each exercise: a tile's colour.
    pub graded: &'a Marks,
    /// The task that is being looked at.
    pub current: Option<&'a Exercise>,
    /// Whether every task has a file of its own.
    pub has_files: bool,
}

/// The page that leads to those of all tasks.
pub fn overview(course: &Course, chapters: &[&Chapter], graded: &Marks) -> Html {
    let map = Map { course, chapters, graded, current: None, has_files: true };
    let lists: Html = chapters.iter().map(|chapter| map.list(chapter)).collect();
    map.drawn().and(Html::said("h1", "", "All tasks")).and(lists)
}

/// How a verdict looks: a class, and a sign as well as its colour, since not everybody tells the colours apart.
pub fn look(verdict: Option<&Verdict>) -> (&'static str, &'static str) {
    match verdict {
        Some(Verdict::Passed { .. }) => ("good", "✓"),
        None | Some(Verdict::NotStarted) => ("open", "·"),
        Some(Verdict::Waiting { .. }) => ("open", "…"),
        Some(_) => ("bad", "×"),
    }
}

/// The verdict in a word or two.
pub fn word(verdict: Option<&Verdict>) -> Html {
    let class = format!("word {}", look(verdict).0);
    Html::said("span", &class, verdict.map_or("not graded", Verdict::word))
}

impl Map<'_> {
    /// The points, and a row of signs for each chapter.
    pub fn drawn(&self) -> Html {
        let exercises = self.chapters.iter().flat_map(|chapter| &chapter.exercises);
        let (earned, all) = summary(exercises, self.graded);
        let title = Html::said("strong", "", &self.course.title);
        let title = match self.current {
            Some(_) if self.has_files => Html::tag("a", &[("href", FIRST)], title),
            _ => title,
        };
        let points = Html::said("span", "points", &format!("{earned} of {all} points"));
        let head = Html::tag("p", &[("class", "course")], title.and(Html::text(" ")).and(points));
        let rows: Html = self.chapters.iter().map(|chapter| self.row(chapter)).collect();
        let rows = Html::tag("ul", &[("class", "map")], rows);
        Html::tag("nav", &[("aria-label", "Where you stand")], head.and(rows))
    }

    fn row(&self, chapter: &Chapter) -> Html {
        let (earned, all) = summary(chapter.exercises.iter(), self.graded);
        let chips: Html = chapter.exercises.iter().map(|exercise| self.chip(exercise)).collect();
        let name = Html::said("span", "name", &chapter.name);
        let chips = Html::tag("span", &[("class", "chips")], chips);
        let points = Html::said("span", "points", &format!("{earned}/{all}"));
        Html::tag("li", &[], name.and(chips).and(points))
    }

    fn chip(&self, exercise: &Exercise) -> Html {
        let id = exercise.full_id();
        let verdict = self.graded.verdicts.get(&id);
        let (class, sign) = look(verdict);
        let is_current = self.current.is_some_and(|current| current.full_id() == id);
        let class = format!("chip {class}{}", if is_current { " current" } else { "" });
        let word = verdict.map_or("not graded", Verdict::word);
        let says = format!("{id} · {} · {word}", exercise.title);
        let (file, sign) = (file_of(&id), Html::text(sign));
        if self.has_files {
            let attributes =
                [("class", &class[..]), ("title", &says), ("aria-label", &says), ("href", &file)];
            return Html::tag("a", &attributes, sign);
        }
        let attributes = [("class", &class[..]), ("title", &says), ("role", "img"), ("aria-label", &says)];
        Html::tag("span", &attributes, sign)
    }

    /// The tasks of a chapter by name, each with its verdict.
    fn list(&self, chapter: &Chapter) -> Html {
        let rows: Html = chapter.exercises.iter().map(|exercise| self.entry(exercise)).collect();
        Html::said("h2", "", &chapter.title).and(Html::tag("ul", &[("class", "tasks")], rows))
    }

    fn entry(&self, exercise: &Exercise) -> Html {
        let id = exercise.full_id();
        let link = Html::tag("a", &[("href", &file_of(&id))], Html::text(&exercise.title));
        let points = plural(exercise.points as usize, "point");
        let says = Html::said("span", "points", &format!(" {points} "));
        Html::tag("li", &[], link.and(says).and(word(self.graded.verdicts.get(&id))))
    }
}
