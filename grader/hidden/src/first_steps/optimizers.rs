//! Cases for `first_steps::optimizers`: the formulas, step after step, in double precision.

use rand::Rng;

use super::{number, single};
use crate::{Args, Budget, Suite, Tensor, is_supposed, otherwise};

/// The constants of the exercise, as single precision has them.
const BETA_1: f64 = 0.9_f32 as f64;
const BETA_2: f64 = 0.999_f32 as f64;
const EPSILON: f64 = 1e-8_f32 as f64;

pub fn optimizers(t: &mut Suite) {
    for round in 0..12 {
        let (rank, steps) = (1 + round % 2, t.rng.gen_range(1..=5));
        t.decisive(|t| sgd(t, "SGD: random gradients for a few steps", rank, steps));
        t.decisive(|t| rmsprop(t, "RMSprop: random gradients for a few steps", rank, steps, 1.0));
        t.decisive(|t| adam(t, "Adam: random gradients for a few steps", rank, steps, 1.0));
    }
    t.decisive(|t| sgd(t, "SGD: a single step", 1, 1));
    for (size, about) in
        [(1e4, "large gradients"), (1e-4, "small gradients"), (3e-8, "gradients as small as ε")]
    {
        t.decisive(|t| rmsprop(t, &format!("RMSprop: {about}"), 2, 3, size));
        t.decisive(|t| adam(t, &format!("Adam: {about}"), 2, 3, size));
    }
    t.decisive(|t| adam(t, "Adam: the first step, which has the size η", 1, 1, 1.0));
    t.decisive(|t| adam(t, "Adam: many steps", 1, 40, 1.0));
    t.decisive(|t| rmsprop(t, "RMSprop: many steps", 1, 40, 1.0));
}

/// Weights and a few gradients: normal numbers that stay away from 0, since RMSprop and Adam divide by their size.
fn drawn(t: &mut Suite, rank: usize, steps: usize, size: f64) -> (Tensor, Vec<Tensor>, f64) {
    let shape = t.shape(rank, 4);
    let w = t.normal(&shape, 1.0);
    let gradients = (0..steps).map(|_| away_from_0(&t.normal(&shape, 1.0)) * size);
    let gradients = gradients.map(|g| g.mapv(single)).collect();
    (w, gradients, single(t.rng.gen_range(0.05..0.3)))
}

fn away_from_0(values: &Tensor) -> Tensor {
    values.mapv(|x| if x.abs() < 0.05 { 0.05 } else { x })
}

fn arguments(function: &str, w: &Tensor, gradients: &[Tensor], rate: f64) -> Args {
    let args = Args::new().function(function).constant("w", w.clone()).number("learning_rate", rate);
    gradients.iter().enumerate().fold(args, |args, (i, g)| args.constant(&format!("gradient{i}"), g.clone()))
}

/// Steps are of the size η · a few, and are rounded with the weights, of the size 1, that they are added to.
fn budget(steps: usize) -> Budget {
    Budget::sum(steps).scale(1.0)
}

fn sgd(t: &mut Suite, about: &str, rank: usize, steps: usize) {
    let (w, gradients, rate) = drawn(t, rank, steps, 1.0);
    let rate_or_not = otherwise("the sign of the step were the other", rate, -rate);
    let rate_or_not = otherwise("the learning rate were left out", rate_or_not, 1.0);
    let want = gradients.iter().fold(w.clone(), |w, g| {
        let step = g * rate_or_not;
        let step = otherwise("the step were multiplied by `w`", step.clone(), &step * &w);
        let length = g.mapv(|g| g * g).sum().sqrt();
        let step = otherwise("the gradient were divided by its length", step.clone(), step / length);
        otherwise("`w` were forgotten, and only the step kept", w, Tensor::zeros(g.shape())) - step
    });
    t.call(about, arguments("sgd", &w, &gradients, rate)).close("w", &want, budget(steps));
}

fn rmsprop(t: &mut Suite, about: &str, rank: usize, steps: usize, size: f64) {
    let (start, gradients, rate) = drawn(t, rank, steps, size);
    let decay = single(t.rng.gen_range(0.5..0.95));
    let before = t.uniform(start.shape(), 0.1, 2.0).mapv(|v| single(v * size * size));
    let (mut w, mut v) = (start.clone(), before.clone());
    let (old, new) = (decay, 1.0 - decay);
    let (old, new) = otherwise("`decay` and 1 − `decay` were exchanged", (old, new), (new, old));
    for g in &gradients {
        let before = v.clone();
        v = v * old + g * g * otherwise("the new square counted in full", new, 1.0);
        v = otherwise(
            "sizes of gradients were averaged, not squares",
            v.clone(),
            &before * old + g.mapv(f64::abs) * new,
        );
        let used = otherwise("the step used the mean square from before", &v, &before);
        let rate = otherwise("the learning rate were left out", rate, 1.0);
        let rate = otherwise("the sign of the step were the other", rate, -rate);
        let step = g / divisor(used) * rate;
        let step = otherwise("the step were multiplied by the gradient once more", step.clone(), &step * g);
        let step =
            otherwise("the new gradient counted 1 − `decay` in the step, too", step.clone(), &step * new);
        let step = otherwise("nothing were divided by", step, g * rate);
        w = w - step;
        v = otherwise("the mean square stayed what it was", v, before);
    }
    let args = arguments("rmsprop", &start, &gradients, rate).number("decay", decay);
    t.call(about, args.constant("mean_square", before)).close("w", &w, budget(steps)).close(
        "mean_square",
        &v,
        Budget::sum(steps),
    );
}

/// What a step is divided by.
fn divisor(square: &Tensor) -> Tensor {
    if is_supposed("no root were taken") {
        return square + EPSILON;
    }
    let inside = square.mapv(|v| (v + EPSILON).sqrt());
    otherwise("ε were added under the root", square.mapv(f64::sqrt) + EPSILON, inside)
}

fn adam(t: &mut Suite, about: &str, rank: usize, steps: usize, size: f64) {
    let (start, gradients, rate) = drawn(t, rank, steps, size);
    let (mut w, mut m, mut v) = (start.clone(), Tensor::zeros(start.shape()), Tensor::zeros(start.shape()));
    let betas = (BETA_1, BETA_2);
    let (first, second) = otherwise("β₁ and β₂ were exchanged", betas, (BETA_2, BETA_1));
    for (i, g) in gradients.iter().enumerate() {
        let old = m.clone();
        m = m * first + g * (1.0 - first);
        v = v * second + g * g * otherwise("the new square counted in full", 1.0 - second, 1.0);
        let number = otherwise("steps were counted one too far", i as i32 + 1, i as i32 + 2);
        let number = otherwise("every step were corrected as the first", number, 1);
        let correction = |beta: f64| {
            let times = 1.0 - beta * f64::from(number);
            otherwise("1 − β · t stood in place of 1 − βᵗ", 1.0 - beta.powi(number), times)
        };
        let mean = &m / otherwise("the mean were not corrected", correction(first), 1.0);
        let square = &v / otherwise("the mean square were not corrected", correction(second), 1.0);
        let (mean, square) = otherwise("nothing were corrected", (mean, square), (m.clone(), v.clone()));
        let undone = (&m * correction(first), &v * correction(second));
        let (mean, square) =
            otherwise("corrections were multiplied with, not divided by", (mean, square), undone);
        let mean = otherwise("the gradient itself stood in place of its mean", mean, g.clone());
        let mean = otherwise("the step used the mean from before", mean, old / correction(first));
        let after = v.mapv(f64::sqrt) / correction(second) + EPSILON;
        let by = otherwise("the root were taken before the correction", divisor(&square), after);
        let by = otherwise("nothing were divided by", by, square.mapv(|_| 1.0));
        let rate = otherwise("the learning rate were left out", rate, 1.0);
        let rate = otherwise("the sign of the step were the other", rate, -rate);
        let rate = otherwise(
            "the learning rate were divided by the root of t",
            rate,
            rate / f64::from(number).sqrt(),
        );
        w = w - mean / by * rate;
    }
    // 1 − 0.999ᵗ is what is left of two numbers of the size 1: right to 6 · 10⁻⁵ at t = 1, and half of that in the root.
    t.call(about, arguments("adam", &start, &gradients, rate))
        .close("w", &w, budget(steps).times(4.0))
        .close("mean", &m, Budget::sum(steps).scale(size))
        .close("mean_square", &v, Budget::sum(steps).times(16.0))
        .close("steps", &number(steps as f64), Budget::exact());
}
