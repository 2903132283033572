//! Given: the smallest network that classifies, the examples that it learns from, and what is kept of a training.

use dfdx::prelude::*;
use toolkit::tensor::{Matrix, Vector};

/// One layer: logits = x · weights + biases.
#[derive(Clone, Debug)]
pub struct Classifier<D: Device<f32>> {
    /// (features, classes).
    pub weights: Matrix<D>,
    /// (classes,).
    pub biases: Vector<D>,
}

impl<D: Device<f32>> Classifier<D> {
    /// The logits (n, classes) of `x` (n, features), as plain numbers: for looking.
    pub fn logits(&self, x: &Matrix<D>) -> Matrix<D> {
        let products = x.clone().matmul(self.weights.clone());
        let shape = *products.shape();
        products + self.biases.clone().broadcast_like::<_, Axis<0>>(&shape)
    }

    /// The same logits, with a tape on which both parameters are: for learning.
    pub fn traced_logits(&self, x: &Matrix<D>) -> Matrix<D, OwnedTape<f32, D>> {
        let products = x.leaky_trace().matmul(self.weights.clone());
        let shape = *products.shape();
        products + self.biases.leaky_trace().broadcast_like::<_, Axis<0>>(&shape)
    }
}

/// Feature vectors with their classes.
#[derive(Clone, Debug)]
pub struct Examples<D: Device<f32>> {
    /// One example a row: (examples, features).
    pub x: Matrix<D>,
    /// The class of each row, counted from 0.
    pub labels: Vec<usize>,
}

impl<D: Device<f32>> Examples<D> {
    /// The examples at these places, in this order: a batch.
    pub fn pick(&self, places: &[usize]) -> Self {
        let rows = self.x.device().tensor_from_vec(places.to_vec(), (places.len(),));
        Self { x: self.x.clone().gather(rows), labels: places.iter().map(|&i| self.labels[i]).collect() }
    }
}

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How often every training example is seen.
    pub epochs: usize,
    /// Examples to a step, at least 1. The last batch of an epoch is smaller where they don't divide.
    pub batch_size: usize,
    /// The size of a step.
    pub learning_rate: f32,
}

/// What is kept of a training: the numbers that its curves are drawn from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The loss of every batch, before the step that was made on it; epoch after epoch.
    pub step_losses: Vec<f32>,
    /// For each epoch the mean over the training *examples* of the losses that they had in their batches.
    pub train_losses: Vec<f32>,
    /// The mean loss on the validation examples, after each epoch.
    pub validation_losses: Vec<f32>,
    /// The share of validation examples whose class has the largest logit, after each epoch.
    pub validation_accuracies: Vec<f32>,
}
