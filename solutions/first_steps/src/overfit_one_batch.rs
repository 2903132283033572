//! The first check of every training: can it learn one batch by heart?

use dfdx::prelude::*;

use crate::{
    classification::UnknownLabel,
    given::classifier::{Classifier, Examples},
    training::training_step,
};

/// How an attempt to learn a batch by heart ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The loss came below the goal.
    Learnt,
    /// All steps are made, and the loss never came below the goal.
    Stuck,
    /// The loss became infinite, or NaN.
    Diverged,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// How it ended.
    pub end: End,
    /// The loss of every step that was made, the one that ended it included.
    pub losses: Vec<f32>,
}

/// Learns one batch by heart, or finds out that this does not work. Changes `model` in place.
///
/// Makes one [`training_step`](crate::training::training_step) after the other, always on the whole `batch`, at most `most_steps` of them. Each gives a loss,
/// and the loss decides:
///
/// ```text
/// infinite or NaN     the attempt ends: diverged
/// below the goal      the attempt ends: learnt
/// neither             the next step; where no step is left, the attempt ends: stuck
/// ```
///
/// The model then is as the last step left it. With `most_steps` = 0 there are no losses, and the attempt is stuck.
///
/// # Errors
/// When a label is no class.
///
/// Source: lecture, section 10; Karpathy 2019, “A recipe for training neural networks” (“overfit a single batch”).
///
/// ```
/// use dfdx::prelude::*;
/// use first_steps::{given::classifier::{Classifier, Examples}, overfit_one_batch::{End, overfit_one_batch}};
/// let dev = Cpu::default();
/// let new = || Classifier { weights: dev.zeros_like(&(1, 2)), biases: dev.zeros_like(&(2,)) };
/// let batch = Examples { x: dev.tensor_from_vec(vec![-2.0, 1.0], (2, 1)), labels: vec![0, 1] };
/// let attempt = overfit_one_batch(&mut new(), &batch, 0.5, 0.1, 100).unwrap();
/// assert_eq!(attempt.end, End::Learnt);
/// assert!((attempt.losses[0] - 0.6931472).abs() < 1e-6); // both classes had the probability 1/2: −log 1/2
/// let below: Vec<usize> = (0..attempt.losses.len()).filter(|&step| attempt.losses[step] < 0.1).collect();
/// assert_eq!(below, [attempt.losses.len() - 1]); // the first loss below the goal is the last one
/// let twice = Examples { x: dev.tensor_from_vec(vec![1.0, 1.0], (2, 1)), labels: vec![0, 1] }; // one example, two labels
/// assert_eq!(overfit_one_batch(&mut new(), &twice, 0.5, 0.1, 100).unwrap().end, End::Stuck);
/// ```
pub fn overfit_one_batch<D: Device<f32>>(
    model: &mut Classifier<D>,
    batch: &Examples<D>,
    learning_rate: f32,
    goal: f32,
    most_steps: usize,
) -> Result<Attempt, UnknownLabel> {
    let mut attempt = Attempt { end: End::Stuck, losses: Vec::new() };
    for _ in 0..most_steps {
        let loss = training_step(model, batch, learning_rate)?;
        attempt.losses.push(loss);
        // First of all: every comparison with NaN is false.
        if !loss.is_finite() {
            attempt.end = End::Diverged;
            break;
        }
        if loss < goal {
            attempt.end = End::Learnt;
            break;
        }
    }
    Ok(attempt)
}
