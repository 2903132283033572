//! Cases for `first_steps::derivatives`: closed forms of the derivatives of a line and of a neuron.

use super::number;
use crate::{Args, Budget, Suite, Tensor, is_supposed, otherwise, suppose::of_right_alone};

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
    let zero = of_right_alone(number(0.0));
    t.call(about, args("line_loss")).close("loss", &zero, Budget::exact());
    t.call(about, args("gradient_by_hand")).close("for_slope", &zero, Budget::exact()).close(
        "for_intercept",
        &zero,
        Budget::exact(),
    );
}

/// A random line and points about another one, all of this size.
fn line(t: &mut Suite, about: &str, points: usize, size: f64) {
    let (x, targets) = (t.normal(&[points], 2.0 * size), t.normal(&[points], 3.0 * size));
    let drawn = t.normal(&[2], 1.0);
    let (slope, intercept) = (drawn[[0]], drawn[[1]]);
    let errors = line_errors((&x, &targets), slope, intercept);
    let mean = |values: Tensor| averaged(&values);
    let two =
        otherwise("the factor 2 were left out", 2.0, 1.0) * otherwise("the sign were the other", 1.0, -1.0);
    let by = &errors * &x;
    let by = otherwise("the errors were multiplied by the targets", by, &errors * &targets);
    let by = otherwise("the errors were multiplied by the slope", by, &errors * slope);
    let by =
        otherwise("the prediction stood in place of the error for the slope", by, (&errors + &targets) * &x);
    let by = otherwise("the errors were multiplied by the square of `x`", by, &errors * &x * &x);
    let of_slope = two * mean(by);
    let of_means = two * averaged(&errors) * averaged(&x);
    let of_slope = otherwise("the mean error were multiplied by the mean `x`", of_slope, of_means);
    let of_intercept = two * mean(errors.clone());
    let of_intercept = otherwise(
        "the intercept's derivative were multiplied by the intercept",
        of_intercept,
        of_intercept * intercept,
    );
    let both = (of_slope, of_intercept);
    let (of_slope, of_intercept) = otherwise(
        "both derivatives were divided by the root of the loss",
        both,
        both_over(both, mean(&errors * &errors).sqrt()),
    );
    let loss = mean(&errors * &errors);
    let loss = otherwise("the loss were halved", loss, loss / 2.0);
    let loss = otherwise("the loss were the root of the mean square", loss, loss.sqrt());
    let loss = otherwise("absolute errors stood in place of squares", loss, mean(errors.mapv(f64::abs)));
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

/// How far a line is above each point.
fn line_errors((x, targets): (&Tensor, &Tensor), slope: f64, intercept: f64) -> Tensor {
    let (slope, intercept) =
        otherwise("slope and intercept were exchanged", (slope, intercept), (intercept, slope));
    let (x, targets) = otherwise("`x` and `targets` were exchanged", (x, targets), (targets, x));
    let intercept = otherwise("the intercept were left out", intercept, 0.0);
    let intercept = otherwise("the intercept were subtracted", intercept, -intercept);
    let targets = if is_supposed("the targets were left out") { targets * 0.0 } else { targets.clone() };
    x * slope + intercept - targets
}

fn averaged(values: &Tensor) -> f64 {
    let n = values.len() as f64;
    let count = otherwise("a sum stood in place of the mean", n, 1.0);
    let count = otherwise("the mean divided by n − 1", count, n - 1.0);
    let last = values.iter().last().copied().unwrap_or_default();
    let left_out = otherwise("the last point were left out of the sum", 0.0, last);
    let first = values.iter().next().copied().unwrap_or_default();
    (values.sum() - left_out - otherwise("the first point were left out of the sum", 0.0, first)) / count
}

fn both_over((one, other): (f64, f64), by: f64) -> (f64, f64) {
    (one / by, other / by)
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
    let (weight_used, bias_used) =
        otherwise("the weight and the bias were exchanged", (weight, bias), (bias, weight));
    let z = &x * weight_used + otherwise("the bias were left out", bias_used, 0.0);
    let y = z.mapv(f64::tanh);
    let y = otherwise("tanh were left out", y.clone(), z.clone());
    let slope = otherwise("tanh's slope were left out", y.mapv(|y| 1.0 - y * y), y.mapv(|_| 1.0));
    let slope = otherwise("tanh's slope were taken as 1 − the sum's square", slope, z.mapv(|z| 1.0 - z * z));
    let (y, slope) = if is_supposed("a sigmoid stood in place of tanh") {
        let y = z.mapv(|z| 1.0 / (1.0 + (-z).exp()));
        (y.clone(), &y * &(1.0 - &y))
    } else if is_supposed("tanh were taken before the bias is added") {
        let inner = (&x * weight).mapv(f64::tanh);
        (&inner + bias, y.mapv(|_| 1.0))
    } else if is_supposed("tanh were taken twice") {
        let outer = y.mapv(f64::tanh);
        (outer.clone(), slope * outer.mapv(|y| 1.0 - y * y))
    } else {
        (y, slope)
    };
    let inner_slope = if is_supposed("tanh were taken before the bias is added") {
        (&x * weight).mapv(|z| 1.0 - z.tanh().powi(2))
    } else {
        x.mapv(|_| 1.0)
    };
    let two =
        otherwise("the factor 2 were left out", 2.0, 1.0) * otherwise("the sign were the other", 1.0, -1.0);
    let errors = otherwise("the targets were left out", &y - &targets, y.clone());
    let errors = otherwise("errors were not squared", errors, y.mapv(|_| 0.5));
    let outer = errors * slope * two;
    let mean = |values: Tensor| number(averaged(&values));
    let args = Args::new().number("weight", weight).number("bias", bias);
    let args = args.constant("x", x.clone()).constant("targets", targets);
    let budget = Budget::sum(points).scale(4.0 * size);
    t.call(about, args).close("for_weight", &mean(&outer * &x * &inner_slope), budget).close(
        "for_bias",
        &mean(outer),
        budget,
    );
}

/// x / (1 + x²).
fn humped(x: f64) -> f64 {
    let below = 1.0 + x * x;
    let below = otherwise("1 − x² stood below the line", below, 1.0 - x * x);
    let below = otherwise("x² alone stood below the line", below, x * x);
    let below = otherwise("1 + x³ stood below the line", below, 1.0 + x * x * x);
    let below = otherwise("(1 + x)² stood below the line", below, (1.0 + x) * (1.0 + x));
    let below = otherwise("1 + x stood below the line", below, 1.0 + x);
    let below = otherwise("1 + 2x stood below the line", below, 1.0 + 2.0 * x);
    let below = otherwise("1 + the size of x stood below the line", below, 1.0 + x.abs());
    let below = otherwise("a root were taken of what is below the line", below, below.sqrt());
    let y = otherwise("the two were multiplied, not divided", x / below, x * below);
    let y = otherwise("the brackets below the line were left out, x / 1 + x²", y, x / 1.0 + x * x);
    otherwise("the fraction were upside down", y, below / x)
}

pub fn used_twice(t: &mut Suite) {
    let curve = |args: &Args| args.get("x").mapv(humped);
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
    let (y, d_x) = (x.mapv(humped), of_right_alone(t.array(&[1, 3], &[0.0, -2.0, 0.0])));
    t.call("at the top, at the bottom and between", Args::new().constant("x", x).constant("d_y", d_y))
        .close("y", &y, Budget::elementwise())
        .close("d_x", &d_x, budget);
}
