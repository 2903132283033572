//! The vocabulary that all data sets share: examples that can be counted and selected, and a data set's two parts.

use rand::{rngs::StdRng, seq::SliceRandom};

/// Which part of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// To learn from.
    Train,
    /// To measure on, and for nothing else.
    Test,
}

/// A data set in its two parts, which share no example.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset<E> {
    /// To learn from.
    pub train: E,
    /// To measure on, and for nothing else.
    pub test: E,
}

impl<E> Dataset<E> {
    /// The part that `split` names.
    pub fn part(&self, split: Split) -> &E {
        match split {
            Split::Train => &self.train,
            Split::Test => &self.test,
        }
    }

    /// Both parts changed in the same way.
    pub fn map<F>(self, mut change: impl FnMut(E) -> F) -> Dataset<F> {
        Dataset { train: change(self.train), test: change(self.test) }
    }
}

/// Examples in an order, numbered from 0.
pub trait Examples: Sized {
    /// How many examples there are.
    fn len(&self) -> usize;

    /// The examples with these numbers, in this order. A number may occur twice.
    ///
    /// # Panics
    /// When a number is not below [`Examples::len`].
    fn select(&self, which: &[usize]) -> Self;

    /// Whether there is no example.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A random split: ⌊`len` · `test`⌋ examples for the test part, all others for the training part.
    ///
    /// # Panics
    /// When `test` is not from 0 to 1.
    fn split(&self, test: f64, rng: &mut StdRng) -> Dataset<Self> {
        assert!((0.0..=1.0).contains(&test), "a part of {test} is not between nothing and everything");
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.shuffle(rng);
        let (tested, trained) = order.split_at((self.len() as f64 * test) as usize);
        Dataset { train: self.select(trained), test: self.select(tested) }
    }
}

/// The items with these numbers.
pub(crate) fn pick<T: Clone>(items: &[T], which: &[usize]) -> Vec<T> {
    which.iter().map(|&i| items[i].clone()).collect()
}

/// The rows with these numbers of a matrix that has `width` columns.
pub(crate) fn pick_rows(values: &[f32], width: usize, which: &[usize]) -> Vec<f32> {
    which.iter().flat_map(|&i| &values[i * width..(i + 1) * width]).copied().collect()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;
    use crate::generated;

    #[test]
    fn a_split_keeps_every_example_once() {
        let rng = &mut StdRng::seed_from_u64(1);
        let all = generated::shapes(50, 8, rng);
        let parts = all.split(0.3, rng);
        assert_eq!((parts.train.len(), parts.part(Split::Test).len()), (35, 15));
        let mut images: Vec<&[f32]> = (0..35).map(|i| parts.train.image(i)).collect();
        images.extend((0..15).map(|i| parts.test.image(i)));
        for i in 0..50 {
            assert_eq!(images.iter().filter(|image| **image == all.image(i)).count(), 1);
        }
    }
}
