//! Calls into `tricks::color`.

use probe::{Fault, Inputs, Outputs, Plain, serve};
use tricks::color as student;

type Images = Plain<(usize, usize, usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("color_jitter/adjust_brightness", |call| {
            images(student::adjust_brightness(call.tensor("x")?, call.number("factor")?)?)
        }),
        ("color_jitter/adjust_contrast", |call| {
            images(student::adjust_contrast(call.tensor("x")?, call.number("factor")?)?)
        }),
        ("color_jitter/adjust_saturation", |call| {
            images(student::adjust_saturation(call.tensor("x")?, call.number("factor")?)?)
        }),
        ("color_jitter", |call| {
            images(student::color_jitter(call.tensor("x")?, jitter(call)?, &mut call.rng("seed")?)?)
        }),
    ])
}

fn images(y: Images) -> Result<Outputs, Fault> {
    Ok(Outputs::new().tensor("y", &y))
}

fn jitter(call: &Inputs) -> Result<student::Jitter, Fault> {
    Ok(student::Jitter {
        brightness: call.number("brightness")?,
        contrast: call.number("contrast")?,
        saturation: call.number("saturation")?,
    })
}
