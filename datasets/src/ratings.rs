//! Who rated what how.

use crate::{Examples, examples::pick};

/// Ratings, one after the other in three columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratings {
    /// How many users there are; some may have rated nothing here.
    pub n_users: usize,
    /// How many items there are; some may not be rated here.
    pub n_items: usize,
    /// Who rated, from 0 to `n_users` − 1.
    pub users: Vec<usize>,
    /// What was rated, from 0 to `n_items` − 1.
    pub items: Vec<usize>,
    /// How it was rated. MovieLens: stars from 0.5 to 5.
    pub values: Vec<f32>,
}

impl Ratings {
    /// The mean rating; summed in `f64`.
    pub fn mean(&self) -> f64 {
        self.values.iter().map(|&value| f64::from(value)).sum::<f64>() / self.values.len() as f64
    }
}

impl Examples for Ratings {
    fn len(&self) -> usize {
        self.values.len()
    }

    fn select(&self, which: &[usize]) -> Self {
        Ratings {
            n_users: self.n_users,
            n_items: self.n_items,
            users: pick(&self.users, which),
            items: pick(&self.items, which),
            values: pick(&self.values, which),
        }
    }
}
