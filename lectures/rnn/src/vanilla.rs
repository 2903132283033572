//! The recurrent cell and what unrolling it through time means.

use dfdx::prelude::*;
use toolkit::tensor::{Matrix, Sequences, Vector};

/// The weights of a vanilla recurrent layer. They are the same at every step of a sequence.
#[derive(Clone, Debug)]
pub struct RnnWeights<D: Device<f32>> {
    /// W, what multiplies the input of a step: (features, hidden).
    pub input: Matrix<D>,
    /// U, what multiplies the state that the step before left: (hidden, hidden).
    pub hidden: Matrix<D>,
    /// b, what is added: (hidden,).
    pub bias: Vector<D>,
}

/// One step of a vanilla recurrent network: it reads the input `x` and turns the state `h` into the next one.
///
/// ```text
/// h_t = tanh(W x_t + U h_{t−1} + b)              as on the slide, with columns
///     = tanh(x_t · W + h_{t−1} · U + b)          as we compute it, with a row for each sequence of the batch
/// ```
///
/// Shapes, batch first: `x` (n, features), `h` (n, hidden); the next state is (n, hidden). Gradients flow to both and to all
/// three weights.
///
/// Source: slide “Vanilla RNN”; Elman 1990.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::vanilla::{RnnWeights, rnn_cell};
/// let dev = Cpu::default();
/// let weights = RnnWeights {
///     input: dev.tensor_from_vec(vec![1.0], (1, 1)),
///     hidden: dev.tensor_from_vec(vec![0.5], (1, 1)),
///     bias: dev.tensor_from_vec(vec![0.25], (1,)),
/// };
/// let (x, h) = (dev.tensor_from_vec(vec![0.5], (1, 1)), dev.tensor_from_vec(vec![-1.0], (1, 1)));
/// let next = rnn_cell(x, h, &weights).as_vec()[0];
/// assert!((next - 0.25_f32.tanh()).abs() < 1e-6); // 0.5 · 1 − 1 · 0.5 + 0.25
/// ```
pub fn rnn_cell<D: Device<f32>, T: Tape<f32, D>>(
    x: Matrix<D, T>,
    h: Matrix<D, T>,
    weights: &RnnWeights<D>,
) -> Matrix<D, T> {
    todo!()
}

/// A vanilla recurrent layer: [`rnn_cell`] along whole sequences, always with the same weights.
///
/// ```text
/// h_t = rnn_cell(x_t, h_{t−1})          t = 1, 2, …, steps
/// ```
///
/// Shapes, batch first: `x` (n, steps, features), and `h` (n, hidden) is the state h₀ to begin with. All states come out,
/// (n, steps, hidden): h₁ first, h_steps last. There is at least one step.
///
/// Gradients flow through all steps, from every state back to the first input, to h₀ and to the weights: “back-propagation
/// through time” is nothing but the tape of this loop.
///
/// Source: slide “Vanilla RNN”; Werbos 1990.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::vanilla::{RnnWeights, rnn_unroll};
/// let dev = Cpu::default();
/// let weights = RnnWeights {
///     input: dev.tensor_from_vec(vec![1.0], (1, 1)),
///     hidden: dev.tensor_from_vec(vec![0.5], (1, 1)),
///     bias: dev.tensor_from_vec(vec![0.0], (1,)),
/// };
/// // one sequence of three steps: an impulse that fades away
/// let x = dev.tensor_from_vec(vec![1.0, 0.0, 0.0], (1, 3, 1));
/// let states = rnn_unroll(x, dev.zeros_like(&(1, 1)), &weights);
/// let first = 1.0_f32.tanh();
/// let second = (0.5 * first).tanh();
/// assert_eq!(states.shape(), &(1, 3, 1));
/// for (h, want) in states.as_vec().iter().zip([first, second, (0.5 * second).tanh()]) {
///     assert!((h - want).abs() < 1e-6);
/// }
/// ```
pub fn rnn_unroll<D: Device<f32>, T: Tape<f32, D>>(
    x: Sequences<D, T>,
    h: Matrix<D, T>,
    weights: &RnnWeights<D>,
) -> Sequences<D, T> {
    todo!()
}
