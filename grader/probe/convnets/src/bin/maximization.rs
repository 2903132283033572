//! Calls into `convnets::maximization`.

use convnets::maximization as student;
use dfdx::prelude::*;
use probe::{Fault, Inputs, Outputs, Plain, Taped, serve};

type Shape4 = (usize, usize, usize, usize);
type Images = Plain<Shape4>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("activation_maximization/activation", |call| {
            let maps: Images = call.tensor("maps")?;
            let y = student::activation(maps.leaky_trace(), target(call)?);
            Outputs::new().gradients(call, y, &[("maps", &maps)])
        }),
        ("activation_maximization/blur", |call| {
            Ok(Outputs::new().tensor("y", &student::blur(&call.tensor("images")?)))
        }),
        ("activation_maximization", small_network),
        ("activation_maximization/activation_maximization of channels of EfficientNet", channels),
        ("activation_maximization/activation_maximization of a class", class),
    ])
}

fn target(call: &Inputs) -> Result<student::Target, Fault> {
    let channel = call.count("channel")?;
    Ok(match call.has("row") {
        true => student::Target::Unit { row: call.count("row")?, column: call.count("column")?, channel },
        false => student::Target::Channel(channel),
    })
}

fn ascent(call: &Inputs) -> Result<student::Ascent, Fault> {
    Ok(student::Ascent {
        steps: call.count("steps")?,
        step_size: call.number("step_size")?,
        decay: call.number("decay")?,
        blur_every: call.count("blur_every")?,
        jitter: call.count("jitter")?,
    })
}

/// Each pixel's channels times a matrix, then the hyperbolic tangent where the call asks for it.
fn small_network(call: &Inputs) -> Result<Outputs, Fault> {
    let (start, weight): (Images, Plain<(usize, usize)>) = (call.tensor("start")?, call.tensor("weight")?);
    let bends = call.flag("tanh")?;
    let network = |x: Taped<Shape4>| {
        let (n, h, w, c) = *x.shape();
        let y = x.reshape_like(&(n * h * w, c)).matmul(weight.clone());
        let y = if bends { y.tanh() } else { y };
        y.reshape_like(&(n, h, w, weight.shape().1))
    };
    let (target, mut rng) = (target(call)?, call.rng("seed")?);
    let found = student::activation_maximization(network, target, &start, &ascent(call)?, &mut rng);
    Ok(Outputs::new().tensor("image", &found.image).numbers("activations", &found.activations))
}

/// The image with its contrast stretched, so that 2.5 standard deviations around the mean are what is seen.
fn shades(image: &Images) -> Vec<f32> {
    let values = image.as_vec();
    let n = values.len() as f32;
    let mean = values.iter().sum::<f32>() / n;
    let std = (values.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / n).sqrt().max(f32::MIN_POSITIVE);
    values.iter().map(|x| ((x - mean) / (5.0 * std) + 0.5).clamp(0.0, 1.0)).collect()
}

/// What excites some channels of EfficientNet, in one sheet.
fn channels(call: &Inputs) -> Result<Outputs, Fault> {
    let (start, depth): (Images, usize) = (call.tensor("start")?, call.count("depth")?);
    let network = student::EfficientNetLite0::beginning(&call.dev, &call.arrays("weights/"), depth)?;
    let (mut images, mut outputs) = (Vec::new(), Outputs::new());
    let channels = call.indexes("channels")?;
    for &channel in &channels {
        let target = student::Target::Channel(channel);
        let maps = |x| network.feature_map(x, depth);
        let found =
            student::activation_maximization(maps, target, &start, &ascent(call)?, &mut call.rng("seed")?);
        let map = |x: &Images| channel_of(&network.feature_map(x.clone(), depth), channel);
        outputs = outputs
            .numbers(&format!("channel{channel}"), &map(&found.image))
            .numbers(&format!("channel{channel}_of_the_start"), &map(&start));
        images.extend(shades(&found.image));
    }
    let (_, h, w, c) = *start.shape();
    let sheet: Images = call.dev.tensor_from_vec(images, (channels.len(), h, w, c));
    Ok(outputs.tensor("images", &sheet))
}

/// One channel of all pixels.
fn channel_of(maps: &Images, channel: usize) -> Vec<f32> {
    let (.., channels) = *maps.shape();
    maps.as_vec().chunks(channels).map(|pixel| pixel[channel]).collect()
}

/// What excites a class of EfficientNet.
fn class(call: &Inputs) -> Result<Outputs, Fault> {
    let (start, class): (Images, usize) = (call.tensor("start")?, call.count("class")?);
    let network = student::EfficientNetLite0::new(&call.dev, &call.arrays("weights/"))?;
    let logits = |x: Taped<Shape4>| {
        let logits = network.logits(x);
        let (n, classes) = *logits.shape();
        logits.reshape_like(&(n, 1, 1, classes))
    };
    let (target, mut rng) = (student::Target::Channel(class), call.rng("seed")?);
    let found = student::activation_maximization(logits, target, &start, &ascent(call)?, &mut rng);
    let logit = |x: &Images| network.logits(x.clone()).as_vec()[class];
    let picture: Images = call.dev.tensor_from_vec(shades(&found.image), *start.shape());
    Ok(Outputs::new()
        .tensor("picture", &picture)
        .numbers("activations", &found.activations)
        .number("before", logit(&start))
        .number("after", logit(&found.image)))
}
