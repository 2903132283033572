//! The training loop, and the curves that come out of it.

use anyhow::Result;
use dfdx::prelude::*;
use first_steps::{
    given::classifier::{Classifier, Examples, History, Plan},
    training::training_loop,
};
use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::{
    Figure,
    diagram::{follow, labelled},
    numbers::{counted, matrix},
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[
    Figure {
        name: "loop",
        chapter: "first_steps",
        alt: "The training loop as a ring of boxes: shuffle, batch, loss on a tape, backward, step, and back to the next batch; after the last batch, validation without a tape.",
        caption: "The inner ring turns once a batch, the outer one once an epoch; validation hangs outside of it and never leads to a step.",
        draw: ring,
    },
    Figure {
        name: "training_curves",
        chapter: "first_steps",
        alt: "Loss over thirty epochs on a training and a validation set of three classes, and the validation accuracy.",
        caption: "Both losses fall and stay near each other: it learns. The accuracy is at its place after the first epoch, and even loses a little while the loss still falls: it counts who is right, not how sure.",
        draw: training_curves,
    },
];

fn ring() -> Result<Sheet> {
    let mut sheet = Sheet::new(280.0);
    let boxes = [
        (Rect::new(20.0, 60.0, 170.0, 56.0), Hue::Gold, ["shuffle", "all training examples"]),
        (Rect::new(265.0, 60.0, 170.0, 56.0), Hue::Blue, ["a batch", "the next 32 of them"]),
        (Rect::new(510.0, 60.0, 170.0, 56.0), Hue::Blue, ["loss", "on a tape of its own"]),
        (Rect::new(510.0, 165.0, 170.0, 56.0), Hue::Blue, ["backward", "uses the tape up"]),
        (Rect::new(265.0, 165.0, 170.0, 56.0), Hue::Blue, ["step", "for each parameter"]),
        (Rect::new(20.0, 165.0, 170.0, 56.0), Hue::Gold, ["validation", "no tape, no step"]),
    ];
    for (rect, hue, words) in boxes {
        labelled(&mut sheet, hue, rect, &words);
    }
    for (from, to) in [(0, 1), (1, 2), (2, 3), (5, 0)] {
        follow(&mut sheet, boxes[from].0, boxes[to].0);
    }
    sheet.arrow(Hue::Soft, (508.0, 193.0), (437.0, 193.0));
    sheet.arrow(Hue::Blue, (350.0, 163.0), (350.0, 118.0));
    sheet.arrow(Hue::Gold, (263.0, 193.0), (192.0, 193.0));
    sheet.small(Hue::Blue, (360.0, 144.0), Anchor::Start, "next batch");
    sheet.small(Hue::Gold, (228.0, 240.0), Anchor::Middle, "after the last batch");
    sheet.small(Hue::Gold, (115.0, 144.0), Anchor::Start, "next epoch");
    sheet.text(Hue::Ink, (20.0, 36.0), Anchor::Start, "Blue: once a batch. Gold: once an epoch.");
    let note = "Training loss of the epoch: the mean over its examples, each with the weights of its moment.";
    sheet.small(Hue::Soft, (20.0, 268.0), Anchor::Start, note);
    Ok(sheet)
}

/// Points around three centres, which overlap a little.
fn clouds(n: usize, rng: &mut StdRng) -> Examples<Cpu> {
    const CENTRES: [[f32; 2]; 3] = [[0.0, 1.2], [-1.1, -0.7], [1.1, -0.7]];
    let labels: Vec<usize> = (0..n).map(|i| i % 3).collect();
    let mut near = |centre: f32| centre + rng.gen_range(-1.3_f32..1.3);
    let x: Vec<f32> = labels.iter().flat_map(|&label| CENTRES[label].map(&mut near)).collect();
    Examples { x: matrix(&x, n, 2), labels }
}

fn history() -> Result<History> {
    let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(3));
    let (train, validation) = (clouds(240, &mut rng), clouds(240, &mut rng));
    let mut model = Classifier { weights: dev.zeros_like(&(2, 3)), biases: dev.zeros_like(&(3,)) };
    let plan = Plan { epochs: 30, batch_size: 16, learning_rate: 0.05 };
    training_loop(&mut model, &train, &validation, &plan, &mut rng)
        .map_err(|cause| anyhow::anyhow!("{cause}"))
}

fn training_curves() -> Result<Sheet> {
    let history = history()?;
    let mut sheet = Sheet::new(330.0);
    let epochs = || Axis::linear(0.0, 30.0, 5.0, "epoch");
    let area = Rect::new(60.0, 45.0, 275.0, 225.0);
    let plot = Plot::new(&mut sheet, area, epochs(), Axis::linear(0.0, 1.0, 0.2, "loss"));
    plot.heading(&mut sheet, "Cross entropy");
    plot.curve(&mut sheet, Hue::Blue, counted(&history.train_losses));
    plot.dashed(&mut sheet, Hue::Orange, counted(&history.validation_losses));
    sheet.text(Hue::Blue, (area.right(), area.top + 16.0), Anchor::End, "training");
    sheet.text(Hue::Orange, (area.right(), area.top + 36.0), Anchor::End, "validation (dashed)");
    let area = Rect::new(415.0, 45.0, 255.0, 225.0);
    let y = Axis::linear(0.5, 1.0, 0.1, "").ticks(&[
        (0.5, "50 %"),
        (0.6, "60 %"),
        (0.7, "70 %"),
        (0.8, "80 %"),
        (0.9, "90 %"),
        (1.0, "100 %"),
    ]);
    let plot = Plot::new(&mut sheet, area, epochs(), y);
    plot.heading(&mut sheet, "Validation accuracy");
    plot.curve(&mut sheet, Hue::Orange, counted(&history.validation_accuracies));
    Ok(sheet)
}
