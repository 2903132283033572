//! Calls into `special_layers::dense`.

use dfdx::prelude::*;
use probe::{Fault, Inputs, Outputs, Plain, serve};
use special_layers::dense as student;

type Matrix = Plain<(usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("dense", |call| {
            let (x, weight): (Matrix, Matrix) = (call.tensor("x")?, call.tensor("weight")?);
            let bias: Plain<(usize,)> = call.tensor("bias")?;
            let y = student::dense(x.leaky_trace(), &weight, &bias);
            Outputs::new().gradients(call, y, &[("x", &x), ("weight", &weight), ("bias", &bias)])
        }),
        ("sequential_summary", |call| {
            let table = student::sequential_summary(&call.indexes("input")?, &layers(call)?)?;
            Ok(Outputs::new().text("summary", &table))
        }),
    ])
}

/// The layers of a list like `Conv2d 32 3 3, Flatten, Dense 10`.
fn layers(call: &Inputs) -> Result<Vec<student::Layer>, Fault> {
    let layers = call.text("layers")?.split(", ").filter(|layer| !layer.is_empty());
    layers.map(layer).collect()
}

fn layer(text: &str) -> Result<student::Layer, Fault> {
    use student::Layer;
    let mut words = text.split(' ');
    let name = words.next().unwrap_or_default();
    let numbers: Vec<usize> = words.filter_map(|word| word.parse().ok()).collect();
    Ok(match (name, &numbers[..]) {
        ("Dense", &[units]) => Layer::Dense { units },
        ("Conv2d", &[filters, height, width]) => Layer::Conv2d { filters, kernel: (height, width) },
        ("MaxPool2d", &[height, width]) => Layer::MaxPool2d { size: (height, width) },
        ("Flatten", []) => Layer::Flatten,
        ("Dropout", []) => Layer::Dropout,
        ("Activation", []) => Layer::Activation,
        ("Embedding", &[rows, width]) => Layer::Embedding { rows, width },
        ("Lstm", &[units]) => Layer::Lstm { units, return_sequences: text.ends_with("sequences") },
        ("RepeatVector", &[times]) => Layer::RepeatVector { times },
        _ => return Err(Fault::Unsupported(format!("there is no layer `{text}`"))),
    })
}
