//! One student's result, as a file of its own: whose it is, what exactly was graded, by which course, and what came of it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{attempts::Attempt, senders::Sender};
use crate::{
    course::{Chapter, VERSION},
    verdict::{Marks, Verdict},
};

/// The form of sheets that this grader writes and reads.
pub const FORMAT: u32 = 1;

/// What became of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was graded.
    Graded,
    /// Nothing in it differs from what students get.
    Untouched,
    /// There is nothing in it that could be graded. Never a zero.
    NotGraded,
    /// The grader or the machine failed; it is graded again next time.
    Internal,
}

impl State {
    /// Whether it has points, were it none; what was not graded has not even those.
    pub fn has_points(self) -> bool {
        matches!(self, Self::Graded | Self::Untouched)
    }

    /// A word or two for tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Graded => "graded",
            Self::Untouched => "untouched",
            Self::NotGraded => "not graded",
            Self::Internal => "grader error",
        }
    }
}

/// A student's result.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sheet {
    format: u32,
    /// Whose it is.
    pub student: Owner,
    /// Where it was found.
    pub from: String,
    /// Older attempts, which do not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub older: Vec<String>,
    /// What became of it.
    pub state: State,
    /// Why it was not graded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The hash of what was graded.
    pub sha256: String,
    /// The seed of the cases.
    pub seed: u64,
    /// The course's version.
    pub version: String,
    /// How well what students wrote was kept from everything else.
    pub isolation: String,
    /// Seconds that it took.
    pub seconds: f64,
    /// Points earned.
    pub earned: u32,
    /// Points to be had.
    pub points: u32,
    /// What was strange about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<String>,
    /// What the student's own grader wrote; nothing of it earns points.
    #[serde(default)]
    pub receipt: Value,
    /// A row an exercise.
    #[serde(default)]
    pub exercises: Vec<Row>,
}

/// Whose a sheet is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// What tells this one from others.
    pub key: String,
    /// As one reads it.
    pub name: String,
    /// The platform's number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// In small letters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// How that is known.
    pub known_by: String,
    /// Whether the platform calls the submission late.
    #[serde(default)]
    pub late: bool,
    /// Whether the roster has this one; absent without a roster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_roster: Option<bool>,
}

/// An exercise in a sheet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// As in `tricks/relu`.
    pub id: String,
    /// As lectures call it.
    pub title: String,
    /// Points earned.
    pub earned: u32,
    /// Points to be had.
    pub points: u32,
    /// What the grader thinks of it.
    pub verdict: Verdict,
}

impl Row {
    /// The chapter's name.
    pub fn chapter(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }
}

impl Sheet {
    /// Of an attempt of which nothing is known yet.
    pub fn new(attempt: &Attempt, seed: u64, has_roster: bool) -> Self {
        Self {
            format: FORMAT,
            student: owner(&attempt.sender, has_roster),
            from: attempt.from.clone(),
            older: attempt.older.clone(),
            state: State::Internal,
            why: None,
            sha256: String::new(),
            seed,
            version: VERSION.to_owned(),
            isolation: String::new(),
            seconds: 0.0,
            earned: 0,
            points: 0,
            findings: Vec::new(),
            receipt: Value::Null,
            exercises: Vec::new(),
        }
    }

    /// Takes what came of grading.
    pub fn fill(&mut self, chapters: &[&Chapter], graded: &Marks) {
        let exercises = chapters.iter().flat_map(|chapter| &chapter.exercises);
        let rows = exercises.filter_map(|exercise| {
            let verdict = graded.verdicts.get(&exercise.full_id())?.clone();
            let earned = if verdict.is_passed() { exercise.points } else { 0 };
            let (id, title) = (exercise.full_id(), exercise.title.clone());
            Some(Row { id, title, earned, points: exercise.points, verdict })
        });
        self.exercises = rows.collect();
        self.earned = self.exercises.iter().map(|row| row.earned).sum();
        self.points = self.exercises.iter().map(|row| row.points).sum();
        let has = |wanted: fn(&Verdict) -> bool| self.exercises.iter().any(|row| wanted(&row.verdict));
        self.state = if has(|verdict| matches!(verdict, Verdict::Internal { .. })) {
            State::Internal
        } else if has(|verdict| !matches!(verdict, Verdict::NotStarted)) {
            State::Graded
        } else {
            State::Untouched
        };
    }

    /// Whether it is in a form that this grader knows.
    pub fn is_known(&self) -> bool {
        self.format == FORMAT
    }

    /// Whether grading the same once more would say the same.
    pub fn is_final(&self, sha256: &str, seed: u64) -> bool {
        self.state != State::Internal
            && (self.sha256.as_str(), self.seed, self.version.as_str()) == (sha256, seed, VERSION)
    }
}

fn owner(sender: &Sender, has_roster: bool) -> Owner {
    Owner {
        key: sender.key.clone(),
        name: sender.name.clone(),
        id: sender.id.clone(),
        email: sender.email.clone(),
        known_by: sender.known_by.to_owned(),
        late: sender.is_late,
        on_roster: has_roster.then_some(sender.is_on_roster),
    }
}
