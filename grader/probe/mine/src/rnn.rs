//! Layers from `rnn`.

use ::rnn::lstm;
use dfdx::prelude::*;
use toolkit::{
    own::{OwnLayers, Recorded},
    tensor::{Indices, Matrix, Sequences},
};

/// The LSTM layer: one cell, step by step. `lstm_unroll` returns no last c, and `lstm_last` none of the other states; with both a
/// network that goes on from where it was would do everything twice.
pub fn lstm_cell(own: &mut OwnLayers) {
    own.lstm = Some(|x, (h, mut c), weights| {
        let (x, tape) = x.split_tape();
        let (h, h_tape) = h.split_tape();
        // one tape for all, and it travels in h
        let mut h = h.put_tape(tape.merge(h_tape));
        let (n, steps, _) = *x.shape();
        let mut states: Vec<Matrix<Cpu, Recorded>> = Vec::with_capacity(steps);
        for step in 0..steps {
            let rows: Indices<Cpu> = x.device().tensor_from_vec(vec![step; n], (n,));
            (h, c) = lstm::lstm_cell(x.retaped::<Recorded>().select(rows), (h, c), weights);
            states.push(h.with_empty_tape());
        }
        // the last state with the tape, in place of its copy
        states.pop();
        states.push(h);
        let all: Sequences<Cpu, Recorded> = states.stack();
        (all.permute::<(usize, usize, usize), Axes3<1, 0, 2>>().contiguous(), c)
    });
}
