//! What a grading comes to, with everything that any form of a report may want: plain data.

use serde_json::Value;

use super::terminal::summary;
use crate::{course::Chapter, verdict::Marks};

/// One grading of what lies in `lectures/`, or of what was handed in.
pub struct Grading<'a> {
    /// The chapters that it is about.
    pub chapters: Vec<&'a Chapter>,
    /// What was graded: one part for what lies in `lectures/`, one for each submission.
    pub parts: Vec<Paper>,
    /// Whether the parts are submissions.
    pub of_submissions: bool,
    /// Submissions that could not be read.
    pub unread: Vec<String>,
    /// What was solved just now, for the first time.
    pub solved_now: Vec<String>,
}

/// Sources that were graded together, and what came of it.
pub struct Paper {
    /// Whose they are, where they were handed in.
    pub submission: Option<Facts>,
    /// Verdicts and times.
    pub graded: Marks,
}

/// What is known of a submission.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Where it was found.
    pub place: String,
    /// The hash of what was graded.
    pub sha256: String,
    /// The seed of the cases.
    pub seed: u64,
    /// What was strange about it.
    pub findings: Vec<String>,
    /// What the student's own grader wrote.
    pub receipt: Value,
}

impl<'a> Grading<'a> {
    /// Of what lies in `lectures/`.
    pub fn of_lectures(chapters: Vec<&'a Chapter>, graded: Marks) -> Self {
        let parts = vec![Paper { submission: None, graded }];
        Self { chapters, parts, of_submissions: false, unread: Vec::new(), solved_now: Vec::new() }
    }

    /// Of what was handed in.
    pub fn of_submissions(chapters: Vec<&'a Chapter>, parts: Vec<Paper>, unread: Vec<String>) -> Self {
        Self { chapters, parts, of_submissions: true, unread, solved_now: Vec::new() }
    }

    /// Points earned by the part that earned least, and points in all.
    pub fn least(&self) -> (u32, u32) {
        let earned = self.parts.iter().map(|part| part.points(&self.chapters));
        earned.min().unwrap_or_default()
    }
}

impl Paper {
    /// Points earned, and points in all.
    pub fn points(&self, chapters: &[&Chapter]) -> (u32, u32) {
        summary(chapters.iter().flat_map(|chapter| &chapter.exercises), &self.graded)
    }
}
