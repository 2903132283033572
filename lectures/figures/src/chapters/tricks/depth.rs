//! What becomes of a signal fifty layers down.

use anyhow::Result;
use dfdx::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng};
use rand_distr::StandardNormal;
use serde_json::{Value, json};
use tricks::initialization::{Activation, calculate_gain, kaiming_normal, signal_propagation, xavier_normal};

use crate::{
    Figure,
    numbers::counted,
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
    traces::{self, Trace},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[Figure {
    name: "fifty_layers",
    chapter: "tricks",
    alt: "Standard deviation of the activations over fifty layers of 256 units on a logarithmic axis, for tanh and for relu, each with four kinds of weights.",
    caption: "Straight lines up or down are a factor a layer: Xavier with its gain for tanh and He for relu keep the signal at its size; tanh with std 1 only looks as if it did, for it is saturated.",
    draw: fifty_layers,
}];

/// What it is drawn from.
pub const TRACES: &[Trace] = &[Trace { name: "fifty_layers", train: propagate }];

const UNITS: usize = 256;
const DEPTH: usize = 50;

type Draw = fn(&Cpu, &mut StdRng) -> Tensor<(usize, usize), f32, Cpu>;

fn normal(std: f32, dev: &Cpu, rng: &mut StdRng) -> Tensor<(usize, usize), f32, Cpu> {
    let values = (0..UNITS * UNITS).map(|_| std * rng.sample::<f32, _>(StandardNormal)).collect();
    dev.tensor_from_vec(values, (UNITS, UNITS))
}

const KINDS: [(&str, Activation, Draw); 8] = [
    ("std 0.01", Activation::Tanh, |dev, rng| normal(0.01, dev, rng)),
    ("Xavier", Activation::Tanh, |dev, rng| xavier_normal((UNITS, UNITS), 1.0, dev, rng)),
    ("Xavier · 5/3", Activation::Tanh, |dev, rng| {
        xavier_normal((UNITS, UNITS), calculate_gain("tanh", None).unwrap_or(1.0), dev, rng)
    }),
    ("std 1", Activation::Tanh, |dev, rng| normal(1.0, dev, rng)),
    ("std 0.01", Activation::Relu, |dev, rng| normal(0.01, dev, rng)),
    ("Xavier", Activation::Relu, |dev, rng| xavier_normal((UNITS, UNITS), 1.0, dev, rng)),
    ("He", Activation::Relu, |dev, rng| kaiming_normal((UNITS, UNITS), dev, rng)),
    ("std 1", Activation::Relu, |dev, rng| normal(1.0, dev, rng)),
];

/// The stds of each kind; those that no `f32` holds end a list.
fn propagate() -> Result<Value> {
    let dev = Cpu::default();
    let kinds = KINDS.into_iter().map(|(_, activation, draw)| {
        let mut rng = StdRng::seed_from_u64(7);
        let x = (0..64 * UNITS).map(|_| rng.sample(StandardNormal)).collect();
        let layers: Vec<_> = (0..DEPTH).map(|_| draw(&dev, &mut rng)).collect();
        let stds = signal_propagation(dev.tensor_from_vec(x, (64, UNITS)), &layers, activation);
        json!(stds.into_iter().take_while(|std| std.is_finite()).collect::<Vec<_>>())
    });
    Ok(kinds.collect())
}

fn fifty_layers() -> Result<Sheet> {
    let stds: Vec<Vec<f64>> = traces::load("fifty_layers")?;
    let mut sheet = Sheet::new(400.0);
    for (half, name) in ["tanh", "relu"].into_iter().enumerate() {
        let area = Rect::new(70.0 + 340.0 * half as f64, 45.0, 275.0, 295.0);
        let y = Axis::log(-12, 6, 3, if half == 0 { "std of the activations" } else { "" });
        let plot = Plot::new(&mut sheet, area, Axis::linear(0.0, 50.0, 10.0, "layer"), y);
        plot.heading(&mut sheet, name);
        plot.level(&mut sheet, Hue::Soft, 1.0);
        let hues = [Hue::Purple, Hue::Orange, Hue::Blue, Hue::Gold];
        for (k, hue) in hues.into_iter().enumerate() {
            plot.curve(&mut sheet, hue, counted(&stds[4 * half + k]));
            let place = (area.right() - 4.0, area.top + 14.0 + 19.0 * k as f64);
            sheet.text(hue, place, Anchor::End, KINDS[4 * half + k].0);
        }
    }
    Ok(sheet)
}
