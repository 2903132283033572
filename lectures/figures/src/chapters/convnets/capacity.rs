//! Parameters per image, and a network that learns random labels by heart.

use anyhow::Result;
use convnets::capacity::{
    Examples, Layer, Recipe, parameters_per_sample, random_labels as shuffled, train_and_test,
};
use datasets::generated::digits;
use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};

use crate::{
    Figure,
    numbers::counted,
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
    traces::{self, Trace},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "parameters_per_sample",
        chapter: "convnets",
        alt: "Bars of the parameters for each of CIFAR-10's 50,000 training images on a logarithmic axis: 24 for a network of one hidden layer, 28 AlexNet-like, 33 Inception-like, 179 for a wide residual network; a line stands at 1.",
        caption: "Left of the dashed line there would be an image for each parameter, as the old rule of thumb wants it; all four stand far to its right, and all four generalize.",
        draw: per_sample,
    },
    Figure {
        name: "random_labels",
        chapter: "convnets",
        alt: "Accuracy over forty epochs on 200 made digits with their true labels and with the labels shuffled: training reaches 100 % with both, testing 10 % with the shuffled ones.",
        caption: "Solid, both networks end by knowing all of their images; dashed, only the one that was told the truth knows others.",
        draw: random_labels,
    },
];

/// What it is drawn from.
pub const TRACES: &[Trace] = &[Trace { name: "random_labels", train }];

#[derive(Serialize, Deserialize)]
struct Curves {
    train: Vec<f64>,
    test: Vec<f64>,
}

fn examples(n: usize, rng: &mut StdRng) -> Examples<Cpu> {
    let digits = digits(n, 12, rng);
    let images = Cpu::default().tensor_from_vec(digits.pixels, (n, 12, 12, 1));
    Examples { images, labels: digits.labels }
}

fn train() -> Result<Value> {
    let mut rng = StdRng::seed_from_u64(1);
    let (truth, test) = (examples(200, &mut rng), examples(500, &mut rng));
    let random = shuffled(&truth, &mut rng);
    let recipe =
        Recipe { filters: 16, hidden: 64, classes: 10, epochs: 40, batch_size: 20, learning_rate: 0.003 };
    let curves = [truth, random].map(|examples| {
        let accuracies = train_and_test(&examples, &test, recipe, &mut StdRng::seed_from_u64(2));
        let numbers = |values: Vec<f32>| values.into_iter().map(f64::from).collect();
        Curves { train: numbers(accuracies.train), test: numbers(accuracies.test) }
    });
    Ok(to_value(curves.as_slice())?)
}

/// The networks of Zhang et al. 2017, table 1: all parameters as one layer of so many inputs, so that the lecture's function counts.
const NETWORKS: [(&str, usize); 4] = [
    ("MLP 1×512", 1_209_866),
    ("AlexNet-like", 1_387_786),
    ("Inception-like", 1_649_402),
    ("Wide ResNet 40-4", 8_949_210),
];

fn per_sample() -> Result<Sheet> {
    let mut sheet = Sheet::new(250.0);
    let area = Rect::new(150.0, 20.0, 480.0, 175.0);
    let x = Axis::log(-1, 3, 1, "parameters for each training image, p/n");
    let plot = Plot::new(&mut sheet, area, x, Axis::linear(0.0, 4.0, 1.0, "").ticks(&[]));
    for (k, (name, parameters)) in NETWORKS.into_iter().enumerate() {
        let all = Layer::Dense { inputs: parameters - 1, outputs: 1 };
        let ratio = parameters_per_sample(&[all], 50_000);
        let (left, top) = plot.place(0.1, 3.8 - k as f64);
        let right = plot.place(ratio, 0.0).0;
        sheet.fill(Hue::Blue, 0.75, Rect::new(left, top, right - left, 26.0));
        sheet.text(Hue::Ink, (left - 10.0, top + 18.0), Anchor::End, name);
        sheet.text(Hue::Ink, (right + 8.0, top + 18.0), Anchor::Start, &format!("{ratio:.0}"));
    }
    plot.upright(&mut sheet, Hue::Ink, 1.0);
    Ok(sheet)
}

fn random_labels() -> Result<Sheet> {
    let curves: Vec<Curves> = traces::load("random_labels")?;
    let mut sheet = Sheet::new(340.0);
    let area = Rect::new(70.0, 25.0, 470.0, 255.0);
    let y = Axis::linear(0.0, 1.0, 0.2, "accuracy");
    let plot = Plot::new(&mut sheet, area, Axis::linear(0.0, 40.0, 5.0, "epoch"), y);
    for (k, (curves, (hue, name))) in
        curves.iter().zip([(Hue::Blue, "true labels"), (Hue::Orange, "shuffled labels")]).enumerate()
    {
        plot.curve(&mut sheet, hue, counted(&curves.train));
        plot.dashed(&mut sheet, hue, counted(&curves.test));
        sheet.text(hue, (area.right() + 14.0, area.top + 60.0 + 22.0 * k as f64), Anchor::Start, name);
    }
    sheet.small(Hue::Soft, (area.right() + 14.0, area.top + 108.0), Anchor::Start, "solid: training images");
    sheet.small(Hue::Soft, (area.right() + 14.0, area.top + 126.0), Anchor::Start, "dashed: other images");
    Ok(sheet)
}
