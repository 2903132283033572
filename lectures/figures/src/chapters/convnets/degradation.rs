//! Degradation: what depth does to plain and to residual networks.

use anyhow::Result;
use convnets::degradation::{Plan, Recipe, gradient_sizes, stack, train as train_stack};
use datasets::mnist;
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
        name: "plain_and_residual",
        chapter: "convnets",
        alt: "Training loss over epochs of plain and residual networks of 2 and 16 blocks on 600 digits.",
        caption: "After twelve epochs the deep network with shortcuts is far ahead, and the deep one without has gained next to nothing over the shallow ones: depth alone does not pay.",
        draw: curves,
    },
    Figure {
        name: "gradients_back",
        chapter: "convnets",
        alt: "Size of the gradient in each of sixteen blocks of a new network, plain and residual, on a logarithmic axis.",
        caption: "From the last block back to the first the plain network's gradient grows a hundredfold, so that no single learning rate suits both ends; the residual one's stays within a few times.",
        draw: gradients,
    },
];

/// What they are drawn from.
pub const TRACES: &[Trace] = &[Trace { name: "depth", train }];

#[derive(Serialize, Deserialize)]
struct Depth {
    /// The losses of plain and residual networks of two blocks, then of sixteen.
    losses: Vec<Vec<f64>>,
    /// The gradients in new networks of sixteen blocks, plain and residual.
    gradients: Vec<Vec<f64>>,
}

const KINDS: [(&str, bool, usize, Hue); 4] = [
    ("plain, 2 blocks", false, 2, Hue::Gold),
    ("residual, 2 blocks", true, 2, Hue::Green),
    ("plain, 16 blocks", false, 16, Hue::Orange),
    ("residual, 16 blocks", true, 16, Hue::Blue),
];

fn train() -> Result<Value> {
    let digits = mnist::bundled()?.train;
    let n = 600;
    // Every second pixel: depth is what is looked at.
    let halved = |i: usize| {
        let image = digits.image(i);
        (0..14 * 14).map(|p| image[p / 14 * 56 + p % 14 * 2]).collect::<Vec<f32>>()
    };
    let pixels: Vec<f32> = (0..n).flat_map(halved).collect();
    let images = Cpu::default().tensor_from_vec(pixels, (n, 14, 14, 1));
    let labels = &digits.labels[..n];
    let (mut losses, mut gradients) = (Vec::new(), Vec::new());
    for (_, residual, depth, _) in KINDS {
        let mut rng = StdRng::seed_from_u64(1);
        let plan = Plan { residual, depth, channels: 1, width: 8, classes: 10 };
        let mut network = stack(plan, &Cpu::default(), &mut rng);
        if depth == 16 {
            let sizes = gradient_sizes(&network, &images.clone().slice((0..100, .., .., ..)), &labels[..100]);
            gradients.push(sizes.into_iter().map(f64::from).collect());
        }
        let recipe = Recipe { epochs: 12, batch_size: 50, learning_rate: 0.02 };
        let curve = train_stack(&mut network, &images, labels, recipe, &mut rng);
        losses.push(curve.into_iter().map(f64::from).collect());
    }
    Ok(to_value(Depth { losses, gradients })?)
}

fn curves() -> Result<Sheet> {
    let depth: Depth = traces::load("depth")?;
    let mut sheet = Sheet::new(350.0);
    let area = Rect::new(70.0, 25.0, 440.0, 265.0);
    let plot = Plot::new(
        &mut sheet,
        area,
        Axis::linear(1.0, 12.0, 1.0, "epoch"),
        Axis::linear(0.0, 3.0, 0.5, "training loss"),
    );
    for (k, ((name, _, _, hue), losses)) in KINDS.into_iter().zip(&depth.losses).enumerate() {
        plot.curve(&mut sheet, hue, counted(losses));
        plot.dots(&mut sheet, hue, 3.0, counted(losses));
        sheet.text(hue, (area.right() + 14.0, area.top + 20.0 + 22.0 * k as f64), Anchor::Start, name);
    }
    Ok(sheet)
}

fn gradients() -> Result<Sheet> {
    let depth: Depth = traces::load("depth")?;
    let mut sheet = Sheet::new(330.0);
    let area = Rect::new(75.0, 25.0, 470.0, 245.0);
    let x = Axis::linear(1.0, 16.0, 1.0, "block (1 is the first, 16 is next to the loss)");
    let plot = Plot::new(&mut sheet, area, x, Axis::log(-3, 1, 1, "gradient, root mean square"));
    for (sizes, (hue, name)) in depth.gradients.iter().zip([(Hue::Orange, "plain"), (Hue::Blue, "residual")])
    {
        plot.curve(&mut sheet, hue, counted(sizes));
        plot.dots(&mut sheet, hue, 3.5, counted(sizes));
        let last = (16.0, sizes[15]);
        plot.note(
            &mut sheet,
            hue,
            last,
            (12.0, if name == "plain" { 14.0 } else { -2.0 }),
            Anchor::Start,
            name,
        );
    }
    Ok(sheet)
}
