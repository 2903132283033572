//! Optimizers: how a gradient becomes a step.

use dfdx::prelude::*;

/// ε of [`rmsprop`] and [`adam`]: it keeps the divisor away from 0.
pub const EPSILON: f32 = 1e-8;

/// β₁ of [`adam`].
pub const BETA_1: f32 = 0.9;

/// β₂ of [`adam`].
pub const BETA_2: f32 = 0.999;

/// One step of gradient descent, in place:
///
/// ```text
/// w ← w − η · g
/// ```
///
/// η is the `learning_rate`, g the `gradient`, shaped as `w`. (*Stochastic* gradient descent, SGD, is this step on batches.)
///
/// Write this step and the two below without dfdx's and the toolkit's optimizers.
///
/// Source: lecture, section 8; Robbins & Monro 1951; Keras's `sgd`.
///
/// ```
/// use dfdx::prelude::*;
/// use first_steps::optimizers::sgd;
/// let dev = Cpu::default();
/// let mut w = dev.tensor([1.0, 2.0]);
/// sgd(&mut w, &dev.tensor([0.5, -1.0]), 0.5);
/// assert_eq!(w.array(), [0.75, 2.5]);
/// ```
pub fn sgd<S: Shape, D: Device<f32>>(
    w: &mut Tensor<S, f32, D>,
    gradient: &Tensor<S, f32, D>,
    learning_rate: f32,
) {
    todo!()
}

/// One step of RMSprop, in place: each number's step is divided by the usual size of its gradient.
///
/// ```text
/// v ← ρ · v + (1 − ρ) · g²
/// w ← w − η · g / (√v + ε)
/// ```
///
/// Element by element: g² is the square of each number of the gradient. v is the `mean_square`, which the caller keeps
/// from step to step and which starts at 0; ρ is the `decay`, usually 0.9; ε is [`EPSILON`].
///
/// Source: lecture, section 8; Tieleman & Hinton 2012; Keras's `rmsprop`; notebook “CNN on MNIST”.
///
/// ```
/// use dfdx::prelude::*;
/// use first_steps::optimizers::rmsprop;
/// let dev = Cpu::default();
/// let (mut w, mut v) = (dev.tensor([1.0, 1.0]), dev.tensor([0.0, 0.0]));
/// rmsprop(&mut w, &dev.tensor([4.0, -0.004]), &mut v, 0.1, 0.75); // √v is half of each gradient's size
/// assert_eq!(v.array()[0], 4.0);
/// assert!((w.array()[0] - 0.8).abs() < 1e-5 && (w.array()[1] - 1.2).abs() < 1e-5);
/// ```
pub fn rmsprop<S: Shape, D: Device<f32>>(
    w: &mut Tensor<S, f32, D>,
    gradient: &Tensor<S, f32, D>,
    mean_square: &mut Tensor<S, f32, D>,
    learning_rate: f32,
    decay: f32,
) {
    todo!()
}

/// What [`adam`] remembers of a parameter from step to step.
#[derive(Clone, Debug)]
pub struct AdamState<S: Shape, D: Device<f32>> {
    /// t, how many steps have been made.
    pub steps: i32,
    /// m, the running mean of the gradients.
    pub mean: Tensor<S, f32, D>,
    /// v, the running mean of their squares.
    pub mean_square: Tensor<S, f32, D>,
}

impl<S: Shape, D: Device<f32>> AdamState<S, D> {
    /// No step yet, and m = v = 0, shaped as `w`.
    pub fn new(w: &Tensor<S, f32, D>) -> Self {
        let zeros = || w.device().zeros_like(w.shape());
        Self { steps: 0, mean: zeros(), mean_square: zeros() }
    }
}

/// One step of Adam, in place: RMSprop with a running mean in the gradient's place, both corrected for their start at 0.
///
/// ```text
/// t ← t + 1
/// m ← β₁ · m + (1 − β₁) · g            m̂ = m / (1 − β₁ᵗ)
/// v ← β₂ · v + (1 − β₂) · g²           v̂ = v / (1 − β₂ᵗ)
/// w ← w − η · m̂ / (√v̂ + ε)
/// ```
///
/// Element by element. t, m and v live in `state`, uncorrected; m̂ and v̂ are for this step alone. β₁ is [`BETA_1`], β₂
/// [`BETA_2`], ε [`EPSILON`].
///
/// Source: lecture, section 8; Kingma & Ba 2015, algorithm 1; Keras's `adam`.
///
/// ```
/// use dfdx::prelude::*;
/// use first_steps::optimizers::{AdamState, adam};
/// let dev = Cpu::default();
/// let mut w = dev.tensor([1.0, 1.0]);
/// let mut state = AdamState::new(&w);
/// adam(&mut w, &dev.tensor([4.0, -0.004]), &mut state, 0.1); // the first step has the size η, whatever the gradient's
/// assert!((w.array()[0] - 0.9).abs() < 1e-5 && (w.array()[1] - 1.1).abs() < 1e-5);
/// adam(&mut w, &dev.tensor([4.0, 0.0]), &mut state, 0.1);
/// assert!((w.array()[0] - 0.8).abs() < 1e-5 && (w.array()[1] - 1.167_01).abs() < 1e-4);
/// assert_eq!(state.steps, 2);
/// ```
pub fn adam<S: Shape, D: Device<f32>>(
    w: &mut Tensor<S, f32, D>,
    gradient: &Tensor<S, f32, D>,
    state: &mut AdamState<S, D>,
    learning_rate: f32,
) {
    todo!()
}
