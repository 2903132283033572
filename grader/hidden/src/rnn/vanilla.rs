//! Cases for `rnn::vanilla`: the formula and its gradients by central differences, through up to 200 steps.

use rand::Rng;

use super::oracle::{self, Weights, part, weighted};
use crate::{Args, Budget, Suite, Tensor, Terms, as_it_is};

/// Batch, steps, features and units.
#[derive(Clone, Copy)]
struct Sizes {
    n: usize,
    steps: usize,
    features: usize,
    hidden: usize,
}

/// Inputs `x` of this shape, a state and the weights, of which U has the standard deviation `recurrent`.
fn arguments(t: &mut Suite, x: Tensor, sizes: Sizes, recurrent: f64) -> Args {
    let Sizes { n, features, hidden, .. } = sizes;
    let args = Args::new().tensor("x", x).tensor("h", t.uniform(&[n, hidden], -1.0, 1.0));
    let draws = [(&[features, hidden][..], 0.8), (&[hidden, hidden], recurrent), (&[hidden], 0.4)];
    weighted(args, draws.map(|(shape, std)| t.normal(shape, std)))
}

/// The budget of one step, forward or back. Values are at most 1, but they are made of sums of `features + hidden + 1`
/// products of a size of 2 or 3. A gradient is measured against its terms; where units are saturated these are small, while
/// `1 − h²` is off by an ε of the 1 however small it is: there `unsaturated` takes the place of the terms.
fn budget<'a>(sizes: Sizes, unsaturated: impl Fn(&str) -> f64 + 'a) -> impl Fn(&str, Terms) -> Budget + 'a {
    move |output, terms| {
        let budget = Budget::sum(sizes.features + sizes.hidden + sizes.n + 1);
        budget.scale(if output == "y" {
            3.0
        } else {
            terms.largest.max(unsaturated(output) * terms.cotangent)
        })
    }
}

/// The size of a cell's gradients where no unit is saturated and the cotangent is 1.
fn unsaturated(args: &Args) -> impl Fn(&str) -> f64 + use<> {
    let largest = |name: &str| args.get(name).fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let [input, hidden, x, h] = ["input", "hidden", "x", "h"].map(largest);
    move |output| match output {
        "d_x" => input,
        "d_h" => hidden,
        "d_input" => x,
        "d_hidden" => h,
        _ => 1.0,
    }
}

pub fn rnn_cell(t: &mut Suite) {
    for _ in 0..64 {
        let [n, features, hidden] = [(); 3].map(|()| t.rng.gen_range(1..=4));
        t.decisive(|t| cell(t, "random values", Sizes { n, steps: 1, features, hidden }, 1.0));
    }
    let named = [
        ("as many features as units, so that W and U have one shape", (3, 3, 3)),
        ("a batch of one", (1, 2, 3)),
        ("one feature", (3, 1, 2)),
        ("one unit", (3, 2, 1)),
    ];
    for (about, (n, features, hidden)) in named {
        t.decisive(|t| cell(t, about, Sizes { n, steps: 1, features, hidden }, 1.0));
    }
    // tanh is flat there: gradients are as small as e^(−2|z|).
    cell(
        t,
        "very large inputs: every unit is saturated",
        Sizes { n: 2, steps: 1, features: 2, hidden: 3 },
        50.0,
    );
    let about = "very small inputs: the cell is almost linear";
    t.decisive(|t| cell(t, about, Sizes { n: 2, steps: 1, features: 2, hidden: 3 }, 1e-4));
}

fn cell(t: &mut Suite, about: &str, sizes: Sizes, spread: f64) {
    let args = loop {
        let x = t.normal(&[sizes.n, sizes.features], spread);
        let args = arguments(t, x, sizes, 0.8);
        // In a unit between the two ends the roundings of large sums would decide.
        if spread <= 1.0 || as_it_is(|| stepped(&args)).iter().all(|h| h.abs() > 1.0 - 1e-9) {
            break args;
        }
    };
    let budget = budget(sizes, unsaturated(&args));
    t.differentiable_each(about, args, budget, stepped);
}

/// The next state of every row.
fn stepped(args: &Args) -> Tensor {
    let weights = Weights::of(args);
    let rows = (0..args.get("x").shape()[0])
        .flat_map(|i| weights.rnn_step(&part(args.get("x"), i), &part(args.get("h"), i)));
    let values = rows.collect();
    Tensor::from_shape_vec(args.get("h").shape(), values).unwrap_or_default()
}

pub fn rnn_unroll(t: &mut Suite) {
    for _ in 0..64 {
        let [n, features, hidden] = [(); 3].map(|()| t.rng.gen_range(1..=3));
        let steps = t.rng.gen_range(2..=5);
        t.decisive(|t| sequence(t, "random sequences", Sizes { n, steps, features, hidden }, 0.8));
    }
    let named = [
        ("sequences of one step", (3, 1, 2, 2)),
        ("a batch of one sequence", (1, 4, 2, 3)),
        ("one feature and one unit", (2, 5, 1, 1)),
        ("as many sequences as steps, so that the two can be mixed up", (4, 4, 2, 2)),
    ];
    for (about, (n, steps, features, hidden)) in named {
        t.decisive(|t| sequence(t, about, Sizes { n, steps, features, hidden }, 0.8));
    }
    long(t);
}

fn unrolled(args: &Args) -> Tensor {
    let (x, weights) = (args.get("x"), Weights::of(args));
    let (n, steps, hidden) = (x.shape()[0], x.shape()[1], args.get("h").shape()[1]);
    let mut states = Vec::with_capacity(n * steps * hidden);
    for i in 0..n {
        let mut h = part(args.get("h"), i);
        for x in oracle::in_order(&part(x, i), x.shape()[2]) {
            h = weights.rnn_step(x, &h);
            states.extend_from_slice(&h);
        }
    }
    Tensor::from_shape_vec(vec![n, steps, hidden], states).unwrap_or_default()
}

/// Every step can double the error that it is handed, but three in a row hardly do: four times the budget of a step.
fn sequence(t: &mut Suite, about: &str, sizes: Sizes, recurrent: f64) {
    let x = t.normal(&[sizes.n, sizes.steps, sizes.features], 1.0);
    let args = arguments(t, x, sizes, recurrent);
    let budget = budget(sizes, unsaturated(&args));
    t.differentiable_each(about, args, |output, terms| budget(output, terms).times(4.0), unrolled);
}

/// 200 steps of a cell whose U is at most 0.9 long, so that errors are forgotten, and ten times one step's are left.
fn long(t: &mut Suite) {
    let angle: f64 = t.rng.gen_range(0.3..1.2);
    let (cos, sin) = (0.9 * angle.cos(), 0.9 * angle.sin());
    let args =
        Args::new().tensor("x", t.normal(&[1, 200, 1], 0.5)).tensor("h", t.uniform(&[1, 2], -1.0, 1.0));
    let rotation = t.array(&[2, 2], &[cos, sin, -sin, cos]);
    let args = weighted(args, [t.normal(&[1, 2], 0.8), rotation, t.normal(&[2], 0.2)]);
    // The gradients of the weights are sums over 200 steps.
    let budget = Budget::sum(200).scale(3.0).times(10.0);
    t.differentiable("a sequence of 200 steps", args, budget, unrolled);
}
