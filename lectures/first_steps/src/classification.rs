//! Which of several classes: probabilities out of logits, labels as vectors, and the loss of both.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use toolkit::tensor::Matrix;

/// A label that is no class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownLabel {
    /// The label.
    pub label: usize,
    /// How many classes there are; they are called 0, 1, …, classes − 1.
    pub classes: usize,
}

impl fmt::Display for UnknownLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "there is no class {}: labels count from 0, and there are {} classes",
            self.label, self.classes
        )
    }
}

impl Error for UnknownLabel {}

/// Probabilities out of logits, row by row.
///
/// ```text
/// p[i][j] = exp(z[i][j]) / Σ_k exp(z[i][k])
/// ```
///
/// Shapes: `logits` z (n, classes) give p (n, classes). Each row is an example of its own: numbers from 0 to 1 that add up to 1.
///
/// Logits may be large: exp(100) does not fit an `f32`. Subtract the row's largest logit from the row first. It cancels
/// in the fraction, and after it no exponent is above 0. Logits up to 10⁴ in size give finite probabilities and gradients.
///
/// Write it without dfdx's own `softmax`, `log_softmax` and `logsumexp`.
///
/// Source: lecture, section 7; Bridle 1990; notebook “MLP on MNIST” (its last layer).
///
/// ```
/// use dfdx::prelude::*;
/// use first_steps::classification::softmax;
/// let dev = Cpu::default();
/// // e^(ln 3) = 3: the first row is 3 to 1, the second is 1 to 1.
/// let p = softmax(dev.tensor_from_vec(vec![3f32.ln(), 0.0, 1000.0, 1000.0], (2, 2))).as_vec();
/// let right = [0.75, 0.25, 0.5, 0.5];
/// assert!(p.iter().zip(right).all(|(p, right)| (p - right).abs() < 1e-6), "{p:?}");
/// ```
pub fn softmax<D: Device<f32>, T: Tape<f32, D>>(logits: Matrix<D, T>) -> Matrix<D, T> {
    todo!()
}

/// Labels as probabilities: 1 at the label, 0 elsewhere.
///
/// ```text
/// y[i][j] = 1 where j = labels[i], else 0
/// ```
///
/// Shapes: n ≥ 1 labels give (n, classes). Labels count from 0: of three classes the last is 2.
///
/// Write it without dfdx's own `one_hot_encode`.
///
/// # Errors
/// When a label is not below `classes`.
///
/// Source: lecture, section 7; Keras's `to_categorical`; notebook “CNN on MNIST”.
///
/// ```
/// use dfdx::prelude::*;
/// use first_steps::classification::{UnknownLabel, one_hot};
/// let dev = Cpu::default();
/// assert_eq!(one_hot(&[2, 0], 3, &dev).unwrap().as_vec(), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
/// assert_eq!(one_hot(&[1, 3], 3, &dev).err(), Some(UnknownLabel { label: 3, classes: 3 }));
/// ```
pub fn one_hot<D: Device<f32>>(labels: &[usize], classes: usize, dev: &D) -> Result<Matrix<D>, UnknownLabel> {
    todo!()
}

/// The cross entropy: the mean over the rows of −log(probability of the row's label).
///
/// ```text
/// loss = mean over i of −log p[i][labels[i]]        p = softmax(z)
///      = mean over i of  log Σ_k exp(z[i][k]) − z[i][labels[i]]
/// ```
///
/// Shapes: `logits` z (n, classes) and as many labels as rows, n ≥ 1, give one number.
///
/// A probability may be too small for an `f32`, and the logarithm of the 0 that is left is −∞. The second line has no such
/// logarithm; with the row's largest logit subtracted from z, as in [`softmax`], nothing in it overflows either. Logits up
/// to 10⁴ in size give a finite loss and a finite gradient.
///
/// Write it without dfdx's `cross_entropy_with_logits_loss`, `softmax`, `log_softmax` and `logsumexp`, and without the
/// toolkit's `softmax_cross_entropy`.
///
/// # Errors
/// When a label is not below the number of classes.
///
/// Source: lecture, section 7; Keras's `categorical_crossentropy`; notebook “MLP on MNIST”.
///
/// ```
/// use dfdx::prelude::*;
/// use first_steps::classification::cross_entropy;
/// let dev = Cpu::default();
/// // The labels have the probabilities 3/4 and 1/2.
/// let logits = dev.tensor_from_vec(vec![3f32.ln(), 0.0, 7.0, 7.0], (2, 2));
/// let loss = cross_entropy(logits, &[0, 1]).unwrap().array();
/// assert!((loss - 0.4904146).abs() < 1e-6); // (−log 3/4 − log 1/2) / 2
/// let sure_and_wrong = dev.tensor_from_vec(vec![200.0, 0.0], (1, 2));
/// assert_eq!(cross_entropy(sure_and_wrong, &[1]).unwrap().array(), 200.0);
/// ```
pub fn cross_entropy<D: Device<f32>, T: Tape<f32, D>>(
    logits: Matrix<D, T>,
    labels: &[usize],
) -> Result<Tensor<Rank0, f32, D, T>, UnknownLabel> {
    todo!()
}
