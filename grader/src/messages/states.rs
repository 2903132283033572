//! Verdicts in a word or two, and what a verdict that needs a sentence of its own says.

use super::failures::whole;
use crate::verdict::{Kind, Marks, Verdict};

impl Verdict {
    /// A word for tables.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Passed { .. } => "passed",
            Self::NotStarted => "not started",
            Self::Waiting { .. } => "waiting",
            Self::Broken { .. } => "does not compile",
            Self::TooMuch { .. } => "too much for the compiler",
            Self::Internal { .. } => "grader error",
            Self::Failed(failure) => failure.kind.word(),
        }
    }

    /// What an exercise in this state is or does: "`tricks/relu`, which is wrong".
    pub fn predicate(&self) -> &'static str {
        match self {
            Self::Passed { .. } => "is solved",
            Self::NotStarted => "is not started",
            Self::Waiting { .. } => "waits itself",
            Self::Broken { .. } => "does not compile",
            Self::TooMuch { .. } => "is too much for the compiler",
            Self::Internal { .. } => "could not be judged",
            Self::Failed(failure) => failure.kind.predicate(),
        }
    }
}

impl Kind {
    /// A word for tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Todo => "unfinished",
            Self::Panic => "panicked",
            Self::Crash => "crashed",
            Self::TimeLimit => "too slow",
            Self::Stalled => "stalled",
            Self::MemoryLimit => "out of memory",
            Self::PrintLimit => "prints too much",
            Self::DiskLimit => "fills the disk",
            Self::Protocol => "unreadable answer",
            Self::Snapshot => "differs from the snapshot",
            Self::Borrowed => "borrowed",
        }
    }

    fn predicate(self) -> &'static str {
        match self {
            Self::Wrong => "is wrong",
            Self::Todo => "is unfinished",
            Self::Panic => "panics",
            Self::Crash => "crashes",
            Self::TimeLimit => "is too slow",
            Self::Stalled => "stalls",
            Self::MemoryLimit => "needs too much memory",
            Self::PrintLimit => "prints too much",
            Self::DiskLimit => "fills the disk",
            Self::Protocol => "gives an unreadable answer",
            Self::Snapshot => "differs from its snapshot",
            Self::Borrowed => "is borrowed",
        }
    }
}

/// What there is to say of a verdict where there is room for few lines: the sentence that explains it, then the case.
pub fn in_short(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Passed { .. } | Verdict::NotStarted => String::new(),
        Verdict::Waiting { needs } => format!("waits for {}", needs.join(", ")),
        Verdict::Broken { message } | Verdict::TooMuch { message } => message.trim().to_owned(),
        Verdict::Internal { .. } => "The grader failed here, not you: it is graded again.".to_owned(),
        Verdict::Failed(failure) => whole(failure),
    }
}

/// "uses tricks/relu, which is wrong, and tricks/sigmoid, which is not started"
pub fn waiting_for(needs: &[String], graded: &Marks) -> String {
    let needs = needs.iter().map(|id| match graded.verdicts.get(id) {
        Some(verdict) => format!("{id}, which {}", verdict.predicate()),
        None => id.clone(),
    });
    format!("uses {}", needs.collect::<Vec<_>>().join(", and "))
}

/// All answers are right, by `name` of `from` ("dfdx", "the toolkit") that `place` uses.
pub fn borrowed(from: &str, name: &str, place: &str) -> String {
    format!(
        "All answers are right. But {from} has `{name}` ready-made, and {place} uses it.\n\
         Elsewhere that is the way to write it; here it is what the exercise asks for. It counts once it does without."
    )
}
