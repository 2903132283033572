//! Cases for `regularization::cross_validation`: partitions by counting, validation errors by the normal equations.

mod search;

use rand::Rng;

use crate::{Args, Rule, Statistic, Suite, is_supposed};

pub use search::{best_gamma, residuals};

pub fn k_fold(t: &mut Suite) {
    for _ in 0..56 {
        let n = t.rng.gen_range(2..=30);
        let k = t.rng.gen_range(2..=n.min(8));
        partition(t, "random numbers of examples and folds", n, k);
    }
    partition(t, "as many folds as examples: leave one out", 9, 9);
    partition(t, "two examples in two folds", 2, 2);
    partition(t, "two folds of unequal size", 7, 2);
    partition(t, "folds of equal size", 12, 4);
    partition(t, "one example too many for equal folds", 13, 4);
    partition(t, "one example too few for equal folds", 11, 4);
    partition(t, "one part of two examples, all others of one", 9, 8);
    draws(t);
    for (n, k, about) in [
        (3, 5, "more folds than examples"),
        (4, 1, "one fold"),
        (4, 0, "no folds"),
        (0, 2, "no examples"),
        (1, 2, "one example"),
    ] {
        t.call(about, call(n, k, 1)).refuses(&[&n.to_string(), &k.to_string()]);
    }
}

fn call(n: usize, k: usize, seed: usize) -> Args {
    Args::new().count("n", n).count("k", k).count("seed", seed)
}

/// Every example is validated on once, and trained on in all other folds.
fn partition(t: &mut Suite, about: &str, n: usize, k: usize) {
    let (floor, ceiling) = ((n / k) as f64, n.div_ceil(k) as f64);
    let everyone: Vec<f64> = (0..n).map(|i| i as f64).collect();
    let seed = t.seed();
    let case = t.call(about, call(n, k, seed));
    case.check("validation_sizes", Rule::Shape { shape: vec![k] })
        .check("all_validation_examples", Rule::Permutation { of: everyone.clone() })
        .statistic("validation_sizes", Statistic::Min, floor, floor)
        .statistic("validation_sizes", Statistic::Max, ceiling, ceiling);
    let smallest = n as f64 - ceiling;
    let (before, after) = (
        is_supposed("each fold were trained on the parts before its own alone"),
        is_supposed("each fold were trained on one other part alone"),
    );
    let smallest = if before { 0.0 } else { smallest };
    let smallest = if after { floor } else { smallest };
    case.statistic("training_sizes", Statistic::Min, smallest, smallest);
    for fold in 0..k {
        // The last fold has all other parts before its own.
        let whole = (!before || fold == k - 1) && (!after || k == 2);
        let both = if whole { everyone.clone() } else { Vec::new() };
        case.check(&format!("both_parts_of_fold{fold}"), Rule::Permutation { of: both });
    }
}

/// Who is in which part is a matter of the seed, and of nothing else.
fn draws(t: &mut Suite) {
    let same = || Rule::SameAs { call: 0, output: "all_validation_examples".to_owned() };
    let other = || Rule::DiffersFrom { call: 0, output: "first_validation_part".to_owned() };
    for _ in 0..4 {
        let seed = t.seed();
        // Two draws of 20 of 40 examples are equal once in 10¹¹ times.
        t.call("the same seed gives the same folds, another seed other ones", call(40, 2, seed))
            .also(call(40, 2, seed))
            .check("all_validation_examples", same())
            .also(call(40, 2, seed + 1))
            .check("first_validation_part", other());
        // The mean of 200 of the numbers 0 to 399, drawn without putting back, is 199.5 ± 5.78: 115.5/√200 · √(200/399).
        // It is more than five times that away less than once in 10⁶ draws.
        t.call("examples that are sorted by something: each half must be a fair sample", call(400, 2, seed))
            .statistic("first_validation_part", Statistic::Mean, 199.5 - 29.0, 199.5 + 29.0);
    }
}
