//! Cases for `tricks::preprocessing`: statistics in double precision, and W as an inverse square root found without any
//! eigenvectors.

use ndarray::{Array2, ArrayRef, Axis, IxDyn, linalg::Dot};
use rand::Rng;

use crate::{
    Args, Budget, Derived, Rule, Step, Suite, Tensor, is_supposed, otherwise,
    suppose::{is_supposing, of_right_alone},
};

pub fn standardize(t: &mut Suite) {
    for _ in 0..40 {
        let (n, f, m) = (t.rng.gen_range(2..=12), t.rng.gen_range(1..=6), t.rng.gen_range(1..=5));
        let (training, data) = both(t, &[n, f], &[m, f]);
        standardization(t, "random features, new data", training, data);
        let [n, h, w, c] = [3, 4, 5, 3].map(|longest| t.rng.gen_range(1..=longest));
        let (training, data) = both(t, &[n + 1, h, w, c], &[2, w, h, c]);
        standardization(t, "random images, one pair of statistics a colour channel", training, data);
    }
    let (training, data) = both(t, &[5, 2 * 3 * 2], &[2, 2 * 3 * 2]);
    standardization(t, "flattened images, one pair of statistics a pixel", training, data);
    let (training, data) = both(t, &[4, 3, 2, 3], &[3, 2, 3]);
    standardization(t, "a single image (h, w, c), not square", training, data);
    let (training, data) = both(t, &[8, 1], &[3, 1]);
    standardization(t, "one feature", training, data);
    let (training, data) = both(t, &[1, 4], &[3, 4]);
    standardization(t, "one training example, so that every feature is constant", training, data);
    let (mut training, data) = both(t, &[7, 3], &[4, 3]);
    training.index_axis_mut(Axis(1), 1).fill(0.0);
    standardization(t, "a feature that is 0 in all training data but not in the new data", training, data);
    for n in [7, 13, 29] {
        let (_, data) = both(t, &[n, 8], &[2, 8]);
        let training = Tensor::zeros(vec![n, 8]) + t.uniform(&[8], 0.1, 0.9);
        standardization(t, "constant features whose computed std is a rounding error, not 0", training, data);
    }
    for (spread, centre, about) in [
        (1e-12, 0.0, "very small values"),
        (1e12, 0.0, "very large values"),
        (1.0, 512.0, "values far from 0 compared with their spread"),
    ] {
        let move_to = |x: f64| f64::from((centre + spread * x) as f32);
        let (training, data) = (t.normal(&[20, 3], 1.0), t.normal(&[4, 3], 1.0));
        let budget = Budget::worst_case(20);
        standardization_within(t, about, training.mapv(move_to), data.mapv(move_to), budget);
    }
}

pub fn zca_whitening(t: &mut Suite) {
    for round in 0..64 {
        let (epsilon, about) = match round % 4 {
            0 => (0.1f32, "random features, ε = 0.1"),
            1 => (1.0, "random features, ε = 1"),
            _ => (1e-6, "random features, ε = 1e-6"),
        };
        t.decisive(|t| {
            let f = t.rng.gen_range(1..=5);
            let (n, m) = (4 * f + t.rng.gen_range(2..=10), t.rng.gen_range(1..=5));
            let (training, data) = correlated(t, n, m, f);
            whitening(t, about, training, data, epsilon);
        });
    }
    let (training, data) = correlated(t, 12, 3, 1);
    whitening(t, "one feature: W is 1/√(variance + ε)", training, data, 1e-6);
    let (training, data) = correlated(t, 1, 3, 4);
    whitening(t, "one training example: no variance at all, only ε", training, data, 0.25);
    t.decisive(|t| {
        let (training, data) = correlated(t, 3, 4, 5);
        whitening(t, "more features than examples, ε = 0.1", training, data, 0.1);
    });
    t.decisive(|t| {
        let (mut training, data) = correlated(t, 16, 4, 3);
        training.index_axis_mut(Axis(1), 1).fill(0.5);
        whitening(t, "a constant feature, ε = 0.01", training, data, 0.01);
    });
    for _ in 0..if is_supposing() { 0 } else { 8 } {
        singular(t);
    }
}

/// Training data and new data (the last axis is shared), features of different means and spreads; the new data comes from
/// elsewhere, so that its own statistics would be quite different.
fn both(t: &mut Suite, training: &[usize], data: &[usize]) -> (Tensor, Tensor) {
    let f = &training[training.len() - 1..];
    let (centre, spread) = (t.normal(f, 2.0), t.uniform(f, 0.5, 2.0));
    let single = |x: f64| f64::from(x as f32);
    let training = (t.normal(training, 1.0) * &spread + &centre).mapv(single);
    (training, (t.normal(data, 1.5) * &spread + &centre + 1.0).mapv(single))
}

/// Folds all axes but the last, the features.
fn fold(x: &Tensor, from: f64, f: fn(f64, f64) -> f64) -> Tensor {
    (1..x.ndim()).fold(x.clone(), |x, _| x.fold_axis(Axis(0), from, |&so_far, &x| f(so_far, x)))
}

/// The largest absolute value.
fn largest<'x>(x: impl IntoIterator<Item = &'x f64>) -> f64 {
    x.into_iter().fold(0.0, |largest, x| largest.max(x.abs()))
}

fn standardization(t: &mut Suite, about: &str, training: Tensor, data: Tensor) {
    let n = training.len() / training.shape()[training.ndim() - 1];
    standardization_within(t, about, training, data, Budget::sum(n));
}

fn standardization_within(t: &mut Suite, about: &str, training: Tensor, data: Tensor, budget: Budget) {
    let sum = |x: &Tensor| fold(x, 0.0, |sum, x| sum + x);
    let n = training.len() / training.shape()[training.ndim() - 1];
    let mean = sum(&training) / n as f64;
    let squares = sum(&(&training - &mean).mapv(|d| d * d));
    let uncentred = sum(&training.mapv(|x| x * x));
    let squares = otherwise("no mean were subtracted before squares are taken", squares, uncentred);
    let squares = otherwise("squares were summed up, not averaged", squares.clone(), squares * n as f64);
    let variance = squares / otherwise("the variance divided by n − 1", n as f64, n as f64 - 1.0);
    let range = fold(&training, f64::MIN, f64::max) - fold(&training, f64::MAX, f64::min);
    let mut std = variance.mapv(f64::sqrt);
    let deviations = || sum(&(&training - &mean).mapv(f64::abs)) / n as f64;
    if is_supposed("the std were the mean distance from the mean") {
        std = deviations();
    }
    if is_supposed("the range stood in place of the std") {
        std.clone_from(&range);
    }
    std.zip_mut_with(&range, |std, range| *std = if *range == 0.0 { 1.0 } else { *std });
    let want = (&data - &mean) / otherwise("the variance stood in place of the std", &std, &variance);
    let want = otherwise("the data were divided before the mean is subtracted", want, &data / &std - &mean);
    let lowest = fold(&training, f64::MAX, f64::min);
    let scaled = (&data - &lowest) / &range;
    let want =
        otherwise("each feature were moved to 0 to 1 by its smallest and largest number", want, scaled);
    let want = otherwise("the mean were not subtracted", want, &data / &std);
    let want = otherwise("the mean were added", want, (&data + &mean) / &std);
    let want = otherwise("nothing were divided by the std", want, &data - &mean);
    let want = otherwise("it were multiplied by the std", want, (&data - &mean) * &std);
    let back = &data * &std + &mean;
    let back = otherwise("the way back divided by the std", back, &data / &std + &mean);
    let back = otherwise("the way back subtracted the mean", back, &data * &std - &mean);
    let back = otherwise("the std were left out of the way back", back, &data + &mean);
    let back = otherwise("the way back were the way there once more", back, (&data - &mean) / &std);
    let back = otherwise("the mean were added before the data are multiplied", back, (&data + &mean) * &std);
    let back = otherwise("the mean were left out of the way back", back, &data * &std);
    // The mean is a rounded sum, off by an ε of the data: small next to the data, not next to its distance from the mean.
    let size = largest(&training);
    let [far, centre] = [&data, &mean].map(|x| x.mapv(f64::abs));
    let (offset, products) = (largest(&((&far + &centre) / &std)), largest(&(&far * &std + &centre)));
    t.call(about, Args::new().constant("training", training).constant("data", data))
        .close("std", &std, budget.scale(size))
        .close("mean", &mean, budget.scale(size))
        .close("y", &want, budget.scale(offset))
        .close("inverse", &back, budget.scale(products));
}

/// Training data (n, f) with a mean and correlations, and new data (m, f). The mixing matrix is near enough to the identity
/// for single precision to tell the smallest eigenvalue from 0.
fn correlated(t: &mut Suite, n: usize, m: usize, f: usize) -> (Tensor, Tensor) {
    let mixing = t.normal(&[f, f], 0.3) + identity(f);
    let centre = t.normal(&[f], 2.0);
    let mut draw =
        |n: usize| (product(&t.normal(&[n, f], 1.0), &mixing) + &centre).mapv(|x| f64::from(x as f32));
    (draw(n), draw(m))
}

fn identity(n: usize) -> Tensor {
    Array2::eye(n).into_dyn()
}

/// The matrix product.
fn product(a: &ArrayRef<f64, IxDyn>, b: &ArrayRef<f64, IxDyn>) -> Tensor {
    a.dot(b)
}

/// A^(−1/2) of a positive definite matrix by the coupled Newton–Schulz iteration (Higham, *Functions of Matrices*, §6.3):
/// products only, no eigenvectors.
fn inverse_root(a: &Tensor) -> Tensor {
    let size = a.diag().sum();
    let identity = identity(a.shape()[0]);
    let (mut root, mut inverse) = (a / size, identity.clone());
    // An eigenvalue λ/size grows 9/4-fold a step until it is near 1: 80 steps reach down to 10⁻¹² and converge.
    for _ in 0..80 {
        let step = (&identity * 3.0 - product(&inverse, &root)) / 2.0;
        root = product(&root, &step);
        inverse = product(&step, &inverse);
    }
    inverse / size.sqrt()
}

/// 1/√ of each diagonal element, and 0 beside them.
fn diagonal(a: &Tensor) -> Tensor {
    Tensor::from_shape_fn(a.shape(), |at| if at[0] == at[1] { 1.0 / a[&at].sqrt() } else { 0.0 })
}

fn whitening(t: &mut Suite, about: &str, training: Tensor, data: Tensor, epsilon: f32) {
    let (n, epsilon) = (training.shape()[0], f64::from(epsilon));
    let mean = training.sum_axis(Axis(0)) / n as f64;
    let centred = &training - &mean;
    let identity = identity(mean.len());
    let count = otherwise("the covariance divided by n − 1", n as f64, n as f64 - 1.0);
    let count = otherwise("the covariance were divided by nothing", count, 1.0);
    let added = otherwise("`epsilon` were squared", epsilon, epsilon * epsilon);
    let added = otherwise("`epsilon` were left out", added, 0.0);
    let added = otherwise("the root of `epsilon` were added", added, epsilon.sqrt());
    let regular = product(&centred.t(), &centred) / count + &identity * added;
    let w = inverse_root(&regular);
    let w = otherwise("W were the root, and not its inverse", w.clone(), product(&regular, &w));
    let w = otherwise("only the diagonal of the covariance counted", w, diagonal(&regular));
    let inverse = product(&w, &w);
    let centred_data = &data - &mean;
    let centred_data = otherwise("no mean were subtracted", centred_data, data.clone());
    let y = product(&centred_data, &w);
    let y = otherwise("W were applied twice", y.clone(), product(&y, &w));
    let y = otherwise("the mean were added again after W", y.clone(), y + &mean);
    let y = otherwise("W were applied before the mean is subtracted", y, product(&data, &w) - &mean);
    let own = data.mean_axis(Axis(0)).unwrap_or_default();
    let y = otherwise("the mean of the new data were subtracted", y, product(&(&data - &own), &w));
    let rows = data.mean_axis(Axis(1)).unwrap_or_default().insert_axis(Axis(1));
    let y = otherwise("each row's own mean were subtracted", y, product(&(&data - &rows), &w));
    let covariance = of_right_alone(&identity - &(&inverse * epsilon));
    // A relative error of Σ + ε grows by at most its condition number on the way to W (Frobenius norms).
    let norm = |a: &Tensor| a.mapv(|x| x * x).sum().sqrt();
    let condition = norm(&regular) * norm(&inverse);
    let budget = Budget::sum(n);
    let (size, steps) = (condition * largest(&w), largest(&data).max(largest(&mean)));
    let args = Args::new().constant("training", training).constant("data", data);
    t.call(about, args.number("epsilon", epsilon))
        .close(Derived::of("whitened").step(Step::SecondMoments), &covariance, budget.scale(condition))
        .close("matrix", &w, budget.scale(size))
        .close("y", &y, budget.scale(size * steps))
        .close("mean", &mean, budget.scale(steps));
}

/// Large values and fewer examples than features: the eigenvalues that should be 0 come out as rounding errors far larger
/// than ε, half of them negative. W is then noise where there is no data, but the whitened training data is not:
/// `yᵀy / n ≤ I` bounds every element by √n.
fn singular(t: &mut Suite) {
    let (training, _) = correlated(t, 3, 1, 6);
    let training = training.mapv(|x| f64::from((100.0 * x) as f32)).into_dyn();
    let bound = 3f64.sqrt() + 1.0;
    let args = Args::new().constant("training", training.clone()).constant("data", training);
    t.call(
        "more features than examples and large values: eigenvalues of 0 are rounded to below 0",
        args.number("epsilon", f64::from(1e-6f32)),
    )
    .check("y", Rule::Within { low: -bound, high: bound });
}
