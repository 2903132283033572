//! Calls into `rnn::vanilla`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, Plain, serve};
use rnn::vanilla as student;

type Matrix = Plain<(usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("rnn_cell", |call| {
            let (x, h, weights): (Matrix, Matrix, _) = (call.tensor("x")?, call.tensor("h")?, weights(call)?);
            let y = student::rnn_cell(x.leaky_trace(), h.leaky_trace(), &weights);
            let student::RnnWeights { input, hidden, bias } = &weights;
            let leaves: [(&str, &dyn probe::Leaf); 5] =
                [("x", &x), ("h", &h), ("input", input), ("hidden", hidden), ("bias", bias)];
            Outputs::new().gradients(call, y, &leaves)
        }),
        ("rnn_unroll", |call| {
            let (x, h): (Plain<(usize, usize, usize)>, Matrix) = (call.tensor("x")?, call.tensor("h")?);
            let weights = weights(call)?;
            let y = student::rnn_unroll(x.leaky_trace(), h.leaky_trace(), &weights);
            let student::RnnWeights { input, hidden, bias } = &weights;
            let leaves: [(&str, &dyn probe::Leaf); 5] =
                [("x", &x), ("h", &h), ("input", input), ("hidden", hidden), ("bias", bias)];
            Outputs::new().gradients(call, y, &leaves)
        }),
    ])
}

fn weights(call: &Inputs) -> Result<student::RnnWeights<Dev>, Fault> {
    let (input, hidden) = (call.tensor("input")?, call.tensor("hidden")?);
    Ok(student::RnnWeights { input, hidden, bias: call.tensor("bias")? })
}
