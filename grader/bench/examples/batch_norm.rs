//! Does batch normalization help? The slide's network on digits, with and without, over learning rates:
//! `batch_norm [--json FILE]`, with `CRASH_COURSE_DATA` naming a folder that has MNIST in full.
//!
//! Dense 64 – tanh – dropout ½, twice, then ten logits, with Xavier's uniform weights, as Keras has them. Learns from 20,000 images
//! by plain gradient descent, five epochs; prints what share of the 10,000 test images it gets right, and the last epoch's loss.

use anyhow::Result;
use bench::experiment::{Design, Norms, Perceptron, Record, SEEDS, digits, four_digits, spread};
use datasets::{Dataset, Images};
use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use serde_json::json;
use toolkit::init::xavier_uniform;
use toolkit::ops::Activation;
use toolkit::optim::{Optimizer, Rule, SgdConfig};

const RATES: [f64; 8] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0];
const EPOCHS: usize = 5;
const BATCH: usize = 128;
const NETWORKS: [(Norms, &str); 3] =
    [(Norms::None, "none"), (Norms::Hidden, "hidden layers"), (Norms::All, "all layers")];

/// The loss of each epoch, in training, and the test accuracy after it.
struct Curve {
    loss: Vec<f32>,
    accuracy: Vec<f32>,
}

fn main() -> Result<()> {
    let data = digits(20_000, (60_000, 10_000))?;
    let mut record = Record::new("batch_norm", json!({"images": 20_000, "epochs": EPOCHS, "batch": BATCH}))?;
    println!("| batch norm | learning rate | right on test images | last loss |\n|---|---|---|---|");
    for (norms, name) in NETWORKS {
        for rate in RATES {
            let mut curves = vec![];
            for seed in SEEDS {
                let curve = train(norms, rate, &data, seed)?;
                record.run(json!({
                    "batch_norm": name, "learning_rate": rate, "seed": seed,
                    "loss": curve.loss.iter().copied().map(four_digits).collect::<Vec<_>>(),
                    "accuracy": curve.accuracy.iter().copied().map(four_digits).collect::<Vec<_>>(),
                }))?;
                curves.push(curve);
            }
            let last = |of: fn(&Curve) -> &Vec<f32>| -> Vec<f32> {
                curves.iter().map(|curve| of(curve)[EPOCHS - 1]).collect()
            };
            let (right, loss) = (spread(&last(|c| &c.accuracy), 4), spread(&last(|c| &c.loss), 3));
            println!("| {name} | {rate} | {right} | {loss} |");
        }
    }
    record.end();
    Ok(())
}

fn train(norms: Norms, rate: f64, data: &Dataset<Images>, seed: u64) -> Result<Curve> {
    let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(seed));
    let sizes = vec![data.train.size(), 64, 64, 10];
    let design = Design { sizes, activation: Activation::Tanh, norms, dropout: (0.0, 0.5) };
    let mut network = Perceptron::new(design, |shape| xavier_uniform(shape, &dev, &mut rng));
    let descent = SgdConfig { lr: rate, momentum: None, weight_decay: None };
    let mut optimizer = Optimizer::new(Rule::Sgd(descent));
    let mut curve = Curve { loss: vec![], accuracy: vec![] };
    for _ in 0..EPOCHS {
        curve.loss.push(network.epoch(&mut optimizer, &data.train, BATCH, &mut rng)?);
        curve.accuracy.push(network.scores(&data.test).accuracy);
    }
    Ok(curve)
}
