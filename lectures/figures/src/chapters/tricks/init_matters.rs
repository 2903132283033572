//! The capstone's five starts, trained.

use anyhow::Result;
use datasets::mnist;
use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};
use tricks::init_matters::{Examples, Initialization, Recipe, does_init_matter};

use crate::{
    Figure,
    numbers::counted,
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
    traces::{self, Trace},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[Figure {
    name: "five_starts",
    chapter: "tricks",
    alt: "Training loss over eight epochs on 4,000 MNIST digits from five starts, on a logarithmic axis: zero stays at 2.3, std 1 begins far above, std 0.001 waits, Xavier and He fall together; and the share of test digits that each gets right.",
    caption: "Zero never moves; std 1 starts more than ten times too high and ends as the worst of those that learn; std 0.001 loses two epochs; Xavier and He lie on each other.",
    draw: five_starts,
}];

/// What it is drawn from.
pub const TRACES: &[Trace] = &[Trace { name: "five_starts", train }];

const STARTS: [(&str, Initialization, Hue); 5] = [
    ("zero", Initialization::Zero, Hue::Soft),
    ("std 0.001", Initialization::Small, Hue::Green),
    ("std 1", Initialization::Large, Hue::Orange),
    ("Xavier", Initialization::Xavier, Hue::Purple),
    ("He", Initialization::He, Hue::Blue),
];

#[derive(Serialize, Deserialize)]
struct Curve {
    loss: Vec<f64>,
    accuracy: f64,
}

fn examples(images: &datasets::Images, n: usize) -> Examples<Cpu> {
    // The bundled digits come in no order of classes.
    let pixels = images.pixels[..n * images.size()].to_vec();
    Examples {
        images: Cpu::default().tensor_from_vec(pixels, (n, images.size())),
        labels: images.labels[..n].to_vec(),
    }
}

fn train() -> Result<Value> {
    let digits = mnist::bundled()?;
    let (train, test) = (examples(&digits.train, 4000), examples(&digits.test, 1000));
    let recipe = Recipe { hidden: 256, epochs: 8, batch_size: 64, learning_rate: 0.1 };
    let curve = |(_, start, _)| {
        let curve = does_init_matter(&train, &test, start, recipe, &mut StdRng::seed_from_u64(1));
        let loss = curve.train_loss.into_iter().map(f64::from).collect();
        Curve { loss, accuracy: f64::from(curve.test_accuracy) }
    };
    Ok(to_value(STARTS.map(curve).as_slice())?)
}

fn five_starts() -> Result<Sheet> {
    let curves: Vec<Curve> = traces::load("five_starts")?;
    let mut sheet = Sheet::new(370.0);
    let area = Rect::new(75.0, 30.0, 400.0, 280.0);
    let x = Axis::linear(1.0, 8.0, 1.0, "epoch");
    let plot = Plot::new(&mut sheet, area, x, Axis::log(-2, 2, 1, "mean loss of the epoch"));
    let mut order: Vec<(f64, String, Hue)> = Vec::new();
    for ((name, _, hue), curve) in STARTS.into_iter().zip(&curves) {
        plot.curve(&mut sheet, hue, counted(&curve.loss));
        plot.dots(&mut sheet, hue, 3.0, counted(&curve.loss));
        let last = curve.loss.last().copied().unwrap_or(1.0);
        order.push((plot.place(1.0, last).1, format!("{name}: {:.1} % right", 100.0 * curve.accuracy), hue));
    }
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut lowest = f64::NEG_INFINITY;
    for (y, words, hue) in order {
        lowest = (y + 5.0).max(lowest + 19.0);
        sheet.text(hue, (area.right() + 10.0, lowest), Anchor::Start, &words);
    }
    Ok(sheet)
}
