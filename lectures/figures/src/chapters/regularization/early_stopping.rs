//! A network that learns its examples by heart, where to stop it, and the same one with dropout.

use anyhow::{Result, anyhow};
use datasets::mnist;
use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use regularization::{
    early_stopping::{EarlyStopping, Flow},
    given::digits::{DropoutRates, Examples, Recipe},
    mnist_mlp::{initial_mlp, train_mlp},
};
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
        name: "early_stopping",
        chapter: "regularization",
        alt: "Training and validation loss of a network on 500 digits over 40 epochs: training falls to 0, validation turns and rises; the best epoch, five epochs of patience and the stop are marked.",
        caption: "The training loss never says when to stop; the validation loss does, and the network that is kept is the one at its lowest point, not the one at the stop.",
        draw: early_stopping,
    },
    Figure {
        name: "dropout_curves",
        chapter: "regularization",
        alt: "Validation loss over 40 epochs of the same network on 500 digits without dropout and with a fifth of the pixels and half of the hidden units dropped, and both training losses.",
        caption: "With dropout the turn comes later and lies a little lower; that it comes all the same shows that dropout does not replace stopping in time.",
        draw: dropout_curves,
    },
];

/// What they are drawn from.
pub const TRACES: &[Trace] = &[Trace { name: "overfitting", train }];

#[derive(Serialize, Deserialize)]
struct Losses {
    train: Vec<f64>,
    validation: Vec<f64>,
}

fn examples(images: &datasets::Images, from: usize, to: usize) -> Examples<Cpu> {
    let size = images.size();
    let pixels = images.pixels[from * size..to * size].to_vec();
    Examples {
        images: Cpu::default().tensor_from_vec(pixels, (to - from, size)),
        labels: images.labels[from..to].to_vec(),
    }
}

/// Without dropout, and with it; the patience is longer than the training.
fn train() -> Result<Value> {
    let digits = mnist::bundled()?.train;
    let (train, validation) = (examples(&digits, 0, 500), examples(&digits, 500, 1500));
    let losses = [(0.0, 0.0), (0.2, 0.5)].map(|(input, hidden)| {
        let recipe = Recipe {
            hidden: 256,
            dropout: DropoutRates { input, hidden },
            held_out: 1,
            epochs: 40,
            patience: 100,
            batch_size: 32,
            learning_rate: 0.002,
            decay: 1.0,
        };
        let mut rng = StdRng::seed_from_u64(1);
        let mlp = initial_mlp(784, recipe.hidden, &Cpu::default(), &mut rng);
        let training =
            train_mlp(mlp, &train, &validation, &recipe, &mut rng).map_err(|cause| anyhow!("{cause}"))?;
        let numbers = |losses: Vec<f32>| losses.into_iter().map(f64::from).collect();
        Ok(Losses { train: numbers(training.train_loss), validation: numbers(training.validation_loss) })
    });
    let losses: Result<Vec<Losses>> = losses.into_iter().collect();
    Ok(to_value(losses?)?)
}

fn early_stopping() -> Result<Sheet> {
    const PATIENCE: usize = 5;
    let losses = &traces::load::<Vec<Losses>>("overfitting")?[0];
    let mut monitor = EarlyStopping::new(PATIENCE, 0.0).map_err(|cause| anyhow!("{cause}"))?;
    let stop = losses.validation.iter().position(|&loss| monitor.observe(loss as f32, &()) == Flow::Stop);
    let stop = stop.map_or(losses.validation.len(), |place| place + 1) as f64;
    let best = monitor.best.as_ref().map_or(1, |best| best.epoch);
    let at_best = (best as f64, losses.validation[best - 1]);

    let mut sheet = Sheet::new(350.0);
    let area = Rect::new(70.0, 30.0, 590.0, 260.0);
    let x = Axis::linear(0.0, 40.0, 5.0, "epoch");
    let plot = Plot::new(&mut sheet, area, x, Axis::linear(0.0, 1.0, 0.2, "cross entropy"));
    plot.band(&mut sheet, Hue::Gold, best as f64, stop);
    plot.upright(&mut sheet, Hue::Gold, stop);
    plot.curve(&mut sheet, Hue::Blue, counted(&losses.train));
    plot.curve(&mut sheet, Hue::Orange, counted(&losses.validation));
    plot.dots(&mut sheet, Hue::Orange, 5.0, [at_best]);
    plot.note(&mut sheet, Hue::Orange, at_best, (84.0, 36.0), Anchor::Start, &format!("best: epoch {best}"));
    plot.note(
        &mut sheet,
        Hue::Gold,
        (stop, 0.9),
        (6.0, 0.0),
        Anchor::Start,
        &format!("stop, after {PATIENCE} epochs of patience"),
    );
    sheet.text(
        Hue::Orange,
        (area.right(), plot.place(40.0, losses.validation[39]).1 - 12.0),
        Anchor::End,
        "validation",
    );
    sheet.text(Hue::Blue, (area.right(), plot.place(40.0, 0.0).1 - 14.0), Anchor::End, "training");
    Ok(sheet)
}

fn dropout_curves() -> Result<Sheet> {
    let losses: Vec<Losses> = traces::load("overfitting")?;
    let mut sheet = Sheet::new(350.0);
    let area = Rect::new(70.0, 30.0, 440.0, 260.0);
    let x = Axis::linear(0.0, 40.0, 5.0, "epoch");
    let plot = Plot::new(&mut sheet, area, x, Axis::linear(0.0, 1.0, 0.2, "cross entropy"));
    for (losses, hue, name) in
        [(&losses[0], Hue::Orange, "without dropout"), (&losses[1], Hue::Blue, "with dropout")]
    {
        plot.curve(&mut sheet, hue, counted(&losses.validation));
        plot.dashed(&mut sheet, hue, counted(&losses.train));
        let row = if hue == Hue::Orange { 0.0 } else { 22.0 };
        sheet.text(hue, (area.right() + 14.0, area.top + 16.0 + row), Anchor::Start, name);
    }
    sheet.small(Hue::Soft, (area.right() + 14.0, area.top + 66.0), Anchor::Start, "solid: validation");
    sheet.small(
        Hue::Soft,
        (area.right() + 14.0, area.top + 84.0),
        Anchor::Start,
        "dashed: training, with the",
    );
    sheet.small(Hue::Soft, (area.right() + 14.0, area.top + 100.0), Anchor::Start, "units that were dropped");
    Ok(sheet)
}
