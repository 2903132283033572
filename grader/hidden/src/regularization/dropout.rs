//! Cases for `regularization::dropout`. Inputs and cotangents of ones make masks visible: output and gradient are then the
//! mask itself, bit for bit.
//!
//! A bound on a draw is missed by a right solution with probability e⁻²¹ at most, and there are fewer than 200 of them:
//! together less than one run in 10⁶. Draws are checked by statistics and never element by element, because a mistake
//! is recognised by readings that a student's other draws must share.

use rand::Rng;

use crate::{Args, Budget, Derived, Rule, Statistic, Step, Suite, Tensor, draws, otherwise};

pub fn dropout(t: &mut Suite) {
    for p in [0.2, 0.5, 0.8] {
        masks(t, "a large batch of ones", &[64, 64], p);
    }
    masks(t, "a batch of one", &[1, 400], 0.5);
    masks(t, "one feature", &[300, 1], 0.3);
    masks(t, "nearly everything is dropped", &[60, 60], 0.99);
    for _ in 0..40 {
        let features = [(10, 20), (20, 30)].map(|(low, high)| t.rng.gen_range(low..=high));
        let p = mild(t);
        masks(t, "random features", &features, p);
        let images = [(2, 5), (3, 6), (7, 9), (5, 6)].map(|(low, high)| t.rng.gen_range(low..=high));
        let p = mild(t);
        masks(t, "random images, not square", &images, p);
    }
    for p in [0.5, 0.8] {
        // A rate that is 1 % off moves the mean by 1 % of p/(1 − p) and more; a million draws know it to 0.33 % and 0.52 %.
        masks(t, "a very large batch of ones", &[1024, 1024], p);
    }
    counts(t);
    independence(t);
    seeds(t);
    sizes(t);
    identities(t);
    for p in [1.0, 1.5, -0.25, -1e-6, f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
        for training in [true, false] {
            let when = if training { "training" } else { "evaluation" };
            let args = call(t.normal(&[2, 3], 1.0), p, training, 1);
            let about = format!("{when} with p = {p}, which is no probability below 1");
            t.call(&about, args).refuses(&[&p.to_string()]);
        }
    }
}

/// A drop probability neither near 0 nor near 1.
fn mild(t: &mut Suite) -> f32 {
    t.rng.gen_range(0.1..0.9)
}

/// A call whose cotangent is all ones.
fn call(x: Tensor, p: f32, training: bool, seed: usize) -> Args {
    let d_y = Tensor::ones(x.raw_dim());
    with_cotangent(d_y, x, p, training, seed)
}

fn with_cotangent(d_y: Tensor, x: Tensor, p: f32, training: bool, seed: usize) -> Args {
    let args = Args::new().number("p", f64::from(p)).flag("training", training).count("seed", seed);
    args.constant("d_y", d_y).constant("x", x)
}

/// The factor of what survives, give or take 64 roundings.
fn factor(p: f32) -> (f64, f64) {
    let p = f64::from(p);
    let factor = otherwise("`p` were the probability to be kept", 1.0 / (1.0 - p), 1.0 / p);
    let factor = otherwise("what is kept were not scaled", factor, 1.0);
    let factor = otherwise("what is kept were multiplied by 1 − `p`", factor, 1.0 - p);
    let factor = otherwise("what is kept were multiplied by 1 + `p`", factor, 1.0 + p);
    let factor =
        otherwise("what is kept were divided by the root of 1 − `p`", factor, 1.0 / (1.0 - p).sqrt());
    let factor = otherwise("what is kept were divided by (1 − `p`)²", factor, 1.0 / (1.0 - p).powi(2));
    let factor = otherwise("what is kept were multiplied by `p`", factor, p);
    let factor = otherwise("what is kept were divided by `p`", factor, 1.0 / p);
    let factor = otherwise("what is kept were divided by 1 + `p`", factor, 1.0 / (1.0 + p));
    let factor = otherwise("what is kept were doubled, whatever `p` is", factor, 2.0);
    (factor * (1.0 - 4e-6), factor * (1.0 + 4e-6))
}

/// Ones, in training: what comes out is the mask. With at least 200 elements and 0.1 ≤ p ≤ 0.9 some survive and some are
/// dropped (0.9²⁰⁰ = e⁻²¹); at p = 0.99, so it is for 3600 elements (0.99³⁶⁰⁰ = e⁻³⁶).
fn masks(t: &mut Suite, about: &str, shape: &[usize], p: f32) {
    let (low, high) = factor(p);
    let n = shape.iter().product::<usize>();
    let kept = 1.0 - f64::from(p);
    let (fewest, most) =
        draws::share(n, otherwise("`p` were the probability to be kept", kept, f64::from(p)));
    let args = call(Tensor::ones(shape), p, true, t.seed());
    t.call(about, args)
        .check("y", Rule::Shape { shape: shape.to_vec() })
        .statistic("y", Statistic::Max, low, high)
        .statistic("y", Statistic::Min, 0.0, 0.0)
        .statistic("y", Statistic::Distinct, 2.0, 2.0)
        .statistic("y", Statistic::Mean, fewest * low, most * high)
        .statistic("d_x", Statistic::Min, 0.0, 0.0)
        .check("d_x", Rule::SameAs { call: 0, output: "y".to_owned() })
        .check("next_y", Rule::DiffersFrom { call: 0, output: "y".to_owned() });
}

/// A thousand batches of ones, 8 examples of 8 units each, with one generator. Each unit decides for itself: how many survive
/// differs from batch to batch and from example to example, as binomial counts do. Their std is measured to 2 % and better,
/// and a binomial's tails at p = ½ are lighter than a normal's: ±30 % is far outside. Were the count always the same, it would
/// be 0.
fn counts(t: &mut Suite) {
    const BATCHES: usize = 1024;
    let args = call(Tensor::ones(vec![8, 8]), 0.5, true, t.seed()).count("batches", BATCHES);
    let args = args.function("dropout many times");
    let case = t.call("a thousand batches: how many units survive is left to chance", args);
    case.check("batches", Rule::Shape { shape: vec![BATCHES, 64] });
    for each in [64, 8] {
        let std = (1.0 / each as f64).sqrt(); // √(p/(1 − p)/each)
        case.statistic("batches", Statistic::StdOfMeans { each }, 0.7 * std, 1.3 * std);
    }
    let (low, high) = draws::share(64 * BATCHES, 0.5);
    case.statistic("batches", Statistic::Share { of: 0.0 }, low, high);
}

/// 40 examples of 40 units with p = ½: two of them have equal masks with probability 2 · 780 / 2⁴⁰ = e⁻²⁰·³, so we ask
/// for 39 different ones, which is missed with the square of that at most.
fn independence(t: &mut Suite) {
    for shape in [&[40, 40][..], &[40, 4, 5, 2]] {
        let args = call(Tensor::ones(shape), 0.5, true, t.seed());
        let of_examples = Derived::of("y").step(Step::Entries);
        let of_units = Derived::of("y").step(Step::Transposed).step(Step::Entries);
        t.call(
            &format!("a batch of shape {shape:?}: every example and every unit has a mask of its own"),
            args,
        )
        .statistic(of_examples, Statistic::Distinct, 39.0, 40.0)
        .statistic(of_units, Statistic::Distinct, 39.0, 40.0);
    }
}

fn seeds(t: &mut Suite) {
    for shape in [&[12, 10][..], &[3, 4, 5, 2]] {
        let seed = t.seed();
        let args = |seed| call(Tensor::ones(shape), 0.5, true, seed);
        t.call("the same seed drops the same units, another seed others", args(seed))
            .also(args(seed))
            .check("y", Rule::SameAs { call: 0, output: "y".to_owned() })
            .also(args(seed + 1))
            .check("y", Rule::DiffersFrom { call: 0, output: "y".to_owned() });
    }
}

/// Inputs of both signs and of all sizes.
fn sizes(t: &mut Suite) {
    for (size, about) in [
        (3.0f32, "inputs 3 and −3"),
        (1e30, "very large inputs, 10³⁰ and −10³⁰"),
        (1e-30, "very small inputs, 10⁻³⁰ and −10⁻³⁰"),
    ] {
        let p = [0.25f32, 0.5, 0.7][t.rng.gen_range(0..3)];
        let size = f64::from(size);
        let x = Tensor::from_shape_fn(vec![20, 30], |i| if (i[0] + i[1]) % 2 == 0 { size } else { -size });
        let (low, high) = factor(p);
        let args = call(x, p, true, t.seed());
        t.call(about, args)
            .statistic("y", Statistic::Max, size * low, size * high)
            .statistic("y", Statistic::Min, -size * high, -size * low)
            .statistic("y", Statistic::Distinct, 3.0, 4.0) // 0 and −0 may count as two
            .statistic("d_x", Statistic::Max, low, high)
            .statistic("d_x", Statistic::Min, 0.0, 0.0);
    }
}

/// Evaluation, and training with nothing to drop.
fn identities(t: &mut Suite) {
    for _ in 0..24 {
        let (rank, p) = ([2, 4][t.rng.gen_range(0..2)], mild(t));
        let shape = t.shape(rank, 5);
        identity(t, "evaluation changes nothing", &shape, p, false);
    }
    identity(t, "evaluation with p = 0.99", &[7, 3], 0.99, false);
    for shape in [&[5, 7][..], &[2, 3, 4, 2], &[1, 1]] {
        identity(t, "training with p = 0 drops nothing", shape, 0.0, true);
    }
}

fn identity(t: &mut Suite, about: &str, shape: &[usize], p: f32, training: bool) {
    let (x, d_y) = (t.normal(shape, 2.0), t.normal(shape, 1.0));
    let args = with_cotangent(d_y.clone(), x.clone(), p, training, t.seed());
    t.call(about, args)
        .close("y", &x, Budget::elementwise())
        .close("next_y", &x, Budget::elementwise())
        .close("d_x", &d_y, Budget::elementwise());
}
