//! Calls into `regularization::mnist_mlp`: by what they bring, a new network, logits, an evaluation, a split or a training.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, Plain, serve};
use regularization::{
    given::digits::{BatchNorm, DropoutRates, Examples, Mlp, Recipe, Training},
    mnist_mlp as student,
};

type Matrix = Plain<(usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("mnist_mlp", |call| {
        if call.has("x") {
            training_logits(call)
        } else if call.has("test") {
            whole(call)
        } else if call.has("validation") {
            training(call)
        } else if call.has("held_out") {
            split(call)
        } else if call.has("images") {
            let evaluation = student::evaluate(&mlp(call)?, &examples(call, "images")?);
            Ok(Outputs::new().number("loss", evaluation.loss).number("accuracy", evaluation.accuracy))
        } else {
            let (pixels, hidden, mut rng) = (call.count("pixels")?, call.count("hidden")?, call.rng("seed")?);
            Ok(network(Outputs::new(), &student::initial_mlp(pixels, hidden, &call.dev, &mut rng)))
        }
    })])
}

/// The network that a call brings.
fn mlp(call: &Inputs) -> Result<Mlp<Dev>, Fault> {
    let (hidden_weights, gamma, beta) =
        (call.tensor("hidden_weights")?, call.tensor("gamma")?, call.tensor("beta")?);
    let (running_mean, running_variance) = (call.tensor("running_mean")?, call.tensor("running_variance")?);
    let (momentum, epsilon) = (0.1, 1e-5);
    Ok(Mlp {
        hidden_weights,
        norm: BatchNorm { gamma, beta, running_mean, running_variance, momentum, epsilon },
        output_weights: call.tensor("output_weights")?,
        output_bias: call.tensor("output_bias")?,
    })
}

/// The images `name` and the labels `name_labels`.
fn examples(call: &Inputs, name: &str) -> Result<Examples<Dev>, Fault> {
    Ok(Examples { images: call.tensor(name)?, labels: call.indexes(&format!("{name}_labels"))? })
}

fn rates(call: &Inputs) -> Result<DropoutRates, Fault> {
    Ok(DropoutRates { input: call.number("input_dropout")?, hidden: call.number("hidden_dropout")? })
}

fn recipe(call: &Inputs) -> Result<Recipe, Fault> {
    let count = |name| if call.has(name) { call.count(name) } else { Ok(1) };
    Ok(Recipe {
        hidden: count("hidden")?,
        dropout: rates(call)?,
        held_out: count("held_out")?,
        epochs: call.count("epochs")?,
        patience: call.count("patience")?,
        batch_size: call.count("batch_size")?,
        learning_rate: call.number("learning_rate")?,
        decay: call.number("decay")?,
    })
}

fn network(outputs: Outputs, mlp: &Mlp<Dev>) -> Outputs {
    outputs
        .tensor("hidden_weights", &mlp.hidden_weights)
        .tensor("gamma", &mlp.norm.gamma)
        .tensor("beta", &mlp.norm.beta)
        .tensor("running_mean", &mlp.norm.running_mean)
        .tensor("running_variance", &mlp.norm.running_variance)
        .tensor("output_weights", &mlp.output_weights)
        .tensor("output_bias", &mlp.output_bias)
}

fn training_logits(call: &Inputs) -> Result<Outputs, Fault> {
    let (mut mlp, x, mut rng): (_, Matrix, _) = (mlp(call)?, call.tensor("x")?, call.rng("seed")?);
    let y = student::training_logits(&mut mlp, x.leaky_trace(), rates(call)?, &mut rng)?;
    let outputs = Outputs::new()
        .tensor("running_mean", &mlp.norm.running_mean)
        .tensor("running_variance", &mlp.norm.running_variance);
    outputs.gradients(
        call,
        y,
        &[
            ("x", &x),
            ("hidden_weights", &mlp.hidden_weights),
            ("gamma", &mlp.norm.gamma),
            ("beta", &mlp.norm.beta),
            ("output_weights", &mlp.output_weights),
            ("output_bias", &mlp.output_bias),
        ],
    )
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
    let training =
        student::train_mlp(mlp(call)?, &train, &validation, &recipe(call)?, &mut call.rng("seed")?)?;
    Ok(network(curves(&training), &training.mlp))
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
    let (training, evaluation) = student::mnist_mlp(&train, &test, &recipe(call)?, &mut call.rng("seed")?)?;
    Ok(curves(&training)
        .tensor("output_weights", &training.mlp.output_weights)
        .tensor("running_mean", &training.mlp.norm.running_mean)
        .number("test_loss", evaluation.loss)
        .number("test_accuracy", evaluation.accuracy))
}
