//! What the trainings on digits share, `regularization::mnist_mlp` and `convnets::mnist_cnn`: labels, images as rows, and the
//! one training whose course is known beforehand.

use datasets::Images;
use rand::Rng;

use super::{losses, mean};
use crate::{Suite, Tensor};

pub const CLASSES: usize = 10;

/// `n` labels.
pub fn labels(t: &mut Suite, n: usize) -> Vec<usize> {
    (0..n).map(|_| t.rng.gen_range(0..CLASSES)).collect()
}

/// Weights with which ten numbers stay what they are.
pub fn one() -> Tensor {
    Tensor::from_shape_fn(vec![CLASSES, CLASSES], |i| f64::from(u8::from(i[0] == i[1])))
}

/// The images, one a row.
pub fn rows(t: &Suite, images: &Images) -> Tensor {
    let values: Vec<f64> = images.pixels.iter().map(|&grey| f64::from(grey)).collect();
    t.array(&[images.labels.len(), images.size()], &values)
}

/// The last biases under Adam: all that learns when every hidden unit is 0.
#[derive(Clone)]
pub struct Biases {
    pub values: [f64; CLASSES],
    first: [f64; CLASSES],
    second: [f64; CLASSES],
    steps: i32,
}

impl Biases {
    pub fn starting_at(bias: &Tensor) -> Self {
        let mut values = [0.0; CLASSES];
        values.iter_mut().zip(bias).for_each(|(value, &start)| *value = start);
        Self { values, first: [0.0; CLASSES], second: [0.0; CLASSES], steps: 0 }
    }

    pub fn loss(&self, labels: &[usize]) -> f64 {
        mean(&losses(&Tensor::from_shape_fn(vec![labels.len(), CLASSES], |i| self.values[i[1]]), labels))
    }

    pub fn step(&mut self, labels: &[usize], learning_rate: f64) {
        let total: f64 = self.values.iter().map(|b| b.exp()).sum();
        self.steps += 1;
        for class in 0..CLASSES {
            let share = labels.iter().filter(|&&label| label == class).count() as f64 / labels.len() as f64;
            let gradient = self.values[class].exp() / total - share;
            self.first[class] = 0.9 * self.first[class] + 0.1 * gradient;
            self.second[class] = 0.999 * self.second[class] + 0.001 * gradient * gradient;
            let first = self.first[class] / (1.0 - 0.9f64.powi(self.steps));
            let second = self.second[class] / (1.0 - 0.999f64.powi(self.steps));
            self.values[class] -= learning_rate * first / (second.sqrt() + 1e-8);
        }
    }
}
