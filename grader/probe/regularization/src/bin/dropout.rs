//! Calls into `regularization::dropout`.

use dfdx::prelude::*;
use probe::{Fault, FromLengths, Inputs, Outputs, Plain, serve};
use regularization::dropout as student;

type Matrix = Plain<(usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("dropout", |call| match call.tensor::<(usize, usize)>("x") {
            Ok(x) => twice(call, x),
            Err(_) => twice(call, call.tensor::<(usize, usize, usize, usize)>("x")?),
        }),
        ("dropout/dropout once", once),
        ("dropout/dropout many times", many),
    ])
}

fn once(call: &Inputs) -> Result<Outputs, Fault> {
    let (p, training, mut rng) = (call.number("p")?, call.flag("training")?, call.rng("seed")?);
    let x: Matrix = call.tensor("x")?;
    let y = student::dropout(x.leaky_trace(), p, training, &mut rng)?;
    Outputs::new().gradients(call, y, &[("x", &x)])
}

/// Two calls in a row with one generator.
fn twice<S: FromLengths>(call: &Inputs, x: Plain<S>) -> Result<Outputs, Fault> {
    let (p, training, mut rng) = (call.number("p")?, call.flag("training")?, call.rng("seed")?);
    let y = student::dropout(x.leaky_trace(), p, training, &mut rng)?;
    let next = student::dropout(x.clone(), p, training, &mut rng)?;
    Outputs::new().tensor("next_y", &next).gradients(call, y, &[("x", &x)])
}

/// Many calls in a row with one generator, a row of `batches` for each.
fn many(call: &Inputs) -> Result<Outputs, Fault> {
    let (x, p): (Matrix, f32) = (call.tensor("x")?, call.number("p")?);
    let (batches, mut rng) = (call.count("batches")?, call.rng("seed")?);
    let mut all = Vec::new();
    for _ in 0..batches {
        all.extend(student::dropout(x.clone(), p, true, &mut rng)?.as_vec());
    }
    let units = all.len() / batches.max(1);
    Ok(Outputs::new().tensor("batches", &call.dev.tensor_from_vec(all, (batches, units))))
}
