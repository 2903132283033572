//! The training loop: epochs of shuffled mini-batches. What a batch is and how it is judged is the caller's.

use std::time::Instant;

use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};

use crate::callbacks::{Callback, Flow};
use crate::optim::{Optimizer, Parameters};
use crate::tensor::Matrix;

pub use crate::epoch::{Epoch, Plan};

/// Trains `model` on samples numbered from 0 to `samples` − 1.
///
/// `loss(model, rows)` computes the traced mean loss of the samples `rows`; `evaluate(model)` measures after every
/// epoch; a callback can end the training early. Returns all epochs.
///
/// # Errors
/// When the device has no memory left.
///
/// # Panics
/// When there are no samples, or none to a batch.
pub fn fit<D, M>(
    model: &mut M,
    optimizer: &mut Optimizer<D>,
    plan: &Plan,
    samples: usize,
    mut loss: impl FnMut(&M, &[usize]) -> Tensor<Rank0, f32, D, OwnedTape<f32, D>>,
    mut evaluate: impl FnMut(&M) -> Vec<(&'static str, f32)>,
    callbacks: &mut [&mut dyn Callback],
) -> Result<Vec<Epoch>, D::Err>
where
    D: Device<f32>,
    M: Parameters<D>,
{
    assert!(samples > 0 && plan.batch > 0, "fit: {samples} samples in batches of {}", plan.batch);
    let mut rng = StdRng::seed_from_u64(plan.seed);
    let mut order: Vec<usize> = (0..samples).collect();
    let mut epochs = Vec::with_capacity(plan.epochs);
    callbacks.iter_mut().for_each(|callback| callback.begin(plan, samples.div_ceil(plan.batch)));
    for number in 1..=plan.epochs {
        order.shuffle(&mut rng);
        let start = Instant::now();
        let mut sum = 0.0;
        for rows in order.chunks(plan.batch) {
            let loss = loss(model, rows);
            let value = loss.as_vec()[0];
            optimizer.step(model, loss.try_backward()?)?;
            sum += f64::from(value) * rows.len() as f64;
            callbacks.iter_mut().for_each(|callback| callback.batch(value));
        }
        let seconds = start.elapsed().as_secs_f64();
        let epoch = Epoch { number, loss: (sum / samples as f64) as f32, metrics: evaluate(model), seconds };
        epochs.push(epoch);
        let stops =
            callbacks.iter_mut().map(|callback| callback.epoch(&epochs)).filter(|flow| *flow == Flow::Stop);
        if stops.count() > 0 {
            break;
        }
    }
    callbacks.iter_mut().for_each(|callback| callback.end(&epochs));
    Ok(epochs)
}

/// How many rows of logits (n, classes) are largest at their target (n,); between 0 and 1. The first of equals counts,
/// and a row with NaN is wrong.
///
/// # Panics
/// When there are not as many rows as targets.
pub fn accuracy<D: Device<f32>>(logits: &Matrix<D>, targets: &[usize]) -> f32 {
    let (n, classes) = *logits.shape();
    assert_eq!(n, targets.len(), "accuracy: rows of logits and targets");
    let logits = logits.as_vec();
    let right =
        logits.chunks_exact(classes).zip(targets).filter(|(row, target)| largest(row) == Some(**target));
    right.count() as f32 / n as f32
}

/// Where the largest element stands; `None` where there is a NaN.
fn largest(row: &[f32]) -> Option<usize> {
    let first_largest = |best: usize, k: usize| if row[k] > row[best] { k } else { best };
    (!row.iter().any(|z| z.is_nan())).then(|| (0..row.len()).reduce(first_largest)).flatten()
}
