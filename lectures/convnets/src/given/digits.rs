//! Given: the capstone's network, its data, how it is trained, and what comes of it.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng};
use toolkit::{
    ops::LayerOps,
    optim::{Parameters, Visitor},
    shape::pick,
    tensor::{Images, Matrix, Vector},
};

/// The number of digits.
pub const CLASSES: usize = 10;

/// Images of digits.
#[derive(Clone, Debug)]
pub struct Digits<D: Device<f32>> {
    /// (n, height, width, 1).
    pub images: Images<D>,
    /// The digit that each image shows, 0 to 9.
    pub labels: Vec<usize>,
}

impl<D: LayerOps> Digits<D> {
    /// The images at these places, in this order, with their labels.
    pub fn pick(&self, places: &[usize]) -> Self {
        Self {
            images: pick(self.images.clone(), places),
            labels: places.iter().map(|&place| self.labels[place]).collect(),
        }
    }
}

/// How large the network's layers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Widths {
    /// Channels of the first convolution; 32 for MNIST, and in the notebook.
    pub first: usize,
    /// Channels of the second convolution; 64 for MNIST, and 32 in the notebook.
    pub second: usize,
    /// Units of the hidden dense layer; 128 for MNIST, and in the notebook.
    pub hidden: usize,
}

/// The network: two convolutions and two dense layers.
#[derive(Clone, Debug)]
pub struct Cnn<D: Device<f32>> {
    /// (3, 3, 1, first).
    pub first_kernel: Images<D>,
    /// (first,).
    pub first_bias: Vector<D>,
    /// (3, 3, first, second).
    pub second_kernel: Images<D>,
    /// (second,).
    pub second_bias: Vector<D>,
    /// (numbers in the pooled maps of an image, hidden).
    pub hidden_weights: Matrix<D>,
    /// (hidden,).
    pub hidden_bias: Vector<D>,
    /// (hidden, 10).
    pub output_weights: Matrix<D>,
    /// (10,).
    pub output_bias: Vector<D>,
}

impl<D: Device<f32>> Parameters<D> for Cnn<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        for (kernel, bias) in
            [(&mut self.first_kernel, &mut self.first_bias), (&mut self.second_kernel, &mut self.second_bias)]
        {
            visitor.tensor(kernel)?;
            visitor.tensor(bias)?;
        }
        for (weights, bias) in [
            (&mut self.hidden_weights, &mut self.hidden_bias),
            (&mut self.output_weights, &mut self.output_bias),
        ] {
            visitor.tensor(weights)?;
            visitor.tensor(bias)?;
        }
        Ok(())
    }
}

impl<D: Device<f32>> Cnn<D> {
    /// How many numbers the network learns.
    pub fn parameters(&self) -> usize {
        let kernels = [&self.first_kernel, &self.second_kernel].map(|kernel| kernel.shape().num_elements());
        let weights =
            [&self.hidden_weights, &self.output_weights].map(|matrix| matrix.shape().num_elements());
        let biases = [&self.first_bias, &self.second_bias, &self.hidden_bias, &self.output_bias];
        let biases = biases.map(|bias| bias.shape().num_elements());
        kernels.iter().chain(&weights).chain(&biases).sum()
    }
}

/// Probabilities with which numbers are dropped in training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DropoutRates {
    /// Of each number in the pooled maps; 0.25 in the notebook.
    pub pooled: f32,
    /// Of each hidden unit; 0.5 in the notebook.
    pub hidden: f32,
}

/// How a network is built and trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// How large its layers are.
    pub widths: Widths,
    /// What is dropped.
    pub dropout: DropoutRates,
    /// Passes through the training images.
    pub epochs: usize,
    /// Images a step, at least 1; the last batch of an epoch may be smaller.
    pub batch_size: usize,
    /// Adam's learning rate in the first step; its other settings are the usual ones.
    pub learning_rate: f32,
}

/// How well a network does on images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// The mean cross entropy.
    pub loss: f32,
    /// The fraction of images whose digit has the largest logit.
    pub accuracy: f32,
}

/// What came of a training.
#[derive(Clone, Debug)]
pub struct Training<D: Device<f32>> {
    /// The trained network.
    pub cnn: Cnn<D>,
    /// The loss of each batch, before its step.
    pub train_loss: Vec<f32>,
    /// How well the network did on the validation images after each epoch.
    pub validation: Vec<Evaluation>,
}

/// No rate to drop with: it must be at least 0 and below 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InvalidRate(pub f32);

impl fmt::Display for InvalidRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a dropout rate must be at least 0 and below 1, not {}", self.0)
    }
}

impl Error for InvalidRate {}

/// Dropout as in chapter 2, for training: each number is set to 0 with probability `rate`, and the others are divided by
/// 1 − `rate`. In evaluation there is nothing to do, and nothing to call.
///
/// # Errors
/// When `rate` is not at least 0 and below 1.
pub fn dropout<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    x: Tensor<S, f32, D, T>,
    rate: f32,
    rng: &mut StdRng,
) -> Result<Tensor<S, f32, D, T>, InvalidRate> {
    if !(0.0..1.0).contains(&rate) {
        return Err(InvalidRate(rate));
    }
    if rate == 0.0 {
        return Ok(x);
    }
    let mut factors = vec![0.0; x.shape().num_elements()];
    for factor in &mut factors {
        if rng.r#gen::<f32>() >= rate {
            *factor = 1.0 / (1.0 - rate);
        }
    }
    let factors: Tensor<S, f32, D> = x.device().tensor_from_vec(factors, *x.shape());
    Ok(x * factors)
}
