//! Calls into `first_steps::training`.

use first_steps::{
    given::classifier::{Classifier, Examples, History, Plan},
    training as student,
};
use probe::{Dev, Fault, Inputs, Outputs, serve};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("training_loop/training_step", |call| {
            let mut model = model(call)?;
            let loss =
                student::training_step(&mut model, &examples(call, "")?, call.number("learning_rate")?)?;
            Ok(learned(&model).number("loss", loss))
        }),
        ("training_loop", |call| {
            let mut model = model(call)?;
            let plan = Plan {
                epochs: call.count("epochs")?,
                batch_size: call.count("batch_size")?,
                learning_rate: call.number("learning_rate")?,
            };
            let (train, validation) = (examples(call, "")?, examples(call, "validation_")?);
            let history =
                student::training_loop(&mut model, &train, &validation, &plan, &mut call.rng("seed")?)?;
            Ok(curves(learned(&model), &history, call.count("batches")?))
        }),
    ])
}

fn model(call: &Inputs) -> Result<Classifier<Dev>, Fault> {
    Ok(Classifier { weights: call.tensor("weights")?, biases: call.tensor("biases")? })
}

fn examples(call: &Inputs, prefix: &str) -> Result<Examples<Dev>, Fault> {
    let (x, labels) = (call.tensor(&format!("{prefix}x"))?, call.indexes(&format!("{prefix}labels"))?);
    Ok(Examples { x, labels })
}

fn learned(model: &Classifier<Dev>) -> Outputs {
    Outputs::new().tensor("weights", &model.weights).tensor("biases", &model.biases)
}

/// The history, the losses of the steps cut into epochs of so many `batches`.
fn curves(outputs: Outputs, history: &History, batches: usize) -> Outputs {
    let outputs =
        history.step_losses.chunks(batches).enumerate().fold(outputs, |outputs, (epoch, losses)| {
            outputs.numbers(&format!("step_losses{epoch}"), losses)
        });
    outputs
        .numbers("train_losses", &history.train_losses)
        .numbers("validation_losses", &history.validation_losses)
        .numbers("validation_accuracies", &history.validation_accuracies)
}
