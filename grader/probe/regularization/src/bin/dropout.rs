//! Calls into `regularization::dropout`.

use dfdx::prelude::*;
use probe::{Fault, FromLengths, Inputs, Outputs, Plain, serve};
use regularization::dropout as student;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("dropout", |call| match call.tensor::<(usize, usize)>("x") {
        Ok(x) => twice(call, x),
        Err(_) => twice(call, call.tensor::<(usize, usize, usize, usize)>("x")?),
    })])
}

/// Two calls in a row with one generator, unless one alone is timed.
fn twice<S: FromLengths>(call: &Inputs, x: Plain<S>) -> Result<Outputs, Fault> {
    let (p, training, mut rng) = (call.number("p")?, call.flag("training")?, call.rng("seed")?);
    if call.has("batches") {
        return many(call, &x, p);
    }
    let y = student::dropout(x.leaky_trace(), p, training, &mut rng)?;
    if call.has("once") {
        return Outputs::new().gradients(call, y, &[("x", &x)]);
    }
    let next = student::dropout(x.clone(), p, training, &mut rng)?;
    Outputs::new().tensor("next_y", &next).gradients(call, y, &[("x", &x)])
}

/// Many calls in a row with one generator, a row of `batches` for each.
fn many<S: FromLengths>(call: &Inputs, x: &Plain<S>, p: f32) -> Result<Outputs, Fault> {
    let (batches, mut rng) = (call.count("batches")?, call.rng("seed")?);
    let mut all = Vec::new();
    for _ in 0..batches {
        all.extend(student::dropout(x.clone(), p, true, &mut rng)?.as_vec());
    }
    let units = all.len() / batches.max(1);
    Ok(Outputs::new().tensor("batches", &call.dev.tensor_from_vec(all, (batches, units))))
}
