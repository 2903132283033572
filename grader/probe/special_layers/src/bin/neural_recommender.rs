//! Calls into `special_layers::neural_recommender`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, serve};
use special_layers::{
    given::ratings::{Ratings, Recipe},
    neural_recommender as student,
    recommender::Factors,
};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("neural_recommender", neural_recommender)])
}

fn neural_recommender(call: &Inputs) -> Result<Outputs, Fault> {
    if call.has("P") {
        return predictions(call);
    }
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
    let model = &trained.model;
    Ok(Outputs::new()
        .numbers("train_mse", &trained.train_mse)
        .numbers("validation_mse", &trained.validation_mse)
        .number("mean", model.mean)
        .tensor("P", &model.factors.users)
        .tensor("Q", &model.factors.items)
        .tensor("W1", &model.hidden.0)
        .tensor("b1", &model.hidden.1)
        .tensor("W2", &model.output.0)
        .tensor("b2", &model.output.1))
}

fn predictions(call: &Inputs) -> Result<Outputs, Fault> {
    let model = student::NeuralRecommender {
        mean: call.number("mean")?,
        factors: Factors { users: call.tensor("P")?, items: call.tensor("Q")? },
        hidden: (call.tensor("W1")?, call.tensor("b1")?),
        output: (call.tensor("W2")?, call.tensor("b2")?),
    };
    let (users, items) = (call.indexes("users")?, call.indexes("items")?);
    if call.has("seed") {
        let mut rng = call.rng("seed")?;
        let y = model.predict::<NoneTape>(&users, &items, Some(&mut rng));
        return Ok(Outputs::new().tensor("y", &y));
    }
    let y = model.predict::<OwnedTape<f32, Dev>>(&users, &items, None);
    let leaves: [(&str, &dyn probe::Leaf); 6] = [
        ("P", &model.factors.users),
        ("Q", &model.factors.items),
        ("W1", &model.hidden.0),
        ("b1", &model.hidden.1),
        ("W2", &model.output.0),
        ("b2", &model.output.1),
    ];
    Outputs::new().gradients(call, y, &leaves)
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
