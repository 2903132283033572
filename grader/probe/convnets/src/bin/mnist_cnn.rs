//! Calls into `convnets::mnist_cnn`.

use convnets::{
    given::digits::{Cnn, Digits, DropoutRates, Recipe, Training, Widths},
    mnist_cnn as student,
};
use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, Plain, serve};

type Images = Plain<(usize, usize, usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("mnist_cnn/initial_cnn", initial),
        ("mnist_cnn/training_logits", training_logits),
        ("mnist_cnn/evaluate", |call| {
            let evaluation = student::evaluate(&read(call)?, &digits(call, "images")?);
            Ok(Outputs::new().number("loss", evaluation.loss).number("accuracy", evaluation.accuracy))
        }),
        ("mnist_cnn/train_cnn", training),
        ("mnist_cnn", whole),
    ])
}

probe::network! {
    Cnn of call = Cnn {
        first_kernel,
        first_bias,
        second_kernel,
        second_bias,
        hidden_weights,
        hidden_bias,
        output_weights,
        output_bias,
    };
    first_kernel at first_kernel,
    first_bias at first_bias,
    second_kernel at second_kernel,
    second_bias at second_bias,
    hidden_weights at hidden_weights,
    hidden_bias at hidden_bias,
    output_weights at output_weights,
    output_bias at output_bias,
}

fn widths(call: &Inputs) -> Result<Widths, Fault> {
    Ok(Widths { first: call.count("first")?, second: call.count("second")?, hidden: call.count("hidden")? })
}

fn initial(call: &Inputs) -> Result<Outputs, Fault> {
    let size = (call.count("height")?, call.count("width")?);
    let cnn = student::initial_cnn(size, widths(call)?, &call.dev, &mut call.rng("seed")?);
    Ok(Outputs::new().tensors(&tensors(&cnn)))
}

/// The images `name` and the labels `name_labels`.
fn digits(call: &Inputs, name: &str) -> Result<Digits<Dev>, Fault> {
    Ok(Digits { images: call.tensor(name)?, labels: call.indexes(&format!("{name}_labels"))? })
}

fn rates(call: &Inputs) -> Result<DropoutRates, Fault> {
    Ok(DropoutRates { pooled: call.number("pooled_dropout")?, hidden: call.number("hidden_dropout")? })
}

fn recipe(call: &Inputs, widths: Widths) -> Result<Recipe, Fault> {
    Ok(Recipe {
        widths,
        dropout: rates(call)?,
        epochs: call.count("epochs")?,
        batch_size: call.count("batch_size")?,
        learning_rate: call.number("learning_rate")?,
    })
}

fn training_logits(call: &Inputs) -> Result<Outputs, Fault> {
    let (cnn, x, mut rng): (_, Images, _) = (read(call)?, call.tensor("x")?, call.rng("seed")?);
    let y = student::training_logits(&cnn, x, rates(call)?, OwnedTape::default(), &mut rng)?;
    Outputs::new().gradients(call, y, &tensors(&cnn))
}

fn training(call: &Inputs) -> Result<Outputs, Fault> {
    let (train, validation) = (digits(call, "train")?, digits(call, "validation")?);
    // `train_cnn` has no use for the widths, and its calls bring none.
    let none = Widths { first: 1, second: 1, hidden: 1 };
    let (recipe, mut rng) = (recipe(call, none)?, call.rng("seed")?);
    let training = student::train_cnn(read(call)?, &train, &validation, &recipe, &mut rng)?;
    let outputs = epochs(curves(&training), &training.train_loss, train.labels.len());
    Ok(outputs.tensors(&tensors(&training.cnn)))
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
    let (recipe, mut rng) = (recipe(call, widths(call)?)?, call.rng("seed")?);
    let (training, evaluation) = student::mnist_cnn(&train, &validation, &test, &recipe, &mut rng)?;
    Ok(curves(&training)
        .tensors(&tensors(&training.cnn))
        .number("test_loss", evaluation.loss)
        .number("test_accuracy", evaluation.accuracy))
}
