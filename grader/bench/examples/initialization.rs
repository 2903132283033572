//! Does the initialization matter, and how much more so in deep networks? The five starts of `does_init_matter` at several depths:
//! `initialization [--json FILE]`, with `CRASH_COURSE_DATA` naming a folder that has MNIST in full.
//!
//! Layers of 128 relus, 20,000 digits, plain gradient descent; prints what share of the 10,000 test images is right after one
//! epoch.

use anyhow::Result;
use bench::experiment::{Design, Norms, Perceptron, Record, SEEDS, digits, four_digits, spread};
use datasets::{Dataset, Images};
use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use serde_json::json;
use toolkit::ops::Activation;
use toolkit::optim::{Optimizer, Rule, SgdConfig};
use tricks::init_matters::{Initialization, initial_weights};

const STARTS: [(Initialization, &str); 5] = [
    (Initialization::Zero, "zero"),
    (Initialization::Small, "normal, std 0.001"),
    (Initialization::Large, "normal, std 1"),
    (Initialization::Xavier, "Xavier"),
    (Initialization::He, "He"),
];
const DEPTHS: [usize; 3] = [1, 5, 20];
const UNITS: usize = 128;
const EPOCHS: usize = 3;
const BATCH: usize = 128;
const RATE: f64 = 0.03;

fn main() -> Result<()> {
    let data = digits(20_000, (60_000, 10_000))?;
    let setting = json!({"images": 20_000, "units": UNITS, "learning_rate": RATE, "batch": BATCH});
    let mut record = Record::new("initialization", setting)?;
    println!("| hidden layers | start | right after one epoch | after {EPOCHS} |\n|---|---|---|---|");
    for depth in DEPTHS {
        for (start, name) in STARTS {
            let mut curves = vec![];
            for seed in SEEDS {
                let curve = train(depth, start, &data, seed)?;
                let right: Vec<_> = curve.iter().map(|(_, right)| four_digits(*right)).collect();
                let losses: Vec<_> = curve.iter().map(|(loss, _)| four_digits(*loss)).collect();
                record.run(
                    json!({"hidden": depth, "start": name, "seed": seed, "loss": losses, "accuracy": right}),
                )?;
                curves.push(curve);
            }
            let after =
                |epoch: usize| spread(&curves.iter().map(|curve| curve[epoch - 1].1).collect::<Vec<_>>(), 4);
            println!("| {depth} | {name} | {} | {} |", after(1), after(EPOCHS));
        }
    }
    record.end();
    Ok(())
}

/// The training loss of each epoch and the test accuracy after it.
fn train(depth: usize, start: Initialization, data: &Dataset<Images>, seed: u64) -> Result<Vec<(f32, f32)>> {
    let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(seed));
    let sizes = [&[data.train.size()], &vec![UNITS; depth][..], &[10]].concat();
    let design = Design { sizes, activation: Activation::Relu, norms: Norms::None, dropout: (0.0, 0.0) };
    let mut network = Perceptron::new(design, |shape| initial_weights(start, shape, &dev, &mut rng));
    let descent = SgdConfig { lr: RATE, momentum: None, weight_decay: None };
    let mut optimizer = Optimizer::new(Rule::Sgd(descent));
    let epoch = |_| {
        let loss = network.epoch(&mut optimizer, &data.train, BATCH, &mut rng)?;
        Ok((loss, network.scores(&data.test).accuracy))
    };
    (0..EPOCHS).map(epoch).collect()
}
