//! How long a training is to be, and what its epochs came to: what [`crate::fit`] and [`crate::callbacks`] say to each other.

/// How long and in what portions to train.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How often every sample is seen.
    pub epochs: usize,
    /// Samples to a step; the last batch of an epoch may be smaller.
    pub batch: usize,
    /// Determines the order of the samples.
    pub seed: u64,
}

/// What one epoch came to.
#[derive(Clone, Debug)]
pub struct Epoch {
    /// Counted from 1.
    pub number: usize,
    /// The mean of the training loss over the epoch's samples, while the parameters were changing.
    pub loss: f32,
    /// What `evaluate` returned after the epoch.
    pub metrics: Vec<(&'static str, f32)>,
    /// Time spent in training steps.
    pub seconds: f64,
}

impl Epoch {
    /// A metric, or `"loss"`.
    pub fn metric(&self, name: &str) -> Option<f32> {
        let found = self.metrics.iter().find(|(metric, _)| *metric == name).map(|(_, value)| *value);
        found.or_else(|| (name == "loss").then_some(self.loss))
    }
}
