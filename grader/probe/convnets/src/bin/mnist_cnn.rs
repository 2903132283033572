//! Calls into `convnets::mnist_cnn`: by what they bring, a new network, logits, an evaluation or a training.

use convnets::{
    given::digits::{Cnn, Digits, DropoutRates, Recipe, Training, Widths},
    mnist_cnn as student,
};
use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, Plain, serve};

type Images = Plain<(usize, usize, usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("mnist_cnn", |call| {
        if call.has("x") {
            training_logits(call)
        } else if call.has("test") {
            whole(call)
        } else if call.has("validation") {
            training(call)
        } else if call.has("images") {
            let evaluation = student::evaluate(&cnn(call)?, &digits(call, "images")?);
            Ok(Outputs::new().number("loss", evaluation.loss).number("accuracy", evaluation.accuracy))
        } else {
            initial(call)
        }
    })])
}

fn widths(call: &Inputs) -> Result<Widths, Fault> {
    Ok(Widths { first: call.count("first")?, second: call.count("second")?, hidden: call.count("hidden")? })
}

fn initial(call: &Inputs) -> Result<Outputs, Fault> {
    let size = (call.count("height")?, call.count("width")?);
    let cnn = student::initial_cnn(size, widths(call)?, &call.dev, &mut call.rng("seed")?);
    Ok(network(Outputs::new(), &cnn))
}

/// The network that a call brings.
fn cnn(call: &Inputs) -> Result<Cnn<Dev>, Fault> {
    Ok(Cnn {
        first_kernel: call.tensor("first_kernel")?,
        first_bias: call.tensor("first_bias")?,
        second_kernel: call.tensor("second_kernel")?,
        second_bias: call.tensor("second_bias")?,
        hidden_weights: call.tensor("hidden_weights")?,
        hidden_bias: call.tensor("hidden_bias")?,
        output_weights: call.tensor("output_weights")?,
        output_bias: call.tensor("output_bias")?,
    })
}

/// The images `name` and the labels `name_labels`.
fn digits(call: &Inputs, name: &str) -> Result<Digits<Dev>, Fault> {
    Ok(Digits { images: call.tensor(name)?, labels: call.indexes(&format!("{name}_labels"))? })
}

fn rates(call: &Inputs) -> Result<DropoutRates, Fault> {
    Ok(DropoutRates { pooled: call.number("pooled_dropout")?, hidden: call.number("hidden_dropout")? })
}

/// `train_cnn` has no use for the widths, and its calls bring none.
fn recipe(call: &Inputs) -> Result<Recipe, Fault> {
    let none = Widths { first: 1, second: 1, hidden: 1 };
    Ok(Recipe {
        widths: if call.has("first") { widths(call)? } else { none },
        dropout: rates(call)?,
        epochs: call.count("epochs")?,
        batch_size: call.count("batch_size")?,
        learning_rate: call.number("learning_rate")?,
    })
}

fn network(outputs: Outputs, cnn: &Cnn<Dev>) -> Outputs {
    outputs
        .tensor("first_kernel", &cnn.first_kernel)
        .tensor("first_bias", &cnn.first_bias)
        .tensor("second_kernel", &cnn.second_kernel)
        .tensor("second_bias", &cnn.second_bias)
        .tensor("hidden_weights", &cnn.hidden_weights)
        .tensor("hidden_bias", &cnn.hidden_bias)
        .tensor("output_weights", &cnn.output_weights)
        .tensor("output_bias", &cnn.output_bias)
}

fn training_logits(call: &Inputs) -> Result<Outputs, Fault> {
    let (cnn, x, mut rng): (_, Images, _) = (cnn(call)?, call.tensor("x")?, call.rng("seed")?);
    let y = student::training_logits(&cnn, x, rates(call)?, OwnedTape::default(), &mut rng)?;
    Outputs::new().gradients(
        call,
        y,
        &[
            ("first_kernel", &cnn.first_kernel),
            ("first_bias", &cnn.first_bias),
            ("second_kernel", &cnn.second_kernel),
            ("second_bias", &cnn.second_bias),
            ("hidden_weights", &cnn.hidden_weights),
            ("hidden_bias", &cnn.hidden_bias),
            ("output_weights", &cnn.output_weights),
            ("output_bias", &cnn.output_bias),
        ],
    )
}

fn training(call: &Inputs) -> Result<Outputs, Fault> {
    let (train, validation) = (digits(call, "train")?, digits(call, "validation")?);
    let (recipe, mut rng) = (recipe(call)?, call.rng("seed")?);
    let training = student::train_cnn(cnn(call)?, &train, &validation, &recipe, &mut rng)?;
    let outputs = epochs(curves(&training), &training.train_loss, train.labels.len());
    Ok(network(outputs, &training.cnn))
}

fn curves(training: &Training<Dev>) -> Outputs {
    let losses: Vec<f32> = training.validation.iter().map(|evaluation| evaluation.loss).collect();
    let accuracies: Vec<f32> = training.validation.iter().map(|evaluation| evaluation.accuracy).collect();
    Outputs::new()
        .numbers("train_loss", &training.train_loss)
        .numbers("validation_loss", &losses)
        .numbers("validation_accuracy", &accuracies)
}

/// The losses of the first two epochs, for batches of one image.
fn epochs(outputs: Outputs, losses: &[f32], n: usize) -> Outputs {
    let [first, second] = [0, 1].map(|epoch| losses.chunks(n).nth(epoch).unwrap_or_default());
    outputs.numbers("first_epoch", first).numbers("second_epoch", second)
}

fn whole(call: &Inputs) -> Result<Outputs, Fault> {
    let (train, validation, test) =
        (digits(call, "train")?, digits(call, "validation")?, digits(call, "test")?);
    let (recipe, mut rng) = (recipe(call)?, call.rng("seed")?);
    let (training, evaluation) = student::mnist_cnn(&train, &validation, &test, &recipe, &mut rng)?;
    Ok(curves(&training)
        .tensor("output_weights", &training.cnn.output_weights)
        .number("test_loss", evaluation.loss)
        .number("test_accuracy", evaluation.accuracy))
}
