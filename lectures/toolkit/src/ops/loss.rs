//! Softmax and cross-entropy. On the CPU they are one operation.

use dfdx::prelude::*;

use crate::math::exp;
use crate::own::{alone, own};
use crate::tape::open;
use crate::tensor::{Indices, Matrix};

/// Losses.
pub trait LossOps: Device<f32> {
    /// `−1/n · Σ ln softmax(z)[row, target]`: logits (n, classes) and targets (n,) give a scalar.
    fn softmax_cross_entropy<T: Tape<f32, Self>>(
        logits: Matrix<Self, T>,
        targets: &Indices<Self>,
    ) -> Tensor<Rank0, f32, Self, T> {
        softmax_cross_entropy(logits, targets)
    }
}

#[cfg(feature = "cuda")]
impl LossOps for Cuda {}

/// [`LossOps::softmax_cross_entropy`] from dfdx's operations: logarithms of the softmax, of which the targets' are picked.
pub fn softmax_cross_entropy<D: Device<f32>, T: Tape<f32, D>>(
    logits: Matrix<D, T>,
    targets: &Indices<D>,
) -> Tensor<Rank0, f32, D, T> {
    logits.log_softmax::<Axis<1>>().select::<(usize,), _>(targets.clone()).mean().negate()
}

impl LossOps for Cpu {
    fn softmax_cross_entropy<T: Tape<f32, Cpu>>(
        logits: Matrix<Cpu, T>,
        targets: &Indices<Cpu>,
    ) -> Tensor<Rank0, f32, Cpu, T> {
        let (n, classes) = *logits.shape();
        let targets = targets.as_vec();
        if let Some(cross_entropy) = own(|own| own.cross_entropy) {
            return alone(logits, |logits| cross_entropy(logits, &targets));
        }
        let (logits, mut scores, mut tape) = open(logits);
        assert_eq!(targets.len(), n, "softmax_cross_entropy: {n} rows of logits, {} targets", targets.len());
        let mut loss = 0.0;
        for (row, &target) in scores.chunks_exact_mut(classes).zip(&targets) {
            assert!(target < classes, "softmax_cross_entropy: target {target} of {classes} classes");
            loss += f64::from(row_loss(row, target));
        }
        let y: Tensor<Rank0, f32, Cpu> = logits.device().tensor((loss / n as f64) as f32);
        if T::OWNS_TAPE {
            let (logits, output) = (logits.ghost(), y.ghost());
            tape.add_backward_op(move |gradients| {
                let scale = gradients.get_or_alloc_mut(&output)?[0] / n as f32;
                let d_logits = gradients.get_or_alloc_mut(&logits)?;
                d_logits.iter_mut().zip(&scores).for_each(|(d, p)| *d += p * scale);
                targets
                    .iter()
                    .enumerate()
                    .for_each(|(row, target)| d_logits[row * classes + target] -= scale);
                Ok(())
            });
        }
        y.put_tape(tape)
    }
}

/// Turns a row of logits into probabilities; −ln of the target's.
fn row_loss(row: &mut [f32], target: usize) -> f32 {
    let largest = row.iter().fold(f32::NEG_INFINITY, |a, &b| if b > a || b.is_nan() { b } else { a });
    let score = row[target] - largest;
    row.iter_mut().for_each(|z| *z = exp(*z - largest));
    let sum: f32 = row.iter().sum();
    row.iter_mut().for_each(|z| *z /= sum);
    sum.ln() - score
}
