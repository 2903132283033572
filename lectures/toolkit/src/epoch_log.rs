//! Tells how a long training goes: a line a second at most, so that short ones say nothing.

use std::{
    fmt::Display,
    time::{Duration, Instant},
};

use crate::callbacks::{Callback, Flow};
use crate::epoch::Epoch;

const PAUSE: Duration = Duration::from_secs(1);

/// Counts the epochs of one training.
///
/// ```
/// let mut log = toolkit::epoch_log::EpochLog::new(3);
/// for epoch in 0..3 {
///     log.epoch(format_args!("loss {}", 1.0 / (epoch + 1) as f32)); // "epoch 2 of 3: loss 0.5", if a second has gone by
/// }
/// ```
#[derive(Clone, Debug)]
pub struct EpochLog {
    epochs: usize,
    done: usize,
    told: Instant,
}

impl EpochLog {
    /// For a training of at most `epochs` epochs, which begins now.
    pub fn new(epochs: usize) -> Self {
        Self { epochs, done: 0, told: Instant::now() }
    }

    /// One more epoch is done, and `state` is worth knowing; printed if the last line is a second old.
    pub fn epoch(&mut self, state: impl Display) {
        self.done += 1;
        if self.told.elapsed() >= PAUSE {
            println!("epoch {} of {}: {state}", self.done, self.epochs);
            self.told = Instant::now();
        }
    }
}

/// Tells the loss.
impl Callback for EpochLog {
    fn epoch(&mut self, epochs: &[Epoch]) -> Flow {
        if let Some(epoch) = epochs.last() {
            EpochLog::epoch(self, format_args!("loss {:.4}", epoch.loss));
        }
        Flow::Continue
    }
}
