//! Ratings as the adapters take them: three columns.

use datasets::{Examples, movielens};
use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::{Args, Suite, Tensor};

/// Ratings by `sizes[0]` users of `sizes[1]` items.
#[derive(Clone, Debug)]
pub struct Columns {
    pub sizes: [usize; 2],
    pub users: Vec<usize>,
    pub items: Vec<usize>,
    pub values: Vec<f64>,
}

impl Columns {
    pub fn new(sizes: [usize; 2], users: Vec<usize>, items: Vec<usize>, values: Vec<f64>) -> Self {
        Self { sizes, users, items, values }
    }

    /// `n` ratings of half a star to five; pairs may come twice.
    pub fn random(t: &mut Suite, [users, items]: [usize; 2], n: usize) -> Self {
        let mut draw = |below: usize| (0..n).map(|_| t.rng.gen_range(0..below)).collect::<Vec<_>>();
        let (who, what, stars) = (draw(users), draw(items), draw(10));
        let values = stars.into_iter().map(|half| (half + 1) as f64 / 2.0).collect();
        Self::new([users, items], who, what, values)
    }

    /// All of MovieLens, split 80/20 with the seed 42.
    pub fn movie_lens(t: &mut Suite) -> Option<(Self, Self)> {
        let all = t.load(movielens::full())?.ratings;
        let parts = all.split(0.2, &mut StdRng::seed_from_u64(42));
        Some((Self::from(&parts.train), Self::from(&parts.test)))
    }

    /// Adds the columns under names that start with `prefix`.
    pub fn args(&self, args: Args, prefix: &str) -> Args {
        let values = Tensor::from_shape_fn(vec![self.values.len()], |k| self.values[k[0]]);
        args.count("n_users", self.sizes[0])
            .count("n_items", self.sizes[1])
            .indexes(&format!("{prefix}users"), &self.users)
            .indexes(&format!("{prefix}items"), &self.items)
            .constant(&format!("{prefix}values"), values)
    }
}

impl From<&datasets::Ratings> for Columns {
    fn from(ratings: &datasets::Ratings) -> Self {
        Self {
            sizes: [ratings.n_users, ratings.n_items],
            users: ratings.users.clone(),
            items: ratings.items.clone(),
            values: ratings.values.iter().copied().map(f64::from).collect(),
        }
    }
}
