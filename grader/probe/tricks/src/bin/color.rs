//! Calls into `tricks::color`.

use probe::{Fault, Inputs, Outputs, Plain, serve};
use tricks::color as student;

type Images = Plain<(usize, usize, usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("color_jitter", |call| Ok(Outputs::new().tensor("y", &adjust(call)?)))])
}

fn adjust(call: &Inputs) -> Result<Images, Fault> {
    let x = call.tensor("x")?;
    Ok(match call.text("adjust")? {
        "brightness" => student::adjust_brightness(x, call.number("factor")?)?,
        "contrast" => student::adjust_contrast(x, call.number("factor")?)?,
        "saturation" => student::adjust_saturation(x, call.number("factor")?)?,
        "jitter" => student::color_jitter(x, jitter(call)?, &mut call.rng("seed")?)?,
        other => return Err(Fault::Unsupported(format!("nobody adjusts the {other}"))),
    })
}

fn jitter(call: &Inputs) -> Result<student::Jitter, Fault> {
    Ok(student::Jitter {
        brightness: call.number("brightness")?,
        contrast: call.number("contrast")?,
        saturation: call.number("saturation")?,
    })
}
