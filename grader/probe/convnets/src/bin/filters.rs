//! Calls into `convnets::filters`.

use convnets::filters as student;
use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, Plain, serve};

type Images = Plain<(usize, usize, usize, usize)>;
type Image = Plain<(usize, usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("filter_grid", filter_grid),
        ("feature_maps", feature_maps),
        ("feature_maps/feature_maps of EfficientNet", feature_maps_of_efficientnet),
    ])
}

fn filter_grid(call: &Inputs) -> Result<Outputs, Fault> {
    let kernel: Images = call.tensor("kernel")?;
    let picture = student::filter_grid(&kernel);
    let outputs = Outputs::new().tensor("picture", &picture);
    // What the report draws is a sheet of one.
    Ok(outputs.tensor("sheet", &sheet(picture)))
}

/// The maps of a layer that is linear in each pixel.
fn feature_maps(call: &Inputs) -> Result<Outputs, Fault> {
    let (image, weight, stride): (Image, Plain<(usize, usize)>, usize) =
        (call.tensor("image")?, call.tensor("weight")?, call.count("stride")?);
    let maps = student::feature_maps(|x| every(x, stride, &weight), &image);
    Ok(Outputs::new().tensor("picture", &maps))
}

/// The maps after some of its blocks.
fn feature_maps_of_efficientnet(call: &Inputs) -> Result<Outputs, Fault> {
    let image: Image = call.tensor("image")?;
    let (depths, weights) = (call.indexes("depths")?, call.arrays("weights/"));
    let deepest = depths.iter().copied().max().unwrap_or_default();
    let network = student::EfficientNetLite0::beginning(&call.dev, &weights, deepest)?;
    let mut outputs = Outputs::new();
    for depth in depths {
        let maps = student::feature_maps(|x| network.feature_map(x, depth), &image);
        outputs = outputs.tensor(&format!("depth {depth}"), &sheet(maps));
    }
    Ok(outputs)
}

/// Every `stride`th pixel, its channels multiplied by `weight`.
fn every(x: Images, stride: usize, weight: &Plain<(usize, usize)>) -> Images {
    let (n, h, w, c) = *x.shape();
    let (rows, columns) = (h.div_ceil(stride), w.div_ceil(stride));
    let values = x.as_vec();
    let pixels = (0..n * rows * columns).flat_map(|i| {
        let (image, row, column) = (i / (rows * columns), i / columns % rows, i % columns);
        let start = ((image * h + row * stride) * w + column * stride) * c;
        values[start..start + c].to_vec()
    });
    let dev: &Dev = x.device();
    let pixels: Plain<(usize, usize)> = dev.tensor_from_vec(pixels.collect(), (n * rows * columns, c));
    pixels.matmul(weight.clone()).reshape_like(&(n, rows, columns, weight.shape().1))
}

/// One picture as a sheet of one: what the report draws.
fn sheet(picture: Image) -> Images {
    let (h, w, c) = *picture.shape();
    picture.reshape_like(&(1, h, w, c))
}
