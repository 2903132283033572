//! Calls into `special_layers::pooling`.

use dfdx::prelude::*;
use probe::{Fault, Inputs, Outputs, Plain, serve};
use special_layers::{conv::Padding, pooling as student};

type Sequences = Plain<(usize, usize, usize)>;
type Images = Plain<(usize, usize, usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("max_pool", |call| {
            let (size, stride, padding) = windows(call)?;
            let x: Images = call.tensor("x")?;
            let y = student::max_pool2d(x.leaky_trace(), size, stride, padding)?;
            Outputs::new().gradients(call, y, &[("x", &x)])
        }),
        ("max_pool/max_pool1d", |call| {
            let (size, stride, padding) = windows(call)?;
            let x: Sequences = call.tensor("x")?;
            let y = student::max_pool1d(x.leaky_trace(), size, stride, padding)?;
            Outputs::new().gradients(call, y, &[("x", &x)])
        }),
        ("average_pool", |call| {
            let (size, stride, padding) = windows(call)?;
            let x: Images = call.tensor("x")?;
            let y = student::average_pool(x.leaky_trace(), size, stride, padding)?;
            Outputs::new().gradients(call, y, &[("x", &x)])
        }),
        ("global_average_pool", |call| {
            let x: Images = call.tensor("x")?;
            Outputs::new().gradients(call, student::global_average_pool(x.leaky_trace()), &[("x", &x)])
        }),
        ("flatten", |call| {
            let (x, size): (Images, _) = (call.tensor("x")?, call.indexes("size")?);
            let &[h, w, c] = size.as_slice() else {
                return Err(Fault::Unsupported("argument `size` is not three numbers".to_owned()));
            };
            let converted = student::from_channels_first(call.tensor("weights")?, (h, w, c));
            let outputs = Outputs::new().tensor("converted", &converted);
            outputs.gradients(call, student::flatten(x.leaky_trace()), &[("x", &x)])
        }),
    ])
}

fn windows(call: &Inputs) -> Result<(usize, usize, Padding), Fault> {
    let padding = match call.text("padding")? {
        "valid" => Padding::Valid,
        "same" => Padding::Same,
        other => return Err(Fault::Unsupported(format!("there is no padding `{other}`"))),
    };
    Ok((call.count("size")?, call.count("stride")?, padding))
}
