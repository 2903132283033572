//! Hidden cases of the chapter `first_steps`, a file a topic.

pub mod classification;
pub mod derivatives;
pub mod line;
pub mod optimizers;
pub mod tensors;
pub mod training;
pub mod overfit_one_batch;

use ndarray::{Array1, Array2};

use crate::Tensor;

/// A tensor of rank 2.
fn matrix(tensor: &Tensor) -> Array2<f64> {
    Array2::from_shape_fn((tensor.shape()[0], tensor.shape()[1]), |(i, j)| tensor[[i, j]])
}

/// A tensor of rank 1.
fn vector(tensor: &Tensor) -> Array1<f64> {
    tensor.iter().copied().collect()
}

/// A tensor of rank 0.
fn number(x: f64) -> Tensor {
    Tensor::from_elem(vec![], x)
}

/// As a student sees it.
fn single(x: f64) -> f64 {
    f64::from(x as f32)
}
