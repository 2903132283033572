//! Capstone: which film will you like? A network answers.

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng};
use toolkit::{
    ops::LayerOps,
    optim::{AdamConfig, Parameters, Rule, Visitor},
    tensor::{Matrix, Vector},
};

use crate::{
    given::ratings::{Ratings, Recipe, Trained},
    recommender::{Factors, squared_errors, train_model},
};

/// Units of the network's hidden layer.
pub const HIDDEN: usize = 70;
/// The share of the embeddings' numbers that a training step drops.
pub const INPUT_DROPOUT: f32 = 0.3;
/// The share of the hidden units that a training step drops.
pub const HIDDEN_DROPOUT: f32 = 0.75;

/// A network that reads the embeddings of a user and an item side by side.
#[derive(Clone, Debug)]
pub struct NeuralRecommender<D: Device<f32>> {
    /// μ: the mean of the training ratings, which is not learnt.
    pub mean: f32,
    /// P and Q.
    pub factors: Factors<D>,
    /// W₁ (2 · factors, [`HIDDEN`]) and b₁.
    pub hidden: (Matrix<D>, Vector<D>),
    /// W₂ ([`HIDDEN`], 1) and b₂.
    pub output: (Matrix<D>, Vector<D>),
}

impl<D: Device<f32>> Parameters<D> for NeuralRecommender<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        for (weights, biases) in [&mut self.hidden, &mut self.output] {
            visitor.tensor(weights)?;
            visitor.tensor(biases)?;
        }
        self.factors.visit(visitor)
    }
}

impl<D: LayerOps> NeuralRecommender<D> {
    /// As [`Factors::predict`](crate::recommender::Factors::predict), with
    ///
    /// ```text
    /// x = drop(P_u ‖ Q_i, 0.3)        first the user's numbers, then the item's
    /// h = drop(relu(x · W₁ + b₁), 0.75)
    /// r̂ = μ + h · W₂ + b₂
    /// ```
    ///
    /// `drop` sets each number to 0 with that probability and divides the others by the probability to stay, so that means are
    /// kept; it draws for each number of each row anew. Without a `dropout` generator, which is how predictions are made,
    /// it does nothing.
    pub fn predict<T: Tape<f32, D>>(
        &self,
        users: &[usize],
        items: &[usize],
        dropout: Option<&mut StdRng>,
    ) -> Vector<D, T> {
        let mut rng = dropout;
        let x = self.factors.rows::<T>(users, items).concat_along(Axis::<1>);
        let x = drop(x, INPUT_DROPOUT, rng.as_deref_mut());
        let h = D::relu(D::linear(x, &self.hidden.0, &self.hidden.1));
        let h = drop(h, HIDDEN_DROPOUT, rng);
        D::linear(h, &self.output.0, &self.output.1).reshape_like(&(users.len(),)) + self.mean
    }
}

/// Learns a [`NeuralRecommender`]. Embeddings start as in [`matrix_factorization`](crate::recommender::matrix_factorization), weights uniform within Xavier's limits
/// ±√(6 / (in + out)), their biases at 0; μ is the mean of the training ratings.
///
/// Batches and the two errors are as in [`matrix_factorization`](crate::recommender::matrix_factorization), but each step is Adam's (β 0.9 and 0.999, ε 10⁻⁸) with the
/// learning rate η, and the loss is the batch's *mean* of (r̂ − r)², with dropout. The errors noted after each epoch are
/// those without dropout.
///
/// # Errors
/// When the device has no memory left.
///
/// Source: notebook “Recommender”: concatenated embeddings, dropout .3, dense 70, dropout .75, dense 1.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use special_layers::{neural_recommender::neural_recommender, given::ratings::{Ratings, Recipe}};
/// // Whoever rates, the first film gets 5 stars and the second 1.
/// let (users, items, values) = (vec![0, 0, 1, 1], vec![0, 1, 0, 1], vec![5.0, 1.0, 5.0, 1.0]);
/// let ratings = Ratings { n_users: 2, n_items: 2, users, items, values };
/// let recipe = Recipe { factors: 4, epochs: 300, batch_size: 4, learning_rate: 0.01 };
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let trained = neural_recommender(&ratings, &ratings, recipe, &dev, &mut rng).unwrap();
/// assert_eq!(trained.model.mean, 3.0);
/// let predictions = trained.model.predict::<NoneTape>(&[1, 1], &[0, 1], None).as_vec();
/// assert!(predictions[0] > 4.0 && predictions[1] < 2.0);
/// ```
pub fn neural_recommender<D: LayerOps>(
    train: &Ratings,
    validation: &Ratings,
    recipe: Recipe,
    dev: &D,
    rng: &mut StdRng,
) -> Result<Trained<NeuralRecommender<D>>, D::Err> {
    let mut layer = |(inputs, outputs): (usize, usize)| {
        (xavier_uniform((inputs, outputs), dev, rng), dev.zeros_like(&(outputs,)))
    };
    let (hidden, output) = (layer((2 * recipe.factors, HIDDEN)), layer((HIDDEN, 1)));
    let factors = Factors::new(train, recipe.factors, dev, rng);
    let model = NeuralRecommender { mean: train.mean(), factors, hidden, output };
    let adam = AdamConfig { lr: f64::from(recipe.learning_rate), ..AdamConfig::default() };
    train_model(
        model,
        Rule::Adam(adam),
        (train, validation, recipe),
        |model, batch, rng| {
            let predictions = model.predict(&batch.users, &batch.items, Some(rng));
            squared_errors(predictions, &batch.values) / batch.values.len() as f32
        },
        |model, ratings| model.predict(&ratings.users, &ratings.items, None),
        rng,
    )
}

/// Sets each element to 0 with probability `rate`, and scales the others up; nothing without a generator.
fn drop<D: Device<f32>, T: Tape<f32, D>>(
    x: Matrix<D, T>,
    rate: f32,
    rng: Option<&mut StdRng>,
) -> Matrix<D, T> {
    let Some(rng) = rng else { return x };
    let shape = *x.shape();
    let mask =
        (0..shape.0 * shape.1).map(|_| if rng.r#gen::<f32>() < rate { 0.0 } else { 1.0 / (1.0 - rate) });
    let mask = x.device().tensor_from_vec(mask.collect(), shape);
    x * mask
}

fn xavier_uniform<D: Device<f32>>(shape: (usize, usize), dev: &D, rng: &mut StdRng) -> Matrix<D> {
    let limit = (6.0 / (shape.0 + shape.1) as f32).sqrt();
    let values = (0..shape.0 * shape.1).map(|_| rng.gen_range(-limit..limit)).collect();
    dev.tensor_from_vec(values, shape)
}
