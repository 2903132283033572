//! What the grader thinks of an exercise: plain data between judging and reporting.

mod contrast;
mod marks;
mod place;
mod quantity;
mod reading;
mod sight;
mod symptom;
mod twins;

use hidden::Plot;
use serde::{Deserialize, Serialize};

pub use contrast::{Contrast, Property};
pub use marks::{Examination, Marks};
pub use place::{Arrangement, Comparison, Place, Reshape};
pub use quantity::{Amount, Base, Form, Function, Quantity};
pub use reading::{Reading, near, sample};
pub use sight::{Beside, Draws, Sight};
pub use symptom::{Part, Relation, Symptom};
pub use twins::{Agreement, Layers, Run, Twins};

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
        /// What is drawn into that frame.
        lines: Vec<Line>,
    },
    /// A sheet of images.
    Images {
        /// The name of the output that is shown, as in a file's name and a title.
        name: String,
        /// (n, height, width) or (n, height, width, 3).
        shape: Vec<usize>,
        /// Row after row.
        values: Vec<f64>,
    },
    /// A map of points.
    Points {
        /// The name of the output that is shown, as in a file's name and a title.
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

/// What is wrong with a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Sort of fault.
    pub kind: Kind,
    /// In a student's words, some lines long.
    pub message: String,
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
    /// What all wrong answers have in common.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symptom: Option<Symptom>,
    /// What the failing cases have in common and the passing ones lack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contrast: Option<Contrast>,
    /// Cases answered right.
    pub passed: usize,
    /// Cases in all.
    pub cases: usize,
    /// Of the groups that cases form by what they are about, how many are right; absent where not all were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Groups>,
    /// The seed that the cases came from.
    pub seed: u64,
    /// What the student's code printed in this case.
    pub prints: Option<String>,
    /// What can be seen of the case; drawn once, not kept.
    #[serde(skip)]
    pub sights: Vec<Sight>,
}

/// How many groups of cases are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    /// All of whose cases are.
    pub passed: usize,
    /// In all.
    pub of: usize,
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
}

impl Failure {
    /// Of a kind, and nothing more is known.
    pub fn of(kind: Kind) -> Self {
        Self {
            kind,
            about: String::new(),
            message: String::new(),
            misconception: None,
            symptom: None,
            contrast: None,
            passed: 0,
            cases: 0,
            groups: None,
            seed: 0,
            prints: None,
            sights: Vec::new(),
        }
    }
}

impl From<Fault> for Failure {
    fn from(Fault { kind, message }: Fault) -> Self {
        Self { message, ..Self::of(kind) }
    }
}

impl Kind {
    /// Whether a limit was met: every further attempt would cost as much.
    pub fn is_limit(self) -> bool {
        matches!(self, Self::TimeLimit | Self::MemoryLimit | Self::PrintLimit | Self::DiskLimit)
    }
}
