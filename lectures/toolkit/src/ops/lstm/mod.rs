//! LSTM (Hochreiter & Schmidhuber 1997; Gers et al. 2000): a step, and a whole layer.

mod cell;
mod program;
mod weights;

use dfdx::prelude::*;

use super::bias::bias_add;
use super::time_step::time_step;
use crate::axes::slice;
use crate::own::{self, own};
use crate::tensor::{Matrix, Sequences};

pub use weights::LstmWeights;

/// LSTMs.
pub trait LstmOps: Device<f32> {
    /// The element-wise part of an LSTM step: pre-activations (n, 4·hidden) of the gates i, f, g, o and the cell state
    /// `c` (n, hidden) give `h` and the new `c`, each (n, hidden):
    /// `c' = σ(f)·c + σ(i)·tanh(g)`, `h = σ(o)·tanh(c')`. The tape is in `h`.
    fn lstm_step<T: Tape<f32, Self>>(
        gates: Matrix<Self, T>,
        state: Matrix<Self, T>,
    ) -> (Matrix<Self, T>, Matrix<Self, T>) {
        lstm_step(gates, state)
    }

    /// An LSTM layer from zero states: (n, steps, features) gives all hidden states (n, steps, hidden).
    fn lstm<T: Tape<f32, Self>>(x: Sequences<Self, T>, weights: &LstmWeights<Self>) -> Sequences<Self, T> {
        lstm(x, weights)
    }

    /// [`LstmOps::lstm`] from the states `(h, c)`, each (n, hidden), with which an earlier part of the sequences ended:
    /// all hidden states (n, steps, hidden), of which the last is the new `h`, and the new `c`. The tape is in the first.
    fn lstm_from<T: Tape<f32, Self>>(
        x: Sequences<Self, T>,
        state: (Matrix<Self, T>, Matrix<Self, T>),
        weights: &LstmWeights<Self>,
    ) -> (Sequences<Self, T>, Matrix<Self, T>) {
        lstm_from(x, state, weights)
    }
}

#[cfg(feature = "cuda")]
impl LstmOps for Cuda {}

/// [`LstmOps::lstm_step`] from dfdx's operations: slices, sigmoids and hyperbolic tangents.
pub fn lstm_step<D: Device<f32>, T: Tape<f32, D>>(
    gates: Matrix<D, T>,
    state: Matrix<D, T>,
) -> (Matrix<D, T>, Matrix<D, T>) {
    let (n, width) = *state.shape();
    assert_eq!(*gates.shape(), (n, 4 * width), "lstm_step: gates for a state of {:?}", state.shape());
    let (gates, tape) = gates.split_tape();
    let part = |k: usize| slice(gates.retaped::<T>(), (.., k * width..(k + 1) * width));
    let i = slice(gates.clone().put_tape(tape), (.., 0..width)).sigmoid();
    let c = part(1).sigmoid() * state + i * part(2).tanh();
    let next = c.with_empty_tape();
    (part(3).sigmoid() * c.tanh(), next)
}

/// [`LstmOps::lstm`] from dfdx's operations: [`lstm_from`] zero states.
pub fn lstm<D: Device<f32>, T: Tape<f32, D>>(
    x: Sequences<D, T>,
    weights: &LstmWeights<D>,
) -> Sequences<D, T> {
    let (dev, states) = (x.device().clone(), (x.shape().0, weights.hidden.shape().0));
    let zeros = || -> Matrix<D> { dev.zeros_like(&states) };
    lstm_from(x, (zeros().retaped(), zeros().retaped()), weights).0
}

/// [`LstmOps::lstm_from`] from dfdx's operations: one matrix product for all inputs, one a step for the state.
pub fn lstm_from<D: Device<f32>, T: Tape<f32, D>>(
    x: Sequences<D, T>,
    (h, mut c): (Matrix<D, T>, Matrix<D, T>),
    weights: &LstmWeights<D>,
) -> (Sequences<D, T>, Matrix<D, T>) {
    let (n, steps, features) = *x.shape();
    let width = weights.check(features);
    let projected = x.reshape_like(&(n * steps, features)).matmul(weights.input.retaped::<T>());
    let (projected, tape) =
        bias_add(projected, &weights.bias).reshape_like(&(n, steps, 4 * width)).split_tape();
    // the tape travels in h; earlier states are kept without it
    let (h, h_tape) = h.split_tape();
    let mut h = h.put_tape(tape.merge(h_tape));
    let mut states = Vec::with_capacity(steps);
    for step in 0..steps {
        let gates = h.matmul(weights.hidden.retaped::<T>()) + time_step(projected.retaped::<T>(), step);
        (h, c) = lstm_step(gates, c);
        states.push(h.with_empty_tape());
    }
    states.pop();
    states.push(h);
    let all: Sequences<D, T> = states.stack();
    (all.permute::<(usize, usize, usize), Axes3<1, 0, 2>>().contiguous(), c)
}

impl LstmOps for Cpu {
    fn lstm_step<T: Tape<f32, Cpu>>(
        gates: Matrix<Cpu, T>,
        state: Matrix<Cpu, T>,
    ) -> (Matrix<Cpu, T>, Matrix<Cpu, T>) {
        program::lstm_step(gates, state)
    }

    fn lstm<T: Tape<f32, Cpu>>(x: Sequences<Cpu, T>, weights: &LstmWeights<Cpu>) -> Sequences<Cpu, T> {
        if let Some(layer) = own(|own| own.lstm) {
            let (dev, states) = (x.device().clone(), (x.shape().0, weights.hidden.shape().0));
            let zeros = || -> Matrix<Cpu> { dev.zeros_like(&states) };
            return own::lstm(x, (zeros().retaped(), zeros().retaped()), weights, layer).0;
        }
        program::layer(x, None, weights).0
    }

    fn lstm_from<T: Tape<f32, Cpu>>(
        x: Sequences<Cpu, T>,
        (h, c): (Matrix<Cpu, T>, Matrix<Cpu, T>),
        weights: &LstmWeights<Cpu>,
    ) -> (Sequences<Cpu, T>, Matrix<Cpu, T>) {
        let states = (x.shape().0, weights.hidden.shape().0);
        assert_eq!((*h.shape(), *c.shape()), (states, states), "lstm_from: states to begin from");
        match own(|own| own.lstm) {
            Some(layer) => own::lstm(x, (h, c), weights, layer),
            None => program::layer(x, Some([h, c]), weights),
        }
    }
}
