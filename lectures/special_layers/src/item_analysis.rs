//! What a recommender has learnt about films.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use toolkit::tensor::Matrix;

/// Items at both ends of a scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extremes {
    /// The items with the largest numbers, the largest first.
    pub best: Vec<usize>,
    /// The items with the smallest numbers, the smallest first.
    pub worst: Vec<usize>,
}

/// The directions in which items differ most, and where each item lies along them.
#[derive(Clone, Debug)]
pub struct Components<D: Device<f32>> {
    /// Directions of length 1, one a column: (factors, n).
    pub directions: Matrix<D>,
    /// Where the items lie: (items, n). Each column has mean 0.
    pub scores: Matrix<D>,
    /// The share of the variance that each direction explains, from 0 to 1.
    pub explained: Vec<f32>,
}

/// More directions were asked for than there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyComponents {
    /// How many were asked for.
    pub n: usize,
    /// How many there are: the smaller of the numbers of items and factors.
    pub most: usize,
}

impl fmt::Display for TooManyComponents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} components were asked for, but there are only {}", self.n, self.most)
    }
}

impl Error for TooManyComponents {}

/// The best and the worst items: those with the largest and the smallest bias, `count` of each.
///
/// A film that one person gave five stars is not the best film there is; nothing is known of it. So only items with at least
/// `least` ratings take part, of which `n_ratings[i]` is the number for item i. Where biases are equal, the item with the
/// smaller number comes first, in both lists. With fewer than `count` such items the lists are as long as there are.
///
/// `item_bias` and `n_ratings` are equally long, and no bias is NaN.
///
/// Source: notebook “Recommender”: the best and the worst films.
///
/// ```
/// use special_layers::item_analysis::extreme_items;
/// let extremes = extreme_items(&[0.5, 1.0, -0.25, 0.75], &[10, 1, 20, 30], 5, 2);
/// assert_eq!(extremes.best, [3, 0]); // item 1 has a single rating
/// assert_eq!(extremes.worst, [2, 0]);
/// ```
pub fn extreme_items(item_bias: &[f32], n_ratings: &[usize], least: usize, count: usize) -> Extremes {
    todo!()
}

/// The first `n` principal components of embeddings `items`, one a row: (items, factors).
///
/// ```text
/// X = items − (the mean of all rows)            X = U · diag(s) · Vᵀ, singular values s in descending order
/// directions = the first n columns of V         scores = X · directions
/// explained = s² / Σ s²                         0 where all items are alike
/// ```
///
/// No axis of an embedding means anything by itself: turn P and Q together and every product stays. What can mean something
/// is the direction in which films differ most, then the direction in which they differ most of what is left, and so on.
///
/// A direction is as good as its opposite. To have one answer, the element of largest magnitude of each direction is
/// positive.
///
/// # Errors
/// For more components than items or factors.
///
/// Source: notebook “Recommender”: principal components of the embeddings; Pearson 1901.
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::item_analysis::principal_components;
/// // Three films on a line from (1, 2) towards (4, 6).
/// let items = Cpu::default().tensor_from_vec(vec![1.0, 2.0, 4.0, 6.0, 7.0, 10.0], (3, 2));
/// let components = principal_components(&items, 1).unwrap();
/// let close = |a: Vec<f32>, b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5);
/// assert!(close(components.directions.as_vec(), &[0.6, 0.8]));
/// assert!(close(components.scores.as_vec(), &[-5.0, 0.0, 5.0]));
/// assert!(close(components.explained, &[1.0]));
/// assert!(principal_components(&items, 3).is_err());
/// ```
pub fn principal_components<D: Device<f32>>(
    items: &Matrix<D>,
    n: usize,
) -> Result<Components<D>, TooManyComponents> {
    todo!()
}
