//! Arithmetic that the oracles of several exercises share.

pub mod digits;

pub use crate::mean;

use crate::Tensor;

/// The matrix product.
pub fn product(a: &Tensor, b: &Tensor) -> Tensor {
    let shape = vec![a.shape()[0], b.shape()[1]];
    Tensor::from_shape_fn(shape, |i| (0..b.shape()[0]).map(|k| a[[i[0], k]] * b[[k, i[1]]]).sum())
}

/// The cross entropy of logits: ln Σ exp z − z of the label, without overflow.
pub fn cross_entropy(logits: &[f64], label: usize) -> f64 {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    logits.iter().map(|z| (z - largest).exp()).sum::<f64>().ln() + largest - logits[label]
}

/// [`cross_entropy`] of each row of logits (n, classes).
pub fn losses(logits: &Tensor, labels: &[usize]) -> Vec<f64> {
    let rows = logits.outer_iter().zip(labels);
    rows.map(|(row, &label)| cross_entropy(&row.iter().copied().collect::<Vec<_>>(), label)).collect()
}
