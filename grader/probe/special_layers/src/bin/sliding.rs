//! Calls into `special_layers::sliding`.

use dfdx::prelude::*;
use probe::{Fault, Outputs, Plain, serve};
use special_layers::{conv::Padding, sliding as student};

type Sequences = Plain<(usize, usize, usize)>;
type Vector = Plain<(usize,)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("sliding_window", |call| {
            let (x, kernel): (Sequences, Sequences) = (call.tensor("x")?, call.tensor("kernel")?);
            let bias: Vector = call.tensor("bias")?;
            let y = student::sliding_window(x.leaky_trace(), &kernel, &bias)?;
            Outputs::new().gradients(call, y, &[("x", &x), ("kernel", &kernel), ("bias", &bias)])
        }),
        ("strided_conv1d", |call| {
            let (x, kernel): (Sequences, Sequences) = (call.tensor("x")?, call.tensor("kernel")?);
            let bias: Vector = call.tensor("bias")?;
            let (stride, padding) = (call.count("stride")?, padding(call.text("padding")?)?);
            let y = student::strided_conv1d(x.leaky_trace(), &kernel, &bias, stride, padding)?;
            Outputs::new().gradients(call, y, &[("x", &x), ("kernel", &kernel), ("bias", &bias)])
        }),
    ])
}

fn padding(name: &str) -> Result<Padding, Fault> {
    match name {
        "valid" => Ok(Padding::Valid),
        "same" => Ok(Padding::Same),
        other => Err(Fault::Unsupported(format!("there is no padding `{other}`"))),
    }
}
