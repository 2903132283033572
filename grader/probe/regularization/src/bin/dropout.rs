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

/// Two calls in a row with one generator, unless one alone is timed; `masks_of_examples` and `masks_of_units` say who was kept in the first.
fn twice<S: FromLengths>(call: &Inputs, x: Plain<S>) -> Result<Outputs, Fault> {
    let (p, training, mut rng) = (call.number("p")?, call.flag("training")?, call.rng("seed")?);
    let y = student::dropout(x.leaky_trace(), p, training, &mut rng)?;
    if call.has("once") {
        return Outputs::new().gradients(call, y, &[("x", &x)]);
    }
    let next = student::dropout(x.clone(), p, training, &mut rng)?;
    let kept: Vec<bool> = y.as_vec().iter().map(|&y| y != 0.0).collect();
    let examples = x.shape().concrete()[0];
    let units = kept.len() / examples;
    let of_example = (0..examples).map(|n| mask((0..units).map(|u| kept[n * units + u])));
    let of_unit = (0..units).map(|u| mask((0..examples).map(|n| kept[n * units + u])));
    Outputs::new()
        .tensor("next_y", &next)
        .double("masks_of_examples", &call.dev.tensor_from_vec(of_example.collect(), (examples,)))
        .double("masks_of_units", &call.dev.tensor_from_vec(of_unit.collect(), (units,)))
        .gradients(call, y, &[("x", &x)])
}

/// A mask as one binary number, exact for up to 53 bits.
fn mask(kept: impl Iterator<Item = bool>) -> f64 {
    kept.fold(0.0, |mask, kept| 2.0 * mask + f64::from(u8::from(kept)))
}
