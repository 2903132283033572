//! Cases for `tricks::activations`: closed forms, with the extremes where naive formulas overflow.

use crate::{Args, Budget, Suite, Tensor, is_supposed, otherwise};

/// `1/(1 + e^(−x))`, in the form that does not overflow.
fn logistic(x: f64) -> f64 {
    let x = otherwise("the exponent had the other sign", x, -x);
    if x >= 0.0 { 1.0 / (1.0 + (-x).exp()) } else { x.exp() / (1.0 + x.exp()) }
}

pub fn sigmoid(t: &mut Suite) {
    let oracle = |args: &Args| args.get("x").mapv(logistic);
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
        case.close("y", &x.mapv(logistic), Budget::elementwise());
        // y · (1 − y), the slide's formula, cancels where y is nearly 1, and further out it keeps no digit.
        if near < 10.0 {
            let cancels = if near > 0.0 { 1.0 } else { 0.0 };
            case.close("d_x", &slopes, Budget::elementwise().scale(cancels));
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
    otherwise("it were y, and not its slope", right, otherwise("it were 1 − y", logistic(x), logistic(-x)))
}

/// A batch without examples has an output without elements. Its gradient would be no test: dfdx sums nothing to nothing.
fn empty(t: &mut Suite, args: Args) {
    let x = Tensor::zeros(vec![0, 3]);
    t.call("a batch without examples", args.constant("x", x.clone())).close("y", &x, Budget::exact());
}

pub fn relu(t: &mut Suite) {
    let oracle = |args: &Args| args.get("x").mapv(|x| x.max(0.0));
    for _ in 0..64 {
        let shape = t.shape(2, 7);
        let x = t.normal_off_zero(&shape, 2.0);
        t.differentiable("random values", Args::new().tensor("x", x), Budget::elementwise(), oracle);
    }
    let zero = Tensor::zeros(vec![1, 3]);
    let ones = Tensor::ones(vec![1, 3]);
    let at_zero = Args::new().constant("x", zero.clone()).constant("d_y", ones);
    t.call("at exactly zero", at_zero).close("y", &zero, Budget::exact()).close(
        "d_x",
        &zero,
        Budget::exact(),
    );
    extremes(t, Args::new(), 0.0);
    empty(t, Args::new());
}

/// Nothing overflows and nothing is rounded to zero on the way. No central differences: their step is larger than 10⁻³⁰.
fn extremes(t: &mut Suite, args: Args, slope: f64) {
    for (about, size) in [("very large values, up to 3 · 10³⁸", 1e38), ("very small values", 1e-30)] {
        let x = t.normal_off_zero(&[3, 4], 1.0).mapv(|x| f64::from((x.clamp(-3.0, 3.0) * size) as f32));
        let d_y = t.normal(&[3, 4], 1.0);
        let slopes = x.mapv(|x| if x > 0.0 { 1.0 } else { slope });
        t.call(about, args.clone().constant("x", x.clone()).constant("d_y", d_y.clone()))
            .close("y", &(&x * &slopes), Budget::elementwise())
            .close("d_x", &(slopes * d_y), Budget::elementwise());
    }
}

pub fn leaky_relu(t: &mut Suite) {
    let leaky = |slope: f64| move |args: &Args| args.get("x").mapv(|x| if x >= 0.0 { x } else { slope * x });
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
    extremes(t, Args::new().number("slope", 0.25), 0.25);
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
        otherwise("tanh were not squared", slope, 1.0 - y)
    });
    let sigmoid = of(&slope_at);
    let relu = of(&|x| f64::from(x > 0.0));
    let leaky = [of(&|x| if x > 0.0 { 1.0 } else { slope }), of(&|x| if x >= 0.0 { 1.0 } else { slope })];
    t.call(about, Args::new().constant("x", x.clone()).number("slope", slope))
        .close("sigmoid", &sigmoid, budget)
        .close("tanh", &tanh, budget)
        .close("relu", &relu, Budget::exact())
        .close_to_any("leaky_relu", &leaky, budget);
}
