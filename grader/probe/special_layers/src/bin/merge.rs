//! Calls into `special_layers::merge`.

use dfdx::prelude::*;
use probe::{Fault, FromLengths, Inputs, Leaf, Outputs, Plain, Taped, serve};
use special_layers::merge as student;

type Sequences = Plain<(usize, usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("merge_arithmetic/merge_add", |call| arithmetic(call, Merge::Add)),
        ("merge_arithmetic/merge_subtract", |call| arithmetic(call, Merge::Subtract)),
        ("merge_arithmetic/merge_multiply", |call| arithmetic(call, Merge::Multiply)),
        ("merge_arithmetic/merge_average", |call| arithmetic(call, Merge::Average)),
        ("merge_arithmetic/merge_maximum", |call| arithmetic(call, Merge::Maximum)),
        ("merge_arithmetic/merge_add of copies", |call| of_copies(call, Merge::Add)),
        ("merge_arithmetic/merge_multiply of copies", |call| of_copies(call, Merge::Multiply)),
        ("merge_arithmetic/merge_average of copies", |call| of_copies(call, Merge::Average)),
        ("merge_arithmetic/merge_maximum of copies", |call| of_copies(call, Merge::Maximum)),
        ("merge_concatenate", |call| match rank(call, "x0") {
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

/// How many axes this input has; 2 where there is no input.
fn rank(call: &Inputs, name: &str) -> usize {
    let ranks = [
        call.tensor::<(usize,)>(name).is_ok(),
        call.tensor::<(usize, usize)>(name).is_ok(),
        call.tensor::<(usize, usize, usize)>(name).is_ok(),
        call.tensor::<(usize, usize, usize, usize)>(name).is_ok(),
    ];
    ranks.iter().position(|is| *is).map_or(2, |i| i + 1)
}

/// Ways to merge element by element.
#[derive(Clone, Copy)]
enum Merge {
    Add,
    Subtract,
    Multiply,
    Average,
    Maximum,
}

fn arithmetic(call: &Inputs, merge: Merge) -> Result<Outputs, Fault> {
    match rank(call, "x0") {
        1 => of_rank::<(usize,)>(call, merge),
        2 => of_rank::<(usize, usize)>(call, merge),
        3 => of_rank::<(usize, usize, usize)>(call, merge),
        _ => of_rank::<(usize, usize, usize, usize)>(call, merge),
    }
}

fn of_rank<S: FromLengths>(call: &Inputs, merge: Merge) -> Result<Outputs, Fault> {
    let inputs: Vec<Plain<S>> = call.tensors("x")?;
    let y = merged(merge, traced(&inputs))?;
    gradients(call, y, &inputs)
}

/// New tensors with tapes of their own, all made of `x`, whose gradient is then the sum of theirs.
fn of_copies(call: &Inputs, merge: Merge) -> Result<Outputs, Fault> {
    let x: Plain<(usize, usize)> = call.tensor("x")?;
    let copies = (0..call.count("copies")?).map(|_| x.leaky_trace() * 1.0).collect();
    Outputs::new().gradients(call, merged(merge, copies)?, &[("x", &x)])
}

fn concatenate<S: FromLengths>(call: &Inputs) -> Result<Outputs, Fault> {
    let inputs: Vec<Plain<S>> = call.tensors("x")?;
    let y = student::merge_concatenate(traced(&inputs), call.count("axis")?)?;
    gradients(call, y, &inputs)
}

fn traced<S: Shape>(inputs: &[Plain<S>]) -> Vec<Taped<S>> {
    inputs.iter().map(|x| x.leaky_trace()).collect()
}

fn merged<S: Shape>(merge: Merge, mut inputs: Vec<Taped<S>>) -> Result<Taped<S>, Fault> {
    Ok(match merge {
        Merge::Add => student::merge_add(inputs)?,
        Merge::Multiply => student::merge_multiply(inputs)?,
        Merge::Average => student::merge_average(inputs)?,
        Merge::Maximum => student::merge_maximum(inputs)?,
        Merge::Subtract => match (inputs.pop(), inputs.pop()) {
            (Some(b), Some(a)) => student::merge_subtract(a, b)?,
            _ => return Err(Fault::Unsupported("a difference needs two inputs".to_owned())),
        },
    })
}

/// The result, and the gradients of `x0`, `x1`, …
fn gradients<S: FromLengths>(call: &Inputs, y: Taped<S>, inputs: &[Plain<S>]) -> Result<Outputs, Fault> {
    let names: Vec<String> = (0..inputs.len()).map(|i| format!("x{i}")).collect();
    let leaves: Vec<(&str, &dyn Leaf)> =
        names.iter().zip(inputs).map(|(name, x)| (name.as_str(), x as &dyn Leaf)).collect();
    Outputs::new().gradients(call, y, &leaves)
}
