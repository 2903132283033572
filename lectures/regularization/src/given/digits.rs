//! Given: the capstone's network, its data, how it is trained, and what comes of it.

use std::{error::Error, fmt};

use dfdx::prelude::*;
pub use toolkit::norm::BatchNorm;
use toolkit::{
    ops::LayerOps,
    optim::{Parameters, Visitor},
    shape::pick,
};

use crate::{dropout::InvalidProbability, early_stopping::EarlyStoppingError};

/// The number of digits.
pub const CLASSES: usize = 10;

/// Images with their classes.
#[derive(Clone, Debug)]
pub struct Examples<D: Device<f32>> {
    /// One image a row: (examples, pixels).
    pub images: Tensor<(usize, usize), f32, D>,
    /// The class of each image, 0 to 9.
    pub labels: Vec<usize>,
}

impl<D: LayerOps> Examples<D> {
    /// The examples at these places, in this order.
    pub fn pick(&self, places: &[usize]) -> Self {
        Self {
            images: pick(self.images.clone(), places),
            labels: places.iter().map(|&i| self.labels[i]).collect(),
        }
    }
}

/// The network: one hidden layer.
#[derive(Clone, Debug)]
pub struct Mlp<D: Device<f32>> {
    /// W, (pixels, hidden). It comes without a bias, which the batch norm would subtract again; β does what a bias does.
    pub hidden_weights: Tensor<(usize, usize), f32, D>,
    /// The batch norm of the hidden units, with γ, β and the running statistics.
    pub norm: BatchNorm<D>,
    /// V, (hidden, 10).
    pub output_weights: Tensor<(usize, usize), f32, D>,
    /// c, (10,).
    pub output_bias: Tensor<(usize,), f32, D>,
}

impl<D: Device<f32>> Parameters<D> for Mlp<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        visitor.tensor(&mut self.hidden_weights)?;
        self.norm.visit(visitor)?;
        visitor.tensor(&mut self.output_weights)?;
        visitor.tensor(&mut self.output_bias)
    }
}

/// Probabilities with which units are dropped in training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DropoutRates {
    /// Of each pixel.
    pub input: f32,
    /// Of each hidden unit.
    pub hidden: f32,
}

/// How a network is built and trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// Hidden units; 512 in the notebook.
    pub hidden: usize,
    /// What is dropped.
    pub dropout: DropoutRates,
    /// Training images that are held out: the validation set.
    pub held_out: usize,
    /// Passes through the other training images, at most.
    pub epochs: usize,
    /// Epochs in a row without a better validation loss after which training stops, at least 1.
    pub patience: usize,
    /// Images a step, at least 2.
    pub batch_size: usize,
    /// Adam's learning rate in the first epoch; its other settings are the usual ones.
    pub learning_rate: f32,
    /// What the learning rate is multiplied by after every epoch; 1 leaves it as it is.
    pub decay: f32,
}

/// How well a network does on examples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// The mean cross entropy.
    pub loss: f32,
    /// The fraction of images whose class has the largest logit.
    pub accuracy: f32,
}

/// What came of a training.
#[derive(Clone, Debug)]
pub struct Training<D: Device<f32>> {
    /// The network as it was after its best epoch.
    pub mlp: Mlp<D>,
    /// The mean loss of each epoch, in training.
    pub train_loss: Vec<f32>,
    /// The loss of the validation set after each epoch.
    pub validation_loss: Vec<f32>,
    /// The epoch with the lowest validation loss, counted from 1. `None` if no loss was a finite number.
    pub best_epoch: Option<usize>,
}

/// Why a recipe can't be followed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RecipeError {
    /// A dropout rate.
    Dropout(InvalidProbability),
    /// The patience.
    Stopping(EarlyStoppingError),
    /// None held out, or fewer than two left to train on.
    HeldOut {
        /// Images to hold out.
        held_out: usize,
        /// Images that there are.
        examples: usize,
    },
}

impl fmt::Display for RecipeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dropout(error) => error.fmt(f),
            Self::Stopping(error) => error.fmt(f),
            Self::HeldOut { held_out, examples } => {
                write!(
                    f,
                    "at least 1 example must be held out and 2 must be left, not {held_out} of {examples}"
                )
            }
        }
    }
}

impl Error for RecipeError {}

impl From<InvalidProbability> for RecipeError {
    fn from(error: InvalidProbability) -> Self {
        Self::Dropout(error)
    }
}

impl From<EarlyStoppingError> for RecipeError {
    fn from(error: EarlyStoppingError) -> Self {
        Self::Stopping(error)
    }
}
