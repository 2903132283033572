//! Plain numbers for curves, and tensors made of them. Draws nothing.

use dfdx::prelude::*;
use toolkit::tensor::{Matrix, Vector};

/// `n` numbers from `low` to `high`, both included, evenly apart.
pub fn steps(low: f64, high: f64, n: usize) -> Vec<f64> {
    (0..n).map(|i| low + (high - low) * i as f64 / (n - 1) as f64).collect()
}

/// A vector on the processor.
pub fn vector(values: &[f32]) -> Vector<Cpu> {
    Cpu::default().tensor_from_vec(values.to_vec(), (values.len(),))
}

/// A matrix on the processor, from its numbers row by row.
pub fn matrix(values: &[f32], rows: usize, columns: usize) -> Matrix<Cpu> {
    Cpu::default().tensor_from_vec(values.to_vec(), (rows, columns))
}

/// Points of a function of tensors at the places `x`.
pub fn graph(x: &[f64], function: impl Fn(Vector<Cpu>) -> Vector<Cpu>) -> Vec<(f64, f64)> {
    let single: Vec<f32> = x.iter().map(|&x| x as f32).collect();
    let y = function(vector(&single)).as_vec();
    x.iter().copied().zip(y.into_iter().map(f64::from)).collect()
}

/// Numbers in the order of their places 1, 2, 3, …, as points.
pub fn counted<E: Into<f64> + Copy>(values: &[E]) -> Vec<(f64, f64)> {
    values.iter().enumerate().map(|(i, value)| (i as f64 + 1.0, (*value).into())).collect()
}
