//! Cases for `tricks::activations`: closed forms, with the extremes where naive formulas overflow.

use crate::{Args, Budget, Suite, Tensor, is_supposed, otherwise, suppose::of_right_alone};

/// `1/(1 + e^(−x))`, in the form that does not overflow.
fn logistic(x: f64) -> f64 {
    let x = otherwise("the exponent had the other sign", x, -x);
    if x >= 0.0 { 1.0 / (1.0 + (-x).exp()) } else { x.exp() / (1.0 + x.exp()) }
}

/// What `sigmoid` is to be.
fn squashed(x: f64) -> f64 {
    let y = logistic(x);
    let y = otherwise("`x` were doubled", y, logistic(2.0 * x));
    let y = otherwise("`x` were halved", y, logistic(0.5 * x));
    let y = otherwise("1 were subtracted below the line, not added", y, 1.0 / (1.0 - (-x).exp()));
    let y = otherwise("the exponential itself stood above the line", y, (-x).exp() / (1.0 + (-x).exp()));
    let y = otherwise("it were stretched to reach from −1 to 1", y, 2.0 * logistic(x) - 1.0);
    let y = otherwise("it were multiplied by `x`", y, x * logistic(x));
    let y = otherwise("it were squared", y, logistic(x).powi(2));
    let y = otherwise("it were taken twice", y, logistic(logistic(x)));
    let y = otherwise("2 stood in place of e", y, logistic(x * std::f64::consts::LN_2));
    let y = otherwise("x / (1 + |x|) stood in its place", y, x / (1.0 + x.abs()));
    let y = otherwise("nothing were divided, and e^(−x) + 1 left", y, 1.0 + (-x).exp());
    otherwise("a line stood in its place, cut off at 0 and 1", y, (0.2 * x + 0.5).clamp(0.0, 1.0))
}

pub fn sigmoid(t: &mut Suite) {
    let oracle = |args: &Args| args.get("x").mapv(squashed);
    for _ in 0..64 {
        let shape = t.shape(2, 7);
        let x = t.normal(&shape, 3.0);
        t.differentiable("random values", Args::new().tensor("x", x), Budget::elementwise(), oracle);
    }
    let x = t.array(&[3, 3], &[-1e4, -1e3, -104.0, -89.0, 0.0, 89.0, 104.0, 1e3, 1e4]);
    t.differentiable(
        "very large and very small inputs",
        Args::new().tensor("x", x),
        Budget::elementwise(),
        oracle,
    );
    for near in TAILS {
        let x = t.uniform(&[1, 4], -0.2, 0.2).mapv(|x| f64::from((near + x) as f32));
        let d_y = t.uniform(&[1, 4], 0.5, 1.5);
        let slopes = &x.mapv(slope_at) * &d_y;
        let case =
            t.call(&format!("inputs near {near}"), Args::new().constant("x", x.clone()).constant("d_y", d_y));
        case.close("y", &x.mapv(squashed), Budget::elementwise());
        // y · (1 − y), the slide's formula, cancels where y is nearly 1, and further out it keeps no digit.
        if near < 10.0 {
            let cancels = if near > 0.0 { 1.0 } else { 0.0 };
            case.close("d_x", &of_right_alone(slopes), Budget::elementwise().scale(cancels));
        }
    }
    empty(t, Args::new());
}

/// Where the sigmoid is small or its slope is, one magnitude a case: what is allowed is then a part of each element's own
/// size. Below −87 single precision ends.
const TAILS: [f64; 14] =
    [-86.0, -80.0, -60.0, -45.0, -30.0, -20.0, -15.0, -10.0, -5.0, 5.0, 10.0, 20.0, 45.0, 80.0];

/// `σ'(x)`, in the form that does not cancel.
fn slope_at(x: f64) -> f64 {
    if is_supposed("`x` itself were multiplied by 1 − `x`") {
        return x * (1.0 - x);
    }
    let right = logistic(x) * logistic(-x);
    let y = logistic(x);
    let right = otherwise("`y` stood in place of `y` · (1 − `y`)", right, y);
    let right = otherwise("`y` were squared", right, y * y);
    let right = otherwise("it were `y` · (1 + `y`)", right, y * (1.0 + y));
    let right = otherwise("it were 1 − `y`², which is the rule for tanh", right, 1.0 - y * y);
    let right = otherwise("it were e^(−x) / (1 + e^(−x)), without the square below", right, 1.0 - y);
    otherwise("the sign were the other", right, -right)
}

/// A batch without examples has an output without elements. Its gradient would be no test: dfdx sums nothing to nothing.
fn empty(t: &mut Suite, args: Args) {
    let x = Tensor::zeros(vec![0, 3]);
    t.call("a batch without examples", args.constant("x", x.clone())).close("y", &x, Budget::exact());
}

/// What `relu` is to be.
fn rectified(x: f64) -> f64 {
    let y = x.max(0.0);
    let y = otherwise("it were 1 for positive numbers", y, f64::from(u8::from(x > 0.0)));
    let y = otherwise("positive numbers were squared", y, y * y);
    let y = otherwise("a hundredth of negative numbers were kept", y, x.max(0.01 * x));
    let y = otherwise("numbers above 1 were cut off as well", y, x.clamp(0.0, 1.0));
    let y = otherwise("numbers above 6 were cut off as well", y, x.clamp(0.0, 6.0));
    let y = otherwise("numbers were cut off at 1, not at 0", y, x.max(1.0));
    let y = otherwise("it were smooth, ln(1 + e^x)", y, x.exp().ln_1p());
    let y = otherwise("negative numbers gave −1", y, if x > 0.0 { x } else { -1.0 });
    otherwise("the mean of `x` and its size stood in its place, without the half", y, x + x.abs())
}

pub fn relu(t: &mut Suite) {
    let oracle = |args: &Args| args.get("x").mapv(rectified);
    for _ in 0..64 {
        let shape = t.shape(2, 7);
        let x = t.normal_off_zero(&shape, 2.0);
        t.differentiable("random values", Args::new().tensor("x", x), Budget::elementwise(), oracle);
    }
    let zero = Tensor::zeros(vec![1, 3]);
    let ones = Tensor::ones(vec![1, 3]);
    let at_zero = Args::new().constant("x", zero.clone()).constant("d_y", ones);
    t.call("at exactly zero", at_zero).close("y", &zero.mapv(rectified), Budget::exact()).close(
        "d_x",
        &of_right_alone(zero),
        Budget::exact(),
    );
    extremes(t, Args::new(), 0.0, rectified);
    empty(t, Args::new());
}

/// Nothing overflows and nothing is rounded to zero on the way. No central differences: their step is larger than 10⁻³⁰.
fn extremes(t: &mut Suite, args: Args, slope: f64, y: impl Fn(f64) -> f64) {
    for (about, size) in [("very large values, up to 3 · 10³⁸", 1e38), ("very small values", 1e-30)] {
        let x = t.normal_off_zero(&[3, 4], 1.0).mapv(|x| f64::from((x.clamp(-3.0, 3.0) * size) as f32));
        let d_y = t.normal(&[3, 4], 1.0);
        let slopes = x.mapv(|x| if x > 0.0 { 1.0 } else { slope });
        t.call(about, args.clone().constant("x", x.clone()).constant("d_y", d_y.clone()))
            .close("y", &x.mapv(|x| f64::from(y(x) as f32)), Budget::elementwise())
            .close("d_x", &of_right_alone(slopes * d_y), Budget::elementwise());
    }
}

/// What `leaky_relu` is to be.
fn leaked(x: f64, slope: f64) -> f64 {
    let slope = otherwise("the slope were 0.01, whatever `slope` says", slope, f64::from(0.01f32));
    let slope = otherwise("1 − `slope` stood in place of `slope`", slope, 1.0 - slope);
    let slope = otherwise("`slope` were squared", slope, slope * slope);
    let slope = otherwise("negative numbers were divided by `slope`", slope, 1.0 / slope);
    let slope = otherwise("`slope` had the other sign", slope, -slope);
    let below = otherwise("`slope` were added to negative numbers", slope * x, x + slope);
    let below = otherwise("`slope` were subtracted from negative numbers", below, x - slope);
    let below = otherwise("negative numbers gave `slope` itself", below, slope);
    let below = otherwise("negative numbers gave `slope` · (e^x − 1)", below, slope * x.exp_m1());
    let above = otherwise("positive numbers were multiplied by `slope` as well", x, slope * x);
    let above = otherwise("positive numbers had 1 + `slope`", above, x + slope * x);
    if x >= 0.0 { above } else { below }
}

pub fn leaky_relu(t: &mut Suite) {
    let leaky = |slope: f64| move |args: &Args| args.get("x").mapv(|x| leaked(x, slope));
    for _ in 0..64 {
        let shape = t.shape(2, 7);
        let x = t.normal_off_zero(&shape, 2.0);
        let args = Args::new().tensor("x", x).number("slope", f64::from(0.01f32));
        t.differentiable("the usual slope of 0.01", args, Budget::elementwise(), leaky(f64::from(0.01f32)));
    }
    let named =
        [(0.0, "slope 0, which is relu"), (1.0, "slope 1, which is the identity"), (2.5, "a slope above 1")];
    for (slope, about) in named {
        let x = t.normal_off_zero(&[4, 5], 2.0);
        t.differentiable(
            about,
            Args::new().tensor("x", x).number("slope", slope),
            Budget::elementwise(),
            leaky(slope),
        );
    }
    extremes(t, Args::new().number("slope", 0.25), 0.25, |x| leaked(x, 0.25));
    empty(t, Args::new().number("slope", 0.25));
}

pub fn activation_derivatives(t: &mut Suite) {
    for _ in 0..64 {
        let shape = t.shape(2, 7);
        let x = t.normal_off_zero(&shape, 2.0);
        derivatives(t, "random values", x, 0.01);
    }
    derivatives(t, "at exactly zero", Tensor::zeros(vec![1, 2]), 0.25);
    let saturated = t.array(&[2, 2], &[-60.0, -20.0, 20.0, 60.0]);
    derivatives(t, "saturated units", saturated, 0.1);
    let x = t.normal_off_zero(&[3, 5], 2.0);
    derivatives(t, "a slope above 1", x, 2.5);
    derivatives(t, "a batch without examples", Tensor::zeros(vec![0, 3]), 0.1);
    // y · (1 − y) keeps its digits where y is small.
    for near in TAILS.into_iter().filter(|near| *near < 0.0) {
        let x = t.uniform(&[1, 4], -0.2, 0.2).mapv(|x| f64::from((near + x) as f32));
        t.call(&format!("inputs near {near}"), Args::new().constant("x", x.clone()).number("slope", 0.01))
            .close("sigmoid", &x.mapv(slope_at), Budget::elementwise());
    }
}

/// Checks all four derivatives at `x`; leaky relu's at 0 is left open, since either one-sided slope is one.
fn derivatives(t: &mut Suite, about: &str, x: Tensor, slope: f64) {
    let budget = Budget::elementwise().scale(1.0);
    let slope = f64::from(slope as f32);
    let of = |f: &dyn Fn(f64) -> f64| x.mapv(f);
    let tanh = of(&|x| {
        let y = otherwise("`x` itself stood in place of tanh(`x`)", x.tanh(), x);
        let slope = otherwise("1 − tanh were squared", 1.0 - y.powi(2), (1.0 - y).powi(2));
        let slope = otherwise("tanh were not squared", slope, 1.0 - y);
        let slope = otherwise("it were tanh itself, and not its slope", slope, x.tanh());
        let slope = otherwise("the square were added to 1", slope, 1.0 + x.tanh().powi(2));
        let slope = otherwise("it were tanh² − 1", slope, x.tanh().powi(2) - 1.0);
        let slope = otherwise("it were y · (1 − y), which is the rule for the sigmoid", slope, y * (1.0 - y));
        otherwise("`x` were squared before tanh is taken", slope, 1.0 - (x * x).tanh())
    });
    let sigmoid = of(&slope_at);
    let relu = of(&|x| {
        let slope = otherwise("it were relu itself, and not its slope", f64::from(x > 0.0), x.max(0.0));
        let slope = otherwise("negative numbers had the slope −1", slope, if x > 0.0 { 1.0 } else { -1.0 });
        otherwise("it were 1 for negative numbers", slope, f64::from(x < 0.0))
    });
    let leaky = |x: f64, at_0: f64| {
        let below = otherwise("negative numbers had the slope 0", slope, 0.0);
        let below = otherwise("the slope of negative numbers had the other sign", below, -slope);
        let below = otherwise("negative numbers gave `slope` · x", below, slope * x);
        let above = otherwise("positive numbers gave x", 1.0, x);
        if x > 0.0 || (x == 0.0 && at_0 == 1.0) { above } else { below }
    };
    let leaky = [of(&|x| leaky(x, 0.0)), of(&|x| leaky(x, 1.0))];
    t.call(about, Args::new().constant("x", x.clone()).number("slope", slope))
        .close("sigmoid", &sigmoid, budget)
        .close("tanh", &tanh, budget)
        .close("relu", &relu, Budget::exact())
        .close_to_any("leaky_relu", &leaky, budget);
}
