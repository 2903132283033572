//! What a trained network sees: filters, maps, what excites its channels, and where it looks.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use convnets::{
    filters::filter_grid,
    maximization::{Ascent, Target, activation_maximization},
    occlusion::{Patch, occlusion_map},
};
use datasets::efficientnet;
use dfdx::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};
use toolkit::{efficientnet::EfficientNetLite0, tensor::Images};

use crate::{
    Figure,
    pictures::Pixels,
    sheet::{Anchor, Hue, Rect, Sheet},
    traces::{self, Trace},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "first_filters",
        chapter: "convnets",
        alt: "The 32 filters of 3 × 3 × 3 of EfficientNet-Lite0's first layer as small colour pictures.",
        caption: "Some filters are an edge in one direction, some a colour against another, some a single bright pixel.",
        draw: filters,
    },
    Figure {
        name: "maps_by_depth",
        chapter: "convnets",
        alt: "A photograph of a cat and six feature maps each behind the stem and after 1, 5 and 11 blocks of EfficientNet-Lite0, ever coarser.",
        caption: "Behind the stem one still sees the cat, its edges or its light; after eleven blocks a few squares are left that say where something is that has no name.",
        draw: depths,
    },
    Figure {
        name: "what_channels_like",
        chapter: "convnets",
        alt: "Images made by gradient ascent that excite three channels each after 1, 3, 5, 8 and 11 blocks.",
        caption: "From stripes and colours over textures to tangles of parts: the deeper the channel, the larger and stranger what it waits for.",
        draw: liked,
    },
    Figure {
        name: "where_it_looks",
        chapter: "convnets",
        alt: "A photograph of a cat, its occlusion map and its class activation map, each laid over the photograph in orange and blue, with a scale.",
        caption: "Orange: what the network misses when it is hidden (left), and what speaks for the class (right): no single patch costs more than one unit of the logit, and the whole face speaks for it.",
        draw: looks,
    },
];

/// What they are drawn from.
pub const TRACES: &[Trace] = &[Trace { name: "seen", train: look }];

const DEPTHS: [usize; 4] = [0, 1, 5, 11];
const LIKED: [usize; 5] = [1, 3, 5, 8, 11];

#[derive(Serialize, Deserialize)]
struct Seen {
    filters: String,
    /// Six maps at each depth.
    maps: Vec<Vec<String>>,
    /// Three images at each depth.
    liked: Vec<Vec<String>>,
    class: usize,
    /// Drops, row by row, and how many there are in a row.
    drops: (Vec<f64>, usize),
    /// The class activation map, 7 × 7.
    activation: Vec<f64>,
}

fn network() -> Result<EfficientNetLite0<Cpu>> {
    let weights: BTreeMap<_, _> =
        efficientnet::bundled()?.into_iter().map(|(name, w)| (name, (w.shape, w.values))).collect();
    EfficientNetLite0::new(&Cpu::default(), &weights).map_err(|cause| anyhow!("{cause}"))
}

/// The photograph as the network wants it.
fn cat() -> Result<Images<Cpu>> {
    let photograph = efficientnet::photograph("chelsea")?;
    let pixels = photograph.pixels.iter().map(|value| (value * 255.0 - 127.0) / 128.0).collect();
    Ok(Cpu::default().tensor_from_vec(pixels, (1, photograph.height, photograph.width, 3)))
}

fn look() -> Result<Value> {
    let (network, cat) = (network()?, cat()?);
    let logits = network.logits(cat.clone()).as_vec();
    let class =
        (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).context("there are classes")?;
    let image = cat.clone().reshape_like(&(224, 224, 3));
    let patch = Patch { size: 48, stride: 16, fill: 0.0 };
    let occluded =
        occlusion_map(|x| network.logits(x), &image, patch, 16).map_err(|cause| anyhow!("{cause}"))?;
    let columns = occluded.drops.shape().1;
    let drops = occluded.drops.as_vec().into_iter().map(f64::from).collect();
    let seen = Seen {
        filters: first_filters()?,
        maps: DEPTHS.iter().map(|&depth| maps(&network, &cat, depth)).collect(),
        liked: LIKED
            .iter()
            .map(|&depth| (0..3).map(|channel| like(&network, depth, channel)).collect())
            .collect(),
        class,
        drops: (drops, columns),
        activation: activation(&network, &cat, class),
    };
    Ok(to_value(seen)?)
}

/// The first kernel as a sheet of tiles, by the student's function.
fn first_filters() -> Result<String> {
    let weight = efficientnet::bundled()?.remove("_conv_stem.weight").context("the stem's kernel")?;
    let kernel: Tensor<(usize, usize, usize, usize), f32, Cpu> = Cpu::default()
        .tensor_from_vec(weight.values, (weight.shape[0], weight.shape[1], weight.shape[2], weight.shape[3]));
    let sheet = filter_grid(&kernel.permute::<(usize, usize, usize, usize), Axes4<2, 3, 1, 0>>());
    let (h, w, c) = *sheet.shape();
    Ok(Pixels::new(h, w, c, &sheet.as_vec()).address())
}

fn maps(network: &EfficientNetLite0<Cpu>, cat: &Images<Cpu>, depth: usize) -> Vec<String> {
    let maps = network.feature_map(cat.clone(), depth);
    let (_, h, w, channels) = *maps.shape();
    let values = maps.as_vec();
    // Channels that vary most show most.
    let spread = |channel: usize| {
        let values: Vec<f32> = values.iter().skip(channel).step_by(channels).copied().collect();
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        (values.iter().map(|value| (value - mean).powi(2)).sum::<f32>(), values)
    };
    let mut all: Vec<(f32, Vec<f32>)> = (0..channels).map(spread).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.into_iter().take(6).map(|(_, map)| tile(h, w, &map)).collect()
}

fn tile(h: usize, w: usize, map: &[f32]) -> String {
    let pixels = Pixels::stretched(h, w, map);
    if h > 40 { pixels.as_photograph().address() } else { pixels.address() }
}

fn like(network: &EfficientNetLite0<Cpu>, depth: usize, channel: usize) -> String {
    const SIDE: usize = 64;
    let mut rng = StdRng::seed_from_u64(depth as u64 * 10 + channel as u64);
    let noise = (0..SIDE * SIDE * 3).map(|_| rng.gen_range(-0.1_f32..0.1)).collect();
    let start = Cpu::default().tensor_from_vec(noise, (1, SIDE, SIDE, 3));
    let ascent = Ascent { steps: 120, step_size: 0.05, decay: 0.01, blur_every: 8, jitter: 3 };
    let image = activation_maximization(
        |x| network.feature_map(x, depth),
        Target::Channel(channel),
        &start,
        &ascent,
        &mut rng,
    );
    let values = image.image.as_vec();
    let largest = values.iter().fold(1e-6_f32, |largest, value| largest.max(value.abs()));
    let shown: Vec<f32> =
        values.iter().map(|value| 0.5 + 0.5 * (1.6 * value / largest).clamp(-1.0, 1.0)).collect();
    Pixels::new(SIDE, SIDE, 3, &shown).as_photograph().address()
}

/// How much each place of the last map speaks for the class: the classifier's weights, place by place in the mean's stead.
fn activation(network: &EfficientNetLite0<Cpu>, cat: &Images<Cpu>, class: usize) -> Vec<f64> {
    let maps = network.feature_map(cat.clone(), network.depth());
    let (_, h, w, c) = *maps.shape();
    let places = network.tail(network.depth()).features(maps.reshape_like(&(h * w, 1, 1, c))).as_vec();
    let (weights, width) = (network.classifier.0.as_vec(), network.classifier.0.shape());
    let column: Vec<f32> = weights.iter().skip(class).step_by(width.1).copied().collect();
    places
        .chunks(width.0)
        .map(|place| place.iter().zip(&column).map(|(f, w)| f64::from(f * w)).sum())
        .collect()
}

fn seen() -> Result<Seen> {
    traces::load("seen")
}

fn filters() -> Result<Sheet> {
    let mut sheet = Sheet::new(400.0);
    sheet.picture(Rect::new(170.0, 20.0, 360.0, 360.0), &Pixels::from_address(&seen()?.filters)?);
    Ok(sheet)
}

fn depths() -> Result<Sheet> {
    let seen = seen()?;
    let photograph = efficientnet::photograph("chelsea")?;
    let mut sheet = Sheet::new(470.0);
    let pixels = Pixels::new(photograph.height, photograph.width, 3, &photograph.pixels);
    sheet.picture(Rect::new(10.0, 20.0, 100.0, 100.0), &pixels.as_photograph());
    for (row, (depth, maps)) in DEPTHS.iter().zip(&seen.maps).enumerate() {
        let top = 20.0 + 112.0 * row as f64;
        let words = if *depth == 0 {
            "stem".to_owned()
        } else {
            format!("{depth} blocks").replace("1 blocks", "1 block")
        };
        let words = if *depth == 11 { "11 blocks".to_owned() } else { words };
        sheet.small(Hue::Ink, (118.0, top + 54.0), Anchor::Start, &words);
        for (k, map) in maps.iter().enumerate() {
            let left = 180.0 + 86.0 * k as f64;
            sheet.picture(Rect::new(left, top + 8.0, 80.0, 80.0), &Pixels::from_address(map)?);
        }
    }
    Ok(sheet)
}

fn liked() -> Result<Sheet> {
    let seen = seen()?;
    let mut sheet = Sheet::new(430.0);
    for (column, (depth, images)) in LIKED.iter().zip(&seen.liked).enumerate() {
        let left = 15.0 + 136.0 * column as f64;
        let words = if *depth == 1 { "1 block".to_owned() } else { format!("{depth} blocks") };
        sheet.small(Hue::Ink, (left, 24.0), Anchor::Start, &words);
        for (row, image) in images.iter().enumerate() {
            let rect = Rect::new(left, 34.0 + 132.0 * row as f64, 124.0, 124.0);
            sheet.picture(rect, &Pixels::from_address(image)?);
        }
    }
    Ok(sheet)
}

fn looks() -> Result<Sheet> {
    let seen = seen()?;
    let photograph = efficientnet::photograph("chelsea")?;
    let pixels = Pixels::new(photograph.height, photograph.width, 3, &photograph.pixels).as_photograph();
    let labels = efficientnet::labels()?;
    let mut sheet = Sheet::new(320.0);
    let columns = seen.drops.1;
    let maps = [
        ("hidden patches of 48 pixels", &seen.drops.0, columns),
        ("class activation map", &seen.activation, 7),
    ];
    let name = labels.get(seen.class).map_or("", String::as_str);
    sheet.text(Hue::Ink, (10.0, 22.0), Anchor::Start, &format!("“{name}”"));
    sheet.picture(Rect::new(10.0, 34.0, 216.0, 216.0), &pixels);
    for (k, (words, values, columns)) in maps.into_iter().enumerate() {
        let rect = Rect::new(242.0 + 232.0 * k as f64, 34.0, 216.0, 216.0);
        let largest = values.iter().fold(1e-9_f64, |largest, value| largest.max(value.abs()));
        let shades: Vec<f32> = values.iter().map(|value| (value / largest * 0.75) as f32).collect();
        sheet.text(Hue::Ink, (rect.left, 22.0), Anchor::Start, words);
        sheet.picture(rect, &pixels);
        sheet.picture(rect, &Pixels::signed(values.len() / columns, columns, &shades));
        let scale: Vec<f32> = (0..41).map(|i| (i as f32 / 20.0 - 1.0) * 0.75).collect();
        sheet.picture(Rect::new(rect.left, 262.0, 216.0, 14.0), &Pixels::signed(1, 41, &scale));
        sheet.border(Hue::Soft, Rect::new(rect.left, 262.0, 216.0, 14.0));
        sheet.small(Hue::Soft, (rect.left, 294.0), Anchor::Start, &format!("−{largest:.1}"));
        sheet.small(Hue::Soft, (rect.centre().0, 294.0), Anchor::Middle, "0");
        sheet.small(Hue::Soft, (rect.right(), 294.0), Anchor::End, &format!("{largest:.1}"));
        sheet.small(Hue::Ink, (rect.centre().0, 312.0), Anchor::Middle, "units of the logit");
    }
    Ok(sheet)
}
