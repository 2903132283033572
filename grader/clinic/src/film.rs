//! What is recorded of a training: curves by epoch, and the numbers of one histogram.

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng};
use rand_distr::StandardNormal;
use toolkit::{
    fit::accuracy,
    ops::LayerOps,
    shape::pick,
    tensor::{Indices, Matrix, Vector},
};

/// Inputs, one example a row, and their labels.
#[derive(Clone, Debug)]
pub struct Examples<D: Device<f32>> {
    /// (examples, features).
    pub inputs: Matrix<D>,
    /// The class of each example.
    pub labels: Vec<usize>,
}

impl<D: LayerOps> Examples<D> {
    /// The examples at these places, in this order.
    pub fn pick(&self, places: &[usize]) -> Self {
        Self {
            inputs: pick(self.inputs.clone(), places),
            labels: places.iter().map(|&place| self.labels[place]).collect(),
        }
    }

    /// The labels on the device.
    pub fn targets(&self) -> Indices<D> {
        self.inputs.device().tensor_from_vec(self.labels.clone(), (self.labels.len(),))
    }
}

/// Curves, in the order in which they were begun, and a histogram's numbers.
#[derive(Clone, Debug, Default)]
pub struct Film {
    /// Names as `loss/training`: the picture, then the line.
    pub curves: Vec<(String, Vec<f32>)>,
    /// What is counted.
    pub histogram: Vec<f32>,
}

impl Film {
    /// Adds a number to the curve `name`.
    pub fn note(&mut self, name: &str, value: f32) {
        match self.curves.iter_mut().find(|(known, _)| known == name) {
            Some((_, curve)) => curve.push(value),
            None => self.curves.push((name.to_owned(), vec![value])),
        }
    }

    /// Notes loss and accuracy of logits for examples that are called `who`.
    pub fn measure<D: LayerOps>(&mut self, who: &str, logits: Matrix<D>, examples: &Examples<D>) {
        self.note(&format!("accuracy/{who}"), accuracy(&logits, &examples.labels));
        let loss = D::softmax_cross_entropy(logits, &examples.targets());
        self.note(&format!("loss/{who}"), loss.as_vec()[0]);
    }
}

/// Normal weights of this standard deviation.
pub fn normal<D: Device<f32>>(shape: (usize, usize), std: f32, device: &D, rng: &mut StdRng) -> Matrix<D> {
    let weights = rng.sample_iter::<f32, _>(StandardNormal).take(shape.0 * shape.1).map(|x| std * x);
    device.tensor_from_vec(weights.collect(), shape)
}

/// A vector of equal numbers.
pub fn constant<D: Device<f32>>(len: usize, value: f32, device: &D) -> Vector<D> {
    device.tensor_from_vec(vec![value; len], (len,))
}

/// `0..n` in random order.
pub fn shuffled(n: usize, rng: &mut StdRng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    (1..n).rev().for_each(|last| order.swap(last, rng.gen_range(0..=last)));
    order
}
