//! The list to choose an exercise from: searched, filtered by state and chapter. Data; drawing it is `draw`'s.

use crate::{
    course::Exercise,
    report::is_to_fix,
    verdict::{Marks, Verdict},
};

/// Which states are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Every one.
    #[default]
    All,
    /// What is not solved.
    Open,
    /// What is written and not right.
    ToFix,
    /// What is solved.
    Solved,
}

impl Filter {
    /// A word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Open => "not solved",
            Self::ToFix => "to fix",
            Self::Solved => "solved",
        }
    }

    /// The one after it.
    pub fn next(self) -> Self {
        match self {
            Self::All => Self::Open,
            Self::Open => Self::ToFix,
            Self::ToFix => Self::Solved,
            Self::Solved => Self::All,
        }
    }

    fn keeps(self, verdict: Option<&Verdict>) -> bool {
        let is_solved = verdict.is_some_and(Verdict::is_passed);
        match self {
            Self::All => true,
            Self::Open => !is_solved,
            Self::ToFix => verdict.is_some_and(is_to_fix),
            Self::Solved => is_solved,
        }
    }
}

/// What is listed, and which of it is pointed at.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// Letters that an id or a title must contain.
    pub search: String,
    /// Whether what is typed goes there.
    pub is_typing: bool,
    /// Which states.
    pub filter: Filter,
    /// Which chapter; all where it is `None`.
    pub chapter: Option<String>,
    /// The row that is pointed at.
    pub cursor: usize,
}

impl List {
    /// The places, in `exercises`, of what is listed.
    pub fn rows(&self, exercises: &[&Exercise], marks: &Marks) -> Vec<usize> {
        let wanted = self.search.to_lowercase();
        let is_listed = |exercise: &Exercise| {
            let id = exercise.full_id();
            let found = id.contains(&wanted) || exercise.title.to_lowercase().contains(&wanted);
            let chapter = self.chapter.as_ref().is_none_or(|chapter| *chapter == exercise.chapter);
            found && chapter && self.filter.keeps(marks.verdicts.get(&id))
        };
        (0..exercises.len()).filter(|&i| is_listed(exercises[i])).collect()
    }

    /// The next chapter, or all behind the last.
    pub fn turn_chapter(&mut self, exercises: &[&Exercise]) {
        let mut names: Vec<&String> = exercises.iter().map(|exercise| &exercise.chapter).collect();
        names.dedup();
        let place = self.chapter.as_ref().and_then(|chapter| names.iter().position(|name| *name == chapter));
        let next = place.map_or(0, |place| place + 1);
        self.chapter = names.get(next).map(|name| (*name).clone());
        self.cursor = 0;
    }

    /// Points `by` rows further down, of `rows`.
    pub fn step(&mut self, by: isize, rows: usize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(rows.saturating_sub(1));
    }
}
