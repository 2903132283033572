//! Calls into `rnn::lstm`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Leaf, Outputs, Plain, Taped, serve};
use rnn::lstm::{self as student, LstmWeights};

type Matrix = Plain<(usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("forget_gate", |call| gate(call, student::forget_gate)),
        ("input_gate", |call| gate(call, student::input_gate)),
        ("output_gate", |call| gate(call, student::output_gate)),
        ("cell_update", |call| {
            let (x, h, c): (Matrix, Matrix, Matrix) =
                (call.tensor("x")?, call.tensor("h")?, call.tensor("c")?);
            let weights = read(call)?;
            let y = student::cell_update(x.leaky_trace(), h.leaky_trace(), c.leaky_trace(), &weights);
            gradients(call, y, &[("x", &x), ("h", &h), ("c", &c)], &weights)
        }),
        ("lstm_cell", |call| {
            let (x, h, c): (Matrix, Matrix, Matrix) =
                (call.tensor("x")?, call.tensor("h")?, call.tensor("c")?);
            let weights = read(call)?;
            let (next_h, next_c) =
                student::lstm_cell(x.leaky_trace(), (h.leaky_trace(), c.leaky_trace()), &weights);
            let y = (next_h, next_c).concat_along(Axis::<1>);
            gradients(call, y, &[("x", &x), ("h", &h), ("c", &c)], &weights)
        }),
        ("lstm_unroll", |call| {
            let (x, h, c): (Plain<(usize, usize, usize)>, Matrix, Matrix) =
                (call.tensor("x")?, call.tensor("h")?, call.tensor("c")?);
            let weights = read(call)?;
            let y = student::lstm_unroll(x.leaky_trace(), (h.leaky_trace(), c.leaky_trace()), &weights);
            gradients(call, y, &[("x", &x), ("h", &h), ("c", &c)], &weights)
        }),
        ("lstm_unroll/lstm_last", |call| {
            let (x, h, c): (Plain<(usize, usize, usize)>, Matrix, Matrix) =
                (call.tensor("x")?, call.tensor("h")?, call.tensor("c")?);
            let weights = read(call)?;
            let ends = student::lstm_last(x.leaky_trace(), (h.leaky_trace(), c.leaky_trace()), &weights);
            gradients(call, ends.concat_along(Axis::<1>), &[("x", &x), ("h", &h), ("c", &c)], &weights)
        }),
    ])
}

type Traced = Taped<(usize, usize)>;

fn gate(call: &Inputs, gate: fn(Traced, Traced, &LstmWeights<Dev>) -> Traced) -> Result<Outputs, Fault> {
    let (x, h, weights): (Matrix, Matrix, _) = (call.tensor("x")?, call.tensor("h")?, read(call)?);
    gradients(call, gate(x.leaky_trace(), h.leaky_trace(), &weights), &[("x", &x), ("h", &h)], &weights)
}

probe::network! {
    LstmWeights of call = LstmWeights { input, hidden, bias };
    input at input, hidden at hidden, bias at bias
}

/// The gradients of `leaves` and of the weights.
fn gradients<S: probe::FromLengths>(
    call: &Inputs,
    y: Taped<S>,
    leaves: &[(&str, &dyn Leaf)],
    weights: &LstmWeights<Dev>,
) -> Result<Outputs, Fault> {
    Outputs::new().gradients(call, y, &[leaves, &tensors(weights)].concat())
}
