//! Early stopping: when to stop, and whose weights to keep.

use std::{error::Error, fmt};

pub use toolkit::callbacks::Flow;

/// The epoch with the lowest validation loss so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Best<W> {
    /// Its number, counted from 1.
    pub epoch: usize,
    /// Its validation loss.
    pub loss: f32,
    /// A copy of the weights at its end.
    pub weights: W,
}

/// Watches the validation loss, says when to stop, and keeps the best weights.
///
/// After every epoch, call [`observe`](EarlyStopping::observe) with the loss on data that was not trained on. An epoch is an
/// *improvement* when
///
/// ```text
/// loss < best loss so far − min_delta          the best loss is ∞ before the first improvement
/// ```
///
/// Training stops after `patience` epochs in a row without an improvement; an improvement starts the count anew. What
/// follows from the formula:
///
/// - a loss that equals the best one is no improvement, nor is one that is lower by exactly `min_delta`;
/// - NaN (a training that has diverged) and ∞ are never improvements, not even in the first epoch;
/// - losses are compared with the best one, not with the epoch before: many small steps that together go further than
///   `min_delta` are an improvement in the end;
/// - `patience` and `min_delta` may be changed on the way, and count from then on. Who trains on after a stop is told to
///   stop again after every epoch, until one improves.
///
/// When the training is over, for whatever reason, [`restore`](EarlyStopping::restore) brings the best weights back: the
/// last ones have been trained for `patience` epochs too long.
///
/// `W` is whatever the weights are: a tensor, a tuple or struct of tensors. (To clone a tensor is cheap, and safe: the
/// numbers are shared until one of the two is changed.)
///
/// Write it without the toolkit's own `EarlyStopping`.
///
/// Source: slide “Early stopping”; Prechelt 1998, “Early stopping — but when?”; Keras's `EarlyStopping` with
/// `restore_best_weights=True`.
///
/// ```
/// use regularization::early_stopping::{EarlyStopping, Flow};
/// let mut stopping = EarlyStopping::new(2, 0.0).unwrap();
/// let mut weights = 0;
/// for loss in [0.9, 0.5, 0.6, 0.4, 0.4, 0.7, 0.3] {
///     weights += 1; // a training
///     if stopping.observe(loss, &weights) == Flow::Stop {
///         break;
///     }
/// }
/// assert_eq!((stopping.epochs, stopping.bad_epochs), (6, 2)); // nobody has seen the 0.3
/// stopping.restore(&mut weights);
/// assert_eq!(weights, 4);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct EarlyStopping<W> {
    /// Epochs in a row without an improvement after which training stops, at least 1.
    pub patience: usize,
    /// How much lower than the best a loss must be to count, at least 0.
    pub min_delta: f32,
    /// Epochs observed so far.
    pub epochs: usize,
    /// Epochs since the last improvement, or since the start.
    pub bad_epochs: usize,
    /// The best epoch; `None` before the first improvement.
    pub best: Option<Best<W>>,
}

/// What [`EarlyStopping::new`] refuses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EarlyStoppingError {
    /// A patience of 0 epochs.
    ZeroPatience,
    /// A `min_delta` that is negative, infinite or NaN.
    MinDelta(f32),
}

impl fmt::Display for EarlyStoppingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ZeroPatience => write!(f, "patience must be at least 1 epoch, and it is 0"),
            Self::MinDelta(value) => write!(f, "min_delta must be finite and at least 0, and it is {value}"),
        }
    }
}

impl Error for EarlyStoppingError {}

impl<W: Clone> EarlyStopping<W> {
    /// A monitor that has not seen an epoch yet.
    ///
    /// # Errors
    /// When `patience` is 0, or `min_delta` is negative, infinite or NaN.
    pub fn new(patience: usize, min_delta: f32) -> Result<Self, EarlyStoppingError> {
        if patience == 0 {
            return Err(EarlyStoppingError::ZeroPatience);
        }
        if !min_delta.is_finite() || min_delta < 0.0 {
            return Err(EarlyStoppingError::MinDelta(min_delta));
        }
        Ok(Self { patience, min_delta, epochs: 0, bad_epochs: 0, best: None })
    }

    /// Takes note of an epoch: its validation loss, and the weights at its end. Says whether training goes on.
    pub fn observe(&mut self, loss: f32, weights: &W) -> Flow {
        self.epochs += 1;
        let best_loss = self.best.as_ref().map_or(f32::INFINITY, |best| best.loss);
        // A comparison with NaN is false.
        if loss < best_loss - self.min_delta {
            self.best = Some(Best { epoch: self.epochs, loss, weights: weights.clone() });
            self.bad_epochs = 0;
        } else {
            self.bad_epochs += 1;
        }
        if self.bad_epochs >= self.patience { Flow::Stop } else { Flow::Continue }
    }

    /// Replaces `weights` by those of the best epoch. If there was no improvement at all, they stay as they are.
    pub fn restore(&self, weights: &mut W) {
        if let Some(best) = &self.best {
            weights.clone_from(&best.weights);
        }
    }
}
