//! Multilayer perceptrons with and without batch normalization and dropout, an epoch of training and what they are measured by.
//! The choice of an optimizer, of weights and of how long is the caller's.

use anyhow::{Result, anyhow};
use datasets::{Examples, Images};
use dfdx::prelude::*;
use rand::{rngs::StdRng, seq::SliceRandom};
use regularization::dropout::dropout;
use toolkit::fit::accuracy;
use toolkit::norm::BatchNorm;
use toolkit::ops::{Activation, ActivationOps, DenseOps, LossOps};
use toolkit::optim::{Optimizer, Parameters, Visitor};
use toolkit::tensor::{Indices, Matrix, Vector};

/// Images that are measured at a time.
const AT_ONCE: usize = 1000;

/// Behind which layers a batch normalization stands, before the activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Norms {
    /// None.
    None,
    /// All but the last, whose outputs are the logits.
    Hidden,
    /// All.
    All,
}

/// How a network is built.
#[derive(Clone, Debug)]
pub struct Design {
    /// Inputs, then the units of each layer; the last are the classes.
    pub sizes: Vec<usize>,
    /// Behind each hidden layer.
    pub activation: Activation,
    /// See there.
    pub norms: Norms,
    /// The probability that an input is dropped, and that a hidden unit is.
    pub dropout: (f32, f32),
}

/// Weights (in, out), a bias, and perhaps a normalization of what comes out.
struct Layer {
    weights: Matrix<Cpu>,
    bias: Vector<Cpu>,
    norm: Option<BatchNorm<Cpu>>,
}

/// A network of fully connected layers.
pub struct Perceptron {
    layers: Vec<Layer>,
    design: Design,
}

/// What a network makes of images that it is measured by.
#[derive(Clone, Copy, Debug)]
pub struct Scores {
    /// The mean cross entropy.
    pub loss: f32,
    /// The share that is right, between 0 and 1.
    pub accuracy: f32,
}

impl Perceptron {
    /// `weights` draws those of a layer of (in, out); biases start at 0.
    pub fn new(design: Design, mut weights: impl FnMut((usize, usize)) -> Matrix<Cpu>) -> Self {
        let last = design.sizes.len() - 2;
        let layer = |(i, size): (usize, &[usize])| {
            let weights = weights((size[0], size[1]));
            let dev = weights.device();
            let normed = design.norms == Norms::All || (design.norms == Norms::Hidden && i < last);
            let (bias, norm) = (dev.zeros_like(&(size[1],)), normed.then(|| BatchNorm::new(size[1], dev)));
            Layer { weights, bias, norm }
        };
        Perceptron { layers: design.sizes.windows(2).enumerate().map(layer).collect(), design }
    }

    /// Goes once through all `images` in random order, with a step on the mean cross entropy of each batch. Gives the mean loss of
    /// all images, each as it was before the step.
    ///
    /// # Errors
    /// When a probability of dropout is none, or memory is out.
    pub fn epoch(
        &mut self,
        optimizer: &mut Optimizer<Cpu>,
        images: &Images,
        batch: usize,
        rng: &mut StdRng,
    ) -> Result<f32> {
        let mut order: Vec<usize> = (0..images.len()).collect();
        order.shuffle(rng);
        let mut sum = 0.0;
        for rows in order.chunks(batch) {
            let (x, y) = self.tensors(images, rows);
            let loss = Cpu::softmax_cross_entropy(self.training_logits(x, rng)?, &y);
            sum += loss.array() * rows.len() as f32;
            let step = optimizer.step(self, loss.backward());
            step.map_err(|error| anyhow!("failed to take a step: {error:?}"))?;
        }
        Ok(sum / order.len() as f32)
    }

    /// Measures as in evaluation: nothing is dropped, and running statistics normalize.
    pub fn scores(&self, images: &Images) -> Scores {
        let rows: Vec<usize> = (0..images.len()).collect();
        let mut scores = Scores { loss: 0.0, accuracy: 0.0 };
        for rows in rows.chunks(AT_ONCE) {
            let (x, y) = self.tensors(images, rows);
            let (logits, share) = (self.logits(x), rows.len() as f32 / images.len() as f32);
            scores.accuracy += accuracy(&logits, &y.as_vec()) * share;
            scores.loss += Cpu::softmax_cross_entropy(logits, &y).array() * share;
        }
        scores
    }

    fn training_logits(
        &mut self,
        x: Matrix<Cpu>,
        rng: &mut StdRng,
    ) -> Result<Matrix<Cpu, OwnedTape<f32, Cpu>>> {
        let Design { activation, dropout: (of_inputs, of_hidden), .. } = self.design;
        let (first, rest) = self.layers.split_at_mut(1);
        let x = drop_some(x, of_inputs, rng)?;
        let x = Cpu::linear_of_data(x, &first[0].weights, &first[0].bias, OwnedTape::default());
        let mut x = first[0].normalize(x);
        for layer in rest {
            x = drop_some(activate(activation, x), of_hidden, rng)?;
            x = layer.normalize(Cpu::linear(x, &layer.weights, &layer.bias));
        }
        Ok(x)
    }

    fn logits(&self, x: Matrix<Cpu>) -> Matrix<Cpu> {
        let layer = |x: Matrix<Cpu>, layer: &Layer| {
            let x = Cpu::linear(x, &layer.weights, &layer.bias);
            layer.norm.iter().fold(x, |x, norm| norm.eval(x))
        };
        let x = layer(x, &self.layers[0]);
        self.layers[1..].iter().fold(x, |x, next| layer(activate(self.design.activation, x), next))
    }

    fn tensors(&self, images: &Images, rows: &[usize]) -> (Matrix<Cpu>, Indices<Cpu>) {
        let (dev, batch) = (self.layers[0].bias.device(), images.select(rows));
        let size = batch.size();
        (
            dev.tensor_from_vec(batch.pixels, (rows.len(), size)),
            dev.tensor_from_vec(batch.labels, (rows.len(),)),
        )
    }
}

impl Layer {
    /// By the batch's own statistics.
    fn normalize<T: Tape<f32, Cpu>>(&mut self, x: Matrix<Cpu, T>) -> Matrix<Cpu, T> {
        self.norm.iter_mut().fold(x, |x, norm| norm.train(x))
    }
}

/// The course's dropout, in training. Nothing is drawn where nothing is dropped.
fn drop_some<T: Tape<f32, Cpu>>(x: Matrix<Cpu, T>, p: f32, rng: &mut StdRng) -> Result<Matrix<Cpu, T>> {
    if p == 0.0 { Ok(x) } else { Ok(dropout(x, p, true, rng)?) }
}

fn activate<T: Tape<f32, Cpu>>(activation: Activation, x: Matrix<Cpu, T>) -> Matrix<Cpu, T> {
    match activation {
        Activation::Identity => x,
        Activation::Relu => Cpu::relu(x),
        Activation::Tanh => Cpu::tanh(x),
    }
}

impl Parameters<Cpu> for Perceptron {
    fn visit<V: Visitor<Cpu>>(&mut self, visitor: &mut V) -> std::result::Result<(), CpuError> {
        self.layers.visit(visitor)
    }
}

impl Parameters<Cpu> for Layer {
    fn visit<V: Visitor<Cpu>>(&mut self, visitor: &mut V) -> std::result::Result<(), CpuError> {
        visitor.tensor(&mut self.weights)?;
        visitor.tensor(&mut self.bias)?;
        self.norm.iter_mut().try_for_each(|norm| norm.visit(visitor))
    }
}
