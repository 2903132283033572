//! Cases for `special_layers::two_inputs`: sums of products written out, branch by branch.

use ndarray::{Array2, Axis, concatenate};
use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, Terms, is_supposed, otherwise};

const MEETINGS: [&str; 3] = ["add", "concatenate", "dot"];

pub fn two_inputs(t: &mut Suite) {
    for meeting in MEETINGS {
        for _ in 0..12 {
            let [n, first, second, units, out] = [4, 6, 6, 5, 4].map(|most| t.rng.gen_range(1..=most));
            t.decisive(|t| network(t, "random sizes", [n, first, second, units + 1, out], meeting));
        }
        t.decisive(|t| network(t, "a single example", [1, 3, 5, 4, 2], meeting));
        let about = "both inputs of one size, so that the branches are easily mixed up";
        t.decisive(|t| network(t, about, [3, 4, 4, 4, 3], meeting));
    }
    t.decisive(|t| {
        network(t, "the slide's network: 16 and 32 numbers, 8 units, 4 outputs", [2, 16, 32, 8, 4], "add")
    });
    for meeting in ["add", "dot"] {
        let args = arguments(t, [2, 3, 4, 5, 2], meeting);
        let (weight, bias) = (t.normal(&[4, 7], 1.0), t.normal(&[7], 1.0));
        let args = args.constant("second_weight", weight).constant("second_bias", bias);
        t.call("branches of 5 and of 7 units, which do not fit each other", args).refuses(&["5", "7"]);
    }
}

/// Inputs and layers of these sizes.
fn arguments(t: &mut Suite, [n, first, second, units, out]: [usize; 5], meeting: &str) -> Args {
    let merged = match meeting {
        "concatenate" => 2 * units,
        "dot" => 1,
        _ => units,
    };
    let mut args =
        Args::new().tensor("a", t.normal(&[n, first], 1.0)).tensor("b", t.normal(&[n, second], 1.0));
    for (name, inputs, outputs) in
        [("first", first, units), ("second", second, units), ("output", merged, out)]
    {
        // Sums of so many products stay near 1.
        let std = 1.0 / (inputs as f64).sqrt();
        args = args
            .tensor(&format!("{name}_weight"), t.normal(&[inputs, outputs], std))
            .tensor(&format!("{name}_bias"), t.normal(&[outputs], 0.5));
    }
    args.text("meeting", meeting)
}

fn network(t: &mut Suite, about: &str, sizes: [usize; 5], meeting: &str) {
    let args = loop {
        let args = arguments(t, sizes, meeting);
        if sums(&args).iter().all(|sums| sums.iter().all(|sum| sum.abs() > 1e-3)) {
            break args;
        }
    };
    let [n, first, second, units, out] = sizes;
    let y = output(&args, meeting);
    let largest = y.fold(1.0, |largest: f64, y| largest.max(y.abs()));
    // A chain of two layers and what is between them; sums may cancel, and are measured against their terms.
    let values = Budget::sum(first.max(second) + 2 * units).times(3.0).scale(largest);
    let back = Budget::sum(n.max(out) + 2 * units).times(4.0);
    let budget = |output: &str, terms: Terms| if output == "y" { values } else { back.scale(terms.largest) };
    t.differentiable_each(&format!("{meeting}: {about}"), args, budget, |args| output(args, meeting));
}

fn matrix(x: &Tensor) -> Array2<f64> {
    Array2::from_shape_fn((x.shape()[0], x.shape()[1]), |(i, j)| x[[i, j]])
}

fn dense(x: &Array2<f64>, args: &Args, name: &str) -> Array2<f64> {
    let bias = args.get(&format!("{name}_bias"));
    let mut y = x.dot(&matrix(args.get(&format!("{name}_weight"))));
    y.indexed_iter_mut().for_each(|((_, unit), y)| *y += bias[[unit]]);
    y
}

/// What comes to the relu of each branch.
fn sums(args: &Args) -> [Array2<f64>; 2] {
    [("a", "first"), ("b", "second")].map(|(input, layer)| dense(&matrix(args.get(input)), args, layer))
}

fn output(args: &Args, meeting: &str) -> Tensor {
    let [first, second] = sums(args);
    let relu: fn(f64) -> f64 = |sum| sum.max(0.0);
    let squash = otherwise("tanh stood in place of relu", relu, f64::tanh);
    let squash = otherwise("a sigmoid stood in place of relu", squash, |sum| 1.0 / (1.0 + (-sum).exp()));
    let first = first.mapv(otherwise("the first branch had no relu", squash, |sum| sum));
    let second = second.mapv(otherwise("the second branch had no relu", squash, |sum| sum));
    let units = first.ncols() as f64;
    let share = otherwise("`add` took the mean of both branches", 1.0, 0.5);
    let of_dot = otherwise("`dot` took the mean of the products", 1.0, 1.0 / units);
    let of_dot = otherwise("`dot` were divided by the root of the units' number", of_dot, 1.0 / units.sqrt());
    let merged = match meeting {
        "add" if is_supposed("`add` multiplied the branches") => first * second,
        "add" if is_supposed("`add` subtracted the second branch") => first - second,
        "add" if is_supposed("`add` took the larger of both branches") => {
            let larger = |at: (usize, usize)| first[at].max(second[at]);
            Array2::from_shape_fn(first.raw_dim(), larger)
        }
        "add" => (first + second) * share,
        "dot" => (first * second).sum_axis(Axis(1)).insert_axis(Axis(1)) * of_dot,
        _ => concatenate(Axis(1), &[first.view(), second.view()]).unwrap_or_default(),
    };
    dense(&merged, args, "output").into_dyn()
}
