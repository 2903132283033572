//! Calls into `special_layers::merge`.

use dfdx::prelude::*;
use probe::{Fault, FromLengths, Inputs, Leaf, Outputs, Plain, Taped, serve};
use special_layers::merge as student;

type Sequences = Plain<(usize, usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("merge_arithmetic", |call| match rank(call) {
            1 => arithmetic::<(usize,)>(call),
            2 => arithmetic::<(usize, usize)>(call),
            3 => arithmetic::<(usize, usize, usize)>(call),
            _ => arithmetic::<(usize, usize, usize, usize)>(call),
        }),
        ("merge_concatenate", |call| match rank(call) {
            1 => concatenate::<(usize,)>(call),
            2 => concatenate::<(usize, usize)>(call),
            3 => concatenate::<(usize, usize, usize)>(call),
            _ => concatenate::<(usize, usize, usize, usize)>(call),
        }),
        ("merge_dot", |call| {
            let (a, b): (Sequences, Sequences) = (call.tensor("a")?, call.tensor("b")?);
            let [i, j] = call.indexes("axes")?[..] else {
                return Err(Fault::Unsupported("`axes` is not a pair".to_owned()));
            };
            let y = student::merge_dot(a.leaky_trace(), b.leaky_trace(), (i, j), call.flag("normalize")?)?;
            Outputs::new().gradients(call, y, &[("a", &a), ("b", &b)])
        }),
    ])
}

/// How many axes the first input has; 2 where there is none.
fn rank(call: &Inputs) -> usize {
    let first = ["x0", "x"].into_iter().find(|name| call.has(name));
    let Some(name) = first else { return 2 };
    let ranks = [
        call.tensor::<(usize,)>(name).is_ok(),
        call.tensor::<(usize, usize)>(name).is_ok(),
        call.tensor::<(usize, usize, usize)>(name).is_ok(),
    ];
    ranks.iter().position(|is| *is).map_or(4, |i| i + 1)
}

fn arithmetic<S: FromLengths>(call: &Inputs) -> Result<Outputs, Fault> {
    if call.has("copies") {
        // New tensors with tapes of their own, all made of `x`, whose gradient is then the sum of theirs.
        let x: Plain<S> = call.tensor("x")?;
        let copies = (0..call.count("copies")?).map(|_| x.leaky_trace() * 1.0).collect();
        return Outputs::new().gradients(call, merged(call, copies)?, &[("x", &x)]);
    }
    let inputs: Vec<Plain<S>> = call.tensors("x")?;
    let y = merged(call, traced(&inputs))?;
    gradients(call, y, &inputs)
}

fn concatenate<S: FromLengths>(call: &Inputs) -> Result<Outputs, Fault> {
    let inputs: Vec<Plain<S>> = call.tensors("x")?;
    let y = student::merge_concatenate(traced(&inputs), call.count("axis")?)?;
    gradients(call, y, &inputs)
}

fn traced<S: Shape>(inputs: &[Plain<S>]) -> Vec<Taped<S>> {
    inputs.iter().map(|x| x.leaky_trace()).collect()
}

fn merged<S: Shape>(call: &Inputs, mut inputs: Vec<Taped<S>>) -> Result<Taped<S>, Fault> {
    Ok(match call.text("merge")? {
        "add" => student::merge_add(inputs)?,
        "multiply" => student::merge_multiply(inputs)?,
        "average" => student::merge_average(inputs)?,
        "maximum" => student::merge_maximum(inputs)?,
        "subtract" => match (inputs.pop(), inputs.pop()) {
            (Some(b), Some(a)) => student::merge_subtract(a, b)?,
            _ => return Err(Fault::Unsupported("a difference needs two inputs".to_owned())),
        },
        other => return Err(Fault::Unsupported(format!("there is no merge `{other}`"))),
    })
}

/// The result, and the gradients of `x0`, `x1`, …
fn gradients<S: FromLengths>(call: &Inputs, y: Taped<S>, inputs: &[Plain<S>]) -> Result<Outputs, Fault> {
    let names: Vec<String> = (0..inputs.len()).map(|i| format!("x{i}")).collect();
    let leaves: Vec<(&str, &dyn Leaf)> =
        names.iter().zip(inputs).map(|(name, x)| (name.as_str(), x as &dyn Leaf)).collect();
    Outputs::new().gradients(call, y, &leaves)
}
