//! Does dropout help whatever the architecture is? Validation error over epochs, with and without, for networks of several depths
//! and widths, as on the slide for TIMIT: `dropout [--json FILE]`, with `CRASH_COURSE_DATA` naming a folder that has MNIST in full.
//!
//! Learns from the first 5,000 digits, and is measured by the last 5,000 of the training images. Relu, He's weights, Adam; half of
//! the hidden units dropped and a fifth of the inputs.

use anyhow::Result;
use bench::experiment::{Design, Norms, Perceptron, Record, SEEDS, digits, four_digits, spread};
use datasets::{Dataset, Images};
use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use serde_json::json;
use toolkit::ops::Activation;
use toolkit::optim::{AdamConfig, Optimizer, Rule};
use tricks::initialization::kaiming_normal;

const ARCHITECTURES: [&[usize]; 3] = [&[512], &[256, 256], &[128, 128, 128]];
const EPOCHS: usize = 25;
const BATCH: usize = 64;
/// Of inputs and of hidden units.
const DROPPED: (f32, f32) = (0.2, 0.5);
/// After which epochs a column is printed.
const SHOWN: [usize; 4] = [2, 5, 10, EPOCHS];

fn main() -> Result<()> {
    let data = digits(5_000, (55_000, 5_000))?;
    let mut record = Record::new("dropout", json!({"images": 5_000, "epochs": EPOCHS, "batch": BATCH}))?;
    let columns: Vec<String> = SHOWN.iter().map(|epoch| format!("epoch {epoch}")).collect();
    println!("| hidden units | dropout | {} |\n|---|---|{}", columns.join(" | "), "---|".repeat(SHOWN.len()));
    for hidden in ARCHITECTURES {
        let name = hidden.iter().map(usize::to_string).collect::<Vec<_>>().join("–");
        for (with, dropped) in [("without", (0.0, 0.0)), ("with", DROPPED)] {
            let mut curves = vec![];
            for seed in SEEDS {
                let curve = train(hidden, dropped, &data, seed)?;
                let errors: Vec<_> = curve.iter().map(|(_, error)| four_digits(*error)).collect();
                let losses: Vec<_> = curve.iter().map(|(loss, _)| four_digits(*loss)).collect();
                record.run(
                    json!({"hidden": name, "dropout": with, "seed": seed, "loss": losses, "error": errors}),
                )?;
                curves.push(curve);
            }
            let after =
                |epoch: usize| curves.iter().map(|curve| curve[epoch - 1].1 * 100.0).collect::<Vec<_>>();
            let cells = SHOWN.map(|epoch| spread(&after(epoch), 2));
            println!("| {name} | {with} | {} |", cells.join(" | "));
        }
    }
    record.end();
    Ok(())
}

/// The training loss of each epoch and the validation error after it.
fn train(
    hidden: &[usize],
    dropout: (f32, f32),
    data: &Dataset<Images>,
    seed: u64,
) -> Result<Vec<(f32, f32)>> {
    let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(seed));
    let sizes = [&[data.train.size()], hidden, &[10]].concat();
    let design = Design { sizes, activation: Activation::Relu, norms: Norms::None, dropout };
    let mut network = Perceptron::new(design, |shape| kaiming_normal(shape, &dev, &mut rng));
    let mut optimizer = Optimizer::new(Rule::Adam(AdamConfig::default()));
    let epoch = |_| {
        let loss = network.epoch(&mut optimizer, &data.train, BATCH, &mut rng)?;
        Ok((loss, 1.0 - network.scores(&data.test).accuracy))
    };
    (0..EPOCHS).map(epoch).collect()
}
