//! Calls into `special_layers::neural_recommender`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, serve};
use special_layers::{
    given::ratings::{Ratings, Recipe},
    neural_recommender::{self as student, NeuralRecommender},
    recommender::Factors,
};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("neural_recommender", neural_recommender),
        ("neural_recommender/NeuralRecommender::predict", predictions),
        ("neural_recommender/NeuralRecommender::predict in training", predictions_in_training),
    ])
}

probe::network! {
    NeuralRecommender of call = NeuralRecommender {
        mean: call.number("mean")?,
        factors: Factors { users: P, items: Q },
        hidden: (W1, b1),
        output: (W2, b2),
    };
    P at factors.users, Q at factors.items, W1 at hidden.0, b1 at hidden.1, W2 at output.0, b2 at output.1
}

fn neural_recommender(call: &Inputs) -> Result<Outputs, Fault> {
    let (train, validation, mut rng) =
        (ratings(call, "train_")?, ratings(call, "validation_")?, call.rng("seed")?);
    let recipe = Recipe {
        factors: call.count("factors")?,
        epochs: call.count("epochs")?,
        batch_size: call.count("batch_size")?,
        learning_rate: call.number("learning_rate")?,
    };
    let trained = student::neural_recommender(&train, &validation, recipe, &call.dev, &mut rng)
        .map_err(Fault::device)?;
    Ok(Outputs::new()
        .numbers("train_mse", &trained.train_mse)
        .numbers("validation_mse", &trained.validation_mse)
        .number("mean", trained.model.mean)
        .tensors(&tensors(&trained.model)))
}

fn predictions(call: &Inputs) -> Result<Outputs, Fault> {
    let (model, users, items) = (read(call)?, call.indexes("users")?, call.indexes("items")?);
    let y = model.predict::<OwnedTape<f32, Dev>>(&users, &items, None);
    Outputs::new().gradients(call, y, &tensors(&model))
}

/// With dropout.
fn predictions_in_training(call: &Inputs) -> Result<Outputs, Fault> {
    let (model, users, items) = (read(call)?, call.indexes("users")?, call.indexes("items")?);
    let y = model.predict::<NoneTape>(&users, &items, Some(&mut call.rng("seed")?));
    Ok(Outputs::new().tensor("y", &y))
}

/// The ratings whose columns' names start with `prefix`.
fn ratings(call: &Inputs, prefix: &str) -> Result<Ratings, Fault> {
    let values: probe::Plain<(usize,)> = call.tensor(&format!("{prefix}values"))?;
    Ok(Ratings {
        n_users: call.count("n_users")?,
        n_items: call.count("n_items")?,
        users: call.indexes(&format!("{prefix}users"))?,
        items: call.indexes(&format!("{prefix}items"))?,
        values: values.as_vec(),
    })
}
