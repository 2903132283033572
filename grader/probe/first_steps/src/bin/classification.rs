//! Calls into `first_steps::classification`.

use dfdx::prelude::*;
use first_steps::classification as student;
use probe::{Outputs, Plain, serve};

type Matrix = Plain<(usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("softmax", |call| {
            let logits: Matrix = call.tensor("logits")?;
            Outputs::new().gradients(call, student::softmax(logits.leaky_trace()), &[("logits", &logits)])
        }),
        ("one_hot", |call| {
            let y = student::one_hot(&call.indexes("labels")?, call.count("classes")?, &call.dev)?;
            Ok(Outputs::new().tensor("y", &y))
        }),
        ("cross_entropy", |call| {
            let logits: Matrix = call.tensor("logits")?;
            let loss = student::cross_entropy(logits.leaky_trace(), &call.indexes("labels")?)?;
            Outputs::new().gradients(call, loss, &[("logits", &logits)])
        }),
    ])
}
