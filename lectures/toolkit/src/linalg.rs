//! Linear algebra that dfdx lacks. Statistics and whitening themselves are left to the lectures.

use dfdx::prelude::*;
use nalgebra::{DMatrix, SymmetricEigen};

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

#[cfg(test)]
mod tests {
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
}
