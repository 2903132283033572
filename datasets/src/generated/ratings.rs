//! Ratings whose biases and factors are known, so that a recommender can be held to the truth.

use rand::{Rng, rngs::StdRng, seq::index};
use rand_distr::StandardNormal;

use crate::Ratings;

/// Ratings and what they were made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Planted {
    /// The ratings, in random order; no user rates an item twice.
    pub ratings: Ratings,
    /// μ
    pub mean: f32,
    /// b, one for each user.
    pub user_bias: Vec<f32>,
    /// c, one for each item.
    pub item_bias: Vec<f32>,
    /// Columns of the two matrices below.
    pub factors: usize,
    /// P: a row of `factors` numbers for each user.
    pub user_factors: Vec<f32>,
    /// Q: a row of `factors` numbers for each item.
    pub item_factors: Vec<f32>,
}

impl Planted {
    /// The rating without its noise: μ + b_u + c_i + P_u · Q_i.
    pub fn truth(&self, user: usize, item: usize) -> f32 {
        let row = |matrix: &'_ [f32], i: usize| matrix[i * self.factors..(i + 1) * self.factors].to_vec();
        let (p, q) = (row(&self.user_factors, user), row(&self.item_factors, item));
        let product: f32 = p.iter().zip(&q).map(|(p, q)| p * q).sum();
        self.mean + self.user_bias[user] + self.item_bias[item] + product
    }
}

/// Mean of all ratings.
const MEAN: f32 = 3.5;
/// Standard deviation of the biases: of users, of items.
const BIAS: (f32, f32) = (0.4, 0.5);
/// Standard deviation of P_u · Q_i.
const PRODUCT: f32 = 0.6;

/// `n` ratings r = μ + b_u + c_i + P_u · Q_i + ε by `users` of `items`, with `factors` hidden factors and normal ε of standard
/// deviation `noise`. They are not rounded to stars and not cut off, or the factors could not be recovered.
///
/// Entries of P and Q are normal with variance 0.6 / √`factors`, so that the product has standard deviation 0.6.
///
/// The same state of `rng` gives the same ratings. Model: Koren, Bell, Volinsky 2009, "Matrix factorization techniques for
/// recommender systems".
///
/// # Panics
/// When there are fewer than `n` pairs of a user and an item, or `factors` is 0.
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// let planted = datasets::generated::planted_ratings([30, 40], 2, 500, 0.0, &mut StdRng::seed_from_u64(0));
/// let r = &planted.ratings;
/// assert_eq!(r.values[7], planted.truth(r.users[7], r.items[7]));
/// ```
pub fn planted_ratings(
    [users, items]: [usize; 2],
    factors: usize,
    n: usize,
    noise: f32,
    rng: &mut StdRng,
) -> Planted {
    assert!(n <= users * items, "{users} users and {items} items make fewer than {n} pairs");
    assert!(factors > 0, "ratings without factors have biases only: ask for one factor at least");
    let spread = (PRODUCT / (factors as f32).sqrt()).sqrt();
    let mut planted = Planted {
        ratings: Ratings { n_users: users, n_items: items, users: vec![], items: vec![], values: vec![] },
        mean: MEAN,
        user_bias: normal(users, BIAS.0, rng),
        item_bias: normal(items, BIAS.1, rng),
        factors,
        user_factors: normal(users * factors, spread, rng),
        item_factors: normal(items * factors, spread, rng),
    };
    for pair in index::sample(rng, users * items, n) {
        let (user, item) = (pair / items, pair % items);
        let value = planted.truth(user, item) + noise * rng.sample::<f32, _>(StandardNormal);
        planted.ratings.users.push(user);
        planted.ratings.items.push(item);
        planted.ratings.values.push(value);
    }
    planted
}

fn normal(n: usize, spread: f32, rng: &mut StdRng) -> Vec<f32> {
    (0..n).map(|_| spread * rng.sample::<f32, _>(StandardNormal)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng;

    use super::*;

    #[test]
    fn pairs_are_unique_and_noise_is_as_asked() {
        let planted = planted_ratings([60, 80], 3, 4000, 0.25, &mut StdRng::seed_from_u64(1));
        let r = &planted.ratings;
        let pairs: HashSet<(usize, usize)> = r.users.iter().copied().zip(r.items.iter().copied()).collect();
        assert_eq!(pairs.len(), 4000);
        let residual = |i: usize| f64::from(r.values[i] - planted.truth(r.users[i], r.items[i]));
        let deviation = ((0..4000).map(|i| residual(i).powi(2)).sum::<f64>() / 4000.0).sqrt();
        // its standard error is 0.25 / √8000 = 0.0028; five of them
        assert!((deviation - 0.25).abs() < 0.014, "{deviation}");
    }

    #[test]
    fn the_same_seed_plants_the_same_ratings() {
        let plant = |seed| planted_ratings([5, 6], 2, 10, 0.1, &mut StdRng::seed_from_u64(seed));
        assert_eq!(plant(1), plant(1));
        assert_ne!(plant(1), plant(2));
    }
}
