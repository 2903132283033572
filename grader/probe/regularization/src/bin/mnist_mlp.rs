//! Calls into `regularization::mnist_mlp`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Leaf, Outputs, Plain, serve};
use regularization::{
    given::digits::{BatchNorm, DropoutRates, Examples, Mlp, Recipe, Training},
    mnist_mlp as student,
};

type Matrix = Plain<(usize, usize)>;
type Tensors<'a> = Vec<(&'static str, &'a dyn Leaf)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("mnist_mlp/initial_mlp", |call| {
            let (pixels, hidden, mut rng) = (call.count("pixels")?, call.count("hidden")?, call.rng("seed")?);
            let mlp = student::initial_mlp(pixels, hidden, &call.dev, &mut rng);
            Ok(Outputs::new().tensors(&tensors(&mlp)))
        }),
        ("mnist_mlp/training_logits", training_logits),
        ("mnist_mlp/evaluate", |call| {
            let evaluation = student::evaluate(&read(call)?, &examples(call, "images")?);
            Ok(Outputs::new().number("loss", evaluation.loss).number("accuracy", evaluation.accuracy))
        }),
        ("mnist_mlp/hold_out", split),
        ("mnist_mlp/train_mlp", training),
        ("mnist_mlp", whole),
    ])
}

probe::network! {
    Mlp of call = {
        let (momentum, epsilon) = (0.1, 1e-5);
        let norm = BatchNorm { gamma, beta, running_mean, running_variance, momentum, epsilon };
        Mlp { hidden_weights, norm, output_weights, output_bias }
    };
    hidden_weights at hidden_weights,
    gamma at norm.gamma,
    beta at norm.beta,
    output_weights at output_weights,
    output_bias at output_bias,
    running_mean at norm.running_mean,
    running_variance at norm.running_variance,
}

/// Those tensors that learn, and those that follow the batches.
fn parts(mlp: &Mlp<Dev>) -> (Tensors<'_>, Tensors<'_>) {
    let mut learn = tensors(mlp);
    let follow = learn.split_off(5);
    (learn, follow)
}

/// The images `name` and the labels `name_labels`.
fn examples(call: &Inputs, name: &str) -> Result<Examples<Dev>, Fault> {
    Ok(Examples { images: call.tensor(name)?, labels: call.indexes(&format!("{name}_labels"))? })
}

fn rates(call: &Inputs) -> Result<DropoutRates, Fault> {
    Ok(DropoutRates { input: call.number("input_dropout")?, hidden: call.number("hidden_dropout")? })
}

fn recipe(call: &Inputs, hidden: usize, held_out: usize) -> Result<Recipe, Fault> {
    Ok(Recipe {
        hidden,
        dropout: rates(call)?,
        held_out,
        epochs: call.count("epochs")?,
        patience: call.count("patience")?,
        batch_size: call.count("batch_size")?,
        learning_rate: call.number("learning_rate")?,
        decay: call.number("decay")?,
    })
}

fn training_logits(call: &Inputs) -> Result<Outputs, Fault> {
    let (mut mlp, x, mut rng): (_, Matrix, _) = (read(call)?, call.tensor("x")?, call.rng("seed")?);
    let y = student::training_logits(&mut mlp, x.leaky_trace(), rates(call)?, &mut rng)?;
    let (mut leaves, follow) = parts(&mlp);
    leaves.push(("x", &x));
    Outputs::new().tensors(&follow).gradients(call, y, &leaves)
}

fn split(call: &Inputs) -> Result<Outputs, Fault> {
    let (all, held_out) = (examples(call, "images")?, call.count("held_out")?);
    let (train, validation) = student::hold_out(&all, held_out, &mut call.rng("seed")?)?;
    let both = [train.images.as_vec(), validation.images.as_vec()].concat();
    let labels = [&train.labels[..], &validation.labels[..]].concat();
    Ok(Outputs::new()
        .tensor("train_images", &train.images)
        .tensor("validation_images", &validation.images)
        .numbers("images_of_both_sets", &both)
        .indexes("labels", &labels))
}

fn training(call: &Inputs) -> Result<Outputs, Fault> {
    let (train, validation) = (examples(call, "train")?, examples(call, "validation")?);
    // What `mnist_mlp` alone reads is not in the call.
    let (recipe, mut rng) = (recipe(call, 1, 1)?, call.rng("seed")?);
    let training = student::train_mlp(read(call)?, &train, &validation, &recipe, &mut rng)?;
    Ok(curves(&training).tensors(&tensors(&training.mlp)))
}

fn curves(training: &Training<Dev>) -> Outputs {
    let best = training.best_epoch;
    let loss = best.and_then(|epoch| training.validation_loss.get(epoch.wrapping_sub(1)));
    Outputs::new()
        .numbers("train_loss", &training.train_loss)
        .numbers("validation_loss", &training.validation_loss)
        .indexes("best_epoch", &best.map_or_else(Vec::new, |epoch| vec![epoch]))
        .numbers("best_loss", &loss.map_or_else(Vec::new, |&loss| vec![loss]))
}

fn whole(call: &Inputs) -> Result<Outputs, Fault> {
    let (train, test) = (examples(call, "train")?, examples(call, "test")?);
    let recipe = recipe(call, call.count("hidden")?, call.count("held_out")?)?;
    let (training, evaluation) = student::mnist_mlp(&train, &test, &recipe, &mut call.rng("seed")?)?;
    Ok(curves(&training)
        .tensors(&tensors(&training.mlp))
        .number("test_loss", evaluation.loss)
        .number("test_accuracy", evaluation.accuracy))
}
