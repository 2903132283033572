//! Cases for `rnn::lstm`: each equation, the cell and whole layers, values and gradients by central differences.

use rand::Rng;

use super::oracle::{self, Function, Weights, logistic, part, weighted};
use crate::{Args, Budget, Suite, Tensor, Terms, as_it_is, otherwise};

/// Batch, features and units.
type Sizes = (usize, usize, usize);

/// The situations that every exercise about one step is put into: what is special, sizes, and the size of the weights.
fn situations(t: &mut Suite) -> Vec<(&'static str, Sizes, f64)> {
    let mut random = || t.rng.gen_range(1..=3);
    let mut all: Vec<_> = (0..64).map(|_| ("random values", (random(), random(), random()), 0.8)).collect();
    all.extend([
        ("a batch of one", (1, 2, 3), 0.8),
        ("one feature and one unit", (3, 1, 1), 0.8),
        ("as many features as units, so that W and U have one shape", (2, 3, 3), 0.8),
        ("weights so large that the gates are fully open or shut", (2, 2, 2), 60.0),
        ("weights so small that the gates are all but half open", (2, 2, 2), 1e-4),
    ]);
    all
}

/// The arguments of one step; where the weights are large, z = ±100 or so, and saturated gates pass no gradient on.
fn arguments(t: &mut Suite, (n, features, hidden): Sizes, size: f64, with_cell: bool) -> Args {
    let args = Args::new()
        .tensor("x", t.normal(&[n, features], 1.0))
        .tensor("h", t.uniform(&[n, hidden], -1.0, 1.0));
    let args = if with_cell { args.tensor("c", t.normal(&[n, hidden], 1.0)) } else { args };
    random(t, args, features, hidden, size)
}

fn random(t: &mut Suite, args: Args, features: usize, hidden: usize, size: f64) -> Args {
    let shapes = [&[features, 4 * hidden][..], &[hidden, 4 * hidden], &[4 * hidden]];
    weighted(args, shapes.map(|shape| t.normal(shape, size)))
}

/// The budget of one step, forward or back. A gate is a sum of `features + hidden + 1` products of a size of 2 or 3, and a
/// gradient is measured against its terms. Where gates are open or shut these are small, while `1 − σ` and `1 − tanh²` are
/// off by an ε of the 1 however small they are: there `halfway` takes the place of the terms.
fn budget<'a>(
    (n, features, hidden): Sizes,
    halfway: impl Fn(&str) -> f64 + 'a,
) -> impl Fn(&str, Terms) -> Budget + 'a {
    move |output, terms| {
        let scale = if output == "y" { 3.0 } else { terms.largest.max(halfway(output) * terms.cotangent) };
        Budget::sum(n + features + hidden + 1).scale(scale)
    }
}

/// The size of a step's gradients where gates are half open and the cotangent is 1: a slope of ¼ and another factor.
fn halfway(args: &Args) -> impl Fn(&str) -> f64 + use<> {
    let largest = |name: &str| args.get(name).fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let [input, hidden, x, h] = ["input", "hidden", "x", "h"].map(largest);
    move |output| {
        0.25 * match output {
            "d_x" => input,
            "d_h" => hidden,
            "d_input" => x,
            "d_hidden" => h,
            _ => 1.0,
        }
    }
}

/// One step in every situation, of a function that hands itself a cell state or does not.
fn steps(t: &mut Suite, with_cell: bool, oracle: impl Fn(&Args) -> Tensor) {
    for (about, sizes, size) in situations(t) {
        let draw = |t: &mut Suite, args: Args, factor: f64| {
            let budget = budget(sizes, halfway(&args));
            t.differentiable_each(about, args, |output, terms| budget(output, terms).times(factor), &oracle);
        };
        if size > 1.0 {
            let args = saturated(t, sizes, size, with_cell);
            // A saturated gate is a 0 or a 1 but for a rounding or two, whatever was summed up for it.
            draw(t, args, 0.25);
        } else {
            t.decisive(|t| {
                let args = arguments(t, sizes, size, with_cell);
                draw(t, args, 1.0);
            });
        }
    }
}

/// Arguments that leave every gate open or shut. In one between the two the roundings of large sums would decide.
fn saturated(t: &mut Suite, sizes: Sizes, size: f64, with_cell: bool) -> Args {
    loop {
        let args = arguments(t, sizes, size, with_cell);
        let weights = Weights::of(&args);
        let z = |i| weights.affine(&part(args.get("x"), i), &part(args.get("h"), i));
        if as_it_is(|| (0..sizes.0).flat_map(z).all(|z| z.abs() > 20.0)) {
            return args;
        }
    }
}

/// Rows of one number for each unit, computed from the row's number.
fn rows(like: &Tensor, row: impl Fn(usize) -> Vec<f64>) -> Tensor {
    let values = (0..like.shape()[0]).flat_map(row).collect();
    Tensor::from_shape_vec(like.shape(), values).unwrap_or_default()
}

/// Whose columns may be taken by mistake.
const COLUMNS: [&str; 4] = [
    "the input gate's columns were taken",
    "the forget gate's columns were taken",
    "the candidate's columns were taken",
    "the output gate's columns were taken",
];

/// The sigmoid of the quarter `k` of the columns.
fn gate(t: &mut Suite, k: usize) {
    steps(t, false, |args| {
        let (weights, h) = (Weights::of(args), args.get("h"));
        rows(h, |i| {
            let z = weights.affine(&part(args.get("x"), i), &part(h, i));
            let open = otherwise::<Function>("tanh stood in place of the sigmoid", logistic, f64::tanh);
            let open = otherwise::<Function>("the sigmoid were left out", open, |z| z);
            let others = COLUMNS.iter().enumerate().filter(|(other, _)| *other != k);
            let k = others.fold(k, |k, (other, what)| otherwise(what, k, other));
            z.chunks(h.shape()[1]).nth(k).unwrap_or_default().iter().copied().map(open).collect()
        })
    });
}

pub fn forget_gate(t: &mut Suite) {
    gate(t, 1);
}

pub fn input_gate(t: &mut Suite) {
    gate(t, 0);
}

pub fn output_gate(t: &mut Suite) {
    gate(t, 3);
}

/// The next h and C of each row.
fn step(args: &Args) -> impl Fn(usize) -> (Vec<f64>, Vec<f64>) {
    let weights = Weights::of(args);
    let [x, h, c] = ["x", "h", "c"].map(|name| args.get(name));
    move |i| weights.lstm_step(&part(x, i), &part(h, i), &part(c, i))
}

pub fn cell_update(t: &mut Suite) {
    steps(t, true, |args| {
        let step = step(args);
        rows(args.get("c"), |i| step(i).1)
    });
}

pub fn lstm_cell(t: &mut Suite) {
    steps(t, true, |args| {
        let (n, hidden) = (args.get("h").shape()[0], args.get("h").shape()[1]);
        let step = step(args);
        let both = (0..n).flat_map(|i| {
            let (h, c) = step(i);
            [h, c].concat()
        });
        Tensor::from_shape_vec(vec![n, 2 * hidden], both.collect()).unwrap_or_default()
    });
    remembers(t);
}

/// Forget gate open, input gate shut: what the cell holds stays, to the last bit or two.
fn remembers(t: &mut Suite) {
    let c = t.normal(&[2, 1], 1.0);
    let args = Args::new()
        .tensor("x", t.normal(&[2, 1], 1.0))
        .tensor("h", t.uniform(&[2, 1], -1.0, 1.0))
        .tensor("c", c);
    let zeros = || Tensor::zeros(vec![1, 4]);
    let args = weighted(args, [zeros(), zeros(), t.array(&[4], &[-100.0, 100.0, 1.0, 100.0])]);
    let about = "nothing is forgotten, nothing gets in, all is shown";
    t.differentiable(about, args, Budget::elementwise().scale(1.0), |args| {
        let both = args.get("c").iter().flat_map(|c| [c.tanh(), *c]).collect();
        Tensor::from_shape_vec(vec![2, 2], both).unwrap_or_default()
    });
}

pub fn lstm_unroll(t: &mut Suite) {
    for round in 0..64 {
        let [n, features, hidden] = [(); 3].map(|()| t.rng.gen_range(1..=2));
        let steps = t.rng.gen_range(2..=5);
        t.decisive(|t| sequence(t, "random sequences", (n, features, hidden), steps, round % 2 == 1));
    }
    for last in [false, true] {
        t.decisive(|t| sequence(t, "sequences of one step", (3, 2, 2), 1, last));
        t.decisive(|t| sequence(t, "a batch of one sequence", (1, 2, 3), 4, last));
        t.decisive(|t| {
            sequence(t, "as many sequences as steps, so that the two can be mixed up", (4, 2, 2), 4, last);
        });
        t.decisive_or_vanishing(|t| long(t, last));
    }
}

/// The forget gates, about half open, keep errors from growing: ten times one step's are left. The gradients of the weights
/// are sums over all steps.
fn long(t: &mut Suite, last: bool) {
    let args = unrolling(t, (1, 1, 1), 200, 0.5, last);
    let budget = |output: &str, terms: Terms| match output {
        "y" => Budget::sum(3).scale(3.0).times(10.0),
        _ => Budget::sum(200).scale(terms.largest).times(10.0),
    };
    t.differentiable_each(about("a sequence of 200 steps", last), args, budget, unrolled(last));
}

fn about(what: &str, last: bool) -> &str {
    match (what, last) {
        ("random sequences", true) => "random sequences: the last h and C, side by side",
        ("sequences of one step", true) => "sequences of one step: the last h and C, side by side",
        ("a batch of one sequence", true) => "a batch of one sequence: the last h and C, side by side",
        ("a sequence of 200 steps", true) => "a sequence of 200 steps: the last h and C, side by side",
        _ => what,
    }
}

fn unrolling(t: &mut Suite, (n, features, hidden): Sizes, steps: usize, size: f64, last: bool) -> Args {
    let args = Args::new()
        .function(if last { "lstm_last" } else { "lstm_unroll" })
        .tensor("x", t.normal(&[n, steps, features], 1.0))
        .tensor("h", t.uniform(&[n, hidden], -1.0, 1.0))
        .tensor("c", t.normal(&[n, hidden], 1.0));
    random(t, args, features, hidden, size)
}

/// Every step may double the error that it is handed, but three in a row hardly do: four times the budget of a step.
fn sequence(t: &mut Suite, what: &str, sizes: Sizes, steps: usize, last: bool) {
    let args = unrolling(t, sizes, steps, 0.8, last);
    let budget = budget(sizes, halfway(&args));
    let budget = |output: &str, terms: Terms| budget(output, terms).times(4.0);
    t.differentiable_each(about(what, last), args, budget, unrolled(last));
}

/// All h (n, steps, hidden), or the last h and C side by side (n, 2 · hidden).
fn unrolled(last: bool) -> impl Fn(&Args) -> Tensor {
    move |args| {
        let (x, weights) = (args.get("x"), Weights::of(args));
        let (n, steps, hidden) = (x.shape()[0], x.shape()[1], args.get("h").shape()[1]);
        let mut values = vec![];
        for i in 0..n {
            let (mut h, mut c) = (part(args.get("h"), i), part(args.get("c"), i));
            for x in oracle::in_order(&part(x, i), x.shape()[2]) {
                (h, c) = weights.lstm_step(x, &h, &c);
                if !last {
                    values.extend_from_slice(&h);
                }
            }
            if last {
                values.extend([h, c].concat());
            }
        }
        let shape = if last { vec![n, 2 * hidden] } else { vec![n, steps, hidden] };
        Tensor::from_shape_vec(shape, values).unwrap_or_default()
    }
}
