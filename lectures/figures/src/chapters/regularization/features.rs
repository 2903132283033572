//! What the hidden units of an autoencoder wait for, with and without dropout, and how much of it sits in few pixels.

use anyhow::{Result, anyhow};
use datasets::mnist;
use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use regularization::dropout_features::{Recipe, kurtosis, train_autoencoder};
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};

use crate::{
    Figure,
    numbers::matrix,
    pictures::Pixels,
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
    traces::{self, Trace},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[Figure {
    name: "dropout_features",
    chapter: "regularization",
    alt: "Incoming weights of the first 54 hidden units of two autoencoders of 256 units on 20,000 digits, without dropout and with half of the units dropped, as small images in orange and blue; below, how many of all units have which excess kurtosis.",
    caption: "Orange weights are positive, blue ones negative. Without dropout every feature looks like noise all over the image; with dropout most are a stroke or a spot on an empty ground, with a kurtosis near 5, and about three in ten stayed noise, negative nearly everywhere.",
    draw: features,
}];

/// What it is drawn from.
pub const TRACES: &[Trace] = &[Trace { name: "dropout_features", train }];

const SIDE: usize = 28;
/// Units that are shown: rows and columns.
const SHOWN: (usize, usize) = (6, 9);
/// Shades on each side of 0: fewer make a smaller file.
const SHADES: f32 = 7.0;

#[derive(Serialize, Deserialize)]
struct Features {
    /// The first units' weights, a tile each.
    sheet: String,
    /// Of every unit.
    kurtosis: Vec<f64>,
    /// Of the last epoch, as it was trained.
    loss: f64,
}

fn train() -> Result<Value> {
    let digits = mnist::bundled()?.train;
    let images = matrix(&digits.pixels, digits.labels.len(), digits.size());
    let trained = [0.0, 0.5].map(|dropout| {
        let recipe = Recipe { hidden: 256, dropout, epochs: 30, batch_size: 150, learning_rate: 0.003 };
        let training = train_autoencoder(&images, recipe, &mut StdRng::seed_from_u64(1))
            .map_err(|cause| anyhow!("{cause}"))?;
        let weights = &training.autoencoder.encoder;
        Ok(Features {
            sheet: tiles(weights.shape().1, &weights.as_vec()).address(),
            kurtosis: kurtosis(weights).into_iter().map(f64::from).collect(),
            loss: training.loss.last().copied().map_or(f64::NAN, f64::from),
        })
    });
    Ok(to_value(trained.into_iter().collect::<Result<Vec<Features>>>()?)?)
}

/// The first columns of weights (pixels, hidden), each stretched to its own largest weight, a pixel apart.
fn tiles(hidden: usize, weights: &[f32]) -> Pixels {
    let (rows, columns) = SHOWN;
    let (height, width) = (rows * (SIDE + 1) - 1, columns * (SIDE + 1) - 1);
    let mut values = vec![0.0; height * width];
    for unit in 0..rows * columns {
        let feature: Vec<f32> = weights.iter().skip(unit).step_by(hidden).copied().collect();
        let largest = feature.iter().fold(1e-9_f32, |largest, weight| largest.max(weight.abs()));
        let (top, left) = (unit / columns * (SIDE + 1), unit % columns * (SIDE + 1));
        for (i, weight) in feature.into_iter().enumerate() {
            values[(top + i / SIDE) * width + left + i % SIDE] = (weight / largest * SHADES).round() / SHADES;
        }
    }
    Pixels::signed(height, width, &values)
}

fn features() -> Result<Sheet> {
    let both: Vec<Features> = traces::load("dropout_features")?;
    let mut sheet = Sheet::new(470.0);
    let named = [("without dropout", Hue::Orange), ("half of the units dropped", Hue::Blue)];
    for (k, (features, (name, hue))) in both.iter().zip(named).enumerate() {
        let rect = Rect::new(12.0 + 344.0 * k as f64, 32.0, 332.0, 221.0);
        let mean = features.kurtosis.iter().sum::<f64>() / features.kurtosis.len() as f64;
        sheet.text(hue, (rect.left, 22.0), Anchor::Start, name);
        sheet.small(Hue::Soft, (rect.right(), 22.0), Anchor::End, &format!("mean kurtosis {mean:.1}"));
        sheet.picture(rect, &Pixels::from_address(&features.sheet)?);
        sheet.border(Hue::Soft, rect);
    }
    let area = Rect::new(70.0, 285.0, 590.0, 130.0);
    let x = Axis::linear(-2.0, 12.0, 2.0, "excess kurtosis of a unit's weights");
    let plot = Plot::new(&mut sheet, area, x, Axis::linear(0.0, 120.0, 40.0, "units"));
    for (features, (_, hue)) in both.iter().zip(named) {
        for bin in -2..12 {
            let from = f64::from(bin);
            let within = |value: &&f64| (from..from + 1.0).contains(*value);
            let count = features.kurtosis.iter().filter(within).count();
            let aside = if hue == Hue::Orange { 0.05 } else { 0.5 };
            plot.bar(&mut sheet, hue, from + aside, from + aside + 0.45, count as f64);
        }
    }
    Ok(sheet)
}
