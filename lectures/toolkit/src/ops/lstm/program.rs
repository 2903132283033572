//! The CPU's LSTM: one fused step, and a whole layer whose sequences are shared out over the threads.

use dfdx::prelude::*;
use rayon::prelude::*;

use super::cell::{Sizes, Start, Trace, Weights, backward, cell, cell_backward, forward};
use super::weights::LstmWeights;
use crate::tape::{add_assign, open, values};
use crate::tensor::{Matrix, Sequences};

/// See [`crate::ops::LstmOps::lstm_step`].
pub(super) fn lstm_step<T: Tape<f32, Cpu>>(
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

/// All hidden states and the last cell state, whose tape is with the hidden states.
pub(super) fn layer<T: Tape<f32, Cpu>>(
    x: Sequences<Cpu, T>,
    start: Option<[Matrix<Cpu, T>; 2]>,
    weights: &LstmWeights<Cpu>,
) -> (Sequences<Cpu, T>, Matrix<Cpu, T>) {
    let (n, steps, features) = *x.shape();
    let sizes = Sizes { steps, features, hidden: weights.check(features) };
    let (x, sequences, tape) = open(x);
    let (input, w_input, input_tape) = open(weights.input.retaped::<T>());
    let (hidden, w_hidden, hidden_tape) = open(weights.hidden.retaped::<T>());
    let (bias, w_bias, bias_tape) = open(weights.bias.retaped::<T>());
    let mut tape = tape.merge(input_tape).merge(hidden_tape).merge(bias_tape);
    let weights = Weights { input: w_input, hidden: w_hidden, bias: w_bias };
    let (mut starts, mut begin) = (vec![], vec![]);
    for state in start.into_iter().flatten() {
        let (state, values, state_tape) = open(state);
        starts.push(state.ghost());
        begin.push(values);
        tape = tape.merge(state_tape);
    }
    let run = Run::new(sizes, weights, sequences, begin);
    let y: Sequences<Cpu> = x.device().tensor_from_vec(run.h.clone(), (n, steps, sizes.hidden));
    let c: Matrix<Cpu> = x.device().tensor_from_vec(run.last_cells(), (n, sizes.hidden));
    if T::OWNS_TAPE {
        let (x, output, last) = (x.ghost(), y.ghost(), c.ghost());
        tape.add_backward_op(move |gradients| {
            let d_y = gradients.get_or_alloc_mut(&output)?.to_vec();
            let d_c = gradients.get_or_alloc_mut(&last)?.to_vec();
            let mut d_states = [vec![0.0; d_c.len()], d_c];
            let d_weights = run.backward(&d_y, gradients.get_or_alloc_mut(&x)?, &mut d_states);
            add_assign(gradients.get_or_alloc_mut(&input)?, &d_weights.input);
            add_assign(gradients.get_or_alloc_mut(&hidden)?, &d_weights.hidden);
            add_assign(gradients.get_or_alloc_mut(&bias)?, &d_weights.bias);
            for (state, d_state) in starts.iter().zip(d_states) {
                add_assign(gradients.get_or_alloc_mut(state)?, &d_state);
            }
            Ok(())
        });
    }
    (y.put_tape(tape), c.retaped::<T>())
}

/// The fewest sequences that pay a thread: a product of few rows takes several times as long for each of them.
const LEAST: usize = 8;

/// A forward run and what its backward run needs.
struct Run {
    sizes: Sizes,
    weights: Weights,
    x: Vec<f32>,
    /// The states h and c to begin from, if not from zeros.
    start: Vec<Vec<f32>>,
    gates: Vec<f32>,
    c: Vec<f32>,
    h: Vec<f32>,
}

impl Run {
    fn new(sizes: Sizes, weights: Weights, x: Vec<f32>, start: Vec<Vec<f32>>) -> Self {
        let states = x.len() / sizes.features * sizes.hidden;
        let (gates, [c, h]) = (vec![0.0; 4 * states], [(); 2].map(|()| vec![0.0; states]));
        let mut run = Run { sizes, weights, x, start, gates, c, h };
        let (inputs, states) = run.shares();
        let (sizes, weights, start) = (&run.sizes, &run.weights, &run.start);
        let outputs = run.c.par_chunks_mut(states).zip(run.h.par_chunks_mut(states));
        let shares = run.gates.par_chunks_mut(4 * states).zip(outputs).zip(run.x.par_chunks(inputs));
        shares.enumerate().for_each(|(share, ((gates, (c, h)), x))| {
            let start = start_of(start, share * states / sizes.steps, c.len() / sizes.steps);
            forward(sizes, weights, (x, start), gates, c, h);
        });
        run
    }

    /// Numbers of inputs and of states that one thread gets.
    fn shares(&self) -> (usize, usize) {
        let Sizes { steps, features, hidden } = self.sizes;
        let sequences = self.x.len() / (steps * features);
        let threads = rayon::current_num_threads().min(sequences / LEAST).max(1);
        let sequences = sequences.div_ceil(threads).max(1);
        (sequences * steps * features, sequences * steps * hidden)
    }

    fn last_cells(&self) -> Vec<f32> {
        let Sizes { steps, hidden, .. } = self.sizes;
        self.c.chunks_exact(steps * hidden).flat_map(|c| &c[(steps - 1) * hidden..]).copied().collect()
    }

    /// See [`backward`] for `d_states`, those of h and c.
    fn backward(&self, d_y: &[f32], d_x: &mut [f32], d_states: &mut [Vec<f32>; 2]) -> Weights {
        let (sizes, (inputs, states)) = (&self.sizes, self.shares());
        let traces = self
            .x
            .par_chunks(inputs)
            .zip(self.gates.par_chunks(4 * states))
            .zip(self.c.par_chunks(states).zip(self.h.par_chunks(states)));
        let [d_h, d_c] = d_states.each_mut().map(|d_state| d_state.par_chunks_mut(states / sizes.steps));
        let shares =
            traces.zip(d_y.par_chunks(states).zip(d_x.par_chunks_mut(inputs))).zip(d_h.zip(d_c)).enumerate();
        let parts: Vec<Weights> = shares
            .map(|(share, ((((x, gates), (c, h)), d_ends), d_states))| {
                let start = start_of(&self.start, share * states / sizes.steps, c.len() / sizes.steps);
                backward(sizes, &self.weights, &Trace { x, start, gates, c, h }, d_ends, d_states)
            })
            .collect();
        parts.into_iter().reduce(Weights::add).unwrap_or_else(|| Weights::zeros(sizes))
    }
}

/// The part of the states to begin from that belongs to one thread's sequences.
fn start_of(start: &[Vec<f32>], at: usize, length: usize) -> Option<Start<'_>> {
    let [h, c] = start else { return None };
    Some(Start { h: &h[at..at + length], c: &c[at..at + length] })
}
