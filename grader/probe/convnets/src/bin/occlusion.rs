//! Calls into `convnets::occlusion`.

use std::cell::RefCell;

use convnets::occlusion as student;
use dfdx::prelude::*;
use probe::{Fault, Inputs, Outputs, Plain, serve};

type Matrix = Plain<(usize, usize)>;
type Image = Plain<(usize, usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("occlusion_map", small_network), ("occlusion_map/occlusion_map of a photograph", photograph)])
}

fn patch(call: &Inputs) -> Result<student::Patch, Fault> {
    Ok(student::Patch {
        size: call.count("size")?,
        stride: call.count("stride")?,
        fill: call.number("fill")?,
    })
}

/// A network of one or two dense layers, which counts how many images it is given at a time.
fn small_network(call: &Inputs) -> Result<Outputs, Fault> {
    let (image, weights): (Image, Vec<Matrix>) = (call.tensor("image")?, call.tensors("weight")?);
    let batches = RefCell::new(Vec::new());
    let network = |images: Plain<(usize, usize, usize, usize)>| {
        let (n, h, w, c) = *images.shape();
        batches.borrow_mut().push(n);
        let x = images.reshape_like(&(n, h * w * c)).matmul(weights[0].clone());
        weights[1..].iter().fold(x, |x, weight| x.relu().matmul(weight.clone()))
    };
    let map = student::occlusion_map(network, &image, patch(call)?, call.count("batch_size")?)?;
    Ok(Outputs::new()
        .number("class", map.class as f64)
        .tensor("drops", &map.drops)
        .indexes("batches", &batches.into_inner()))
}

/// Probabilities of EfficientNet, and a picture of what they depend on.
fn photograph(call: &Inputs) -> Result<Outputs, Fault> {
    let (image, patch): (Image, _) = (call.tensor("image")?, patch(call)?);
    let network = student::EfficientNetLite0::new(&call.dev, &call.arrays("weights/"))?;
    let probabilities = |images| network.logits(images).softmax::<Axis<1>>();
    let map = student::occlusion_map(probabilities, &image, patch, call.count("batch_size")?)?;
    let label = call.text("labels")?.lines().nth(map.class).unwrap_or("something unknown");
    Ok(Outputs::new()
        .number("class", map.class as f64)
        .text("label", label)
        .tensor("drops", &map.drops)
        .tensor("picture", &picture(&image, &map.drops, patch)))
}

/// Four images: the photograph, the mean drop of the patches over each pixel, the photograph lit by that, and the patch where
/// it hurts most.
fn picture(image: &Image, drops: &Matrix, patch: student::Patch) -> Plain<(usize, usize, usize, usize)> {
    let ((h, w, _), (rows, columns)) = (*image.shape(), *drops.shape());
    let (pixels, drops) = (image.as_vec(), drops.as_vec());
    let covers =
        |place: usize, at: usize| (place * patch.stride..place * patch.stride + patch.size).contains(&at);
    let mean = |y: usize, x: usize| {
        let over = (0..rows * columns).filter(|i| covers(i / columns, y) && covers(i % columns, x));
        let (sum, n) =
            over.fold((0.0, 0.0), |(sum, n), i| (sum + drops.get(i).copied().unwrap_or(0.0), n + 1.0));
        if n > 0.0 { (sum / n).max(0.0) } else { 0.0 }
    };
    let heat: Vec<f32> = (0..h * w).map(|i| mean(i / w, i % w)).collect();
    let most = heat.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    // From black over red and yellow to white.
    let colours =
        heat.iter().flat_map(|t| [0.0, 1.0, 2.0].map(|from| (3.0 * t / most - from).clamp(0.0, 1.0)));
    let lit = pixels.chunks(3).zip(&heat).flat_map(|(pixel, t)| {
        let light = 0.15 + 0.85 * t / most;
        pixel.iter().map(move |x| (x + 1.0) * light - 1.0).collect::<Vec<_>>()
    });
    let worst = (0..drops.len()).max_by(|&a, &b| drops[a].total_cmp(&drops[b])).unwrap_or(0);
    let patched = pixels.iter().enumerate().map(|(i, x)| {
        let hidden = covers(worst / columns, i / 3 / w) && covers(worst % columns, i / 3 % w);
        if hidden { patch.fill } else { *x }
    });
    let all = pixels.iter().copied().chain(colours).chain(lit).chain(patched).collect();
    image.device().tensor_from_vec(all, (4, h, w, 3))
}
