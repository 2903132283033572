//! Recommenders: how the error on hidden ratings falls, and what means alone reach.

use anyhow::{Result, anyhow};
use datasets::{Examples, movielens};
use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};
use serde_json::{Value, to_value};
use special_layers::{
    given::ratings::{Ratings, Recipe},
    neural_recommender::neural_recommender,
    recommender::{matrix_factorization, with_bias},
};

use crate::{
    Figure,
    numbers::counted,
    plot::{Axis, Plot},
    sheet::{Anchor, Hue, Rect, Sheet},
    traces::{self, Trace},
};

/// In the order of the lecture.
pub const FIGURES: &[Figure] = &[Figure {
    name: "recommenders",
    chapter: "special_layers",
    alt: "Error on hidden MovieLens ratings over twenty epochs for factors alone, factors with biases and a network, and as dashed levels the errors of the mean and of damped means of films and people.",
    caption: "Factors alone stay above what the mean alone says; damped means, for which nothing is trained, come close to the best, which factors with biases reach in the end; the network is there first and then begins to learn by heart. The numbers are each curve's lowest point.",
    draw: recommenders,
}];

/// What it is drawn from: MovieLens, which is to be fetched first.
pub const TRACES: &[Trace] = &[Trace { name: "recommenders", train }];

const EPOCHS: usize = 20;

/// Mean squared errors on the hidden ratings.
#[derive(Serialize, Deserialize)]
struct Errors {
    mean: f64,
    damped_means: f64,
    factors: Vec<f64>,
    with_bias: Vec<f64>,
    network: Vec<f64>,
}

fn ratings(from: &datasets::Ratings) -> Ratings {
    let datasets::Ratings { n_users, n_items, users, items, values } = from.clone();
    Ratings { n_users, n_items, users, items, values }
}

fn train() -> Result<Value> {
    let parts = movielens::full()?.ratings.split(0.2, &mut StdRng::seed_from_u64(42));
    let (train, hidden) = (ratings(&parts.train), ratings(&parts.test));
    let dev = Cpu::default();
    let seeded = || StdRng::seed_from_u64(1);
    let recipe = Recipe { factors: 50, epochs: EPOCHS, batch_size: 64, learning_rate: 0.02 };
    let slow = Recipe { learning_rate: 0.001, batch_size: 256, ..recipe };
    let says = |cause| anyhow!("{cause:?}");
    let factors = matrix_factorization(&train, &hidden, recipe, 0.1, &dev, &mut seeded()).map_err(says)?;
    let biased = with_bias(&train, &hidden, recipe, 0.1, &dev, &mut seeded()).map_err(says)?;
    let network = neural_recommender(&train, &hidden, slow, &dev, &mut seeded()).map_err(says)?;
    let numbers = |errors: Vec<f32>| errors.into_iter().map(f64::from).collect();
    Ok(to_value(Errors {
        mean: error(&hidden, |_, _| f64::from(train.mean())),
        damped_means: damped_means(&train, &hidden),
        factors: numbers(factors.validation_mse),
        with_bias: numbers(biased.validation_mse),
        network: numbers(network.validation_mse),
    })?)
}

fn error(hidden: &Ratings, predict: impl Fn(usize, usize) -> f64) -> f64 {
    let pairs = hidden.users.iter().zip(&hidden.items).zip(&hidden.values);
    let squares = pairs.map(|((&user, &item), &value)| (predict(user, item) - f64::from(value)).powi(2));
    squares.sum::<f64>() / hidden.values.len() as f64
}

/// The mean, each film's deviation from it and each person's of what is left, as if five more ratings had been average.
fn damped_means(train: &Ratings, hidden: &Ratings) -> f64 {
    let mean = f64::from(train.mean());
    let values = || train.values.iter().map(|&value| f64::from(value));
    let films = damped(train.n_items, train.items.iter().copied().zip(values().map(|value| value - mean)));
    let left = values().zip(&train.items).map(|(value, &item)| value - mean - films[item]);
    let people = damped(train.n_users, train.users.iter().copied().zip(left));
    error(hidden, |user, item| mean + films[item] + people[user])
}

fn damped(n: usize, deviations: impl Iterator<Item = (usize, f64)>) -> Vec<f64> {
    let mut sums = vec![(0.0, 5.0); n];
    for (place, deviation) in deviations {
        sums[place].0 += deviation;
        sums[place].1 += 1.0;
    }
    sums.into_iter().map(|(sum, count)| sum / count).collect()
}

fn recommenders() -> Result<Sheet> {
    let errors: Errors = traces::load("recommenders")?;
    let mut sheet = Sheet::new(350.0);
    let area = Rect::new(70.0, 25.0, 440.0, 265.0);
    let y = Axis::linear(0.7, 1.5, 0.1, "error on hidden ratings (stars²)");
    let plot = Plot::new(&mut sheet, area, Axis::linear(0.0, EPOCHS as f64, 5.0, "epoch"), y);
    let level = |sheet: &mut Sheet, value: f64, words: &str| {
        plot.level(sheet, Hue::Soft, value);
        let at = plot.place(EPOCHS as f64, value);
        sheet.small(
            Hue::Ink,
            (area.right() + 8.0, at.1 + 4.0),
            Anchor::Start,
            &format!("{words}: {value:.2}"),
        );
    };
    level(&mut sheet, errors.mean, "always the mean");
    level(&mut sheet, errors.damped_means, "damped means");
    let curves = [
        (Hue::Orange, &errors.factors, "factors alone"),
        (Hue::Green, &errors.network, "a network"),
        (Hue::Blue, &errors.with_bias, "factors and biases"),
    ];
    for (k, (hue, values, name)) in curves.into_iter().enumerate() {
        plot.curve(&mut sheet, hue, counted(values));
        let best = values.iter().copied().fold(f64::INFINITY, f64::min);
        let at = (area.right() + 8.0, area.top + 12.0 + 22.0 * k as f64);
        sheet.text(hue, at, Anchor::Start, &format!("{name}: {best:.3}"));
    }
    Ok(sheet)
}
