//! What becomes of a gradient on its way back through time.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use toolkit::ops::LayerOps;
use toolkit::tensor::{Matrix, Vector};

pub use toolkit::ops::LstmWeights;

use crate::vanilla::{RnnWeights, rnn_cell};

/// How much the last state of a vanilla network depends on the states before it: element k of the result is
///
/// ```text
/// ‖∂h_T/∂h_{T−k}‖ = √( Σᵢⱼ (∂h_T[j] / ∂h_{T−k}[i])² )          k = 0, 1, …, T
/// ```
///
/// the root of the sum of all squares (the Frobenius norm) of the Jacobian, hidden × hidden numbers. For k = 0 that is the
/// identity, and the norm √hidden.
///
/// `x` is one sequence, (steps, features), with T = steps; h₀ = 0. The result has T + 1 elements: from how far back, k = T − t,
/// not from which step. `weights` and their `rnn_cell` are those of the topic before. Small norms must not be lost: 10⁻³⁰ is
/// still a number in `f32`, but its square is not, so add the squares in `f64`.
///
/// A backward pass gives the gradient of *one* number. A batch of `hidden` copies of the sequence gives them all at once: let
/// copy j ask for the gradient of its `h_T[j]`, and what arrives in row j of h_t is row j of the Jacobian.
///
/// Without inputs and biases all states are 0, where tanh has the slope 1, and the Jacobian is Uᵏ: its norm shrinks or grows
/// like ρᵏ, where the spectral radius ρ of U is the largest absolute value of its eigenvalues.
///
/// Source: slide “Long-term dependencies”; Bengio, Simard & Frasconi 1994; Pascanu, Mikolov & Bengio 2013.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::{gradients::vanishing_gradient, vanilla::RnnWeights};
/// let dev = Cpu::default();
/// let weights = RnnWeights {
///     input: dev.ones_like(&(1, 1)),
///     hidden: dev.tensor_from_vec(vec![-0.5], (1, 1)),
///     bias: dev.zeros_like(&(1,)),
/// };
/// assert_eq!(vanishing_gradient(&dev.zeros_like(&(3, 1)), &weights), [1.0, 0.5, 0.25, 0.125]);
/// ```
pub fn vanishing_gradient<D: Device<f32>>(x: &Matrix<D>, weights: &RnnWeights<D>) -> Vec<f32> {
    let hidden = weights.hidden.shape().0;
    let begin: Matrix<D> = x.device().zeros_like(&(hidden, hidden));
    let mut states = vec![begin.clone()];
    // A leaky trace: the gradients of the states between are wanted too.
    let mut h = begin.leaky_trace();
    for t in 0..x.shape().0 {
        h = rnn_cell(copies(x, t, hidden).retaped(), h, weights);
        states.push(h.retaped());
    }
    jacobian_norms(h, &states)
}

/// The same for an LSTM: the norms of ∂h_T/∂h_{T−k}, from the states h₀ = 0 and C₀ = 0.
///
/// What h_{T−k} wrote into the cell state counts, all the way to h_T; what C_{T−k} itself carries on does not, since
/// C_{T−k} is not made from h_{T−k}.
///
/// The cell is the one on the slides, `C' = σ(f) ∗ C + σ(i) ∗ tanh(g)`, `h' = σ(o) ∗ tanh(C')`, and `D::lstm_step(gates, c)`
/// computes it from the sums for the four gates, (n, 4 · hidden): `x · W + h · U + b`. It is the cell of the topic `lstm`.
///
/// Its slope does not follow the spectral radius of U. From step to step the cell state is multiplied by the forget gate, and
/// the network itself decides how near that is to 1.
///
/// Source: slides “Long-term dependencies” and “The LSTM gate by gate”; Hochreiter & Schmidhuber 1997.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::gradients::{LstmWeights, vanishing_gradient_lstm};
/// let dev = Cpu::default();
/// // All gates are half open, and only the candidate, the third of four, listens to h.
/// let weights = LstmWeights {
///     input: dev.zeros_like(&(1, 4)),
///     hidden: dev.tensor_from_vec(vec![0.0, 0.0, 1.0, 0.0], (1, 4)),
///     bias: dev.zeros_like(&(4,)),
/// };
/// let norms = vanishing_gradient_lstm(&dev.zeros_like(&(3, 1)), &weights);
/// // 1/2 into the cell state and 1/2 out of it; on the way 3/4 a step: 1/2 by the forget gate and 1/4 round by h.
/// for (norm, right) in norms.iter().zip([1.0, 0.25, 0.1875, 0.140625]) {
///     assert!((norm - right).abs() < 1e-6, "{norms:?}");
/// }
/// ```
pub fn vanishing_gradient_lstm<D: LayerOps>(x: &Matrix<D>, weights: &LstmWeights<D>) -> Vec<f32> {
    let hidden = weights.hidden.shape().0;
    let begin: Matrix<D> = x.device().zeros_like(&(hidden, hidden));
    let mut states = vec![begin.clone()];
    let mut c = (begin.clone() * 1.0).retaped();
    let mut h = begin.leaky_trace();
    for t in 0..x.shape().0 {
        let from_input = copies(x, t, hidden).matmul(weights.input.clone());
        let gates =
            D::bias_add(h.matmul(weights.hidden.retaped::<OwnedTape<f32, D>>()) + from_input, &weights.bias);
        (h, c) = D::lstm_step(gates, c);
        states.push(h.retaped());
    }
    jacobian_norms(h, &states)
}

/// The input of step `t`, once for each unit.
fn copies<D: Device<f32>>(x: &Matrix<D>, t: usize, hidden: usize) -> Matrix<D> {
    x.clone().gather(x.device().tensor_from_vec(vec![t; hidden], (hidden,)))
}

/// Of ∂h/∂s for each of `states`, the last one first.
fn jacobian_norms<D: Device<f32>>(h: Matrix<D, OwnedTape<f32, D>>, states: &[Matrix<D>]) -> Vec<f32> {
    let hidden = h.shape().0;
    // copy j asks for its unit j
    let diagonal = (0..hidden * hidden).map(|i| if i % (hidden + 1) == 0 { 1.0 } else { 0.0 }).collect();
    let asked: Matrix<D> = h.device().tensor_from_vec(diagonal, (hidden, hidden));
    let gradients = (h * asked).sum::<Rank0, _>().backward();
    states.iter().rev().map(|state| norm(&gradients.get(state).as_vec()) as f32).collect()
}

/// √Σ v², in double precision, in which no square of an `f32` overflows or vanishes.
fn norm(values: &[f32]) -> f64 {
    values.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt()
}

/// A norm that is NaN or infinite: there is no direction to keep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NotFinite(pub f32);

impl fmt::Display for NotFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gradients can't be clipped when their norm is {}", self.0)
    }
}

impl Error for NotFinite {}

/// Shortens gradients that are too long, all by the same factor:
///
/// ```text
/// norm = √( Σ g² )                    over all elements of all gradients together
/// g ← g · max_norm / norm             where norm > max_norm; else g stays as it is, bit for bit
/// ```
///
/// `gradients` has one entry for each parameter, flattened to a vector; they are changed in place. All together are one
/// direction to go, and it is kept: only the length changes. Returns the norm *before* clipping, which is worth watching.
///
/// Zeros stay zeros. Add the squares in `f64`, so that they neither overflow nor vanish. `max_norm` is at least 0.
///
/// # Errors
/// When the norm is NaN or infinite. The gradients stay as they are, and the caller had better skip this step: a single NaN
/// would otherwise end up in every weight. (PyTorch's function makes NaN of all gradients then, unless asked for an error.)
///
/// Source: Pascanu, Mikolov & Bengio 2013; PyTorch's `clip_grad_norm_`.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::gradients::clip_grad_norm;
/// let dev = Cpu::default();
/// let mut gradients = [dev.tensor_from_vec(vec![3.0], (1,)), dev.tensor_from_vec(vec![0.0, -4.0], (2,))];
/// assert_eq!(clip_grad_norm(&mut gradients, 2.5).unwrap(), 5.0);
/// assert_eq!((gradients[0].as_vec(), gradients[1].as_vec()), (vec![1.5], vec![0.0, -2.0]));
/// assert_eq!(clip_grad_norm(&mut gradients, 100.0).unwrap(), 2.5); // short enough
/// assert!(clip_grad_norm(&mut [dev.tensor_from_vec(vec![f32::NAN], (1,))], 1.0).is_err());
/// ```
pub fn clip_grad_norm<D: Device<f32>>(gradients: &mut [Vector<D>], max_norm: f32) -> Result<f32, NotFinite> {
    // the norm of the norms is the norm of all
    let norms = gradients.iter().map(|gradient| norm(&gradient.as_vec()).powi(2));
    let norm = norms.sum::<f64>().sqrt();
    if !(norm as f32).is_finite() {
        return Err(NotFinite(norm as f32));
    }
    if norm > f64::from(max_norm) {
        let factor = (f64::from(max_norm) / norm) as f32;
        for gradient in gradients {
            *gradient = gradient.clone() * factor;
        }
    }
    Ok(norm as f32)
}
