//! Sized calls of the chapter `rnn`.

use super::{Work, Workload, multiply_adds, three_products};
use crate::{Args, Budget, Suite};

type Size<'a> = &'a dyn Fn(&str) -> usize;

/// States stay within ±1, so that weights of the size 1/√units keep errors from growing from one step to the next; gradients
/// of weights are sums over the batch and over all steps.
fn budget(n: usize, steps: usize, hidden: usize) -> Budget {
    Budget::sum((n * steps).max(4 * hidden)).scale(25.0)
}

/// Inputs (n, steps, features), a state of h, and weights for `gates` gates.
fn arguments(t: &mut Suite, x: &[usize], hidden: usize, gates: usize) -> Args {
    let (n, features) = (x[0], x[x.len() - 1]);
    let size = |inputs: usize| 0.5 / (inputs as f64).sqrt();
    Args::new()
        .constant("x", t.normal(x, 1.0))
        .constant("h", t.uniform(&[n, hidden], -1.0, 1.0))
        .constant("input", t.normal(&[features, gates * hidden], size(features)))
        .constant("hidden", t.normal(&[hidden, gates * hidden], size(hidden)))
        .constant("bias", t.normal(&[gates * hidden], 0.2))
}

/// Products with both matrices at each step.
fn flops([n, steps, features, hidden]: [usize; 4], gates: usize) -> f64 {
    multiply_adds(&[n, steps, features + hidden, gates * hidden])
}

pub fn rnn_unroll(t: &mut Suite, size: Size) -> Workload {
    let sizes @ [n, steps, features, hidden] = ["n", "steps", "features", "hidden"].map(size);
    let args = arguments(t, &[n, steps, features], hidden, 1);
    let flops = flops(sizes, 1);
    Workload::new(args, budget(n, steps, hidden), Work::Flops(flops))
        .backward(&[n, steps, hidden], three_products(flops))
}

pub fn lstm_cell(t: &mut Suite, size: Size) -> Workload {
    let [n, features, hidden] = ["n", "features", "hidden"].map(size);
    let args = arguments(t, &[n, features], hidden, 4).constant("c", t.normal(&[n, hidden], 1.0));
    let flops = flops([n, 1, features, hidden], 4);
    Workload::new(args, budget(n, 1, hidden), Work::Flops(flops))
        .backward(&[n, 2 * hidden], three_products(flops))
}

pub fn lstm_unroll(t: &mut Suite, size: Size) -> Workload {
    let sizes @ [n, steps, features, hidden] = ["n", "steps", "features", "hidden"].map(size);
    let args = arguments(t, &[n, steps, features], hidden, 4);
    let args = args.constant("c", t.normal(&[n, hidden], 1.0));
    let flops = flops(sizes, 4);
    Workload::new(args, budget(n, steps, hidden), Work::Flops(flops))
        .backward(&[n, steps, hidden], three_products(flops))
}
