//! Cases for `merge_dot`: sums over indexes written out.

use ndarray::Axis;
use rand::Rng;

use crate::{
    Args, Budget, Suite, Tensor, as_it_is,
    gradient::gradient,
    is_supposed, otherwise,
    suppose::{is_supposing, of_right_alone, wanted},
};

/// Keras's, under the root of a vector's length.
const EPSILON: f64 = 1e-12;

pub fn merge_dot(t: &mut Suite) {
    for round in 0..64 {
        let axes = [(2, 2), (1, 1), (1, 2), (2, 1)][round % 4];
        let normalize = round / 4 % 2 == 1;
        let words = if normalize { "cosines" } else { "dot products" };
        t.decisive(|t| {
            let lengths = [3, 4, 4, 5].map(|most| t.rng.gen_range(1..=most));
            let pair = Pair::draw(t, lengths, axes, normalize, 1.0);
            pair.check(t, &format!("{words} of vectors along the axes {axes:?}"));
        });
    }
    for normalize in [false, true] {
        for (about, lengths, axes, size) in [
            ("a batch of one pair of vectors", [1, 1, 1, 5], (2, 2), 1.0),
            ("vectors of one number", [3, 2, 2, 1], (2, 2), 1.0),
            ("square matrices, whose axes are easily mixed up", [2, 3, 3, 3], (1, 2), 1.0),
            ("large values", [2, 3, 2, 4], (2, 1), 1e4),
        ] {
            Pair::draw(t, lengths, axes, normalize, size).check(t, about);
        }
    }
    Pair::draw(t, [2, 3, 2, 4], (2, 2), false, 1e-12).check(t, "very small values");
    zeros(t);
    for length in [3e-7, 9e-7, 1.1e-6, 3e-6, 1e-5] {
        near_zero(t, length);
    }
    refusals(t);
}

/// Vectors of `a` and of `b`, along these axes.
struct Pair {
    a: Tensor,
    b: Tensor,
    axes: (usize, usize),
    normalize: bool,
    size: f64,
}

impl Pair {
    /// A batch of n, with p vectors of length k in `a` and q in `b`. Their numbers are of 0.5 to 1.5 times `size`, so that no
    /// vector is near zero, where the cosine's gradient explodes.
    fn draw(
        t: &mut Suite,
        [n, p, q, k]: [usize; 4],
        axes: (usize, usize),
        normalize: bool,
        size: f64,
    ) -> Self {
        let mut vectors = |rows, axis| {
            let shape = if axis == 2 { [n, rows, k] } else { [n, k, rows] };
            let signs = t.normal(&shape, 1.0).mapv(f64::signum);
            (t.uniform(&shape, 0.5, 1.5) * signs).mapv(|x| f64::from((x * size) as f32))
        };
        Self { a: vectors(p, axes.0), b: vectors(q, axes.1), axes, normalize, size }
    }

    fn args(&self) -> Args {
        let (i, j) = self.axes;
        let args = Args::new().tensor("a", self.a.clone()).tensor("b", self.b.clone());
        args.indexes("axes", &[i, j]).flag("normalize", self.normalize)
    }

    fn check(self, t: &mut Suite, about: &str) {
        let oracle = |args: &Args| self.products(args.get("a"), args.get("b"));
        let (args, want) = (self.args(), wanted(&self.args(), &oracle));
        let d_y = t.normal(as_it_is(|| oracle(&args)).shape(), 1.0);
        let gradients = if is_supposing() {
            [&self.a, &self.b].map(|x| of_right_alone(x.clone()))
        } else {
            [0, 1].map(|index| gradient(&oracle, &args, index, &d_y).values)
        };
        // At most 5 terms, whichever way, that may cancel. Products are up to (1.5 size)²; a cosine is at most 1. Slopes are
        // up to 1.5 size; a cosine's are up to one over the shortest length, size/2; each times a cotangent.
        let largest = d_y.fold(0.0, |largest: f64, d| largest.max(d.abs()));
        let (forward, back) = if self.normalize {
            (1.0, 2.0 * largest / self.size)
        } else {
            (2.25 * self.size.powi(2), 1.5 * largest * self.size)
        };
        let budget = Budget::sum(5);
        t.call(about, args.constant("d_y", d_y))
            .close("y", &want, budget.scale(forward))
            .close("d_a", &gradients[0], budget.scale(back))
            .close("d_b", &gradients[1], budget.scale(back));
    }

    /// The formula, index by index.
    fn products(&self, a: &Tensor, b: &Tensor) -> Tensor {
        let (a, b) = (rows(a, self.axes.0), rows(b, self.axes.1));
        let shape = vec![a.shape()[0], a.shape()[1], b.shape()[1]];
        let lengths = 0..a.shape()[2];
        Tensor::from_shape_fn(shape, |at| {
            let sum = |f: &dyn Fn(usize) -> f64| lengths.clone().map(f).sum::<f64>();
            let (p, q) = (|k| a[[at[0], at[1], k]], |k| b[[at[0], at[2], k]]);
            let terms = a.shape()[2] as f64;
            let product = sum(&|k| p(k) * q(k));
            let product = otherwise(
                "products were divided by the root of the vectors' length",
                product,
                product / terms.sqrt(),
            );
            if !otherwise("cosines were taken whether `normalize` or not", self.normalize, true) {
                return product;
            }
            let squares = [sum(&|k| p(k) * p(k)), sum(&|k| q(k) * q(k))].map(|s| s.max(EPSILON));
            let squares = if is_supposed("mean squares stood under the roots") {
                squares.map(|s| s / terms)
            } else {
                squares
            };
            if is_supposed("the sum of a vector's sizes stood in place of its length") {
                return product / (sum(&|k| p(k).abs()) * sum(&|k| q(k).abs()));
            }
            if is_supposed("the squares of both lengths were added up, not multiplied") {
                return product / (squares[0] + squares[1]).sqrt();
            }
            let [of_a, of_b] = squares.map(|square| otherwise("no root were taken", square.sqrt(), square));
            let of_a = otherwise("the vectors of `a` were not normalized", of_a, 1.0);
            product / (of_a * otherwise("the vectors of `b` were not normalized", of_b, 1.0))
        })
    }
}

/// `x` with its vectors along the last axis.
fn rows(x: &Tensor, axis: usize) -> Tensor {
    let mut x = x.clone();
    x.swap_axes(axis, 2);
    x
}

/// A vector of zeros has no direction. ε makes its cosine 0, with the slope of v/√ε.
fn zeros(t: &mut Suite) {
    let mut pair = Pair::draw(t, [2, 2, 1, 2], (2, 2), true, 1.0);
    pair.b = t.array(&[2, 1, 2], &[3.0, 4.0, -0.6, 0.8]);
    let directions = [[0.6, 0.8], [-0.6, 0.8]];
    for row in 0..2 {
        pair.a = t.array(&[2, 2, 2], &[0.0; 8]);
        let d_y = t.normal(&[2, 2, 1], 1.0);
        let slope = |n: usize, p: usize, k: usize| d_y[[n, p, 0]] * directions[n][k] / EPSILON.sqrt();
        let d_a = Tensor::from_shape_fn(vec![2, 2, 2], |at| slope(at[0], at[1], at[2]));
        let about =
            ["vectors of zeros, which have no direction", "vectors of zeros again, other cotangents"][row];
        t.call(about, pair.args().constant("d_y", d_y))
            .close("y", &of_right_alone(Tensor::zeros(vec![2, 2, 1])), Budget::exact())
            .close("d_a", &of_right_alone(d_a), Budget::sum(2))
            .close("d_b", &of_right_alone(Tensor::zeros(vec![2, 1, 2])), Budget::exact());
    }
}

/// Vectors of `a` around the length √ε = 10⁻⁶: below, ε counts instead of their own length, from there on it does not at all.
/// The gradient of `a` by its formula, since a step of central differences is longer than these vectors.
fn near_zero(t: &mut Suite, length: f64) {
    let mut pair = Pair::draw(t, [3, 2, 1, 3], (2, 2), true, 1.0);
    for mut v in pair.a.lanes_mut(Axis(2)) {
        let long = v.dot(&v).sqrt();
        v.mapv_inplace(|x| f64::from((x.abs() / long * length) as f32));
    }
    pair.b.mapv_inplace(f64::abs);
    let want = pair.products(&pair.a, &pair.b);
    let d_y = t.uniform(want.shape(), 0.5, 1.5);
    // ∂(â·b̂)/∂a is (b̂ − cos · â)/|a|, and b̂/√ε where ε stands for the length.
    let d_a = Tensor::from_shape_fn(pair.a.shape().to_vec(), |at| {
        let (n, p, k) = (at[0], at[1], at[2]);
        let row = |x: &Tensor, row| x.index_axis(Axis(0), n).index_axis(Axis(0), row).to_owned();
        let (u, v) = (row(&pair.a, p), row(&pair.b, 0));
        let length = |v: &Tensor| v.iter().map(|x| x * x).sum::<f64>().sqrt();
        let (long, wide) = (length(&u), length(&v));
        let along = if long > EPSILON.sqrt() { want[[n, p, 0]] * u[[k]] / long } else { 0.0 };
        d_y[[n, p, 0]] * (v[[k]] / wide - along) / long.max(EPSILON.sqrt())
    });
    // Cosines of vectors of positive numbers are not small, and they are asked for to some roundings of their own size.
    t.call(&format!("vectors of length {length:.1e}, near zero"), pair.args().constant("d_y", d_y))
        .close("y", &of_right_alone(want), Budget::sum(5))
        .close("d_a", &of_right_alone(d_a), Budget::sum(5).scale(1.0 / length.max(EPSILON.sqrt())));
}

fn refusals(t: &mut Suite) {
    for (about, a, b, axes, mentions) in [
        ("vectors of other lengths", [2, 3, 4], [2, 3, 5], (2, 2), ["[2, 3, 4]", "[2, 3, 5]"]),
        ("lengths that fit only along other axes", [2, 3, 4], [2, 4, 3], (2, 2), ["[2, 3, 4]", "[2, 4, 3]"]),
        ("batches of other sizes", [2, 3, 4], [1, 3, 4], (2, 2), ["[2, 3, 4]", "[1, 3, 4]"]),
        ("the batch as the axis of vectors", [3, 3, 3], [3, 3, 3], (0, 2), ["axis", "0"]),
        ("an axis that there is not", [3, 3, 3], [3, 3, 3], (1, 3), ["axis", "3"]),
    ] {
        let args = Args::new().tensor("a", t.normal(&a, 1.0)).tensor("b", t.normal(&b, 1.0));
        t.call(about, args.indexes("axes", &[axes.0, axes.1]).flag("normalize", false)).refuses(&mentions);
    }
}
