//! A pipeline: preparation and model as one object with one `fit`, so that nothing is learnt from rows that judge.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use toolkit::tensor::{Matrix, Vector};

use crate::{
    cross_validation::Fold,
    ridge::{InvalidGamma, LinearModel},
};

/// Why a pipeline can't be fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PipelineError {
    /// No column is to be kept, or more than there are.
    InvalidKeep {
        /// How many were to be kept.
        keep: usize,
        /// How many there are.
        columns: usize,
    },
    /// Γ is negative or NaN.
    InvalidGamma(InvalidGamma),
}

impl fmt::Display for PipelineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidKeep { keep, columns } => {
                write!(f, "keep must be from 1 to {columns}, the number of columns, and it is {keep}")
            }
            Self::InvalidGamma(invalid) => invalid.fmt(f),
        }
    }
}

impl Error for PipelineError {}

impl From<InvalidGamma> for PipelineError {
    fn from(invalid: InvalidGamma) -> Self {
        Self::InvalidGamma(invalid)
    }
}

/// Everything that was learnt from the training rows: how to standardize, which columns to keep, and a linear model of these.
///
/// [`fit`](Pipeline::fit) learns it, in three steps, each from what the step before makes of the training rows:
///
/// 1. *Standardize*: the mean and the standard deviation (which divides by n) of each column; where a column is constant, its
///    standard deviation is set to 1. `z = (a − mean) / std`.
/// 2. *Choose*: the `keep` columns of z whose correlation with y is largest in absolute value,
///
///    ```text
///    |Σ zᵢⱼ · (yᵢ − ȳ)|  over the rows i, for each column j
///    ```
///
///    which is the correlation but for a factor that all columns have in common. Of equal ones the first columns.
/// 3. *Model*: [`ridge_with_intercept`](crate::ridge::ridge_with_intercept) of the chosen columns of z; y stays as it is.
///
/// [`predict`](Pipeline::predict) learns nothing. It does the same to any rows with what was learnt, one row or many, so that
/// the prediction for a row does not depend on its neighbours.
///
/// Shapes: `a` (n, d), `y` (n,).
///
/// Source: scikit-learn's `Pipeline` of `StandardScaler`, `SelectKBest` and `Ridge`; Hastie, Tibshirani & Friedman, §7.10.2.
///
/// ```
/// use dfdx::prelude::*;
/// use regularization::pipeline::Pipeline;
/// let dev = Cpu::default();
/// // the second column is y / 2, the first says little, the third nothing
/// let a = dev.tensor_from_vec(vec![1.0, -2.0, 5.0, 0.0, 0.0, 5.0, 1.0, 2.0, 5.0], (3, 3));
/// let y = dev.tensor_from_vec(vec![-4.0, 0.0, 4.0], (3,));
/// let pipeline = Pipeline::fit(&a, &y, 1, 0.0).unwrap();
/// assert_eq!(pipeline.chosen, [1]);
/// let unseen = dev.tensor_from_vec(vec![9.0, 3.0, 7.0], (1, 3));
/// assert!((pipeline.predict(unseen).as_vec()[0] - 6.0).abs() < 1e-5);
/// assert!(Pipeline::fit(&a, &y, 4, 0.0).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Pipeline<D: Device<f32>> {
    /// The mean of each column, (d,).
    pub mean: Vector<D>,
    /// The standard deviation of each column, (d,), and 1 where it is constant.
    pub std: Vector<D>,
    /// The columns that are kept, from the first to the last: [0, 3], never [3, 0].
    pub chosen: Vec<usize>,
    /// Predicts y from the chosen, standardized columns.
    pub model: LinearModel<f32, D>,
}

impl<D: Device<f32>> Pipeline<D> {
    /// Learns all three steps from training rows.
    ///
    /// # Errors
    /// When `keep` is 0 or more than there are columns, or when Γ is negative or NaN.
    pub fn fit(a: &Matrix<D>, y: &Vector<D>, keep: usize, gamma: f64) -> Result<Self, PipelineError> {
        todo!()
    }

    /// A prediction for each row of `a`, by what `fit` learnt.
    pub fn predict(&self, a: Matrix<D>) -> Vector<D> {
        todo!()
    }
}

/// The mean squared error on the validation rows of `fold` of a pipeline that was fitted to its training rows.
///
/// Split first, fit then: means, deviations and the choice of columns come from the training rows, as θ does. A choice that has
/// seen the validation rows finds those columns that fit them by chance, and the error comes out far too small.
///
/// `a` (n, d) and `y` (n,) are all rows; those of `fold` are below n, and neither of its parts is empty.
///
/// # Errors
/// Those of [`Pipeline::fit`].
///
/// ```
/// use dfdx::prelude::*;
/// use regularization::{cross_validation::Fold, pipeline::held_out_error};
/// let dev = Cpu::default();
/// let a = dev.tensor_from_vec(vec![-1.0, 0.0, 1.0, 2.0], (4, 1));
/// let y = dev.tensor_from_vec(vec![-1.0, 1.0, 3.0, 5.0], (4,));
/// let fold = Fold { training: vec![0, 2], validation: vec![1, 3] };
/// // Γ = 2 halves θ: the predictions are 1 and 3
/// assert!((held_out_error(&a, &y, &fold, 1, 2.0).unwrap() - 2.0).abs() < 1e-5);
/// ```
pub fn held_out_error<D: Device<f32>>(
    a: &Matrix<D>,
    y: &Vector<D>,
    fold: &Fold,
    keep: usize,
    gamma: f64,
) -> Result<f32, PipelineError> {
    todo!()
}
