//! Cases for `first_steps::tensors`: sums and products element by element, on shapes of which no two axes may be taken for
//! each other.

use ndarray::{Axis, Slice};

use super::matrix;
use crate::{Args, Budget, Suite, Tensor, is_supposed, otherwise};

pub fn add_bias(t: &mut Suite) {
    for _ in 0..24 {
        let shape = t.shape(2, 7);
        biased(t, "random values", &shape, 2.0);
    }
    for n in 2..6 {
        biased(t, "as many rows as columns: only the order of the axes tells them apart", &[n, n], 2.0);
    }
    biased(t, "a single row", &[1, 5], 2.0);
    biased(t, "a single column", &[5, 1], 2.0);
    biased(t, "very large values", &[3, 4], 1e30);
    biased(t, "very small values", &[4, 3], 1e-30);
}

fn biased(t: &mut Suite, about: &str, shape: &[usize], std: f64) {
    let (x, bias) = (t.normal(shape, std), t.normal(&shape[1..], std));
    // A single addition is right to one rounding.
    let args = Args::new().constant("x", x).constant("bias", bias);
    t.value(about, args, Budget::elementwise(), |args| {
        let (x, bias) = (args.get("x"), args.get("bias"));
        let mean = bias.mean().unwrap_or_default();
        let bias =
            otherwise("the mean of `bias` stood in place of each number", bias.clone(), bias.mapv(|_| mean));
        let times = otherwise("`bias` were added twice", 1.0, 2.0);
        x * otherwise("`x` counted twice", 1.0, 2.0) + bias * times
    });
}

pub fn matrix_product(t: &mut Suite) {
    for _ in 0..24 {
        let sizes = t.shape(3, 7);
        t.decisive(|t| product(t, "random values", [sizes[0], sizes[1], sizes[2]], 1.0));
    }
    for n in 2..6 {
        let about = "square matrices: only the order of the axes tells them apart";
        t.decisive(|t| product(t, about, [n, n, n], 1.0));
    }
    t.decisive(|t| product(t, "a row times a column, which is one number", [1, 6, 1], 1.0));
    t.decisive(|t| product(t, "a column times a row", [4, 1, 5], 1.0));
    t.decisive(|t| product(t, "a vector through a matrix", [1, 3, 4], 1.0));
    t.decisive(|t| product(t, "many examples", [40, 6, 3], 1.0));
    t.decisive(|t| product(t, "very large values", [3, 4, 2], 1e15));
}

fn product(t: &mut Suite, about: &str, [n, k, m]: [usize; 3], std: f64) {
    let (a, b) = (t.normal(&[n, k], std), t.normal(&[k, m], std));
    // Products of two normal numbers are of the size std², and may cancel in a sum.
    let budget = Budget::sum(k).scale(4.0 * std * std);
    let args = Args::new().constant("a", a).constant("b", b);
    t.value(about, args, budget, |args| multiplied(args.get("a"), args.get("b")));
}

fn multiplied(a: &Tensor, b: &Tensor) -> Tensor {
    let (k, a, b) = (b.shape()[0], matrix(a), matrix(b));
    let first = otherwise("each sum lacked its first product", 0, 1);
    let last = otherwise("each sum lacked its last product", k, k - 1).max(first);
    let counted = Slice::from(first..last);
    let y = a.slice_axis(Axis(1), counted).dot(&b.slice_axis(Axis(0), counted));
    if is_supposed("products of the same place were taken, without a sum") {
        return if a.dim() == b.dim() { (a * b).into_dyn() } else { y.mapv(|_| f64::NAN).into_dyn() };
    }
    if is_supposed("the result were transposed") {
        return y.t().to_owned().into_dyn();
    }
    if is_supposed("the result's numbers were written column by column") {
        let columns: Vec<f64> = y.t().iter().copied().collect();
        return Tensor::from_shape_fn(vec![y.nrows(), y.ncols()], |i| columns[i[0] * y.ncols() + i[1]]);
    }
    y.into_dyn()
}
