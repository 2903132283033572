//! Calls into `special_layers::conv`.

use dfdx::prelude::*;
use probe::{Fault, Inputs, Outputs, Plain, serve};
use special_layers::conv as student;

type Sequences = Plain<(usize, usize, usize)>;
type Images = Plain<(usize, usize, usize, usize)>;
type Channels = Plain<(usize,)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("conv1d", |call| {
            let (x, kernel): (Sequences, Sequences) = (call.tensor("x")?, call.tensor("kernel")?);
            let bias: Channels = call.tensor("bias")?;
            let y = student::conv1d(x.leaky_trace(), &kernel, &bias, options(call)?)?;
            Outputs::new().gradients(call, y, &[("x", &x), ("kernel", &kernel), ("bias", &bias)])
        }),
        ("conv2d", |call| {
            let (x, kernel): (Images, Images) = (call.tensor("x")?, call.tensor("kernel")?);
            let bias: Channels = call.tensor("bias")?;
            let y = student::conv2d(x.leaky_trace(), &kernel, &bias, options(call)?)?;
            Outputs::new().gradients(call, y, &[("x", &x), ("kernel", &kernel), ("bias", &bias)])
        }),
    ])
}

fn options(call: &Inputs) -> Result<student::ConvOptions, Fault> {
    Ok(student::ConvOptions {
        stride: call.count("stride")?,
        padding: match call.text("padding")? {
            "valid" => student::Padding::Valid,
            "same" => student::Padding::Same,
            other => return Err(Fault::Unsupported(format!("there is no padding `{other}`"))),
        },
        dilation: call.count("dilation")?,
        groups: call.count("groups")?,
    })
}
