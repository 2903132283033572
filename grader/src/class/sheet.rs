//! One student's result, as a file of its own: whose it is, what exactly was graded, by which course, and what came of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{attempts::Attempt, points::Points, senders::Sender};
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
    /// Older attempts; of several, those that do not count.
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
    pub earned: Points,
    /// Points to be had.
    pub points: Points,
    /// What the class's rules made of it; none while it is not settled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What a person says of all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
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
    /// When it was handed in, as the platform or the roster writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted: Option<String>,
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
    pub earned: Points,
    /// Points to be had.
    pub points: Points,
    /// What the grader thinks of it.
    pub verdict: Verdict,
    /// Other exercises that it calls, where it fails.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<String>,
    /// What its cases, its adapter and everything else that is ours were, as a hash.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub inputs: String,
    /// What its code is like (see `likeness`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gist: String,
    /// Whether its points come on top.
    #[serde(default, skip_serializing_if = "is_not")]
    pub bonus: bool,
    /// Whether a person gave the points.
    #[serde(default, skip_serializing_if = "is_not")]
    pub marked: bool,
    /// What a person says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
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
            older: attempt.older.iter().map(|older| older.from.clone()).collect(),
            state: State::Internal,
            why: None,
            sha256: String::new(),
            seed,
            version: VERSION.to_owned(),
            isolation: String::new(),
            seconds: 0.0,
            earned: Points::ZERO,
            points: Points::ZERO,
            notes: Vec::new(),
            comment: None,
            findings: Vec::new(),
            receipt: Value::Null,
            exercises: Vec::new(),
        }
    }

    /// Takes what came of grading, and what its inputs were; what is known of exercises that were not graded stays.
    pub fn fill(&mut self, chapters: &[&Chapter], graded: &Marks, inputs: &BTreeMap<String, String>) {
        let exercises = chapters.iter().flat_map(|chapter| &chapter.exercises);
        let mut known: BTreeMap<String, Row> =
            self.exercises.drain(..).map(|row| (row.id.clone(), row)).collect();
        let rows = exercises.filter_map(|exercise| {
            let known = known.remove(&exercise.full_id());
            let Some(verdict) = graded.verdicts.get(&exercise.full_id()).cloned() else { return known };
            let points = Points::from(exercise.points);
            let earned = if verdict.is_passed() { points } else { Points::ZERO };
            let (id, title) = (exercise.full_id(), exercise.title.clone());
            let uses = graded.uses.get(&id).cloned().unwrap_or_default();
            let inputs = inputs.get(&id).cloned().unwrap_or_default();
            let (gist, bonus, marked, comment) = (String::new(), false, false, None);
            Some(Row { id, title, earned, points, verdict, uses, inputs, gist, bonus, marked, comment })
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

    /// Whether it is about these sources and cases, and nothing failed on our side.
    pub fn is_about(&self, sha256: &str, seed: u64) -> bool {
        self.state != State::Internal && (self.sha256.as_str(), self.seed) == (sha256, seed)
    }

    /// Whether grading the same once more would say the same.
    pub fn is_final(&self, sha256: &str, seed: u64) -> bool {
        self.is_about(sha256, seed) && self.version == VERSION
    }

    /// The chapters with an exercise for which something of ours is not what it was.
    pub fn touched<'c>(
        &self,
        chapters: &[&'c Chapter],
        inputs: &BTreeMap<String, String>,
    ) -> Vec<&'c Chapter> {
        let is_same = |id: &String| {
            let row = self.exercises.iter().find(|row| row.id == *id);
            row.is_some_and(|row| inputs.get(id).map_or("", String::as_str) == row.inputs)
        };
        let is_touched = |chapter: &&&Chapter| !chapter.exercises.iter().all(|e| is_same(&e.full_id()));
        chapters.iter().filter(is_touched).copied().collect()
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
        submitted: Some(sender.submitted.clone()).filter(|submitted| !submitted.is_empty()),
        on_roster: has_roster.then_some(sender.is_on_roster),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
fn is_not(value: &bool) -> bool {
    !value
}
