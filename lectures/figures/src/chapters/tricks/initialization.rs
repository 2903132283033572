//! First weights.

use anyhow::Result;
use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use tricks::initialization::{kaiming_normal, xavier_normal, xavier_uniform};

use crate::{
    Figure,
    plot::{Axis, Plot},
    sheet::{Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[Figure {
    name: "first_weights",
    chapter: "tricks",
    alt: "Histograms of 20,000 weights for a layer from 784 to 512 units, drawn by Xavier's normal, Xavier's uniform and He's truncated normal distribution.",
    caption: "Normal and uniform have the same spread and other shapes; He's is wider, because its variance ignores the outputs, and ends sharply where Keras cuts it.",
    draw: first_weights,
}];

fn first_weights() -> Result<Sheet> {
    let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
    // A few rows of the layer would have other fans, so whole layers are drawn and 20,000 of their weights counted.
    let shape = (784, 512);
    let kinds = [
        ("Xavier, normal", Hue::Blue, xavier_normal(shape, 1.0, &dev, &mut rng)),
        ("Xavier, uniform", Hue::Green, xavier_uniform(shape, 1.0, &dev, &mut rng)),
        ("He, truncated", Hue::Orange, kaiming_normal(shape, &dev, &mut rng)),
    ];
    let mut sheet = Sheet::new(290.0);
    for (k, (name, hue, weights)) in kinds.into_iter().enumerate() {
        let area = Rect::new(60.0 + 220.0 * k as f64, 45.0, 185.0, 185.0);
        let y = Axis::linear(0.0, 2000.0, 500.0, if k == 0 { "weights" } else { "" });
        let plot = Plot::new(&mut sheet, area, Axis::linear(-0.15, 0.15, 0.1, "weight").ticks(&TICKS), y);
        plot.heading(&mut sheet, name);
        for (bin, count) in histogram(&weights.as_vec()[..20_000]).into_iter().enumerate() {
            let left = -0.15 + 0.0075 * bin as f64;
            plot.bar(&mut sheet, hue, left, left + 0.007, f64::from(count));
        }
    }
    Ok(sheet)
}

const TICKS: [(f64, &str); 3] = [(-0.1, "−0.1"), (0.0, "0"), (0.1, "0.1")];

/// How many lie in each of forty bins from −0.15 to 0.15.
fn histogram(weights: &[f32]) -> [u32; 40] {
    let mut counts = [0; 40];
    for weight in weights {
        let bin = ((weight + 0.15) / 0.0075).floor();
        if (0.0..40.0).contains(&bin) {
            counts[bin as usize] += 1;
        }
    }
    counts
}
