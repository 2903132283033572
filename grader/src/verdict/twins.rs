//! A capstone that was trained twice: on the given layers, and on those that a student wrote.

use std::time::Duration;

/// A training, once.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its losses, or what ended it, in a sentence.
    pub losses: Result<Vec<f64>, String>,
    /// CPU time of all its threads.
    pub time: Duration,
}

/// Which layers a training was made of.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// The student's, by full id.
    pub own: Vec<String>,
    /// Those of them that their own cases call wrong.
    pub wrong: Vec<String>,
    /// Those that are not there yet.
    pub missing: Vec<String>,
}

/// How far the losses of two trainings agree.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// The largest difference, as a part of the loss; of those before they part, where they do.
    pub largest: f64,
    /// The number of the first loss that differs, counted from 0.
    pub parts_at: Option<usize>,
}

/// Both trainings, and how far they agree.
#[derive(Clone, Debug)]
pub struct Twins {
    /// The capstone's full id.
    pub id: String,
    /// Whose layers the second training was made of.
    pub layers: Layers,
    /// What each loss is of: a step, or an epoch.
    pub unit: &'static str,
    /// How far losses may be apart, as a part.
    pub allowed: f64,
    /// On the toolkit's layers.
    pub given: Run,
    /// On the student's.
    pub mine: Run,
    /// How far the losses agree, where both trainings came to an end.
    pub agreement: Option<Agreement>,
}
