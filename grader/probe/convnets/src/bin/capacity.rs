//! Calls into `convnets::capacity`.

use convnets::capacity as student;
use probe::{Dev, Fault, Inputs, Outputs, serve};
use rand::rngs::StdRng;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("parameters_per_sample", parameters_per_sample),
        ("random_labels", |call| {
            let random = student::random_labels(&examples(call, "train")?, &mut call.rng("seed")?);
            Ok(Outputs::new().tensor("images", &random.images).indexes("labels", &random.labels))
        }),
        ("random_labels/train_and_test", |call| {
            trained(call, &examples(call, "train")?, &mut call.rng("seed")?)
        }),
        ("random_labels/random_labels + train_and_test", |call| {
            let mut rng = call.rng("seed")?;
            let random = student::random_labels(&examples(call, "train")?, &mut rng);
            trained(call, &random, &mut rng)
        }),
    ])
}

/// A layer is five numbers: its kind, three sizes and whether it has a bias or a scale.
fn parameters_per_sample(call: &Inputs) -> Result<Outputs, Fault> {
    let layer = |numbers: &[usize]| match *numbers {
        [0, inputs, outputs, ..] => Ok(student::Layer::Dense { inputs, outputs }),
        [1, inputs, outputs, size, bias] => {
            Ok(student::Layer::Convolution { size, inputs, outputs, bias: bias == 1 })
        }
        [2, channels, _, _, scale] => Ok(student::Layer::BatchNorm { channels, scale: scale == 1 }),
        _ => Err(Fault::Unsupported(format!("{numbers:?} is no layer"))),
    };
    let layers = call.indexes("layers")?.chunks(5).map(layer).collect::<Result<Vec<_>, Fault>>()?;
    let ratio = student::parameters_per_sample(&layers, call.count("samples")?);
    Ok(Outputs::new().number("ratio", ratio))
}

/// The accuracies of a training on these labels.
fn trained(call: &Inputs, train: &student::Examples<Dev>, rng: &mut StdRng) -> Result<Outputs, Fault> {
    let recipe = student::Recipe {
        filters: call.count("filters")?,
        hidden: call.count("hidden")?,
        classes: call.count("classes")?,
        epochs: call.count("epochs")?,
        batch_size: call.count("batch_size")?,
        learning_rate: call.number("learning_rate")?,
    };
    let found = student::train_and_test(train, &examples(call, "test")?, recipe, rng);
    Ok(Outputs::new().numbers("train", &found.train).numbers("test", &found.test))
}

fn examples(call: &Inputs, part: &str) -> Result<student::Examples<Dev>, Fault> {
    Ok(student::Examples { images: call.tensor(part)?, labels: call.indexes(&format!("{part}_labels"))? })
}
