//! Ratings whose biases and factors are known, and the trainings that must find them again.

use std::collections::HashSet;

use datasets::generated;
use protocol::Array;

use super::{Columns, show};
use crate::{Args, Derived, Rule, Statistic, Step, Suite};

const USERS: usize = 30;
const ITEMS: usize = 40;
const FACTORS: usize = 2;
const RATINGS: usize = 900;
const NOISE: f32 = 0.05;

/// How a model is trained.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub factors: usize,
    pub epochs: usize,
    pub batch_size: usize,
    pub learning_rate: f64,
    pub l2: f64,
}

/// What the ratings are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    /// Tastes alone: P_u · Q_i.
    Products,
    /// The mean and the biases of users and items as well.
    All,
    /// The mean and the biases alone.
    Biases,
}

impl Plan {
    /// Enough for the planted ratings. The reference, over 20 seeds: validation errors up to 0.004, angles up to 4°.
    pub const SMALL: Self =
        Self { factors: FACTORS, epochs: 60, batch_size: 16, learning_rate: 0.05, l2: 0.02 };

    /// The arguments of a training.
    pub fn args(self, train: &Columns, validation: &Columns, seed: usize) -> Args {
        validation
            .args(train.args(Args::new(), "train_"), "validation_")
            .count("factors", self.factors)
            .count("epochs", self.epochs)
            .count("batch_size", self.batch_size)
            .number("learning_rate", self.learning_rate)
            .number("l2", self.l2)
            .count("seed", seed)
    }
}

impl Planted {
    /// Noisy ratings to learn from, and the truth of all pairs that nobody rated.
    pub fn ratings(self, t: &mut Suite, sizes: [usize; 2], n: usize) -> (Columns, Columns) {
        let planted = generated::planted_ratings(sizes, FACTORS, n, NOISE, &mut t.rng);
        self.columns(&planted)
    }

    fn columns(self, planted: &generated::Planted) -> (Columns, Columns) {
        let mut train = Columns::from(&planted.ratings);
        let [n_users, n_items] = train.sizes;
        let seen: HashSet<(usize, usize)> =
            train.users.iter().copied().zip(train.items.iter().copied()).collect();
        let all = (0..n_users).flat_map(|u| (0..n_items).map(move |i| (u, i)));
        let (users, items): (Vec<usize>, Vec<usize>) = all.filter(|pair| !seen.contains(pair)).unzip();
        let truths = users.iter().zip(&items).map(|(&u, &i)| f64::from(planted.truth(u, i))).collect();
        let mut validation = Columns::new(train.sizes, users, items, truths);
        for columns in [&mut train, &mut validation] {
            for k in 0..columns.values.len() {
                let (user, item) = (columns.users[k], columns.items[k]);
                let biases = planted.mean + planted.user_bias[user] + planted.item_bias[item];
                // Rounded as the student gets it.
                let left_out = match self {
                    Self::All => 0.0,
                    Self::Products => biases,
                    Self::Biases => planted.truth(user, item) - biases,
                };
                columns.values[k] = f64::from((columns.values[k] - f64::from(left_out)) as f32);
            }
        }
        (train, validation)
    }
}

impl Plan {
    /// Trains on 900 of 1200 planted ratings; validates on the truth of the others.
    pub fn recovers(self, t: &mut Suite, what: Planted) {
        let planted = generated::planted_ratings([USERS, ITEMS], FACTORS, RATINGS, NOISE, &mut t.rng);
        let (train, validation) = what.columns(&planted);
        // A bias of all users' tastes may go into the items' biases: so much of the space stays open, a column of ones.
        let (about, steps, open) = match what {
            Planted::Products => ("900 ratings made of two factors, without any biases", vec![], 0),
            _ => ("900 ratings made of two factors and biases", vec![Step::BesideOnes], 1),
        };
        let row =
            |i: usize| planted.item_factors[i * FACTORS..(i + 1) * FACTORS].iter().map(|&q| f64::from(q));
        let columns = (0..ITEMS).flat_map(|i| row(i).chain(vec![1.0; open])).collect();
        let basis = Array::f64(&[ITEMS, FACTORS + open], columns);
        let case = t.call(about, self.args(&train, &validation, 1));
        case.statistic("train_mse", Statistic::Last, 0.0, 0.02)
            .statistic("validation_mse", Statistic::Last, 0.0, 0.02)
            .check(Derived { output: "Q".to_owned(), steps }, Rule::Spans { basis, degrees: 10.0 });
        show(case);
    }
}
