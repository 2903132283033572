//! Calls into `special_layers::recommender`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Leaf, Outputs, serve};
use special_layers::{
    given::ratings::{Ratings, Recipe, Trained},
    recommender::{self as student, BiasedFactors, Factors},
};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("matrix_factorization", matrix_factorization),
        ("matrix_factorization/Factors::predict + Factors::loss", values_of_factors),
        ("with_bias", with_bias),
        ("with_bias/BiasedFactors::predict + BiasedFactors::loss", values_of_biased_factors),
        ("with_bias/Means::of", means),
    ])
}

fn read(call: &Inputs) -> Result<Factors<Dev>, Fault> {
    let [users, items] = FACTORS;
    Ok(Factors { users: call.tensor(users)?, items: call.tensor(items)? })
}

/// The tensors of a model by name, its factors first.
const FACTORS: [&str; 2] = ["P", "Q"];
const BIASES: [&str; 2] = ["user_bias", "item_bias"];

fn tensors(factors: &Factors<Dev>) -> [(&'static str, &dyn Leaf); 2] {
    let [users, items] = FACTORS;
    [(users, &factors.users), (items, &factors.items)]
}

fn biased_tensors(model: &BiasedFactors<Dev>) -> Vec<(&'static str, &dyn Leaf)> {
    let [of_users, of_items] = BIASES;
    let biases: [(&str, &dyn Leaf); 2] = [(of_users, &model.user_bias), (of_items, &model.item_bias)];
    [tensors(&model.factors), biases].concat()
}

fn values_of_factors(call: &Inputs) -> Result<Outputs, Fault> {
    let (model, ratings) = (read(call)?, ratings(call, "")?);
    let predictions = model.predict::<NoneTape>(&ratings.users, &ratings.items);
    let loss = model.loss::<OwnedTape<f32, Dev>>(&ratings, call.number("l2")?);
    Outputs::new().tensor("predictions", &predictions).gradients(call, loss, &tensors(&model))
}

fn matrix_factorization(call: &Inputs) -> Result<Outputs, Fault> {
    let (train, validation, mut rng) =
        (ratings(call, "train_")?, ratings(call, "validation_")?, call.rng("seed")?);
    let trained = student::matrix_factorization(
        &train,
        &validation,
        recipe(call)?,
        call.number("l2")?,
        &call.dev,
        &mut rng,
    )
    .map_err(Fault::device)?;
    Ok(errors(&trained).tensors(&tensors(&trained.model)))
}

fn with_bias(call: &Inputs) -> Result<Outputs, Fault> {
    let (train, validation) = (ratings(call, "train_")?, ratings(call, "validation_")?);
    let (l2, mut rng) = (call.number("l2")?, call.rng("seed")?);
    let trained = student::with_bias(&train, &validation, recipe(call)?, l2, &call.dev, &mut rng)
        .map_err(Fault::device)?;
    let tensors = biased_tensors(&trained.model);
    Ok(errors(&trained).number("mean", trained.model.mean).tensors(&tensors))
}

fn means(call: &Inputs) -> Result<Outputs, Fault> {
    let means = student::Means::of(&ratings(call, "train_")?, call.number("damping")?);
    let [of_users, of_items] = BIASES;
    let outputs = Outputs::new().number("mean", means.mean);
    Ok(outputs.numbers(of_users, &means.user_bias).numbers(of_items, &means.item_bias))
}

fn values_of_biased_factors(call: &Inputs) -> Result<Outputs, Fault> {
    let (ratings, [of_users, of_items]) = (ratings(call, "")?, BIASES);
    let model = BiasedFactors {
        mean: call.number("mean")?,
        user_bias: call.tensor(of_users)?,
        item_bias: call.tensor(of_items)?,
        factors: read(call)?,
    };
    let predictions = model.predict::<NoneTape>(&ratings.users, &ratings.items);
    let loss = model.loss::<OwnedTape<f32, Dev>>(&ratings, call.number("l2")?);
    let tensors = biased_tensors(&model);
    Outputs::new().tensor("predictions", &predictions).gradients(call, loss, &tensors)
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

fn recipe(call: &Inputs) -> Result<Recipe, Fault> {
    Ok(Recipe {
        factors: call.count("factors")?,
        epochs: call.count("epochs")?,
        batch_size: call.count("batch_size")?,
        learning_rate: call.number("learning_rate")?,
    })
}

fn errors<M>(trained: &Trained<M>) -> Outputs {
    Outputs::new().numbers("train_mse", &trained.train_mse).numbers("validation_mse", &trained.validation_mse)
}
