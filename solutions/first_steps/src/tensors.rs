//! Tensors: arrays of numbers with a shape, and what happens along an axis.

use dfdx::prelude::*;
use toolkit::tensor::{Matrix, Vector};

/// Adds `bias` to every row of `x`.
///
/// ```text
/// y[i][j] = x[i][j] + bias[j]
/// ```
///
/// Shapes: `x` (n, m) and `bias` (m,) give (n, m). Tensors of different shapes can't be added: repeat `bias` n times first.
/// That is called *broadcasting*. With `let shape = *x.shape();`, which is the pair (n, m),
/// `bias.broadcast_like::<(usize, usize), Axis<0>>(&shape)` is a matrix of that shape, of which each row is `bias`.
/// `Axis<0>` is the new axis, the one along which nothing changes.
///
/// Source: lecture, section 2.
///
/// ```
/// use dfdx::prelude::*;
/// use first_steps::tensors::add_bias;
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], (2, 3));
/// let bias = dev.tensor_from_vec(vec![10.0, 20.0, 30.0], (3,));
/// assert_eq!(add_bias(x, bias).as_vec(), [11.0, 22.0, 33.0, 14.0, 25.0, 36.0]);
/// ```
pub fn add_bias(x: Matrix<Cpu>, bias: Vector<Cpu>) -> Matrix<Cpu> {
    let shape = *x.shape();
    x + bias.broadcast_like::<(usize, usize), Axis<0>>(&shape)
}

/// The matrix product: each row of `a` with each column of `b`, multiplied number by number and added up.
///
/// ```text
/// y[i][j] = a[i][0] · b[0][j] + a[i][1] · b[1][j] + … = Σ_k a[i][k] · b[k][j]
/// ```
///
/// Shapes: `a` (n, k) and `b` (k, m) give (n, m).
///
/// Write it without dfdx's own `matmul`: with tensors of three axes, or with loops over `as_vec()`; both are right.
///
/// Source: lecture, section 2.
///
/// ```
/// use dfdx::prelude::*;
/// use first_steps::tensors::matrix_product;
/// let dev = Cpu::default();
/// let a = dev.tensor_from_vec(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], (2, 3));
/// let b = dev.tensor_from_vec(vec![10.0, 20.0, 30.0], (3, 1));
/// let y = matrix_product(a, b);
/// assert_eq!(*y.shape(), (2, 1));
/// assert_eq!(y.as_vec(), [140.0, 320.0]); // 1 · 10 + 2 · 20 + 3 · 30, and 4 · 10 + 5 · 20 + 6 · 30
/// ```
pub fn matrix_product(a: Matrix<Cpu>, b: Matrix<Cpu>) -> Matrix<Cpu> {
    let ((n, k), (_, m)) = (*a.shape(), *b.shape());
    // terms[i][k][j] = a[i][k] · b[k][j]: `a` does not depend on j, the last axis, and `b` not on i, the first.
    let a = a.broadcast_like::<(usize, usize, usize), Axis<2>>(&(n, k, m));
    let b = b.broadcast_like::<(usize, usize, usize), Axis<0>>(&(n, k, m));
    (a * b).sum::<(usize, usize), Axis<1>>()
}
