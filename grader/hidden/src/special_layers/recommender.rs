//! Cases for `special_layers::recommender`: predictions and losses by their formulas, trainings by what was planted in the
//! ratings. Ratings as arguments are [`Columns`]; planted ones are in [`planted`].

mod columns;
mod means;
mod planted;

use rand::Rng;

pub use columns::Columns;
pub use planted::{Plan, Planted};

use crate::{
    Args, Budget, Derived, Distribution, Plot, Rule, Statistic, Suite, Tensor, Terms, draws, is_supposed,
    otherwise, suppose::wanted,
};

pub fn matrix_factorization(t: &mut Suite) {
    predictions(t, false);
    starts(t);
    Plan::SMALL.recovers(t, Planted::Products);
    large_start(t);
    sorted(t, 0.003);
}

pub fn with_bias(t: &mut Suite) {
    predictions(t, true);
    means::means(t);
    zeros_at_first(t);
    Plan::SMALL.recovers(t, Planted::All);
    sorted(t, 0.01);
}

/// All of MovieLens latest-small, 80/20. Without biases it stays far from the 0.78 of the means alone.
pub fn full_matrix_factorization(t: &mut Suite) {
    let plan = Plan { factors: 20, epochs: 30, batch_size: 64, learning_rate: 0.02, l2: 0.1 };
    full(t, plan, 1.4);
}

/// The same with biases.
pub fn full_with_bias(t: &mut Suite) {
    let plan = Plan { factors: 50, epochs: 30, batch_size: 64, learning_rate: 0.02, l2: 0.1 };
    full(t, plan, 0.78);
}

fn full(t: &mut Suite, plan: Plan, largest: f64) {
    let Some((train, validation)) = Columns::movie_lens(t) else { return };
    let case = t.call("MovieLens, 80 % to learn from", plan.args(&train, &validation, 1));
    show(case.statistic("validation_mse", Statistic::Last, 0.0, largest));
}

/// Both errors over the epochs, and where the second ends.
pub fn show(case: &mut crate::Case) {
    let plot = Plot::new("Mean squared error", "epoch", "stars²");
    case.line(&plot, "training", "train_mse").line(&plot, "validation", "validation_mse");
    let end = Derived::of("validation_mse").statistic(Statistic::Last);
    case.number("validation error (mean of the squares)", end);
}

/// r̂ and the loss of one batch.
fn predictions(t: &mut Suite, biased: bool) {
    for round in 0..64 {
        t.decisive(|t| {
            let [users, items, factors, n] = [5, 5, 4, 8].map(|most| t.rng.gen_range(1..=most));
            let l2 = [0.0, 0.1, 0.5, 2.0][round % 4];
            let columns = Columns::random(t, [users, items], n);
            let about = format!("the loss of {n} ratings, λ = {l2}");
            predict(t, &about, &columns, factors, l2, biased);
        });
    }
    let twice = Columns::new([3, 2], vec![1, 1, 1], vec![0, 1, 0], vec![4.0, 2.0, 4.5]);
    t.decisive(|t| predict(t, "a user with three ratings pays three times", &twice, 2, 1.0, biased));
    let one = Columns::new([4, 4], vec![2], vec![1], vec![5.0]);
    t.decisive(|t| predict(t, "one rating: all other rows have the gradient 0", &one, 3, 0.3, biased));
}

fn predict(t: &mut Suite, about: &str, columns: &Columns, factors: usize, l2: f64, biased: bool) {
    let [users, items] = columns.sizes;
    let model = if biased { "BiasedFactors" } else { "Factors" };
    let mut args = Args::new()
        .function(&format!("{model}::predict + {model}::loss"))
        .tensor("P", t.normal(&[users, factors], 1.0))
        .tensor("Q", t.normal(&[items, factors], 1.0));
    let mean = t.rng.gen_range(2..5) as f64;
    if biased {
        args = args.tensor("user_bias", t.normal(&[users], 1.0)).tensor("item_bias", t.normal(&[items], 1.0));
        args = args.number("mean", mean);
    }
    let rated = |args: &Args, k: usize| {
        let (u, i) = (columns.users[k], columns.items[k]);
        let product: f64 = (0..factors).map(|f| args.get("P")[[u, f]] * args.get("Q")[[i, f]]).sum();
        let product =
            otherwise("the products' mean stood in place of their sum", product, product / factors as f64);
        if !biased {
            return product;
        }
        let (of_user, of_item) = (args.get("user_bias")[[u]], args.get("item_bias")[[i]]);
        let all = mean + of_user + of_item;
        let all = otherwise("`mean` were added twice", all, all + mean);
        product
            + otherwise("both biases were added to `mean` by halves", all, mean + (of_user + of_item) / 2.0)
    };
    let square = |table: &Tensor, row: usize| (0..factors).map(|f| table[[row, f]].powi(2)).sum::<f64>();
    let roots = |args: &Args, k: usize| {
        square(args.get("P"), columns.users[k]).sqrt() + square(args.get("Q"), columns.items[k]).sqrt()
    };
    let loss = |args: &Args| {
        let price = |k: usize| {
            let error = rated(args, k) - columns.values[k];
            let norms = square(args.get("P"), columns.users[k]) + square(args.get("Q"), columns.items[k]);
            let half = otherwise("the half before the square were left out", 0.5, 1.0);
            let of_norms = otherwise("the half before the penalty were left out", 0.5, 1.0);
            let (half, of_norms) = otherwise("both halves were left out", (half, of_norms), (1.0, 1.0));
            let norms = otherwise("the lengths were not squared", norms, roots(args, k));
            let items = square(args.get("Q"), columns.items[k]);
            let norms = otherwise("the penalty were that of items alone", norms, items);
            let norms =
                otherwise("the penalty were the mean of the factors' squares", norms, norms / factors as f64);
            let square =
                otherwise("the error's size stood in place of its square", error * error, error.abs());
            let l2 = otherwise("λ were squared", l2, l2 * l2);
            let l2 = otherwise("the penalty were left out", l2, 0.0);
            let l2 = otherwise("the penalty were subtracted", l2, -l2);
            half * square + of_norms * l2 * norms
        };
        let count = otherwise("the mean stood in place of the sum", 1.0, columns.values.len() as f64);
        let whole = (0..columns.values.len()).map(price).sum::<f64>() / count;
        Tensor::from_elem(
            vec![],
            if is_supposed("the root of the loss were taken") { whole.sqrt() } else { whole },
        )
    };
    let want =
        wanted(&args, &|args| Tensor::from_shape_fn(vec![columns.values.len()], |k| rated(args, k[0])));
    // An error may cancel: it is as exact as the products, the biases and the rating that it is made of.
    let largest = |name: &str| args.get(name).fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let (p, q) = (largest("P"), largest("Q"));
    let error = p * q + 5.0 + if biased { mean + largest("user_bias") + largest("item_bias") } else { 0.0 };
    let gradient = [("d_P", error * q + l2 * p), ("d_Q", error * p + l2 * q)];
    let budget = Budget::sum(columns.values.len() * factors);
    let budget = |output: &str, terms: Terms| match output {
        "y" => budget.scale(error * error + l2 * (p * p + q * q)),
        _ => {
            let size = gradient.iter().find(|(name, _)| *name == output).map_or(error, |(_, size)| *size);
            budget.scale(size * terms.cotangent)
        }
    };
    let args = columns.args(args, "").number("l2", l2);
    let predictions = Budget::sum(factors).scale(error);
    t.differentiable_each(about, args, budget, loss).close("predictions", &want, predictions);
}

/// What holds of the first tables, of a training without steps, and of seeds.
fn starts(t: &mut Suite) {
    let columns = Columns::random(t, [30, 40], 60);
    let unseen = Columns::new([30, 40], vec![29; 4], vec![39; 4], vec![1.0, 2.0, 3.0, 4.0]);
    let still = Plan { factors: 20, epochs: 0, batch_size: 7, learning_rate: 0.05, l2: 0.1 };
    let seed = t.seed();
    // 600 and 800 numbers: √n times the distance stays below 2.5 in all but 10⁻⁵ of draws, below 2.9 in all but 10⁻⁷.
    let normal = Statistic::DistanceTo(Distribution::Normal { mean: 0.0, std: 0.05 });
    t.call("0 epochs: both tables are as they were drawn", still.args(&columns, &unseen, seed))
        .check("P", Rule::Shape { shape: vec![30, 20] })
        .check("Q", Rule::Shape { shape: vec![40, 20] })
        .statistic("P", normal, 0.0, 2.9 / 600f64.sqrt())
        .statistic("Q", normal, 0.0, 2.9 / 800f64.sqrt())
        .check("train_mse", Rule::Shape { shape: vec![0] })
        .also(still.args(&columns, &unseen, seed))
        .check("P", Rule::SameAs { call: 0, output: "P".to_owned() })
        .also(still.args(&columns, &unseen, seed + 1))
        .check("P", Rule::DiffersFrom { call: 0, output: "P".to_owned() })
        .check("Q", Rule::DiffersFrom { call: 0, output: "Q".to_owned() });

    // Products of two rows are 0.0025 · √20 ≈ 0.011 at first, so that the errors are the ratings' squares, nearly.
    let square = |values: &[f64]| values.iter().map(|r| r * r).sum::<f64>() / values.len() as f64;
    let (low, high) = (0.9, 1.1);
    let (train, validation) = (square(&columns.values), square(&unseen.values));
    let standing = Plan { epochs: 3, learning_rate: 0.0, ..still };
    t.call(
        "a learning rate of 0: the errors stay those of the first tables",
        standing.args(&columns, &unseen, seed),
    )
    .check("train_mse", Rule::Shape { shape: vec![3] })
    .check("train_mse", Rule::Within { low: low * train, high: high * train })
    .check("validation_mse", Rule::Within { low: low * validation, high: high * validation });

    let train = Columns::new([2, 2], vec![0; 6], vec![0; 6], vec![3.0; 6]);
    let other = Columns::new([2, 2], vec![1; 3], vec![1; 3], vec![2.0; 3]);
    let plan = Plan { factors: 4, epochs: 80, batch_size: 2, learning_rate: 0.05, l2: 0.0 };
    t.call(
        "the validation ratings are of a user and an item that nobody may learn",
        plan.args(&train, &other, seed),
    )
    .statistic("train_mse", Statistic::Last, 0.0, 0.01)
    .check("validation_mse", Rule::Within { low: 3.6, high: 4.4 });

    let nothing = Columns::new([1, 1], vec![0; 8], vec![0; 8], vec![0.0; 8]);
    let plan = Plan { factors: 3, epochs: 4, batch_size: 1, learning_rate: 0.5, l2: 0.0 };
    // Six normal numbers of spread 0.05 stay below 6 spreads; gradients are their cubes.
    t.call("nothing to learn, so plain descent hardly moves", plan.args(&nothing, &nothing, seed))
        .check("P", Rule::Within { low: -0.3, high: 0.3 })
        .check("Q", Rule::Within { low: -0.3, high: 0.3 });
}

/// Half a million numbers each: a spread that is 1 % off is far outside.
fn large_start(t: &mut Suite) {
    let columns = Columns { sizes: [1000, 1250], ..Columns::random(t, [30, 40], 60) };
    let plan = Plan { factors: 500, epochs: 0, batch_size: 7, learning_rate: 0.05, l2: 0.1 };
    let seed = t.seed();
    let case = t.call("0 epochs, large tables", plan.args(&columns, &columns, seed));
    draws::normal(case, "P", 500_000, 0.05);
    draws::normal(case, "Q", 625_000, 0.05);
}

/// Ratings of one film that get better from the first to the last, as a file sorted by date may hold them. The mean of ones and
/// fives is off by 2, so that 4 is the least error there is. Steps are so short that the prediction is a mean of a hundred
/// ratings, or of fifty near a rating of 5: in random order it ends at 3 with a spread of 0.2, and an error of 6.4 is seven of
/// these away. Without shuffling it ends at 5, with an error of 8.
fn sorted(t: &mut Suite, learning_rate: f64) {
    const HALF: usize = 500;
    let stars = [vec![1.0; HALF], vec![5.0; HALF]].concat();
    let film = Columns::new([1, 1], vec![0; 2 * HALF], vec![0; 2 * HALF], stars);
    let plan = Plan { factors: 1, epochs: 3, batch_size: 1, learning_rate, l2: 0.0 };
    let seed = t.seed();
    t.call("ratings that are sorted from one star to five", plan.args(&film, &film, seed)).statistic(
        "train_mse",
        Statistic::Last,
        4.0 - 1e-3,
        6.4,
    );
}

/// Biases start at 0, and μ is the training ratings' own.
fn zeros_at_first(t: &mut Suite) {
    let train = Columns::random(t, [5, 6], 20);
    let high = Columns::new([5, 6], vec![0; 40], vec![0; 40], vec![50.0; 40]);
    let mean = train.values.iter().sum::<f64>() / 20.0;
    let still = Plan { factors: 2, epochs: 0, batch_size: 4, learning_rate: 0.05, l2: 0.1 };
    let about =
        "0 epochs: biases are 0, and μ is the training ratings' mean, whatever the validation ratings are";
    t.call(about, still.args(&train, &high, 3))
        .close("mean", &Tensor::from_elem(vec![], mean), Budget::sum(20).scale(5.0))
        .close("user_bias", &Tensor::zeros(vec![5]), Budget::exact())
        .close("item_bias", &Tensor::zeros(vec![6]), Budget::exact());
    // Biases are 0 and products about 0.004 at first, so that the errors are those of the mean, nearly.
    let apart = |values: &[f64]| values.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / values.len() as f64;
    let standing = Plan { epochs: 3, learning_rate: 0.0, ..still };
    let case =
        t.call("a learning rate of 0: the errors stay those of the mean", standing.args(&train, &high, 3));
    for (output, error) in [("train_mse", apart(&train.values)), ("validation_mse", apart(&high.values))] {
        case.check(output, Rule::Shape { shape: vec![3] })
            .check(output, Rule::Within { low: 0.95 * error, high: 1.05 * error });
    }
    // One user, one item, all ratings 5: there is nothing but a bias to learn, and its price would keep it from growing.
    let five = Columns::new(
        [2, 1],
        [vec![0; 20], vec![1; 20]].concat(),
        vec![0; 40],
        [vec![5.0; 20], vec![1.0; 20]].concat(),
    );
    let plan = Plan { factors: 1, epochs: 30, batch_size: 4, learning_rate: 0.05, l2: 1.0 };
    t.call("a strict user and a kind one: biases pay nothing", plan.args(&five, &five, 4))
        .close("mean", &Tensor::from_elem(vec![], 3.0), Budget::sum(40).scale(5.0))
        .check("train_mse", Rule::Shape { shape: vec![30] })
        .statistic("train_mse", Statistic::Last, 0.0, 0.01)
        .statistic("user_bias", Statistic::Max, 1.9, 2.1)
        .statistic("user_bias", Statistic::Min, -2.1, -1.9);
}
