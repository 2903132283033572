//! Plans of networks as calls bring them: as lists of numbers, or a student's own made narrow.

use convnets::classics::{Architecture, Layer};
use probe::{Fault, Inputs};

/// The plan in `input`, `features` and `classifier`; a layer is five numbers, its kind and up to four sizes.
pub fn drawn(call: &Inputs) -> Result<Architecture, Fault> {
    let layers = |name: &str| call.indexes(name)?.chunks(5).map(layer).collect::<Result<Vec<_>, Fault>>();
    Ok(Architecture { input: input(call)?, features: layers("features")?, classifier: layers("classifier")? })
}

/// The plan with a `narrow`th of all filters and units, for the images of the call.
pub fn narrowed(call: &Inputs, mut architecture: Architecture) -> Result<Architecture, Fault> {
    let divisor = call.count("narrow")?;
    for layer in architecture.features.iter_mut().chain(&mut architecture.classifier) {
        if let Layer::Convolution { filters: outputs, .. } | Layer::Dense { units: outputs } = layer {
            *outputs = (*outputs / divisor).max(1);
        }
    }
    architecture.input = input(call)?;
    Ok(architecture)
}

fn input(call: &Inputs) -> Result<(usize, usize, usize), Fault> {
    match call.indexes("input")?[..] {
        [h, w, c] => Ok((h, w, c)),
        ref other => Err(Fault::Unsupported(format!("{other:?} is no size of an image"))),
    }
}

fn layer(numbers: &[usize]) -> Result<Layer, Fault> {
    Ok(match *numbers {
        [0, filters, size, stride, padding] => Layer::Convolution { filters, size, stride, padding },
        [1, units, ..] => Layer::Dense { units },
        [2, ..] => Layer::Tanh,
        [3, ..] => Layer::Relu,
        [4, size, stride, ..] => Layer::MaxPool { size, stride },
        [5, size, stride, ..] => Layer::AveragePool { size, stride },
        [6, ..] => Layer::Dropout,
        _ => return Err(Fault::Unsupported(format!("{numbers:?} is no layer"))),
    })
}
