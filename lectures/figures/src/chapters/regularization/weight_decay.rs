//! The L2 penalty and decay, with momentum and without.

use anyhow::Result;
use regularization::weight_decay::{Layer, SgdW};

use crate::{
    Figure,
    numbers::{matrix, vector},
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[Figure {
    name: "decay",
    chapter: "regularization",
    alt: "A weight that starts at 1 and that the loss does not care about, over a hundred steps: decay with momentum 0 and 0.9, and the penalty with both.",
    caption: "Three of the four curves lie on each other; the penalty with momentum falls ten times as fast, and swings through 0.",
    draw: decay,
}];

/// η and λ of the lecture.
const RATE: f32 = 0.1;
const LAMBDA: f32 = 0.1;

fn layer(weight: f32) -> Layer<dfdx::prelude::Cpu> {
    Layer { weights: matrix(&[weight], 1, 1), biases: vector(&[0.0]) }
}

/// A weight over a hundred steps, with the penalty's gradient or with decay.
fn way(momentum: f32, is_penalty: bool) -> Vec<(f64, f64)> {
    let mut optimizer = SgdW::new(RATE, momentum, if is_penalty { 0.0 } else { LAMBDA });
    let mut parameters = layer(1.0);
    let mut way = Vec::new();
    for step in 0..=100 {
        let weight = parameters.weights.as_vec()[0];
        way.push((f64::from(step), f64::from(weight)));
        optimizer.step(&mut parameters, &layer(if is_penalty { LAMBDA * weight } else { 0.0 }));
    }
    way
}

fn decay() -> Result<Sheet> {
    let mut sheet = Sheet::new(310.0);
    let area = Rect::new(70.0, 20.0, 590.0, 230.0);
    let x = Axis::linear(0.0, 100.0, 10.0, "steps, η = λ = 0.1");
    let plot = Plot::new(&mut sheet, area, x, Axis::linear(-0.4, 1.0, 0.2, "weight"));
    plot.level(&mut sheet, Hue::Soft, 0.0);
    plot.curve(&mut sheet, Hue::Blue, way(0.0, false));
    plot.dots(&mut sheet, Hue::Green, 4.0, way(0.9, false).into_iter().step_by(10));
    plot.dashed(&mut sheet, Hue::Gold, way(0.0, true));
    plot.curve(&mut sheet, Hue::Orange, way(0.9, true));
    plot.note(
        &mut sheet,
        Hue::Blue,
        (40.0, 0.95),
        (0.0, 0.0),
        Anchor::Start,
        "decay, μ = 0 (line) and 0.9 (dots);",
    );
    plot.note(&mut sheet, Hue::Gold, (40.0, 0.84), (0.0, 0.0), Anchor::Start, "penalty, μ = 0 (dashed)");
    plot.note(&mut sheet, Hue::Orange, (34.0, 0.1), (0.0, -2.0), Anchor::Start, "penalty, μ = 0.9");
    Ok(sheet)
}
