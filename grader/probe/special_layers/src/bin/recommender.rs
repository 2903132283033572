//! Calls into `special_layers::recommender`.

use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Outputs, serve};
use special_layers::{
    given::ratings::{Ratings, Recipe, Trained},
    recommender as student,
};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[("matrix_factorization", matrix_factorization), ("with_bias", with_bias)])
}

fn matrix_factorization(call: &Inputs) -> Result<Outputs, Fault> {
    if call.has("P") {
        let (model, ratings) = (factors(call)?, ratings(call, "")?);
        let predictions = model.predict::<NoneTape>(&ratings.users, &ratings.items);
        let loss = model.loss::<OwnedTape<f32, Dev>>(&ratings, call.number("l2")?);
        let leaves: [(&str, &dyn probe::Leaf); 2] = [("P", &model.users), ("Q", &model.items)];
        return Outputs::new().tensor("predictions", &predictions).gradients(call, loss, &leaves);
    }
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
    Ok(errors(&trained).tensor("P", &trained.model.users).tensor("Q", &trained.model.items))
}

fn with_bias(call: &Inputs) -> Result<Outputs, Fault> {
    if call.has("P") {
        return values_of_biased_factors(call);
    }
    let train = ratings(call, "train_")?;
    if call.has("damping") {
        let means = student::Means::of(&train, call.number("damping")?);
        return Ok(Outputs::new()
            .number("mean", means.mean)
            .numbers("user_bias", &means.user_bias)
            .numbers("item_bias", &means.item_bias));
    }
    let (validation, l2, mut rng) = (ratings(call, "validation_")?, call.number("l2")?, call.rng("seed")?);
    let trained = student::with_bias(&train, &validation, recipe(call)?, l2, &call.dev, &mut rng)
        .map_err(Fault::device)?;
    Ok(errors(&trained)
        .number("mean", trained.model.mean)
        .tensor("user_bias", &trained.model.user_bias)
        .tensor("item_bias", &trained.model.item_bias)
        .tensor("P", &trained.model.factors.users)
        .tensor("Q", &trained.model.factors.items))
}

fn values_of_biased_factors(call: &Inputs) -> Result<Outputs, Fault> {
    let ratings = ratings(call, "")?;
    let model = student::BiasedFactors {
        mean: call.number("mean")?,
        user_bias: call.tensor("user_bias")?,
        item_bias: call.tensor("item_bias")?,
        factors: factors(call)?,
    };
    let predictions = model.predict::<NoneTape>(&ratings.users, &ratings.items);
    let loss = model.loss::<OwnedTape<f32, Dev>>(&ratings, call.number("l2")?);
    let leaves: [(&str, &dyn probe::Leaf); 4] = [
        ("user_bias", &model.user_bias),
        ("item_bias", &model.item_bias),
        ("P", &model.factors.users),
        ("Q", &model.factors.items),
    ];
    Outputs::new().tensor("predictions", &predictions).gradients(call, loss, &leaves)
}

fn factors(call: &Inputs) -> Result<student::Factors<Dev>, Fault> {
    Ok(student::Factors { users: call.tensor("P")?, items: call.tensor("Q")? })
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
