//! Calls into `rnn::vanilla`.

use dfdx::prelude::*;
use probe::{Dev, Fault, FromLengths, Inputs, Leaf, Outputs, Plain, Taped, serve};
use rnn::vanilla::{self as student, RnnWeights};

type Matrix = Plain<(usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("rnn_cell", |call| {
            let (x, h, weights): (Matrix, Matrix, _) = (call.tensor("x")?, call.tensor("h")?, read(call)?);
            let y = student::rnn_cell(x.leaky_trace(), h.leaky_trace(), &weights);
            gradients(call, y, [("x", &x), ("h", &h)], &weights)
        }),
        ("rnn_unroll", |call| {
            let (x, h): (Plain<(usize, usize, usize)>, Matrix) = (call.tensor("x")?, call.tensor("h")?);
            let weights = read(call)?;
            let y = student::rnn_unroll(x.leaky_trace(), h.leaky_trace(), &weights);
            gradients(call, y, [("x", &x), ("h", &h)], &weights)
        }),
    ])
}

probe::network! {
    RnnWeights of call = RnnWeights { input, hidden, bias };
    input at input, hidden at hidden, bias at bias
}

/// The gradients of `leaves` and of the weights.
fn gradients<S: FromLengths>(
    call: &Inputs,
    y: Taped<S>,
    leaves: [(&str, &dyn Leaf); 2],
    weights: &RnnWeights<Dev>,
) -> Result<Outputs, Fault> {
    Outputs::new().gradients(call, y, &[&leaves[..], &tensors(weights)].concat())
}
