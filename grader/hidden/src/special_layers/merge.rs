//! Cases for `special_layers::merge`: element by element and piece by piece; dot products are in a file of their own.

mod dot;

use ndarray::{Axis, concatenate};
use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, as_it_is, is_supposed, otherwise, suppose::of_right_alone};

pub use dot::merge_dot;

pub fn merge_arithmetic(t: &mut Suite) {
    for round in 0..16 {
        for merge in MERGES {
            let (rank, most) = (t.rng.gen_range(1..=4), t.rng.gen_range(2..=4));
            let shape = t.shape(rank, 4);
            let n = if merge == "subtract" { 2 } else { [3, 2, most][round % 3] };
            let inputs = distinct(t, &shape, n, 1.0);
            arithmetic(t, &format!("{merge}: {n} inputs with random values"), merge, inputs);
        }
    }
    for merge in MERGES {
        if merge != "subtract" {
            let input = distinct(t, &[2, 3], 1, 1.0);
            arithmetic(t, &format!("{merge}: a single input, which is the result"), merge, input);
            shared(t, merge);
        }
        let inputs = distinct(t, &[1, 1], 2, 1.0);
        arithmetic(t, &format!("{merge}: a batch of one number"), merge, inputs);
        for (size, about) in [(1e-12, "very small values"), (1e12, "very large values")] {
            let inputs = distinct(t, &[3, 2], 2, size);
            arithmetic(t, &format!("{merge}: {about}"), merge, inputs);
        }
        refusals(t, merge);
    }
    ties(t);
}

const MERGES: [&str; 5] = ["add", "subtract", "multiply", "average", "maximum"];

/// The function that merges in this way.
fn function(merge: &str) -> String {
    format!("merge_{merge}")
}

/// `n` inputs without ties: all values are multiples of 1/10, each input's moved by another multiple of 1/50.
fn distinct(t: &mut Suite, shape: &[usize], n: usize, size: f64) -> Vec<Tensor> {
    let single = |x: f64| f64::from((x * size) as f32);
    (0..n)
        .map(|i| t.normal(shape, 1.0).mapv(|x| single((x * 10.0).round() / 10.0 + 0.02 * i as f64)))
        .collect()
}

fn arguments(inputs: &[Tensor]) -> Args {
    let named = inputs.iter().enumerate();
    named.fold(Args::new(), |args, (i, x)| args.tensor(&format!("x{i}"), x.clone()))
}

fn merged(merge: &str, inputs: &[Tensor]) -> Tensor {
    let all = inputs.len();
    let last = otherwise("the last input were left out", all, all.max(2) - 1);
    let first = otherwise("the first input were left out", 0, usize::from(all > 1));
    let inputs = &inputs[first..last.min(all)];
    let fold = |f: fn(f64, f64) -> f64| {
        let (first, others) = (inputs[0].clone(), &inputs[1..]);
        others.iter().fold(first, |mut merged, x| {
            merged.zip_mut_with(x, |merged, x| *merged = f(*merged, *x));
            merged
        })
    };
    match merge {
        "add" if is_supposed("the sum were divided by how many there are") => {
            fold(|a, b| a + b) / inputs.len() as f64
        }
        "add" if is_supposed("all further inputs were subtracted from the first") => fold(|a, b| a - b),
        "add" => fold(|a, b| a + b),
        "subtract" if is_supposed("the difference had no sign") => fold(|a, b| (a - b).abs()),
        "subtract" => fold(|a, b| a - b),
        "multiply" if is_supposed("the product were divided by how many there are") => {
            fold(|a, b| a * b) / inputs.len() as f64
        }
        "multiply" => fold(|a, b| a * b),
        "average" => {
            let sum = fold(|a, b| a + b);
            let n = inputs.len() as f64;
            let n = otherwise("the average divided by 2, however many there are", n, 2.0);
            let n = otherwise("the average divided by one less than there are", n, n - 1.0);
            let halves = sum / otherwise("the average divided by one more than there are", n, n + 1.0);
            otherwise("each input were averaged with what came before", halves, fold(|a, b| (a + b) / 2.0))
        }
        _ => otherwise("the smallest were taken", fold(f64::max), fold(f64::min)),
    }
}

fn arithmetic(t: &mut Suite, about: &str, merge: &str, inputs: Vec<Tensor>) {
    let n = inputs.len();
    // A sum of `n` values may cancel, and is measured against the largest of them; products and maxima don't.
    let largest = inputs.iter().flatten().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let budget = match merge {
        "multiply" | "maximum" => Budget::elementwise(),
        _ => Budget::sum(n),
    };
    let (want, args) = (merged(merge, &inputs), arguments(&inputs).function(&function(merge)));
    // The gradients in closed form: central differences of values of 10⁻¹² would say nothing.
    let d_y = t.normal(want.shape(), 1.0);
    let value_budget = if merge == "multiply" { budget } else { budget.scale(largest) };
    let case = t.call(about, args.constant("d_y", d_y.clone())).close("y", &want, value_budget);
    (0..n).fold(case, |case, i| {
        let gradient = &d_y * &as_it_is(|| slope(merge, &inputs, i));
        case.close(&format!("d_x{i}"), &of_right_alone(gradient), budget)
    });
}

/// The derivative of each result with respect to the element of input `i` in its place, where no inputs tie.
fn slope(merge: &str, inputs: &[Tensor], i: usize) -> Tensor {
    let ones = Tensor::ones(inputs[0].shape().to_vec());
    match merge {
        "add" => ones,
        "subtract" => ones * [1.0, -1.0][i],
        "average" => ones / inputs.len() as f64,
        "multiply" => {
            let others = inputs.iter().enumerate().filter(|(j, _)| *j != i);
            others.fold(ones, |product, (_, x)| product * x)
        }
        _ => {
            let largest = merged("maximum", inputs);
            let mut slope = inputs[i].clone();
            slope.zip_mut_with(&largest, |x, largest| *x = f64::from(*x == *largest));
            slope
        }
    }
}

/// The same values several times, so that all tie: whichever way the gradient is shared, `x` gets all shares.
fn shared(t: &mut Suite, merge: &str) {
    for copies in [2, 3] {
        let x = t.normal(&[2, 4], 1.0);
        let about = format!("{merge}: {copies} tensors with the same values, made of one");
        let args =
            Args::new().tensor("x", x).function(&format!("merge_{merge} of copies")).count("copies", copies);
        let power = if merge == "multiply" { copies as i32 } else { 1 };
        let factor = if merge == "add" { copies as f64 } else { 1.0 };
        t.differentiable(&about, args, Budget::elementwise(), |args| {
            of_right_alone(args.get("x").mapv(|x| factor * x.powi(power)))
        });
    }
}

fn ties(t: &mut Suite) {
    let x = t.normal(&[2, 3], 1.0);
    let below = x.mapv(|x| f64::from((x - 1.0) as f32));
    let d_y = t.normal(&[2, 3], 1.0);
    let shares = [0.0, 0.5, 1.0].map(|share| &d_y * share);
    let args = arguments(&[x.clone(), below.clone(), x.clone()]).function("merge_maximum");
    t.call("maximum: the first and the last input tie above the second", args.constant("d_y", d_y.clone()))
        .close("y", &of_right_alone(x), Budget::exact())
        .close("d_x1", &of_right_alone(&d_y * 0.0), Budget::exact())
        .close_to_any("d_x0", &shares, Budget::elementwise())
        .close_to_any("d_x2", &shares, Budget::elementwise());
}

fn refusals(t: &mut Suite, merge: &str) {
    for (about, shapes) in [
        ("lengths that differ in the last axis", [[2, 3], [2, 4]]),
        ("batches that differ", [[2, 3], [1, 3]]),
        ("an input that lies on its side", [[2, 3], [3, 2]]),
    ] {
        let inputs = shapes.map(|shape| t.normal(&shape, 1.0));
        let args = arguments(&inputs).function(&function(merge));
        let [first, other] = shapes.map(|shape| format!("{shape:?}"));
        t.call(&format!("{merge}: {about}"), args).refuses(&[&first, &other]);
    }
    if merge != "subtract" {
        t.call(&format!("{merge}: no inputs at all"), Args::new().function(&function(merge)))
            .refuses(&["no inputs"]);
        let inputs = [[2, 3], [2, 3], [2, 5]].map(|shape| t.normal(&shape, 1.0));
        let args = arguments(&inputs).function(&function(merge));
        t.call(&format!("{merge}: only the third input does not fit"), args).refuses(&["[2, 3]", "[2, 5]"]);
    }
}

pub fn merge_concatenate(t: &mut Suite) {
    for _ in 0..64 {
        let rank = t.rng.gen_range(1..=4);
        let (axis, n) = (t.rng.gen_range(0..rank), t.rng.gen_range(2..=4));
        let mut shape = t.shape(rank, 4);
        let inputs = (0..n).map(|_| {
            shape[axis] = t.rng.gen_range(1..=4);
            t.normal(&shape, 1.0)
        });
        let inputs = inputs.collect();
        joined(t, &format!("{n} inputs along axis {axis} of {rank}"), inputs, axis);
    }
    let single = vec![t.normal(&[2, 3], 1.0)];
    joined(t, "a single input, which is the result", single, 1);
    let numbers = (0..3).map(|_| t.normal(&[1, 1, 1], 1.0)).collect();
    joined(t, "single numbers along the middle axis", numbers, 1);
    let images = vec![t.normal(&[1, 2, 3, 1], 1.0), t.normal(&[1, 2, 3, 4], 1.0)];
    joined(t, "the channels of images that are not square", images, 3);
    let pair = |t: &mut Suite, a: &[usize], b: &[usize]| arguments(&[t.normal(a, 1.0), t.normal(b, 1.0)]);
    for (about, a, b, axis, mentions) in [
        ("another axis than the merged one differs", &[2, 3][..], &[2, 4][..], 0, ["[2, 3]", "[2, 4]"]),
        ("a batch that differs", &[2, 3, 1], &[3, 3, 1], 2, ["[2, 3, 1]", "[3, 3, 1]"]),
        ("an axis just behind the last one", &[2, 3], &[2, 3], 2, ["axis", "2"]),
        ("an axis far away", &[4], &[4], 7, ["axis", "7"]),
    ] {
        let args = pair(t, a, b).count("axis", axis);
        t.call(about, args).refuses(&mentions);
    }
    t.call("no inputs at all", Args::new().count("axis", 0)).refuses(&["no inputs"]);
}

fn joined(t: &mut Suite, about: &str, inputs: Vec<Tensor>, axis: usize) {
    let args = arguments(&inputs).count("axis", axis);
    let join = |inputs: &[Tensor]| {
        let mut views: Vec<_> = inputs.iter().map(|x| x.view()).collect();
        if is_supposed("the inputs stood in the opposite order") {
            views.reverse();
        }
        if is_supposed("the first two inputs were exchanged") && views.len() > 1 {
            views.swap(0, 1);
        }
        if is_supposed("the last input stood in front") {
            views.rotate_right(1);
        }
        if is_supposed("the last input were left out") && views.len() > 1 {
            views.pop();
        }
        if is_supposed("the first two inputs alone were joined") {
            views.truncate(2);
        }
        let first = if is_supposed("they were joined along axis 0, whatever `axis`") { 0 } else { axis };
        concatenate(Axis(first), &views).unwrap_or_default()
    };
    let want = join(&inputs);
    let d_y = t.normal(as_it_is(|| join(&inputs)).shape(), 1.0);
    // Copies, forward and back: bit for bit.
    let case = t.call(about, args.constant("d_y", d_y.clone())).close("y", &want, Budget::exact());
    let mut start = 0;
    for (i, x) in inputs.iter().enumerate() {
        let end = start + x.shape()[axis];
        let piece = d_y.slice_axis(Axis(axis), (start..end).into());
        case.close(&format!("d_x{i}"), &of_right_alone(piece.to_owned()), Budget::exact());
        start = end;
    }
}
