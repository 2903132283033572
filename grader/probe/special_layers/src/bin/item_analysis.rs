//! Calls into `special_layers::item_analysis`.

use dfdx::prelude::*;
use probe::{Fault, Inputs, Outputs, Plain, serve};
use special_layers::{
    given::ratings::{Ratings, Recipe},
    item_analysis::{self as student, Extremes},
    recommender::{BiasedFactors, with_bias},
};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("item_analysis/extreme_items", extreme_items),
        ("item_analysis/principal_components", principal_components),
        ("item_analysis", of_a_trained_model),
    ])
}

fn extreme_items(call: &Inputs) -> Result<Outputs, Fault> {
    let bias: Plain<(usize,)> = call.tensor("item_bias")?;
    let (n_ratings, least, count) = (call.indexes("n_ratings")?, call.count("least")?, call.count("count")?);
    let extremes = student::extreme_items(&bias.as_vec(), &n_ratings, least, count);
    Ok(Outputs::new().indexes("best", &extremes.best).indexes("worst", &extremes.worst))
}

fn principal_components(call: &Inputs) -> Result<Outputs, Fault> {
    let components = student::principal_components(&call.tensor("items")?, call.count("n")?)?;
    Ok(Outputs::new()
        .tensor("directions", &components.directions)
        .tensor("scores", &components.scores)
        .numbers("explained", &components.explained))
}

/// Trains the model with biases; best and worst films by name, and a map of the films that are asked for.
fn of_a_trained_model(call: &Inputs) -> Result<Outputs, Fault> {
    let values: Plain<(usize,)> = call.tensor("train_values")?;
    let train = Ratings {
        n_users: call.count("n_users")?,
        n_items: call.count("n_items")?,
        users: call.indexes("train_users")?,
        items: call.indexes("train_items")?,
        values: values.as_vec(),
    };
    let recipe = Recipe {
        factors: call.count("factors")?,
        epochs: call.count("epochs")?,
        batch_size: call.count("batch_size")?,
        learning_rate: call.number("learning_rate")?,
    };
    let (l2, mut rng) = (call.number("l2")?, call.rng("seed")?);
    let one = train.pick(&[0]);
    let model: BiasedFactors<_> =
        with_bias(&train, &one, recipe, l2, &call.dev, &mut rng).map_err(Fault::device)?.model;
    let counts = (0..train.n_items).map(|item| train.items.iter().filter(|&&rated| rated == item).count());
    let extremes = student::extreme_items(
        &model.item_bias.as_vec(),
        &counts.collect::<Vec<_>>(),
        call.count("least")?,
        call.count("count")?,
    );
    let table = rows(&model.factors.items, &call.indexes("shown")?);
    let n = call.count("components")?;
    let components = student::principal_components(&table, n)?;
    let first = components.scores.as_vec().chunks(n).flat_map(|row| [row[0], row[1]]).collect();
    let map: Plain<(usize, usize)> = call.dev.tensor_from_vec(first, (table.shape().0, 2));
    Ok(named(&extremes, call.text("titles")?)
        .indexes("best", &extremes.best)
        .indexes("worst", &extremes.worst)
        .numbers("explained", &components.explained)
        .tensor("map", &map))
}

fn rows(table: &Plain<(usize, usize)>, which: &[usize]) -> Plain<(usize, usize)> {
    let width = table.shape().1;
    let values = table.as_vec();
    let picked = which.iter().flat_map(|&i| values[i * width..(i + 1) * width].to_vec()).collect();
    table.device().tensor_from_vec(picked, (which.len(), width))
}

/// The films' names, a line each; `titles` has one for every film.
fn named(extremes: &Extremes, titles: &str) -> Outputs {
    let titles: Vec<&str> = titles.lines().collect();
    let list = |items: &[usize]| items.iter().map(|&i| titles[i]).collect::<Vec<_>>().join(" · ");
    Outputs::new().text("best_titles", &list(&extremes.best)).text("worst_titles", &list(&extremes.worst))
}
