//! The LSTM, gate by gate.

use dfdx::prelude::*;
use toolkit::tensor::{Matrix, Sequences};

/// The weights of an LSTM layer: W, U and b of all four gates, side by side in the order i, f, g, o. With 2 units, W has 8
/// columns: 0 and 1 are W_i's, 2 and 3 W_f's, 4 and 5 W_g's, 6 and 7 W_o's. The toolkit's LSTM has them in the same order.
///
/// | field | shape | |
/// |---|---|---|
/// | `input` | (features, 4 · hidden) | W, what multiplies the input |
/// | `hidden` | (hidden, 4 · hidden) | U, what multiplies the state h |
/// | `bias` | (4 · hidden,) | b, what is added; PyTorch has two biases and adds them |
pub use toolkit::ops::LstmWeights;

/// The forget gate: how much of each number in the cell state is kept, from 0 (nothing) to 1 (all).
///
/// ```text
/// f_t = σ(W_f x_t + U_f h_{t−1} + b_f)            with rows: σ(x_t · W_f + h_{t−1} · U_f + b_f)
/// ```
///
/// The slide writes W_f · [h_{t−1}, x_t]: one matrix for both, which is our U_f above our W_f. Their columns are the second
/// quarter of [`LstmWeights`].
///
/// Shapes, batch first: `x` (n, features), `h` (n, hidden), f (n, hidden). Gradients flow to x, h and the weights, also when
/// many steps use the same weights. (dfdx's `slice` loses a part of them then; [`toolkit::shape::slice`] does not.)
///
/// Source: slide “The LSTM gate by gate”; Gers, Schmidhuber & Cummins 2000.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::lstm::{LstmWeights, forget_gate};
/// let dev = Cpu::default();
/// let weights = LstmWeights {
///     input: dev.zeros_like(&(1, 4)),
///     hidden: dev.zeros_like(&(1, 4)),
///     bias: dev.tensor_from_vec(vec![0.0, 1.0, 0.0, 0.0], (4,)), // of i, f, g, o
/// };
/// let f = forget_gate(dev.zeros_like(&(1, 1)), dev.zeros_like(&(1, 1)), &weights);
/// assert!((f.as_vec()[0] - 0.7310586).abs() < 1e-6); // σ(1)
/// ```
pub fn forget_gate<D: Device<f32>, T: Tape<f32, D>>(
    x: Matrix<D, T>,
    h: Matrix<D, T>,
    weights: &LstmWeights<D>,
) -> Matrix<D, T> {
    todo!()
}

/// The input gate: how much of what is new gets into the cell state.
///
/// ```text
/// i_t = σ(W_i x_t + U_i h_{t−1} + b_i)
/// ```
///
/// Shapes and gradients as for [`forget_gate`]; its columns are the first quarter of [`LstmWeights`].
///
/// Source: slide “The LSTM gate by gate”; Hochreiter & Schmidhuber 1997.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::lstm::{LstmWeights, input_gate};
/// let dev = Cpu::default();
/// let weights = LstmWeights {
///     input: dev.tensor_from_vec(vec![2.0, 0.0, 0.0, 0.0], (1, 4)),
///     hidden: dev.zeros_like(&(1, 4)),
///     bias: dev.zeros_like(&(4,)),
/// };
/// let i = input_gate(dev.ones_like(&(1, 1)), dev.zeros_like(&(1, 1)), &weights);
/// assert!((i.as_vec()[0] - 0.8807971).abs() < 1e-6); // σ(2)
/// ```
pub fn input_gate<D: Device<f32>, T: Tape<f32, D>>(
    x: Matrix<D, T>,
    h: Matrix<D, T>,
    weights: &LstmWeights<D>,
) -> Matrix<D, T> {
    todo!()
}

/// The cell's next state: what is kept of the old one, and what is new.
///
/// ```text
/// g_t = tanh(W_g x_t + U_g h_{t−1} + b_g)         the candidate; the slide calls it C̃_t
/// C_t = f_t ∗ C_{t−1} + i_t ∗ g_t                 ∗ multiplies element by element
/// ```
///
/// f_t and i_t are your [`forget_gate`] and [`input_gate`]; the candidate's columns are the third quarter of
/// [`LstmWeights`].
///
/// Shapes: `x` (n, features), `h` and the old state `c` (n, hidden), the new state (n, hidden). Gradients flow to x, h, c and
/// the weights.
///
/// Source: slide “The LSTM gate by gate”; Hochreiter & Schmidhuber 1997.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::lstm::{LstmWeights, cell_update};
/// let dev = Cpu::default();
/// let weights = LstmWeights {
///     input: dev.zeros_like(&(1, 4)),
///     hidden: dev.zeros_like(&(1, 4)),
///     bias: dev.tensor_from_vec(vec![0.0, 20.0, 0.5, 0.0], (4,)),
/// };
/// let zero = || dev.zeros_like(&(1, 1));
/// let c = cell_update(zero(), zero(), dev.tensor_from_vec(vec![3.0], (1, 1)), &weights);
/// assert!((c.as_vec()[0] - (3.0 + 0.5 * 0.5_f32.tanh())).abs() < 1e-5); // all is kept: σ(20) ≈ 1; σ(0) = 0.5
/// ```
pub fn cell_update<D: Device<f32>, T: Tape<f32, D>>(
    x: Matrix<D, T>,
    h: Matrix<D, T>,
    c: Matrix<D, T>,
    weights: &LstmWeights<D>,
) -> Matrix<D, T> {
    todo!()
}

/// The output gate: how much of each number in the cell state is shown.
///
/// ```text
/// o_t = σ(W_o x_t + U_o h_{t−1} + b_o)
/// ```
///
/// Shapes and gradients as for [`forget_gate`]; its columns are the last quarter of [`LstmWeights`]. Like the other gates it
/// looks at the *old* state h_{t−1}.
///
/// Source: slide “The LSTM gate by gate”; Hochreiter & Schmidhuber 1997.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::lstm::{LstmWeights, output_gate};
/// let dev = Cpu::default();
/// let weights = LstmWeights {
///     input: dev.zeros_like(&(1, 4)),
///     hidden: dev.tensor_from_vec(vec![0.0, 0.0, 0.0, -3.0], (1, 4)),
///     bias: dev.zeros_like(&(4,)),
/// };
/// let o = output_gate(dev.zeros_like(&(1, 1)), dev.ones_like(&(1, 1)), &weights);
/// assert!((o.as_vec()[0] - 0.0474259).abs() < 1e-6); // σ(−3)
/// ```
pub fn output_gate<D: Device<f32>, T: Tape<f32, D>>(
    x: Matrix<D, T>,
    h: Matrix<D, T>,
    weights: &LstmWeights<D>,
) -> Matrix<D, T> {
    todo!()
}

/// One step of an LSTM: it reads the input `x` and turns the states `(h, c)` into the next ones.
///
/// ```text
/// C_t = f_t ∗ C_{t−1} + i_t ∗ g_t                 your cell_update
/// h_t = o_t ∗ tanh(C_t)                           with your output_gate; the new C_t, not the old one
/// ```
///
/// Shapes: `x` (n, features); h and c (n, hidden), before and after. Returns (h_t, C_t). **The tape is in h_t**, and C_t has an
/// empty one: there is only one tape, and whatever takes both joins them again. Gradients flow through both.
///
/// Write it without the toolkit's own `lstm_step`.
///
/// Source: slide “The LSTM gate by gate”; Hochreiter & Schmidhuber 1997.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::lstm::{LstmWeights, lstm_cell};
/// let dev = Cpu::default();
/// let weights = LstmWeights {
///     input: dev.zeros_like(&(1, 4)),
///     hidden: dev.zeros_like(&(1, 4)),
///     bias: dev.zeros_like(&(4,)),
/// };
/// let states = (dev.zeros_like(&(1, 1)), dev.tensor_from_vec(vec![2.0], (1, 1)));
/// let (h, c) = lstm_cell(dev.ones_like(&(1, 1)), states, &weights);
/// assert!((c.as_vec()[0] - 1.0).abs() < 1e-6); // half is kept, nothing is new
/// assert!((h.as_vec()[0] - 0.5 * 1.0_f32.tanh()).abs() < 1e-6);
/// ```
pub fn lstm_cell<D: Device<f32>, T: Tape<f32, D>>(
    x: Matrix<D, T>,
    (h, c): (Matrix<D, T>, Matrix<D, T>),
    weights: &LstmWeights<D>,
) -> (Matrix<D, T>, Matrix<D, T>) {
    todo!()
}

/// An LSTM layer that returns all its states: [`lstm_cell`] along whole sequences.
///
/// ```text
/// (h_t, C_t) = lstm_cell(x_t, (h_{t−1}, C_{t−1}))          t = 1, 2, …, steps
/// ```
///
/// Shapes, batch first: `x` (n, steps, features), and `(h, c)`, (n, hidden) each, are the states to begin with. All h_t come
/// out, (n, steps, hidden): what a next layer reads. There is at least one step. Gradients flow through all of them.
///
/// Write it without the toolkit's own `lstm`.
///
/// Source: slide “The LSTM gate by gate”; Keras's `LSTM(return_sequences=True)`.
///
/// ```
/// use dfdx::prelude::*;
/// use rnn::lstm::{LstmWeights, lstm_last, lstm_unroll};
/// let dev = Cpu::default();
/// let weights = LstmWeights {
///     input: dev.ones_like(&(1, 4)),
///     hidden: dev.ones_like(&(1, 4)),
///     bias: dev.zeros_like(&(4,)),
/// };
/// let begin = || (dev.zeros_like(&(2, 1)), dev.zeros_like(&(2, 1)));
/// let x = dev.tensor_from_vec(vec![1.0, 0.5, -1.0, 0.0, 0.0, 0.0], (2, 3, 1));
/// let all = lstm_unroll(x.clone(), begin(), &weights);
/// let (last, _) = lstm_last(x, begin(), &weights);
/// assert_eq!((all.shape(), last.shape()), (&(2, 3, 1), &(2, 1)));
/// assert_eq!([all.as_vec()[2], all.as_vec()[5]], last.as_vec()[..]);
/// assert!((all.as_vec()[0] - 0.3696064).abs() < 1e-5); // σ(1) · tanh(σ(1) · tanh(1))
/// ```
pub fn lstm_unroll<D: Device<f32>, T: Tape<f32, D>>(
    x: Sequences<D, T>,
    (h, c): (Matrix<D, T>, Matrix<D, T>),
    weights: &LstmWeights<D>,
) -> Sequences<D, T> {
    todo!()
}

/// An LSTM layer that returns its last states only: (h_steps, C_steps), from which it could go on.
///
/// Everything else is as for [`lstm_unroll`], and the tape is in h, as for [`lstm_cell`]. A network that reads a whole
/// sequence to give one answer needs no more than h_steps.
///
/// Write it without the toolkit's own `lstm`.
///
/// Source: slide “The LSTM gate by gate”; Keras's `LSTM(return_state=True)`.
pub fn lstm_last<D: Device<f32>, T: Tape<f32, D>>(
    x: Sequences<D, T>,
    (h, c): (Matrix<D, T>, Matrix<D, T>),
    weights: &LstmWeights<D>,
) -> (Matrix<D, T>, Matrix<D, T>) {
    todo!()
}
