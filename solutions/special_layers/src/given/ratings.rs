//! Given: ratings, how a recommender is trained on them, and what comes of it.

use dfdx::prelude::*;
use toolkit::tensor::Indices;

/// Ratings, one after the other in three columns of the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratings {
    /// How many users there are. Some may have rated nothing here.
    pub n_users: usize,
    /// How many items (films) there are. Some may not be rated here.
    pub n_items: usize,
    /// Who rated, from 0 to `n_users` − 1.
    pub users: Vec<usize>,
    /// What was rated, from 0 to `n_items` − 1.
    pub items: Vec<usize>,
    /// How it was rated; MovieLens: half a star to five.
    pub values: Vec<f32>,
}

impl Ratings {
    /// The ratings at these places, in this order.
    pub fn pick(&self, places: &[usize]) -> Self {
        Self {
            users: places.iter().map(|&k| self.users[k]).collect(),
            items: places.iter().map(|&k| self.items[k]).collect(),
            values: places.iter().map(|&k| self.values[k]).collect(),
            ..*self
        }
    }

    /// The mean of all values, summed in `f64`: a hundred thousand additions in `f32` would lose digits.
    pub fn mean(&self) -> f32 {
        (self.values.iter().map(|&r| f64::from(r)).sum::<f64>() / self.values.len() as f64) as f32
    }
}

/// Numbers of users or items as a tensor, which is what lookups want.
pub fn indices<D: Device<f32>>(dev: &D, indices: &[usize]) -> Indices<D> {
    dev.tensor_from_vec(indices.to_vec(), (indices.len(),))
}

/// How a model is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// Numbers in the embedding of a user, and of an item; 50 in the notebook.
    pub factors: usize,
    /// Passes through the training ratings.
    pub epochs: usize,
    /// Ratings a step, at least 1.
    pub batch_size: usize,
    /// Step size η.
    pub learning_rate: f32,
}

/// A trained model and how it came to be.
#[derive(Clone, Debug)]
pub struct Trained<M> {
    /// The model after the last epoch.
    pub model: M,
    /// After each epoch, the mean squared error of the training ratings.
    pub train_mse: Vec<f32>,
    /// After each epoch, the mean squared error of the validation ratings.
    pub validation_mse: Vec<f32>,
}
