//! What does augmentation gain where images are few? 200 of them, as they are and changed anew in every epoch by the course's
//! `ImageDataGenerator`: `augmentation [--json FILE]`. The bundled images are enough.
//!
//! A small network, of the kind that “Cats vs dogs” has, learns from 100 cats and 100 dogs, or from 20 images of each digit, drawn
//! anew for each seed, and is measured by 1,000 others. For digits the changes that are right for cats are tried, too: a mirrored 2
//! is no digit.

use anyhow::{Result, anyhow};
use bench::experiment::{Record, SEEDS, four_digits, spread};
use convnets::given::{pet_classifier::share_right, small_net::Network};
use convnets::transfer::training_logits;
use datasets::{Dataset, Examples, Images, cats_and_dogs, mnist};
use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::json;
use toolkit::ops::LossOps;
use toolkit::optim::{AdamConfig, Optimizer, Rule};
use toolkit::tensor;
use tricks::generator::{Arguments, ImageDataGenerator};

const IMAGES: usize = 200;
const BLOCKS: [usize; 3] = [8, 16, 32];
const EPOCHS: usize = 40;
/// How many epochs lie between two measurements.
const BETWEEN: usize = 10;
const BATCH: usize = 20;

fn main() -> Result<()> {
    let setting = json!({"images": IMAGES, "epochs": EPOCHS, "between": BETWEEN, "batch": BATCH});
    let mut record = Record::new("augmentation", setting)?;
    println!("| images | in training | last loss | right on other images |\n|---|---|---|---|");
    let [none, mirrored, moved, both] = changes();
    let pets = ("cats and dogs", cats_and_dogs::bundled()?, [none.clone(), mirrored, both.clone()]);
    for (name, data, changes) in [pets, ("digits", mnist::bundled()?, [none, moved, both])] {
        for (change, arguments) in changes {
            let (mut losses, mut shares) = (vec![], vec![]);
            for seed in SEEDS {
                let (loss, right) = train(&data, &arguments, seed)?;
                record.run(json!({
                    "data": name, "change": change, "seed": seed, "loss": four_digits(loss),
                    "accuracy": right.iter().copied().map(four_digits).collect::<Vec<_>>(),
                }))?;
                losses.push(loss);
                shares.extend(right.last().map(|share| share * 100.0));
            }
            println!("| {name} | {change} | {} | {} % |", spread(&losses, 3), spread(&shares, 1));
        }
    }
    record.end();
    Ok(())
}

/// What is done to an image before it is learnt from.
fn changes() -> [(&'static str, Arguments<Cpu>); 4] {
    let mirrored = Arguments { horizontal_flip: true, ..Arguments::default() };
    let moved = Arguments {
        rotation_range: 10.0,
        width_shift_range: 0.1,
        height_shift_range: 0.1,
        zoom_range: 0.1,
        ..Arguments::default()
    };
    let both = Arguments { horizontal_flip: true, ..moved.clone() };
    [
        ("as they are", Arguments::default()),
        ("mirrored", mirrored),
        ("moved", moved),
        ("moved, mirrored", both),
    ]
}

/// The last epoch's loss, and the share of the test images that is right, measured every few epochs.
fn train(data: &Dataset<Images>, arguments: &Arguments<Cpu>, seed: u64) -> Result<(f32, Vec<f32>)> {
    let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(seed));
    let few = few(&data.train, &mut rng);
    let channels = [&[few.channels], &BLOCKS[..]].concat();
    let mut network = Network::new(&channels, few.classes.len(), &dev, &mut rng);
    let mut optimizer = Optimizer::new(Rule::Adam(AdamConfig::default()));
    let generator = ImageDataGenerator::new(arguments.clone())?;
    let images = tensor_of(&dev, &few);
    let mut stream = generator.flow(&images, &few.labels, BATCH, &mut rng)?;
    let (test, mut loss, mut right) = (tensor_of(&dev, &data.test), 0.0, vec![]);
    for epoch in 1..=EPOCHS {
        loss = 0.0;
        for (images, labels) in stream.by_ref().take(IMAGES.div_ceil(BATCH)) {
            let (n, targets) = (labels.len(), dev.tensor_from_vec(labels.clone(), (labels.len(),)));
            let of_batch = Cpu::softmax_cross_entropy(training_logits(&mut network, images), &targets);
            loss += of_batch.array() * n as f32 / IMAGES as f32;
            let step = optimizer.step(&mut network, of_batch.backward());
            step.map_err(|error| anyhow!("{error:?}"))?;
        }
        if epoch % BETWEEN == 0 {
            right.push(share_right(|x| network.logits(x), test.clone(), &data.test.labels, 100));
        }
    }
    Ok((loss, right))
}

/// As many images of each class, drawn.
fn few(images: &Images, rng: &mut StdRng) -> Images {
    let mut order: Vec<usize> = (0..images.len()).collect();
    order.shuffle(rng);
    let shuffled = images.select(&order);
    shuffled.select(&shuffled.numbers_of_each_class(0, IMAGES / images.classes.len()))
}

fn tensor_of(dev: &Cpu, images: &Images) -> tensor::Images<Cpu> {
    let shape = (images.len(), images.height, images.width, images.channels);
    dev.tensor_from_vec(images.pixels.clone(), shape)
}
