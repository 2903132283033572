//! LeNet-5, AlexNet and VGG-16 as stacks of their maps, and where their parameters and their work lie.

use anyhow::Result;
use convnets::{
    classics::{alexnet as alexnet_plan, lenet5 as lenet5_plan, maps, parameter_shapes, vgg16 as vgg16_plan},
    given::architecture::{Architecture, Layer},
};

use crate::{
    Figure,
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "lenet5",
        chapter: "convnets",
        alt: "LeNet-5 as a row of blocks: 32 × 32 × 1, 28 × 28 × 6, 14 × 14 × 6, 10 × 10 × 16, 5 × 5 × 16, then dense layers of 120, 84 and 10.",
        caption: "From left to right the maps become smaller and more: place is given up for kinds of features.",
        draw: lenet5,
    },
    Figure {
        name: "alexnet",
        chapter: "convnets",
        alt: "AlexNet as a row of blocks from 224 × 224 × 3 over 55 × 55 × 64 and 27 × 27 × 192 down to 6 × 6 × 256, then dense layers of 4096, 4096 and 1000.",
        caption: "The first layer's stride of 4 gives away most of the image at once; three convolutions without a pooling between them follow where the maps are small.",
        draw: alexnet,
    },
    Figure {
        name: "vgg16",
        chapter: "convnets",
        alt: "VGG-16 as a row of blocks: two or three convolutions of equal size, a pooling that halves, five times, from 224 × 224 × 64 to 7 × 7 × 512, then three dense layers.",
        caption: "A rhythm and nothing else: convolutions of 3 × 3, a pooling that halves the sides, twice the channels, five times over.",
        draw: vgg16,
    },
    Figure {
        name: "weights_and_work",
        chapter: "convnets",
        alt: "For each of VGG-16's sixteen layers with weights a bar of its parameters and a bar of its products for an image, both in millions.",
        caption: "The two halves have little in common: nearly all parameters lie in the first dense layer, and nearly all of the work in the convolutions.",
        draw: weights_and_work,
    },
];

/// A layer, and the shape of what comes out of it.
struct Stage {
    kind: &'static str,
    hue: Hue,
    height: usize,
    width: usize,
    channels: usize,
}

/// The layers that change a shape, in their order.
fn stages(plan: &Architecture) -> Vec<Stage> {
    let (height, width, channels) = plan.input;
    let mut stages = vec![Stage { kind: "image", hue: Hue::Soft, height, width, channels }];
    for (i, layer) in plan.features.iter().enumerate() {
        let (kind, hue) = match layer {
            Layer::Convolution { .. } => ("conv", Hue::Blue),
            Layer::MaxPool { .. } | Layer::AveragePool { .. } => ("pool", Hue::Orange),
            _ => continue,
        };
        let until = Architecture { features: plan.features[..=i].to_vec(), ..plan.clone() };
        let (height, width, channels) = maps(&until);
        stages.push(Stage { kind, hue, height, width, channels });
    }
    for layer in &plan.classifier {
        if let Layer::Dense { units } = *layer {
            stages.push(Stage { kind: "dense", hue: Hue::Green, height: 1, width: 1, channels: units });
        }
    }
    stages
}

/// Blocks in a row: as high as the maps' sides and as wide as their channels, both on a root's scale.
fn row(plan: &Architecture) -> Sheet {
    let stages = stages(plan);
    let mut sheet = Sheet::new(300.0);
    let largest = stages[0].height as f64;
    let thickness = |stage: &Stage| 5.0 + 16.0 * (stage.channels as f64 / 512.0).min(2.0).sqrt();
    let wide: f64 = stages.iter().map(thickness).sum();
    let gap = ((690.0 - wide) / stages.len() as f64).min(70.0);
    let mut left = 10.0 + gap / 2.0;
    for (k, stage) in stages.iter().enumerate() {
        let height = if stage.kind == "dense" {
            18.0 + (stage.channels as f64).sqrt()
        } else {
            14.0 + 150.0 * (stage.height as f64 / largest).sqrt()
        };
        let rect = Rect::new(left, 112.0 - height / 2.0, thickness(stage), height);
        sheet.fill(stage.hue, 0.45, rect);
        sheet.border(stage.hue, rect);
        let words = if stage.kind == "dense" {
            format!("{}", stage.channels)
        } else {
            format!("{} × {} × {}", stage.height, stage.width, stage.channels)
        };
        // Upwards, because blocks stand closer than their words are long.
        sheet.upwards(stage.hue, (rect.centre().0 + 4.0, 246.0), &words);
        if k > 0 && k < stages.len() {
            sheet.thin(Hue::Soft, (left - gap + 3.0, 112.0), (left - 3.0, 112.0));
        }
        left += thickness(stage) + gap;
    }
    for (k, (hue, word)) in
        [(Hue::Blue, "convolution"), (Hue::Orange, "pooling"), (Hue::Green, "dense")].into_iter().enumerate()
    {
        sheet.text(hue, (470.0 + 90.0 * k as f64, 22.0), Anchor::Start, word);
    }
    sheet
}

fn lenet5() -> Result<Sheet> {
    Ok(row(&lenet5_plan()))
}

fn alexnet() -> Result<Sheet> {
    Ok(row(&alexnet_plan()))
}

fn vgg16() -> Result<Sheet> {
    Ok(row(&vgg16_plan()))
}

/// Parameters and products of each layer with weights, in millions.
fn costs(plan: &Architecture) -> Vec<(bool, f64, f64)> {
    let places: Vec<f64> = stages(plan)
        .iter()
        .filter(|stage| ["conv", "dense"].contains(&stage.kind))
        .map(|stage| (stage.height * stage.width) as f64)
        .collect();
    let weights: Vec<Vec<usize>> = parameter_shapes(plan).into_iter().map(|(_, shape)| shape).collect();
    weights
        .chunks(2)
        .zip(places)
        .map(|(layer, places)| {
            let count = |shape: &Vec<usize>| shape.iter().product::<usize>() as f64 / 1e6;
            (layer[0].len() == 4, count(&layer[0]) + count(&layer[1]), count(&layer[0]) * places)
        })
        .collect()
}

fn weights_and_work() -> Result<Sheet> {
    let costs = costs(&vgg16_plan());
    let mut sheet = Sheet::new(90.0 + 22.0 * costs.len() as f64);
    let most = |of: fn(&(bool, f64, f64)) -> f64| costs.iter().map(of).fold(0.0, f64::max);
    let (parameters, products) = (most(|cost| cost.1), most(|cost| cost.2));
    sheet.strong(Hue::Ink, (340.0, 30.0), Anchor::End, "parameters, millions");
    sheet.strong(Hue::Ink, (360.0, 30.0), Anchor::Start, "products for an image, millions");
    for (k, (is_convolution, weights, work)) in costs.iter().enumerate() {
        let top = 48.0 + 22.0 * k as f64;
        let hue = if *is_convolution { Hue::Blue } else { Hue::Green };
        let (left, right) = (210.0 * weights / parameters, 210.0 * work / products);
        sheet.fill(hue, 0.7, Rect::new(345.0 - left, top, left, 16.0));
        sheet.fill(hue, 0.7, Rect::new(355.0, top, right, 16.0));
        sheet.small(Hue::Ink, (339.0 - left, top + 12.0), Anchor::End, &millions(*weights));
        sheet.small(Hue::Ink, (361.0 + right, top + 12.0), Anchor::Start, &millions(*work));
    }
    let bottom = 76.0 + 22.0 * costs.len() as f64;
    sheet.text(Hue::Blue, (20.0, bottom), Anchor::Start, "13 convolutions");
    sheet.text(Hue::Green, (150.0, bottom), Anchor::Start, "3 dense layers");
    Ok(sheet)
}

fn millions(number: f64) -> String {
    if number < 9.95 { format!("{number:.2}") } else { format!("{number:.0}") }
}
