//! Linear algebra that dfdx lacks. Statistics and whitening themselves are left to the lectures.

use dfdx::prelude::*;
use nalgebra::{DMatrix, SymmetricEigen};

pub use square::{solve_positive_definite, spectral_radius};

mod square;

/// Eigenvectors `U` (as columns) and eigenvalues `s` of a symmetric matrix: `a = U · diag(s) · Uᵀ`.
///
/// Shapes: `a` (n, n) gives `U` (n, n) and `s` (n,), eigenvalues in descending order, computed in double precision.
/// Only the tensor's values are used: no gradient flows through.
///
/// # Panics
/// When `a` is not square.
pub fn symmetric_eigen<D: Device<f32>>(
    a: &Tensor<(usize, usize), f32, D>,
) -> (Tensor<(usize, usize), f32, D>, Tensor<(usize,), f32, D>) {
    let (n, columns) = *a.shape();
    assert_eq!(n, columns, "symmetric_eigen needs a square matrix, this one is {n}×{columns}");
    let matrix = DMatrix::from_row_iterator(n, n, a.as_vec().into_iter().map(f64::from));
    let eigen = SymmetricEigen::new(matrix);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| eigen.eigenvalues[j].total_cmp(&eigen.eigenvalues[i]));
    let at = |row: usize, k: usize| eigen.eigenvectors[(row, order[k])] as f32;
    let vectors = (0..n * n).map(|i| at(i / n, i % n)).collect();
    let values = order.iter().map(|&k| eigen.eigenvalues[k] as f32).collect();
    (a.device().tensor_from_vec(vectors, (n, n)), a.device().tensor_from_vec(values, (n,)))
}

/// The thin singular value decomposition `a = U · diag(s) · Vᵀ`, as `(U, s, Vᵀ)`.
///
/// Shapes: `a` (n, d) gives `U` (n, r), `s` (r,) and `Vᵀ` (r, d), where r is the smaller of n and d. The singular values are in
/// descending order and not negative. All is computed in double precision and rounded to the number type of `a`. Only the
/// tensor's values are used: no gradient flows through.
///
/// A singular value below `max(n, d) · ε · (the largest)` is nothing but rounding and comes back as exactly 0 (ε is 2⁻²³ for
/// `f32` and 2⁻⁵² for `f64`), so that as many are left as `a` has rank; NumPy's `matrix_rank` has the same limit. Columns of
/// `U` and rows of `Vᵀ` that belong to a 0 are 0, the others are orthonormal.
///
/// # Panics
/// When an element is infinite or NaN.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let a = dev.tensor_from_vec(vec![3.0, 4.0, 6.0, 8.0], (2, 2)); // the second row is twice the first
/// let (_, s, _) = toolkit::linalg::svd(&a);
/// assert!((s.as_vec()[0] - 125f32.sqrt()).abs() < 1e-5);
/// assert_eq!(s.as_vec()[1], 0.0);
/// ```
pub fn svd<E: Dtype, D: Device<E>>(
    a: &Tensor<(usize, usize), E, D>,
) -> (Tensor<(usize, usize), E, D>, Tensor<(usize,), E, D>, Tensor<(usize, usize), E, D>) {
    let (n, d) = *a.shape();
    let a_values: Vec<f64> = a.as_vec().iter().map(|x| x.to_f64().unwrap_or(f64::NAN)).collect();
    assert!(a_values.iter().all(|x| x.is_finite()), "svd: an element is infinite or NaN");
    let epsilon = if size_of::<E>() < 8 { f64::from(f32::EPSILON) } else { f64::EPSILON };
    let (long, short) = (n.max(d), n.min(d));
    // A wide matrix is decomposed as its transpose, with U and V exchanged.
    let at = |i: usize, k: usize| if n >= d { a_values[i * d + k] } else { a_values[k * d + i] };
    let triplets = singular_triplets(long, short, long as f64 * epsilon, at);
    let (left, right) = if n >= d { (0..n, n..n + d) } else { (d..d + n, 0..d) };
    let round = |x: f64| E::from_f64(x).unwrap_or_default();
    let u = left.flat_map(|i| triplets.iter().map(move |(_, vectors)| round(vectors[i]))).collect();
    let vt = triplets.iter().flat_map(|(_, vectors)| &vectors[right.clone()]).map(|&x| round(x)).collect();
    let s = triplets.iter().map(|&(s, _)| round(s)).collect();
    let dev = a.device();
    (
        dev.tensor_from_vec(u, (n, short)),
        dev.tensor_from_vec(s, (short,)),
        dev.tensor_from_vec(vt, (short, d)),
    )
}

/// Singular values of an (n, d) matrix, n ≥ d, in descending order; with each its left singular vector and, below it in the
/// same `Vec`, the right one. All three are 0 where the value is at most `limit` times the largest.
///
/// nalgebra's SVD is not used: 0.35's is wrong by 10⁻³ for some singular matrices of small whole numbers.
fn singular_triplets(
    n: usize,
    d: usize,
    limit: f64,
    a: impl Fn(usize, usize) -> f64,
) -> Vec<(f64, Vec<f64>)> {
    let unit = |k: usize| (0..d).map(move |i| f64::from(i == k));
    let mut columns: Vec<Vec<f64>> =
        (0..d).map(|k| (0..n).map(|i| a(i, k)).chain(unit(k)).collect()).collect();
    for _ in 0..MOST_SWEEPS {
        let mut rotated = false;
        for q in 1..d {
            let (before, after) = columns.split_at_mut(q);
            before.iter_mut().for_each(|column| rotated |= rotate(column, &mut after[0], n));
        }
        if !rotated {
            break;
        }
    }
    let norm = |column: &[f64]| dot(&column[..n], &column[..n]).sqrt();
    let mut triplets: Vec<_> = columns.into_iter().map(|column| (norm(&column), column)).collect();
    triplets.sort_by(|(s, _), (t, _)| t.total_cmp(s));
    let largest = triplets.first().map_or(0.0, |(s, _)| *s);
    for (s, vectors) in &mut triplets {
        if *s <= limit * largest {
            *s = 0.0;
            vectors.fill(0.0);
        }
        let length = if *s > 0.0 { *s } else { 1.0 };
        vectors[..n].iter_mut().for_each(|x| *x /= length);
    }
    triplets
}

/// Ten are usually enough.
const MOST_SWEEPS: usize = 60;

/// Turns two columns in their plane so that their first `n` elements become orthogonal; whether they were not (one-sided
/// Jacobi: Golub & Van Loan, *Matrix Computations*, §8.6.3).
fn rotate(p: &mut [f64], q: &mut [f64], n: usize) -> bool {
    let (pp, qq, pq) = (dot(&p[..n], &p[..n]), dot(&q[..n], &q[..n]), dot(&p[..n], &q[..n]));
    if pq.abs() <= n as f64 * f64::EPSILON * (pp * qq).sqrt() {
        return false;
    }
    let zeta = (qq - pp) / (2.0 * pq);
    let tangent = zeta.signum() / (zeta.abs() + zeta.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = cosine * tangent;
    for (x, y) in p.iter_mut().zip(q) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
    true
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn eigenvectors_rebuild_the_matrix() {
        let dev = Cpu::default();
        let a = dev.tensor_from_vec(vec![2.0, 1.0, 0.0, 1.0, 3.0, -1.0, 0.0, -1.0, 0.5], (3, 3));
        let (u, s) = symmetric_eigen(&a);
        let scaled = u.clone() * s.clone().broadcast_like::<(usize, usize), Axis<0>>(u.shape());
        let rebuilt = scaled.matmul(u.permute::<(usize, usize), Axes2<1, 0>>());
        for (got, want) in rebuilt.as_vec().iter().zip(a.as_vec()) {
            assert!((got - want).abs() < 1e-6, "{got} is not {want}");
        }
        assert!(s.as_vec().is_sorted_by(|a, b| a >= b));
    }

    /// A matrix of small whole numbers with at most this rank: exactly singular, the hardest case.
    fn of_rank(n: usize, d: usize, rank: usize, rng: &mut StdRng) -> Vec<f64> {
        let mut draw = |count| (0..count).map(|_| f64::from(rng.gen_range(-2..=2))).collect::<Vec<_>>();
        let (left, right) = (draw(n * rank), draw(rank * d));
        let at = |i: usize| (0..rank).map(|k| left[i / d * rank + k] * right[k * d + i % d]).sum();
        (0..n * d).map(at).collect()
    }

    #[test]
    fn singular_vectors_rebuild_a_matrix_of_any_rank() {
        let (dev, mut rng) = (Cpu::default(), StdRng::seed_from_u64(1));
        for _ in 0..200 {
            let (n, d) = (rng.gen_range(1..=9), rng.gen_range(1..=9));
            let rank = rng.gen_range(0..=n.min(d));
            let a = dev.tensor_from_vec(of_rank(n, d, rank, &mut rng), (n, d));
            let (u, s, vt) = svd(&a);
            let values = s.as_vec();
            assert!(values.is_sorted_by(|a, b| a >= b) && values.iter().all(|&s| s >= 0.0), "{values:?}");
            assert!(values.iter().filter(|&&s| s > 0.0).count() <= rank, "{values:?} of rank {rank}");
            let transposed =
                |m: &Tensor<(usize, usize), f64, Cpu>| m.clone().permute::<(usize, usize), Axes2<1, 0>>();
            let rebuilt = (u.clone() * s.broadcast_like::<_, Axis<0>>(u.shape())).matmul(vt.clone());
            let r = n.min(d);
            // 1 on the diagonal where there is a singular value
            let identity: Vec<f64> =
                (0..r * r).map(|i| f64::from(i % (r + 1) == 0 && values[i / r] > 0.0)).collect();
            near(rebuilt, &a.as_vec());
            near(transposed(&u).matmul(u), &identity);
            near(vt.clone().matmul(transposed(&vt)), &identity);
        }
    }

    #[track_caller]
    fn near(got: Tensor<(usize, usize), f64, Cpu>, want: &[f64]) {
        for (got, want) in got.as_vec().iter().zip(want) {
            assert!((got - want).abs() < 1e-11, "{got} is not {want}");
        }
    }

    #[test]
    #[should_panic(expected = "infinite or NaN")]
    fn singular_values_of_nan_are_refused() {
        svd(&Cpu::default().tensor_from_vec(vec![1.0, f32::NAN], (2, 1)));
    }
}
