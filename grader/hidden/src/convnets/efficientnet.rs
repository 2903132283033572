//! What cases about EfficientNet-Lite0 have in common: its weights as arguments, and photographs as it wants them.

use std::collections::BTreeMap;

use datasets::{efficientnet, weights::Weight};
use protocol::{Array, Value};

use crate::{Args, Suite, Tensor};

pub use datasets::efficientnet::beginning;

/// The bundled weights.
pub fn weights(t: &mut Suite) -> Option<BTreeMap<String, Weight>> {
    t.load(efficientnet::bundled())
}

/// Adds all weights to a call: the adapter finds them under `weights/`.
pub fn with_weights(args: Args, weights: &BTreeMap<String, Weight>) -> Args {
    weights.iter().fold(args, |args, (name, weight)| {
        let array = Array::f32(&weight.shape, weight.values.clone());
        args.value(&format!("weights/{name}"), Value::Array(array))
    })
}

/// A bundled photograph (224 / `by`, 224 / `by`, 3), each pixel the mean of `by` · `by`; a byte b is (b − 127) / 128.
pub fn photograph(t: &mut Suite, name: &str, by: usize) -> Option<Tensor> {
    let image = t.load(efficientnet::photograph(name))?;
    let mean = |at: ndarray::IxDyn| {
        let places = (0..by * by).map(|i| (at[0] * by + i / by, at[1] * by + i % by));
        let sum: f32 =
            places.map(|(row, column)| image.pixels[(row * image.width + column) * 3 + at[2]]).sum();
        (f64::from(sum) / (by * by) as f64 * 255.0 - 127.0) / 128.0
    };
    Some(Tensor::from_shape_fn(vec![image.height / by, image.width / by, 3], mean))
}
