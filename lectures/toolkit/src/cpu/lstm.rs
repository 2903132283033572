//! LSTM: one fused step, and a whole layer whose sequences are shared out over the threads.

use dfdx::prelude::*;
use rayon::prelude::*;

use super::lstm_kernel::{Sizes, Trace, Weights, backward, cell, cell_backward, forward};
use super::share;
use crate::ops::LstmWeights;
use crate::tape::{add_assign, open, values};
use crate::tensor::{Matrix, Sequences};

/// See [`crate::ops::LayerOps::lstm_step`].
pub(crate) fn lstm_step<T: Tape<f32, Cpu>>(
    gates: Matrix<Cpu, T>,
    state: Matrix<Cpu, T>,
) -> (Matrix<Cpu, T>, Matrix<Cpu, T>) {
    let (n, width) = *state.shape();
    assert_eq!(*gates.shape(), (n, 4 * width), "lstm_step: gates for a state of {:?}", state.shape());
    let (gates, mut activations, tape) = open(gates);
    let (state, before, state_tape) = open(state);
    let mut tape = tape.merge(state_tape);
    let (mut c, mut h) = (vec![0.0; n * width], vec![0.0; n * width]);
    let rows = activations.chunks_exact_mut(4 * width).zip(before.chunks_exact(width));
    let out = c.chunks_exact_mut(width).zip(h.chunks_exact_mut(width));
    rows.zip(out).for_each(|((gates, before), (c, h))| cell(gates, Some(before), c, h));
    let device = gates.device();
    let h: Matrix<Cpu> = device.tensor_from_vec(h, (n, width));
    let c: Matrix<Cpu> = device.tensor_from_vec(c, (n, width));
    if T::OWNS_TAPE {
        let (gates, state, c, output) = (gates.ghost(), state.ghost(), c.clone(), h.ghost());
        tape.add_backward_op(move |gradients| {
            let d_h = gradients.get_or_alloc_mut(&output)?.to_vec();
            let mut d_c = gradients.get_or_alloc_mut(&c)?.to_vec();
            let c = values(&c);
            let rows = activations.chunks_exact_mut(4 * width).zip(before.chunks_exact(width));
            let upstream = d_h.chunks_exact(width).zip(d_c.chunks_exact_mut(width));
            rows.zip(c.chunks_exact(width)).zip(upstream).for_each(|(((gates, before), c), (d_h, d_c))| {
                cell_backward(gates, Some(before), c, d_h, d_c);
            });
            add_assign(gradients.get_or_alloc_mut(&gates)?, &activations);
            add_assign(gradients.get_or_alloc_mut(&state)?, &d_c);
            Ok(())
        });
    }
    (h.put_tape(tape), c.retaped::<T>())
}

/// See [`crate::ops::LayerOps::lstm`].
pub(crate) fn lstm<T: Tape<f32, Cpu>>(x: Sequences<Cpu, T>, weights: &LstmWeights<Cpu>) -> Sequences<Cpu, T> {
    let (n, steps, features) = *x.shape();
    let sizes = Sizes { steps, features, hidden: weights.check(features) };
    let (x, sequences, tape) = open(x);
    let (input, w_input, input_tape) = open(weights.input.retaped::<T>());
    let (hidden, w_hidden, hidden_tape) = open(weights.hidden.retaped::<T>());
    let (bias, w_bias, bias_tape) = open(weights.bias.retaped::<T>());
    let mut tape = tape.merge(input_tape).merge(hidden_tape).merge(bias_tape);
    let weights = Weights { input: w_input, hidden: w_hidden, bias: w_bias };
    let run = Run::new(sizes, weights, sequences);
    let y: Sequences<Cpu> = x.device().tensor_from_vec(run.h.clone(), (n, steps, sizes.hidden));
    if T::OWNS_TAPE {
        let (x, output) = (x.ghost(), y.ghost());
        tape.add_backward_op(move |gradients| {
            let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
            let d_weights = run.backward(&d_y, gradients.get_or_alloc_mut(&x)?);
            add_assign(gradients.get_or_alloc_mut(&input)?, &d_weights.input);
            add_assign(gradients.get_or_alloc_mut(&hidden)?, &d_weights.hidden);
            add_assign(gradients.get_or_alloc_mut(&bias)?, &d_weights.bias);
            **gradients.get_or_alloc_mut(&output)? = d_y;
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// A forward run and what its backward run needs.
struct Run {
    sizes: Sizes,
    weights: Weights,
    x: Vec<f32>,
    gates: Vec<f32>,
    c: Vec<f32>,
    h: Vec<f32>,
}

impl Run {
    fn new(sizes: Sizes, weights: Weights, x: Vec<f32>) -> Self {
        let states = x.len() / sizes.features * sizes.hidden;
        let mut run = Run {
            sizes,
            weights,
            x,
            gates: vec![0.0; 4 * states],
            c: vec![0.0; states],
            h: vec![0.0; states],
        };
        let (inputs, states) = run.shares();
        let outputs = run.c.par_chunks_mut(states).zip(run.h.par_chunks_mut(states));
        run.gates
            .par_chunks_mut(4 * states)
            .zip(outputs)
            .zip(run.x.par_chunks(inputs))
            .for_each(|((gates, (c, h)), x)| forward(&run.sizes, &run.weights, x, gates, c, h));
        run
    }

    /// Numbers of inputs and of states that one thread gets.
    fn shares(&self) -> (usize, usize) {
        let Sizes { steps, features, hidden } = self.sizes;
        let sequences = share(self.x.len() / (steps * features));
        (sequences * steps * features, sequences * steps * hidden)
    }

    fn backward(&self, d_y: &[f32], d_x: &mut [f32]) -> Weights {
        let (inputs, states) = self.shares();
        let traces = self
            .x
            .par_chunks(inputs)
            .zip(self.gates.par_chunks(4 * states))
            .zip(self.c.par_chunks(states).zip(self.h.par_chunks(states)));
        let parts: Vec<Weights> = traces
            .zip(d_y.par_chunks(states).zip(d_x.par_chunks_mut(inputs)))
            .map(|(((x, gates), (c, h)), (d_y, d_x))| {
                backward(&self.sizes, &self.weights, &Trace { x, gates, c, h }, d_y, d_x)
            })
            .collect();
        parts.into_iter().reduce(Weights::add).unwrap_or_else(|| Weights::zeros(&self.sizes))
    }
}
