//! Cases for `special_layers::neural_recommender`: predictions by their formula, dropout by its statistics, trainings by what
//! was planted.

use rand::Rng;

use super::recommender::{Columns, Plan, Planted, show};
use crate::{Args, Budget, Distribution, Rule, Statistic, Suite, Tensor, Terms, as_it_is, draws, otherwise};

/// Units of the hidden layer; the exercise fixes them.
const HIDDEN: usize = 70;

pub fn neural_recommender(t: &mut Suite) {
    predictions(t);
    dropped(t);
    starts(t);
    errors_without_dropout(t);
    // The reference, over 20 seeds: errors up to 0.035; the biases' variance is 0.41.
    let plan = Plan { factors: 8, epochs: 40, batch_size: 64, learning_rate: 0.01, l2: 0.0 };
    let (train, validation) = Planted::Biases.ratings(t, [60, 80], 3600);
    let case = t.call("3600 ratings made of biases", plan.args(&train, &validation, 1));
    show(case.statistic("validation_mse", Statistic::Last, 0.0, 0.1).statistic(
        "train_mse",
        Statistic::Last,
        0.0,
        0.1,
    ));
    large_start(t);
}

/// All of MovieLens latest-small, 80/20.
pub fn full(t: &mut Suite) {
    let plan = Plan { factors: 50, epochs: 8, batch_size: 256, learning_rate: 0.001, l2: 0.0 };
    let Some((train, validation)) = Columns::movie_lens(t) else { return };
    let case = t.call("MovieLens, 80 % to learn from", plan.args(&train, &validation, 1));
    show(case.statistic("validation_mse", Statistic::Last, 0.0, 0.79));
}

/// `row` times `weights`, plus `bias`.
fn dense(row: &[f64], weights: &Tensor, bias: &Tensor) -> Vec<f64> {
    let mut units: Vec<f64> = bias.iter().copied().collect();
    for (x, weights) in row.iter().zip(weights.outer_iter()) {
        units.iter_mut().zip(weights).for_each(|(unit, weight)| *unit += x * weight);
    }
    units
}

/// The hidden units before the relu, of pair `k`.
fn hidden(args: &Args, columns: &Columns, k: usize) -> Vec<f64> {
    let (p, q) = (args.get("P"), args.get("Q"));
    let factors = p.shape()[1];
    let user = (0..factors).map(|f| p[[columns.users[k], f]]);
    let mut row: Vec<f64> = user.chain((0..factors).map(|f| q[[columns.items[k], f]])).collect();
    row.rotate_left(otherwise("the item's factors stood before the user's", 0, factors));
    dense(&row, args.get("W1"), args.get("b1"))
}

fn predictions(t: &mut Suite) {
    for round in 0..64 {
        let about =
            if round % 2 == 0 { "predictions, and all gradients" } else { "predictions for other pairs" };
        t.decisive(|t| prediction(t, about));
    }
}

fn prediction(t: &mut Suite, about: &str) {
    let [users, items, factors, n] = [4, 4, 2, 3].map(|most| t.rng.gen_range(1..=most));
    let columns = Columns::random(t, [users, items], n);
    let mean = t.rng.gen_range(2..5) as f64;
    let args = loop {
        let args = Args::new()
            .function("NeuralRecommender::predict")
            .tensor("P", t.normal(&[users, factors], 1.0))
            .tensor("Q", t.normal(&[items, factors], 1.0))
            .tensor("W1", t.normal(&[2 * factors, HIDDEN], 0.5))
            .tensor("b1", t.normal(&[HIDDEN], 0.5))
            .tensor("W2", t.normal(&[HIDDEN, 1], 0.3))
            .tensor("b2", t.normal(&[1], 1.0));
        // The kink of the relu is no place to take differences.
        if as_it_is(|| (0..n).flat_map(|k| hidden(&args, &columns, k)).all(|h| h.abs() > 1e-4)) {
            break args;
        }
    };
    let (users, items) = (columns.users.clone(), columns.items.clone());
    let args = args.indexes("users", &users).indexes("items", &items).number("mean", mean);
    // Sums of 70 products of numbers up to 10. The slope of a prediction by a factor is itself a sum of up to 70 products of
    // weights, of which some cancel.
    let largest = |name: &str| args.get(name).fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let weights = largest("W1") * largest("W2");
    let budget = |output: &str, terms: Terms| match output {
        "y" => Budget::sum(HIDDEN).scale(10.0),
        "d_P" | "d_Q" => Budget::sum(HIDDEN).scale(terms.largest.max(weights * terms.cotangent)),
        _ => Budget::sum(2 * n).scale(terms.largest),
    };
    t.differentiable_each(about, args, budget, |args| {
        let rating = |k: usize| {
            let relu = otherwise::<fn(f64) -> f64>("there were no relu", |h| h.max(0.0), |h| h);
            let relu = otherwise("tanh stood in place of relu", relu, f64::tanh);
            let relu = otherwise("a sigmoid stood in place of relu", relu, |h| 1.0 / (1.0 + (-h).exp()));
            let h: Vec<f64> = hidden(args, &columns, k).iter().map(|h| relu(*h)).collect();
            let offset = dense(&h, args.get("W2"), args.get("b2"))[0];
            let offset = otherwise("a relu were behind the last layer", offset, offset.max(0.0));
            let offset = otherwise("tanh were behind the last layer", offset, offset.tanh());
            let mean = otherwise("`mean` were added twice", mean, 2.0 * mean);
            otherwise("`mean` were left out", mean, 0.0) + offset
        };
        Tensor::from_shape_fn(vec![n], |k| rating(k[0]))
    });
}

/// Each hidden unit is the mean of twenty inputs that are 1, and the prediction the mean of the hidden units.
fn dropped(t: &mut Suite) {
    let (n, factors) = (1000, 10);
    let seed = t.seed();
    let args = |seed: usize| {
        Args::new()
            .function("NeuralRecommender::predict in training")
            .constant("P", Tensor::ones(vec![1, factors]))
            .constant("Q", Tensor::ones(vec![1, factors]))
            .constant("W1", Tensor::from_elem(vec![2 * factors, HIDDEN], 0.5 / factors as f64))
            .constant("b1", Tensor::zeros(vec![HIDDEN]))
            .constant("W2", Tensor::from_elem(vec![HIDDEN, 1], 1.0 / HIDDEN as f64))
            .constant("b2", Tensor::zeros(vec![1]))
            .indexes("users", &vec![0; n])
            .indexes("items", &vec![0; n])
            .number("mean", 3.0)
            .count("seed", seed)
    };
    // A dropped and scaled 1 has variance p / (1 − p): 3/7 and 3. The means of 20 and of 70 of them have 0.0214 and 0.0429,
    // their product 0.0652, a spread of 0.2554. Of 1000 the mean is off by 0.0081 and the spread by about 0.0058: bounds are
    // at five and a half of these, which a right solution misses less than once in 10⁷ runs.
    t.call(
        "dropout on inputs that are 1: the predictions are 4 on average, each drawn for itself",
        args(seed),
    )
    .statistic("y", Statistic::Mean, 4.0 - 0.045, 4.0 + 0.045)
    .statistic("y", Statistic::Std, 0.2554 - 0.032, 0.2554 + 0.032)
    .statistic("y", Statistic::Distinct, 50.0, 1000.0)
    .also(args(seed))
    .check("y", Rule::SameAs { call: 0, output: "y".to_owned() })
    .also(args(seed + 1))
    .check("y", Rule::DiffersFrom { call: 0, output: "y".to_owned() });
}

fn starts(t: &mut Suite) {
    let train = Columns::random(t, [40, 30], 50);
    let high = Columns::new([40, 30], vec![0; 90], vec![0; 90], vec![50.0; 90]);
    let mean = train.values.iter().sum::<f64>() / 50.0;
    let still = Plan { factors: 20, epochs: 0, batch_size: 8, learning_rate: 0.01, l2: 0.0 };
    let limit = |inputs: usize, outputs: usize| (6.0 / (inputs + outputs) as f64).sqrt();
    let (first, second) = (limit(40, HIDDEN), limit(HIDDEN, 1));
    let uniform = |limit: f64| Statistic::DistanceTo(Distribution::Uniform { low: -limit, high: limit });
    let normal = Statistic::DistanceTo(Distribution::Normal { mean: 0.0, std: 0.05 });
    // √n times the distance stays below 2.9 in all but 10⁻⁷ of draws.
    let far = |n: usize| 2.9 / (n as f64).sqrt();
    t.call("0 epochs: tables, weights and biases as they were drawn", still.args(&train, &high, 5))
        .close("mean", &Tensor::from_elem(vec![], mean), Budget::sum(50).scale(5.0))
        .statistic("P", normal, 0.0, far(800))
        .statistic("Q", normal, 0.0, far(600))
        .check("W1", Rule::Shape { shape: vec![40, HIDDEN] })
        .check("W1", Rule::Within { low: -first, high: first })
        .statistic("W1", uniform(first), 0.0, far(40 * HIDDEN))
        .check("W2", Rule::Within { low: -second, high: second })
        .statistic("W2", uniform(second), 0.0, far(HIDDEN))
        .close("b1", &Tensor::zeros(vec![HIDDEN]), Budget::exact())
        .close("b2", &Tensor::zeros(vec![1]), Budget::exact());
}

/// Hundreds of thousands of numbers each: a spread that is 1 % off is far outside.
fn large_start(t: &mut Suite) {
    let columns = Columns { sizes: [1000, 1250], ..Columns::random(t, [40, 30], 50) };
    let plan = Plan { factors: 500, epochs: 0, batch_size: 8, learning_rate: 0.01, l2: 0.0 };
    let limit = |inputs: usize, outputs: usize| (6.0 / (inputs + outputs) as f64).sqrt();
    let (first, second) = (limit(1000, HIDDEN), limit(HIDDEN, 1));
    let case = t.call("0 epochs, large tables and layers", plan.args(&columns, &columns, 6));
    draws::normal(case, "P", 500_000, 0.05);
    draws::normal(case, "Q", 625_000, 0.05);
    draws::uniform(case, "W1", 1000 * HIDDEN, (-first, first), 1e-6 * first);
    draws::uniform(case, "W2", HIDDEN, (-second, second), 1e-6 * second);
}

/// With a learning rate of 0 nothing changes, so neither does an error that is measured without dropout.
fn errors_without_dropout(t: &mut Suite) {
    let columns = Columns::random(t, [5, 5], 30);
    let plan = Plan { factors: 30, epochs: 4, batch_size: 8, learning_rate: 0.0, l2: 0.0 };
    let mean = columns.values.iter().sum::<f64>() / 30.0;
    let variance = columns.values.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / 30.0;
    t.call(
        "a learning rate of 0: errors are measured without dropout, so they stay",
        plan.args(&columns, &columns, 6),
    )
    .check("train_mse", Rule::Shape { shape: vec![4] })
    .statistic("train_mse", Statistic::Distinct, 1.0, 1.0)
    // Factors of 0.05 leave predictions near the mean.
    .check("train_mse", Rule::Within { low: 0.75 * variance, high: 1.3 * variance })
    .check("validation_mse", Rule::SameAs { call: 0, output: "train_mse".to_owned() });
}
