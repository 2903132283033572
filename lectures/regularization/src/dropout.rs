//! Dropout: hidden units that cannot rely on each other.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use rand::rngs::StdRng;

/// No probability that a unit can be dropped with: it must be at least 0 and below 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InvalidProbability(pub f32);

impl fmt::Display for InvalidProbability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "units are dropped with a probability of at least 0 and below 1, and this is {}", self.0)
    }
}

impl Error for InvalidProbability {}

/// Dropout: in training, each unit of each example is set to 0 with probability `p`, and those that survive are scaled up
/// to make up for it; in evaluation, nothing happens.
///
/// ```text
/// training:    y = m · x        m = 0            with probability p      one draw for every element of x
///                               m = 1 / (1 − p)  with probability 1 − p
/// evaluation:  y = x
/// ```
///
/// The mean of m is 1, so whatever reads y sees units of the same size in training and in evaluation. Scaling in training
/// is called inverted dropout and is what PyTorch and Keras do; the paper multiplies by 1 − p in evaluation instead.
///
/// `x` has any shape and `y` the same. The slides take p = 0.5 for hidden units and 0.2 for inputs. The gradient with
/// respect to x is m times that with respect to y, with the m of the same call: a unit that was dropped learns nothing.
///
/// All randomness comes from `rng`: the same seed gives the same y, and the next call with the same generator another one.
/// Evaluation draws nothing.
///
/// Write it without dfdx's own `dropout`.
///
/// # Errors
/// When `p` is not at least 0 and below 1, in training and in evaluation. NaN is no probability either.
///
/// Source: slide “Dropout”; Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014; PyTorch's `dropout`.
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use regularization::dropout::{InvalidProbability, dropout};
/// let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
/// let x: Tensor<(usize, usize), f32, _> = dev.ones_like(&(100, 50));
/// let y = dropout(x.clone(), 0.75, true, &mut rng).unwrap().as_vec();
/// assert!(y.iter().all(|&y| y == 0.0 || y == 4.0)); // 1 / (1 − 0.75) = 4
/// assert!((y.iter().sum::<f32>() / 5000.0 - 1.0).abs() < 0.2);
///
/// assert_eq!(dropout(x.clone(), 0.75, false, &mut rng).unwrap().as_vec(), x.as_vec());
/// assert_eq!(dropout(x, 1.0, true, &mut rng).err(), Some(InvalidProbability(1.0)));
/// ```
pub fn dropout<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    x: Tensor<S, f32, D, T>,
    p: f32,
    training: bool,
    rng: &mut StdRng,
) -> Result<Tensor<S, f32, D, T>, InvalidProbability> {
    todo!()
}
