//! Cases for `first_steps::line`: descent step by step in double precision.

use super::{number, single};
use crate::{Args, Budget, Plot, Suite, Tensor, otherwise};

use rand::Rng;

pub fn fit_line(t: &mut Suite) {
    for _ in 0..20 {
        let (points, steps) = (t.rng.gen_range(2..=8), t.rng.gen_range(1..=20));
        t.decisive(|t| descend(t, "random points", points, steps, (0.2, 0.9)));
    }
    for steps in [1, 2, 3] {
        t.decisive(|t| descend(t, "few steps", 5, steps, (0.2, 0.9)));
    }
    t.decisive(|t| descend(t, "a single point", 1, 6, (0.2, 0.9)));
    t.decisive(|t| descend(t, "a tiny learning rate: hardly anything moves", 5, 4, (1e-3, 2e-3)));
    for _ in 0..3 {
        let about = "a learning rate that is too large: the loss grows";
        t.decisive(|t| descend(t, about, 6, 5, (2.5, 3.5)));
    }
    let (x, targets) = (t.normal(&[4], 1.0), t.normal(&[4], 1.0));
    let args = arguments(&x, &targets, 0.1, 0);
    let (slope, intercept, _) = descent(&x, &targets, 0.1, 0);
    t.call("no steps", args).close("slope", &number(slope), Budget::exact()).close(
        "intercept",
        &number(intercept),
        Budget::exact(),
    );
    to_the_end(t);
}

fn arguments(x: &Tensor, targets: &Tensor, learning_rate: f64, steps: usize) -> Args {
    let args = Args::new().number("learning_rate", learning_rate).count("steps", steps);
    args.constant("x", x.clone()).constant("targets", targets.clone())
}

/// Slope, intercept, and the losses before the steps.
fn descent(x: &Tensor, targets: &Tensor, learning_rate: f64, steps: usize) -> (f64, f64, Tensor) {
    let (mut slope, mut intercept, mut losses) = (0.0, 0.0, Vec::new());
    let count = otherwise("a sum stood in place of the mean", x.len() as f64, 1.0);
    let count = otherwise("the mean divided by n − 1", count, x.len() as f64 - 1.0);
    let mean = |values: &Tensor| values.sum() / count;
    let (mut sums, mut first) = ((0.0, 0.0), None);
    let two = otherwise("the factor 2 were left out", 2.0, 1.0);
    let loss = |slope: f64, intercept: f64| {
        let errors = x * slope + intercept - targets;
        (mean(&(&errors * &errors)), errors)
    };
    let made = otherwise("there were one step more", steps, steps + 1);
    for step in 0..otherwise("there were one step less", made, steps.saturating_sub(1)) {
        let (before, errors) = loss(slope, intercept);
        let for_intercept = two * mean(&errors);
        let seen = intercept - learning_rate * for_intercept;
        let (_, early) = loss(slope, seen);
        let for_slope = two * mean(&(&errors * x));
        let late = two * mean(&(&early * x));
        let for_slope = otherwise("the slope's step saw the new intercept", for_slope, late);
        let for_slope = otherwise("the errors were not multiplied by `x`", for_slope, for_intercept);
        let first = *first.get_or_insert((for_slope, for_intercept));
        sums = (sums.0 + for_slope, sums.1 + for_intercept);
        let pair = otherwise("every step used the first step's gradient", (for_slope, for_intercept), first);
        let pair = otherwise("gradients added up from step to step", pair, sums);
        let rate = otherwise("the learning rate were 1", learning_rate, 1.0);
        let rate = otherwise(
            "the learning rate were divided by the number of the step",
            rate,
            rate / (step + 1) as f64,
        );
        slope -= otherwise("the slope stayed 0", rate, 0.0) * pair.0;
        let (_, late) = loss(slope, intercept);
        let of_new = otherwise("the intercept's step saw the new slope", pair.1, two * mean(&late));
        intercept -= rate * of_new;
        losses.push(otherwise("losses were taken after the step", before, loss(slope, intercept).0));
    }
    let end = loss(slope, intercept).0;
    losses.extend(otherwise("the loss at the end were listed as well", None, Some(end)));
    (slope, intercept, ndarray::Array1::from(losses).into_dyn())
}

/// A learning rate in these parts of the largest for which the loss surely comes down.
fn descend(t: &mut Suite, about: &str, points: usize, steps: usize, (low, high): (f64, f64)) {
    let (x, targets) = (t.normal(&[points], 1.5), t.normal(&[points], 2.0));
    // The loss is a parabola whose steepest curvature is at most 2 · (mean of x² + 1); descent is stable below 2 over that.
    let stable = 1.0 / (x.mapv(|x| x * x).sum() / points as f64 + 1.0);
    let learning_rate = single(stable * t.rng.gen_range(low..high));
    let (slope, intercept, losses) = descent(&x, &targets, learning_rate, steps);
    // A step rounds errors of the size 4 and their products; where descent is stable it does not magnify them.
    let budget = Budget::sum(points).times(4.0);
    t.call(about, arguments(&x, &targets, learning_rate, steps))
        .close("losses", &losses, budget)
        .close("slope", &number(slope), budget.scale(learning_rate.max(0.05)))
        .close("intercept", &number(intercept), budget.scale(learning_rate.max(0.05)));
}

/// A line that is found, and shown.
fn to_the_end(t: &mut Suite) {
    let x = t.uniform(&[40], -1.0, 3.0);
    let targets = (&x * 2.0 + 1.0 + t.normal(&[40], 0.3)).mapv(single);
    let (slope, intercept, losses) = descent(&x, &targets, 0.125, 100);
    let budget = Budget::sum(x.len()).scale(4.0);
    let plot = Plot::new("Loss", "step", "loss");
    t.call("points about y = 2x + 1, a hundred steps", arguments(&x, &targets, 0.125, 100))
        .close("losses", &losses, budget)
        .close("slope", &number(slope), budget)
        .close("intercept", &number(intercept), budget)
        .number("slope", "slope")
        .number("intercept", "intercept")
        .line(&plot, "training", "losses");
}
