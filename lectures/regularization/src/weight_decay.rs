//! Weight decay, and the penalty that it is often taken for.

use dfdx::prelude::*;
use toolkit::tensor::{Matrix, Vector};

/// The L2 penalty of weights, to be added to a loss:
///
/// ```text
/// λ/2 · ‖w‖²                          ‖w‖² = Σ wᵢ² over all elements
/// ```
///
/// Any shape; one number out. The ½ makes the gradient λ · w, without a 2. The sum makes λ mean the same for small layers
/// and for large ones.
///
/// Source: slide “L2 and weight decay”; Krogh & Hertz 1992.
///
/// ```
/// use dfdx::prelude::*;
/// use regularization::weight_decay::l2_penalty;
/// let dev = Cpu::default();
/// let w = dev.tensor([[1.0, -2.0], [3.0, 0.0]]);
/// let penalty = l2_penalty(w.leaky_trace(), 0.5);
/// assert_eq!(penalty.array(), 3.5); // 0.25 · (1 + 4 + 9)
/// assert_eq!(penalty.backward().get(&w).array(), [[0.5, -1.0], [1.5, 0.0]]);
/// ```
pub fn l2_penalty<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    w: Tensor<S, f32, D, T>,
    lambda: f32,
) -> Tensor<Rank0, f32, D, T> {
    todo!()
}

/// A dense layer's parameters; also their gradients, or anything else that there is one of for each parameter.
#[derive(Clone, Debug)]
pub struct Layer<D: Device<f32>> {
    /// (inputs, outputs).
    pub weights: Matrix<D>,
    /// (outputs,).
    pub biases: Vector<D>,
}

/// Stochastic gradient descent with momentum and *decoupled* weight decay (SGDW).
///
/// In every [`step`](SgdW::step), with the gradients g of the loss alone:
///
/// ```text
/// v ← μ · v + g                            for weights and biases, from v = 0
/// w ← (1 − η · λ) · w − η · v              weights decay
/// b ← b − η · v                            biases don't
/// ```
///
/// η is the `learning_rate`, μ the `momentum`, λ the `weight_decay`. The weights on the right are those before the step. A
/// schedule may change all three between steps; v holds gradients, so that a new η counts for what they add up to, too.
///
/// Biases are left alone: they say where a unit switches, not how sharply, and there are few of them.
///
/// Without momentum this is the same as adding [`l2_penalty`] of the weights to the loss: w − η · (g + λ · w). With momentum
/// it is not: a penalty's gradient goes into v and keeps pushing for 1 / (1 − μ) steps, decay acts once and is forgotten.
/// Optimizers that rescale gradients differ even more: Adam divides the penalty's λ · w by the size of the gradients, so that the
/// weights with the largest gradients shrink least. Give `step` Adam's direction m̂ / (√v̂ + ε) in place of the gradient, with
/// μ = 0, and you have AdamW.
///
/// Write it without dfdx's own `Sgd` and the toolkit's `Optimizer`.
///
/// Source: slide “L2 and weight decay”; Loshchilov & Hutter 2019, “Decoupled Weight Decay Regularization”, algorithm 1.
///
/// ```
/// use dfdx::prelude::*;
/// use regularization::weight_decay::{Layer, SgdW};
/// let dev = Cpu::default();
/// let layer = |w, b| Layer {
///     weights: dev.tensor_from_vec(vec![w], (1, 1)),
///     biases: dev.tensor_from_vec(vec![b], (1,)),
/// };
/// let (mut parameters, gradients) = (layer(2.0, 2.0), layer(1.0, 1.0));
/// let mut sgd = SgdW::new(0.5, 0.5, 0.25);
/// sgd.step(&mut parameters, &gradients); // v = 1
/// assert_eq!(parameters.weights.as_vec(), [1.25]); // (1 − 0.125) · 2 − 0.5
/// assert_eq!(parameters.biases.as_vec(), [1.5]);
/// sgd.step(&mut parameters, &gradients); // v = 1.5
/// assert_eq!(parameters.biases.as_vec(), [0.75]);
/// ```
#[derive(Clone, Debug)]
pub struct SgdW<D: Device<f32>> {
    /// η, the size of a step.
    pub learning_rate: f32,
    /// μ, the part of the velocity that is kept from step to step; 0 for plain descent.
    pub momentum: f32,
    /// λ.
    pub weight_decay: f32,
    /// v; `None` before the first step.
    pub velocity: Option<Layer<D>>,
}

impl<D: Device<f32>> SgdW<D> {
    /// An optimizer at rest.
    pub fn new(learning_rate: f32, momentum: f32, weight_decay: f32) -> Self {
        Self { learning_rate, momentum, weight_decay, velocity: None }
    }

    /// Changes the parameters once, in place, given the gradients of the loss.
    pub fn step(&mut self, parameters: &mut Layer<D>, gradients: &Layer<D>) {
        todo!()
    }
}
