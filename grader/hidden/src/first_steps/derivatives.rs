//! Cases for `first_steps::derivatives`: closed forms of the derivatives of a line and of a neuron.

use super::number;
use crate::{Args, Budget, Suite, Tensor, otherwise};

pub fn gradient_by_hand(t: &mut Suite) {
    for _ in 0..24 {
        let points = t.shape(1, 9)[0];
        t.decisive(|t| line(t, "random points", points, 1.0));
    }
    t.decisive(|t| line(t, "a single point", 1, 1.0));
    t.decisive(|t| line(t, "many points", 200, 1.0));
    t.decisive(|t| line(t, "points far from 0", 5, 100.0));
    let x = t.array(&[4], &[-2.0, 0.0, 1.0, 3.0]);
    let targets = x.mapv(|x| 0.5 * x - 1.0);
    let args = |function| {
        let args = Args::new().function(function).number("slope", 0.5).number("intercept", -1.0);
        args.constant("x", x.clone()).constant("targets", targets.clone())
    };
    let about = "a line through all points: nothing to be better at";
    t.call(about, args("line_loss")).close("loss", &number(0.0), Budget::exact());
    t.call(about, args("gradient_by_hand")).close("for_slope", &number(0.0), Budget::exact()).close(
        "for_intercept",
        &number(0.0),
        Budget::exact(),
    );
}

/// A random line and points about another one, all of this size.
fn line(t: &mut Suite, about: &str, points: usize, size: f64) {
    let (x, targets) = (t.normal(&[points], 2.0 * size), t.normal(&[points], 3.0 * size));
    let drawn = t.normal(&[2], 1.0);
    let (slope, intercept) = (drawn[[0]], drawn[[1]]);
    let errors = &x * slope + otherwise("the intercept were left out", intercept, 0.0) - &targets;
    let mean =
        |values: Tensor| values.sum() / otherwise("a sum stood in place of the mean", points as f64, 1.0);
    let two =
        otherwise("the factor 2 were left out", 2.0, 1.0) * otherwise("the sign were the other", 1.0, -1.0);
    let of_slope =
        two * mean(otherwise("the errors were multiplied by the targets", &errors * &x, &errors * &targets));
    let of_intercept = two * mean(errors.clone());
    let loss = mean(&errors * &errors);
    let args = |function| {
        let args = Args::new().function(function).number("slope", slope).number("intercept", intercept);
        args.constant("x", x.clone()).constant("targets", targets.clone())
    };
    // An error is rounded in proportion to its terms, a few times `size`, and then multiplied by itself, by x or by 2.
    let budget = |power: i32| Budget::sum(points).scale(8.0 * size.powi(power));
    t.call(about, args("line_loss")).close("loss", &number(loss), budget(2));
    t.call(about, args("gradient_by_hand")).close("for_slope", &number(of_slope), budget(2)).close(
        "for_intercept",
        &number(of_intercept),
        budget(1),
    );
}

pub fn gradient_by_tape(t: &mut Suite) {
    for _ in 0..24 {
        let points = t.shape(1, 9)[0];
        t.decisive(|t| neuron(t, "random points", points, 1.0));
    }
    t.decisive(|t| neuron(t, "a single point", 1, 1.0));
    t.decisive(|t| neuron(t, "many points", 200, 1.0));
    t.decisive(|t| neuron(t, "targets far out of tanh's reach", 6, 50.0));
}

fn neuron(t: &mut Suite, about: &str, points: usize, size: f64) {
    let (x, targets) = (t.normal(&[points], 1.0), t.normal(&[points], size));
    let drawn = t.normal(&[2], 1.0);
    let (weight, bias) = (drawn[[0]], drawn[[1]]);
    let z = &x * weight + bias;
    let y = z.mapv(f64::tanh);
    let y = otherwise("tanh were left out", y.clone(), z.clone());
    let slope = otherwise("tanh's slope were left out", y.mapv(|y| 1.0 - y * y), y.mapv(|_| 1.0));
    let slope = otherwise("tanh's slope were taken as 1 − the sum's square", slope, z.mapv(|z| 1.0 - z * z));
    let two =
        otherwise("the factor 2 were left out", 2.0, 1.0) * otherwise("the sign were the other", 1.0, -1.0);
    let outer = (&y - &targets) * slope * two;
    let mean = |values: Tensor| {
        number(values.sum() / otherwise("a sum stood in place of the mean", points as f64, 1.0))
    };
    let args = Args::new().number("weight", weight).number("bias", bias);
    let args = args.constant("x", x.clone()).constant("targets", targets);
    let budget = Budget::sum(points).scale(4.0 * size);
    t.call(about, args).close("for_weight", &mean(&outer * &x), budget).close(
        "for_bias",
        &mean(outer),
        budget,
    );
}

pub fn used_twice(t: &mut Suite) {
    let curve = |args: &Args| args.get("x").mapv(|x| x / (1.0 + x * x));
    // The gradient, (1 − x²) / (1 + x²)², cancels where x is nearly 1 or −1.
    let budget = Budget::elementwise().scale(1.0);
    for _ in 0..48 {
        let shape = t.shape(2, 7);
        t.decisive(|t| {
            let x = t.normal(&shape, 2.0);
            t.differentiable("random values", Args::new().tensor("x", x), budget, curve);
        });
    }
    t.decisive(|t| {
        let x = t.uniform(&[2, 3], 1.5, 4.0);
        t.differentiable("values above 1, where the curve falls", Args::new().tensor("x", x), budget, curve);
    });
    t.decisive(|t| {
        let x = t.normal(&[3, 2], 0.1);
        let about = "values near 0, where the curve is nearly y = x";
        t.differentiable(about, Args::new().tensor("x", x), budget.scale(0.1), curve);
    });
    let (x, d_y) = (t.array(&[1, 3], &[-1.0, 0.0, 1.0]), t.array(&[1, 3], &[1.0, -2.0, 3.0]));
    let (y, d_x) = (t.array(&[1, 3], &[-0.5, 0.0, 0.5]), t.array(&[1, 3], &[0.0, -2.0, 0.0]));
    t.call("at the top, at the bottom and between", Args::new().constant("x", x).constant("d_y", d_y))
        .close("y", &y, Budget::elementwise())
        .close("d_x", &d_x, budget);
}
