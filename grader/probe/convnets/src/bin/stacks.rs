//! Calls into `convnets::stacks`.

use convnets::stacks as student;
use probe::{Fault, Inputs, Outputs, serve};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("output_shape", output_shape), ("receptive_field", receptive_field)])
}

fn output_shape(call: &Inputs) -> Result<Outputs, Fault> {
    let image = call.indexes("image")?;
    let &[h, w, c] = &image[..] else { return Err(Fault::Unsupported(format!("{image:?} is no image"))) };
    let (h, w, c) = student::output_shape((h, w, c), &layers(call)?)?;
    Ok(Outputs::new().indexes("shape", &[h, w, c]))
}

fn receptive_field(call: &Inputs) -> Result<Outputs, Fault> {
    let field = student::receptive_field(&layers(call)?)?;
    let outputs = Outputs::new().number("size", field.size as f64).number("stride", field.stride as f64);
    Ok(outputs.number("padding", field.padding as f64))
}

/// A layer is five numbers: filters (0 for a pooling), size, stride, padding, dilation.
fn layers(call: &Inputs) -> Result<Vec<student::Layer>, Fault> {
    let layer = |numbers: &[usize]| {
        let &[filters, size, stride, padding, dilation] = numbers else {
            return Err(Fault::Unsupported(format!("{numbers:?} is no layer")));
        };
        let window = student::Window { size, stride, padding, dilation };
        Ok(match filters {
            0 => student::Layer::Pooling { window },
            _ => student::Layer::Convolution { filters, window },
        })
    };
    call.indexes("layers")?.chunks(5).map(layer).collect()
}
