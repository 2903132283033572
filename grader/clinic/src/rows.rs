//! A recurrent network of relus reads digits row by row; its state may explode.

use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use toolkit::{
    ops::LayerOps,
    optim::{Optimizer, Parameters, Rule, Visitor},
    shape::pick,
    tensor::{Matrix, Vector},
};

use crate::{
    digits::{CLASSES, Parts},
    film::{Examples, Film, constant, normal, shuffled},
};

const UNITS: usize = 48;

/// How to start and to train.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Of the training examples, how many.
    pub examples: usize,
    /// Passes through them.
    pub epochs: usize,
    /// Examples a step.
    pub batch: usize,
    /// Of stochastic gradient descent.
    pub learning_rate: f32,
    /// U starts with normal weights of this standard deviation, times 1/√units.
    pub gain: f32,
    /// Gradients are shortened to this length; infinite where they are not.
    pub longest_gradient: f32,
    /// Of the weights and the order.
    pub seed: u64,
}

/// h ← relu(W x + U h + b), and a linear layer behind the last h.
#[derive(Clone, Debug)]
struct Reader<D: Device<f32>> {
    input: Matrix<D>,
    hidden: Matrix<D>,
    bias: Vector<D>,
    output: Matrix<D>,
    output_bias: Vector<D>,
}

impl<D: Device<f32>> Parameters<D> for Reader<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        visitor.tensor(&mut self.input)?;
        visitor.tensor(&mut self.hidden)?;
        visitor.tensor(&mut self.bias)?;
        visitor.tensor(&mut self.output)?;
        visitor.tensor(&mut self.output_bias)
    }
}

impl<D: LayerOps> Reader<D> {
    fn new(width: usize, gain: f32, device: &D, rng: &mut StdRng) -> Self {
        let std = |fan_in: usize| 1.0 / (fan_in as f32).sqrt();
        Self {
            input: normal((width, UNITS), std(width), device, rng),
            hidden: normal((UNITS, UNITS), gain * std(UNITS), device, rng),
            bias: constant(UNITS, 0.0, device),
            output: normal((UNITS, CLASSES), std(UNITS), device, rng),
            output_bias: constant(CLASSES, 0.0, device),
        }
    }

    /// The states behind every row; the last one carries the tape.
    fn states<T: Tape<f32, D>>(&self, rows: &[Matrix<D>], tape: T) -> (Vec<f32>, Matrix<D, T>) {
        let n = rows[0].shape().0;
        let mut h = rows[0].device().zeros_like(&(n, UNITS)).put_tape(tape);
        let mut sizes = Vec::new();
        for x in rows {
            let from_x = D::linear(x.retaped::<T>(), &self.input, &self.bias);
            h = D::relu(from_x + h.matmul(self.hidden.retaped::<T>()));
            sizes.push(root_mean_square(&h.as_vec()));
        }
        (sizes, h)
    }

    fn logits<T: Tape<f32, D>>(&self, rows: &[Matrix<D>], tape: T) -> Matrix<D, T> {
        D::linear(self.states(rows, tape).1, &self.output, &self.output_bias)
    }
}

fn root_mean_square(values: &[f32]) -> f32 {
    let sum: f64 = values.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
    (sum / values.len() as f64).sqrt() as f32
}

/// The rows of square images, one matrix (n, width) each.
fn rows<D: LayerOps>(images: &Matrix<D>) -> Vec<Matrix<D>> {
    let (n, pixels) = *images.shape();
    let width = pixels.isqrt();
    let by_row = images.clone().reshape_like(&(n * width, width));
    (0..width)
        .map(|row| pick(by_row.clone(), &(0..n).map(|image| image * width + row).collect::<Vec<_>>()))
        .collect()
}

/// Trains, and records the epochs; the histogram counts the numbers of the last state before the training.
pub fn train<D: LayerOps>(parts: &Parts<D>, recipe: Recipe) -> Result<Film, D::Err> {
    let mut rng = StdRng::seed_from_u64(recipe.seed);
    let n = recipe.examples.min(parts.train.labels.len());
    let (device, width) = (parts.train.inputs.device().clone(), parts.train.inputs.shape().1.isqrt());
    let mut reader = Reader::new(width, recipe.gain, &device, &mut rng);
    let rule = SgdConfig { lr: f64::from(recipe.learning_rate), momentum: None, weight_decay: None };
    let (mut optimizer, mut film) = (Optimizer::new(Rule::Sgd(rule)), Film::default());
    let (sizes, state) = reader.states(&rows(&parts.test.inputs), NoneTape);
    film.histogram = state.as_vec();
    for size in sizes {
        film.note("state/log₁₀ of its size, before training", size.log10());
    }
    for _ in 0..recipe.epochs {
        let mut sum = 0.0;
        for places in shuffled(n, &mut rng).chunks(recipe.batch) {
            let batch: Examples<D> = parts.train.pick(places);
            let logits = reader.logits(&rows(&batch.inputs), OwnedTape::default());
            let loss = D::softmax_cross_entropy(logits, &batch.targets());
            sum += loss.as_vec()[0] * places.len() as f32;
            let gradients = loss.try_backward()?;
            if recipe.longest_gradient.is_finite() {
                let length = length(&mut reader, &gradients)?;
                let shorter = (recipe.longest_gradient / length).min(1.0) * recipe.learning_rate;
                optimizer.rule = Rule::Sgd(SgdConfig { lr: f64::from(shorter), ..rule });
            }
            optimizer.step(&mut reader, gradients)?;
        }
        film.note("loss/training", sum / n as f32);
        let logits = reader.logits(&rows(&parts.test.inputs), NoneTape);
        film.measure("test", logits, &parts.test);
    }
    Ok(film)
}

/// The length of all gradients together.
fn length<D: LayerOps>(reader: &mut Reader<D>, gradients: &Gradients<f32, D>) -> Result<f32, D::Err> {
    struct Squares<'a, D: Device<f32>>(f64, &'a Gradients<f32, D>);
    impl<D: Device<f32>> Visitor<D> for Squares<'_, D> {
        fn tensor<S: Shape>(&mut self, parameter: &mut Tensor<S, f32, D>) -> Result<(), D::Err> {
            let squares = self.1.get(parameter).as_vec().into_iter().map(|x| f64::from(x) * f64::from(x));
            self.0 += squares.sum::<f64>();
            Ok(())
        }
    }
    let mut squares = Squares(0.0, gradients);
    reader.visit(&mut squares)?;
    Ok(squares.0.sqrt() as f32)
}
