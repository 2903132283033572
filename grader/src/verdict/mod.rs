//! What the grader thinks of an exercise: plain data between judging and reporting.

mod graded;

use hidden::Plot;
use serde::{Deserialize, Serialize};

pub use graded::{Examined, Graded};

/// The state of one exercise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Verdict {
    /// Every case was answered right.
    Passed {
        /// How many cases there were.
        cases: usize,
        /// What the student's code printed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        prints: Option<String>,
        /// Numbers and texts that came out, and what they are called.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        results: Vec<(String, String)>,
        /// What is to be drawn; drawn once, not kept.
        #[serde(skip)]
        pictures: Vec<Picture>,
    },
    /// It is still the stub.
    NotStarted,
    /// It fails, and so do exercises that it calls.
    Waiting {
        /// Those exercises.
        needs: Vec<String>,
    },
    /// It does not compile, or uses something that does not.
    Broken {
        /// What the compiler said, colours included.
        message: String,
    },
    /// The compiler does not come to an end over it, or takes all memory, or crashes.
    TooMuch {
        /// Which, and what to look for.
        message: String,
    },
    /// Some case went wrong.
    Failed(Box<Failure>),
    /// The grader or the machine failed, not the student.
    Internal {
        /// What went wrong.
        message: String,
    },
}

/// Something to draw.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// Lines in one frame.
    Lines {
        /// Title and names of the axes.
        plot: Plot,
        /// The lines.
        lines: Vec<Line>,
    },
    /// A sheet of images.
    Images {
        /// What they are.
        name: String,
        /// (n, height, width) or (n, height, width, 3).
        shape: Vec<usize>,
        /// Row after row.
        values: Vec<f64>,
    },
    /// A map of points.
    Points {
        /// What they are.
        name: String,
        /// Where they are.
        places: Vec<(f64, f64)>,
        /// Their labels, many of them empty.
        labels: Vec<String>,
    },
}

/// A line in a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it belongs to.
    pub name: String,
    /// Its points; a single one is a dot.
    pub points: Vec<(f64, f64)>,
}

/// The first case that went wrong, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// Whose fault and what sort of fault.
    pub kind: Kind,
    /// What the case was about.
    pub about: String,
    /// What went wrong in it, in a student's words, some lines long.
    pub message: String,
    /// The sentence of the misconception whose answers these are.
    pub misconception: Option<Diagnosis>,
    /// Cases answered right.
    pub passed: usize,
    /// Cases in all.
    pub cases: usize,
    /// The seed that the cases came from.
    pub seed: u64,
    /// What the student's code printed in this case.
    pub prints: Option<String>,
}

/// A recognised misconception.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// Its name in the course.
    pub name: String,
    /// What it tells the student.
    pub says: String,
}

/// Kinds of failure, kept apart so that blame stays with who earned it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An answer was not what it should be.
    Wrong,
    /// A `todo!()` was reached.
    Todo,
    /// The code panicked.
    Panic,
    /// The process ended or was killed by a signal.
    Crash,
    /// Too much CPU time.
    TimeLimit,
    /// No answer, and no CPU time used either.
    Stalled,
    /// Too much memory.
    MemoryLimit,
    /// Too much printed.
    PrintLimit,
    /// Too much written to the disk.
    DiskLimit,
    /// An answer that the grader can't read.
    Protocol,
    /// The recorded snapshot was not met.
    Snapshot,
    /// All answers are right, by something ready-made that the exercise is about.
    Borrowed,
}

impl Verdict {
    /// Whether the exercise earns its points.
    pub fn is_passed(&self) -> bool {
        matches!(self, Self::Passed { .. })
    }

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
    /// Whether a limit was met: every further attempt would cost as much.
    pub fn is_limit(self) -> bool {
        matches!(self, Self::TimeLimit | Self::MemoryLimit | Self::PrintLimit | Self::DiskLimit)
    }

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
