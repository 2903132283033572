//! Calls into `rnn::lstm`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Leaf, Outputs, Plain, Taped, serve};
use rnn::lstm as student;

type Matrix = Plain<(usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("forget_gate", |call| gate(call, student::forget_gate)),
        ("input_gate", |call| gate(call, student::input_gate)),
        ("output_gate", |call| gate(call, student::output_gate)),
        ("cell_update", |call| {
            let (x, h, c): (Matrix, Matrix, Matrix) =
                (call.tensor("x")?, call.tensor("h")?, call.tensor("c")?);
            let weights = weights(call)?;
            let y = student::cell_update(x.leaky_trace(), h.leaky_trace(), c.leaky_trace(), &weights);
            gradients(call, y, &[("x", &x), ("h", &h), ("c", &c)], &weights)
        }),
        ("lstm_cell", |call| {
            let (x, h, c): (Matrix, Matrix, Matrix) =
                (call.tensor("x")?, call.tensor("h")?, call.tensor("c")?);
            let weights = weights(call)?;
            let (next_h, next_c) =
                student::lstm_cell(x.leaky_trace(), (h.leaky_trace(), c.leaky_trace()), &weights);
            let y = (next_h, next_c).concat_along(Axis::<1>);
            gradients(call, y, &[("x", &x), ("h", &h), ("c", &c)], &weights)
        }),
        ("lstm_unroll", |call| {
            let (x, h, c): (Plain<(usize, usize, usize)>, Matrix, Matrix) =
                (call.tensor("x")?, call.tensor("h")?, call.tensor("c")?);
            let (weights, states) = (weights(call)?, (h.leaky_trace(), c.leaky_trace()));
            let leaves: [(&str, &dyn Leaf); 3] = [("x", &x), ("h", &h), ("c", &c)];
            if call.flag("last")? {
                let y = student::lstm_last(x.leaky_trace(), states, &weights).concat_along(Axis::<1>);
                return gradients(call, y, &leaves, &weights);
            }
            gradients(call, student::lstm_unroll(x.leaky_trace(), states, &weights), &leaves, &weights)
        }),
    ])
}

type Weights = student::LstmWeights<Dev>;
type Traced = Taped<(usize, usize)>;

fn gate(call: &Inputs, gate: fn(Traced, Traced, &Weights) -> Traced) -> Result<Outputs, Fault> {
    let (x, h, weights): (Matrix, Matrix, _) = (call.tensor("x")?, call.tensor("h")?, weights(call)?);
    gradients(call, gate(x.leaky_trace(), h.leaky_trace(), &weights), &[("x", &x), ("h", &h)], &weights)
}

fn weights(call: &Inputs) -> Result<Weights, Fault> {
    let (input, hidden) = (call.tensor("input")?, call.tensor("hidden")?);
    Ok(Weights { input, hidden, bias: call.tensor("bias")? })
}

/// The gradients of `leaves` and of the weights.
fn gradients<S: probe::FromLengths>(
    call: &Inputs,
    y: Taped<S>,
    leaves: &[(&str, &dyn Leaf)],
    weights: &Weights,
) -> Result<Outputs, Fault> {
    let Weights { input, hidden, bias } = weights;
    let weights: [(&str, &dyn Leaf); 3] = [("input", input), ("hidden", hidden), ("bias", bias)];
    Outputs::new().gradients(call, y, &[leaves, &weights].concat())
}
