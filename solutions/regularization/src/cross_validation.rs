//! Cross-validation: choosing the amount of regularization by data that was not trained on.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use rand::{rngs::StdRng, seq::SliceRandom};
use toolkit::tensor::{Matrix, Vector};

use crate::ridge::{InvalidGamma, ridge_with_intercept};

/// One of k ways to take examples apart, by their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The examples to train on.
    pub training: Vec<usize>,
    /// The examples to judge by: all others.
    pub validation: Vec<usize>,
}

/// A number of folds that makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KFoldError {
    /// How many examples there are.
    pub n: usize,
    /// How many folds were asked for.
    pub k: usize,
}

impl fmt::Display for KFoldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { n, k } = self;
        write!(
            f,
            "{n} examples can't be split into {k} folds: there must be at least 2, and an example for each"
        )
    }
}

impl Error for KFoldError {}

/// Splits the examples 0 to n − 1 into `k` folds.
///
/// The examples are shuffled and cut into k parts. Fold i judges by part i and trains on all other parts, so that
///
/// - every example is in the validation part of exactly one fold, and in the training part of the k − 1 others;
/// - sizes of validation parts differ by 1 at most: 10 examples in 4 folds are 3, 3, 2 and 2, in any order.
///
/// The order within a part does not matter. All randomness comes from `rng`: the same seed gives the same folds. Without
/// shuffling, data that is sorted by anything would be validated on what was never trained on.
///
/// # Errors
/// When `k` is below 2 or above `n`: a part without an example can't judge, one part for all leaves nothing to train on.
///
/// Source: slide “Γ by cross-validation”; Stone 1974; scikit-learn's `KFold(shuffle=True)`.
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// use regularization::cross_validation::k_fold;
/// let folds = k_fold(7, 3, &mut StdRng::seed_from_u64(1)).unwrap();
/// let mut sizes: Vec<_> = folds.iter().map(|fold| fold.validation.len()).collect();
/// sizes.sort();
/// assert_eq!(sizes, [2, 2, 3]);
/// assert!(folds.iter().all(|fold| fold.training.len() + fold.validation.len() == 7));
/// let message = k_fold(3, 5, &mut StdRng::seed_from_u64(1)).unwrap_err().to_string();
/// assert!(message.starts_with("3 examples can't be split into 5 folds"));
/// ```
pub fn k_fold(n: usize, k: usize, rng: &mut StdRng) -> Result<Vec<Fold>, KFoldError> {
    if k < 2 || k > n {
        return Err(KFoldError { n, k });
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.shuffle(rng);
    let fold = |i: usize| {
        // Rounded down, the borders i · n/k are ⌊n/k⌋ or one more apart, and the last is n.
        let (start, end) = (i * n / k, (i + 1) * n / k);
        let training = [&order[..start], &order[end..]].concat();
        Fold { training, validation: order[start..end].to_vec() }
    };
    Ok((0..k).map(fold).collect())
}

/// What a search over Γ found.
#[derive(Clone, Debug, PartialEq)]
pub struct GammaSearch {
    /// The winner.
    pub gamma: f64,
    /// The validation error of each Γ, in the order of the grid.
    pub errors: Vec<f64>,
}

/// Why there is no best Γ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GammaSearchError {
    /// The grid is empty.
    NoGammas,
    /// There are no folds.
    NoFolds,
    /// A Γ of the grid is negative or NaN.
    InvalidGamma(InvalidGamma),
}

impl fmt::Display for GammaSearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoGammas => write!(f, "there is no Γ (gamma) to choose from"),
            Self::NoFolds => write!(f, "there are no folds to validate on"),
            Self::InvalidGamma(invalid) => invalid.fmt(f),
        }
    }
}

impl Error for GammaSearchError {}

impl From<InvalidGamma> for GammaSearchError {
    fn from(invalid: InvalidGamma) -> Self {
        Self::InvalidGamma(invalid)
    }
}

/// Chooses the Γ of ridge regression by cross-validation.
///
/// For each Γ of `gammas`, and in each fold:
///
/// 1. Standardize the features with the mean and the standard deviation (which divides by n) of the fold's *training* examples;
///    a feature that is constant there has nothing to scale, and its standard deviation is set to 1. Γ punishes all θ
///    alike, so features must have one scale.
/// 2. Fit [`ridge_with_intercept`](crate::ridge::ridge_with_intercept) to the standardized training examples; `y` stays as it is.
/// 3. Predict the validation examples, standardized with the same mean and standard deviation.
///
/// ```text
/// error(Γ) = Σ over all folds and their validation examples of (yᵢ − prediction)² / (number of validation examples)
/// ```
///
/// Each prediction comes from a model that has never seen the example, not even its share in a mean: that is why the data is
/// split before it is standardized. The Γ with the smallest error wins; of several with equal errors, the largest Γ, which
/// trusts the data least.
///
/// Shapes: `a` (n, d), `y` (n,). Every fold has training and validation examples with numbers below n.
///
/// # Errors
/// When there is no Γ, or no fold, or when a Γ is negative or NaN.
///
/// Source: slide “Γ by cross-validation”; Hastie, Tibshirani & Friedman, §7.10, in particular “The
/// wrong and right way to do cross-validation”.
///
/// ```
/// use dfdx::prelude::*;
/// use regularization::cross_validation::{Fold, best_gamma};
/// let dev = Cpu::default();
/// // y is 2 · a + 1, so the less Γ, the better
/// let a = dev.tensor_from_vec(vec![-1.0, 0.0, 1.0, 2.0], (4, 1));
/// let y = dev.tensor_from_vec(vec![-1.0, 1.0, 3.0, 5.0], (4,));
/// let folds = [
///     Fold { training: vec![0, 2], validation: vec![1, 3] },
///     Fold { training: vec![1, 3], validation: vec![0, 2] },
/// ];
/// let search = best_gamma(&a, &y, &[2.0, 0.0, 6.0], &folds).unwrap();
/// assert_eq!(search.gamma, 0.0);
/// // Γ = 2 halves θ: off by 0 and 2 in the first fold, by 2 and 0 in the second
/// assert!((search.errors[0] - 2.0).abs() < 1e-5);
/// assert!(search.errors[1].abs() < 1e-5);
/// ```
pub fn best_gamma<D: Device<f32>>(
    a: &Matrix<D>,
    y: &Vector<D>,
    gammas: &[f64],
    folds: &[Fold],
) -> Result<GammaSearch, GammaSearchError> {
    if folds.is_empty() {
        return Err(GammaSearchError::NoFolds);
    }
    let errors: Vec<f64> =
        gammas.iter().map(|&gamma| validation_error(a, y, gamma, folds)).collect::<Result<_, _>>()?;
    // Smaller errors first; among equal errors the larger Γ.
    let best = errors.iter().zip(gammas).min_by(|(e, g), (f, h)| e.total_cmp(f).then(h.total_cmp(g)));
    let (_, &gamma) = best.ok_or(GammaSearchError::NoGammas)?;
    Ok(GammaSearch { gamma, errors })
}

/// The mean squared error of all validation examples.
fn validation_error<D: Device<f32>>(
    a: &Matrix<D>,
    y: &Vector<D>,
    gamma: f64,
    folds: &[Fold],
) -> Result<f64, InvalidGamma> {
    let (mut sum, mut count) = (0.0, 0);
    for Fold { training, validation } in folds {
        let indexes = |numbers: &[usize]| a.device().tensor_from_vec(numbers.to_vec(), (numbers.len(),));
        let (training, validation) = (indexes(training), indexes(validation));
        let training_a = a.clone().gather(training.clone());
        let standardizer = Standardizer::fit(&training_a);
        let model =
            ridge_with_intercept(&standardizer.apply(training_a), &y.clone().gather(training), gamma)?;

        let unseen = standardizer.apply(a.clone().gather(validation.clone()));
        // θ · Aᵀ, since dfdx multiplies vectors from the left only
        let fitted = model.theta.matmul(unseen.permute::<(usize, usize), Axes2<1, 0>>());
        let predicted = fitted.clone() + model.intercept.broadcast_like(fitted.shape());
        let residuals = (y.clone().gather(validation) - predicted).as_vec();
        sum += residuals.iter().map(|&r| f64::from(r).powi(2)).sum::<f64>();
        count += residuals.len();
    }
    Ok(sum / count as f64)
}

/// The mean and the standard deviation of each column of some training examples.
struct Standardizer<D: Device<f32>> {
    mean: Vector<D>,
    std: Vector<D>,
}

impl<D: Device<f32>> Standardizer<D> {
    fn fit(a: &Matrix<D>) -> Self {
        let mean = a.clone().mean::<(usize,), Axis<0>>();
        let std = a.clone().stddev::<(usize,), Axis<0>>(0.0);
        // A rounded mean leaves a tiny deviation to a constant column: only largest = smallest is exact.
        let range = a.clone().max::<(usize,), Axis<0>>() - a.clone().min::<(usize,), Axis<0>>();
        let ones = std.device().ones_like(std.shape());
        Self { mean, std: range.eq(0.0).choose(ones, std) }
    }

    fn apply(&self, a: Matrix<D>) -> Matrix<D> {
        let repeat = |v: &Vector<D>| v.clone().broadcast_like::<_, Axis<0>>(a.shape());
        let (mean, std) = (repeat(&self.mean), repeat(&self.std));
        (a - mean) / std
    }
}
