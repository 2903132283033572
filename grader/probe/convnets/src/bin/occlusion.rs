//! Calls into `convnets::occlusion`.

use std::cell::RefCell;

use convnets::occlusion as student;
use dfdx::prelude::*;
use probe::{Fault, Inputs, Outputs, Plain, serve};

type Matrix = Plain<(usize, usize)>;
type Image = Plain<(usize, usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("occlusion_map", small_network),
        ("occlusion_map/occlusion_map of a photograph", photograph),
        ("class_activation_map", |call| {
            let (maps, weights): (Image, Matrix) = (call.tensor("maps")?, call.tensor("weights")?);
            let map = student::class_activation_map(&maps, &weights, call.count("class")?)?;
            Ok(Outputs::new().tensor("map", &map))
        }),
        ("class_activation_map/class_activation_map of a photograph", activation),
    ])
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

/// What EfficientNet's last maps say for a class, its five best guesses, and a picture.
fn activation(call: &Inputs) -> Result<Outputs, Fault> {
    let image: Image = call.tensor("image")?;
    let (h, w, channels) = *image.shape();
    let network = student::EfficientNetLite0::new(&call.dev, &call.arrays("weights/"))?;
    let images = image.clone().reshape_like(&(1, h, w, channels));
    let maps = network.last_maps(images.clone());
    let (_, rows, columns, k) = *maps.shape();
    let maps = maps.reshape_like(&(rows, columns, k));
    let map = student::class_activation_map(&maps, &network.classifier.0, call.count("class")?)?;
    // Every pixel shows the place in which it lies.
    let (place, said) = (|i: usize| i / w * rows / h * columns + i % w * columns / w, map.as_vec());
    let heat: Vec<f32> = (0..h * w).filter_map(|i| said.get(place(i)).copied()).collect();
    let (colours, lit) = light(&image.as_vec(), &heat);
    let picture = image.as_vec().into_iter().chain(colours).chain(lit).collect();
    Ok(Outputs::new()
        .text("guesses", &five_best(&network.logits(images), call.text("labels")?))
        .tensor("map", &map)
        .tensor("picture", &image.device().tensor_from_vec(picture, (3, h, w, 3))))
}

/// The labels of the five largest logits with their shares.
fn five_best(logits: &Matrix, labels: &str) -> String {
    let shares = logits.clone().softmax::<Axis<1>>().as_vec();
    let mut best: Vec<(f32, &str)> = shares.into_iter().zip(labels.lines()).collect();
    best.sort_by(|a, b| b.0.total_cmp(&a.0));
    let guess = |(share, label): &(f32, &str)| format!("{label} {:.1} %", 100.0 * share);
    best.iter().take(5).map(guess).collect::<Vec<_>>().join(", ")
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
    let (colours, lit) = light(&pixels, &heat);
    let worst = (0..drops.len()).max_by(|&a, &b| drops[a].total_cmp(&drops[b])).unwrap_or(0);
    let patched = pixels.iter().enumerate().map(|(i, x)| {
        let hidden = covers(worst / columns, i / 3 / w) && covers(worst % columns, i / 3 % w);
        if hidden { patch.fill } else { *x }
    });
    let all = pixels.iter().copied().chain(colours).chain(lit).chain(patched).collect();
    image.device().tensor_from_vec(all, (4, h, w, 3))
}

/// Heat as colours, from black over red and yellow to white, and the photograph lit by it; what is negative is dark.
fn light(pixels: &[f32], heat: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let most = heat.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let heat = heat.iter().map(|t| (t / most).max(0.0));
    let colours = heat.clone().flat_map(|t| [0.0, 1.0, 2.0].map(|from| (3.0 * t - from).clamp(0.0, 1.0)));
    let lit = pixels.chunks(3).zip(heat.clone()).flat_map(|(pixel, t)| {
        let light = 0.15 + 0.85 * t;
        pixel.iter().map(move |x| (x + 1.0) * light - 1.0).collect::<Vec<_>>()
    });
    (colours.collect(), lit.collect())
}
