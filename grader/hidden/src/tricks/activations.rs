//! Cases for `tricks::activations`: closed forms, with the extremes where naive formulas overflow.

use crate::{Args, Budget, Tensor, Tests};

/// `1/(1 + e^(−x))`, in the form that does not overflow.
fn logistic(x: f64) -> f64 {
    if x >= 0.0 { 1.0 / (1.0 + (-x).exp()) } else { x.exp() / (1.0 + x.exp()) }
}

pub fn sigmoid(t: &mut Tests) {
    // (1 + tanh(x/2))/2 is a right answer too, and where it nears 0 it cancels against 1.
    let budget = Budget::elementwise().scale(1.0);
    let oracle = |args: &Args| args.get("x").mapv(logistic);
    for _ in 0..64 {
        let shape = t.shape(2, 7);
        let x = t.normal(&shape, 3.0);
        t.differentiable("random values", Args::new().tensor("x", x), budget, oracle);
    }
    let x = t.array(&[3, 3], &[-1e4, -1e3, -104.0, -89.0, 0.0, 89.0, 104.0, 1e3, 1e4]);
    t.differentiable(
        "very large and very small inputs",
        Args::new().tensor("x", x),
        Budget::elementwise(),
        oracle,
    );
}

pub fn relu(t: &mut Tests) {
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
}

pub fn leaky_relu(t: &mut Tests) {
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
}

pub fn activation_derivatives(t: &mut Tests) {
    for _ in 0..64 {
        let shape = t.shape(2, 7);
        let x = t.normal_off_zero(&shape, 2.0);
        derivatives(t, "random values", x, 0.01);
    }
    derivatives(t, "at exactly zero", Tensor::zeros(vec![1, 2]), 0.25);
    let saturated = t.array(&[2, 2], &[-60.0, -20.0, 20.0, 60.0]);
    derivatives(t, "saturated units", saturated, 0.1);
}

/// Checks all four derivatives at `x`; leaky relu's at 0 is left open, since either one-sided slope is one.
fn derivatives(t: &mut Tests, about: &str, x: Tensor, slope: f64) {
    let budget = Budget::elementwise().scale(1.0);
    let slope = f64::from(slope as f32);
    let of = |f: &dyn Fn(f64) -> f64| x.mapv(f);
    let (sigmoid, tanh) = (of(&|x| logistic(x) * logistic(-x)), of(&|x| 1.0 - x.tanh().powi(2)));
    let relu = of(&|x| f64::from(x > 0.0));
    let leaky = [of(&|x| if x > 0.0 { 1.0 } else { slope }), of(&|x| if x >= 0.0 { 1.0 } else { slope })];
    t.call(about, Args::new().constant("x", x.clone()).number("slope", slope))
        .close("sigmoid", &sigmoid, budget)
        .close("tanh", &tanh, budget)
        .close("relu", &relu, Budget::exact())
        .close_to_any("leaky_relu", &leaky, budget);
}
