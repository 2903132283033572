//! CPU and GPU, single and double precision: one function for all.

use std::time::Instant;

use dfdx::prelude::*;

/// What a measurement found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Throughput {
    /// Seconds that all repetitions took together.
    pub seconds: f64,
    /// Billions of floating-point operations a second, see [`matmul_gflops`].
    pub gflops: f64,
}

/// The rate at which `repeats` products of an (n, k) and a (k, m) matrix were computed in `seconds`, in GFLOP/s:
///
/// ```text
/// operations = repeats · 2 · n · k · m        GFLOP/s = operations / seconds / 10⁹
/// ```
///
/// Each of the n·m elements is a sum of k products: k multiplications and (counting the first, onto 0) k additions.
/// For square matrices that is the 2·n³ of the textbooks. The count passes 2⁶⁴ for large matrices: multiply in f64.
///
/// Source: slides “CPU vs GPU” and “Single vs double precision”; Golub & Van Loan, *Matrix Computations*, §1.1.
///
/// ```
/// // 2 · 1000³ operations in a tenth of a second
/// assert_eq!(tricks::throughput::matmul_gflops((1000, 1000, 1000), 1, 0.1), 20.0);
/// ```
pub fn matmul_gflops((n, k, m): (usize, usize, usize), repeats: usize, seconds: f64) -> f64 {
    2.0 * n as f64 * k as f64 * m as f64 * repeats as f64 / seconds / 1e9
}

/// Computes `a · b` over and over and measures how fast: on any device, in single or double precision.
///
/// Shapes: `a` (n, k) and `b` (k, m) give the product (n, m). The result is that product and the measurement:
///
/// 1. Compute the product once without a clock: on a GPU the first product of a process loads kernels, too.
/// 2. Wait until the device is done, then start the clock.
/// 3. Compute the product `repeats` times more. 0 times is a measurement without a meaning, but no error.
/// 4. Wait until the device is done, then stop the clock.
///
/// Waiting is `device.synchronize()`. A GPU works through a queue, and `matmul` returns as soon as its product stands in
/// that queue: who doesn't wait measures how fast one can order, not how fast the order is delivered. On a CPU there is
/// nothing to wait for, and the same code is right.
///
/// Matrices that don't fit each other panic, as any matrix product does.
///
/// Source: slides “CPU vs GPU” and “Single vs double precision”.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let a = dev.tensor_from_vec(vec![1.0f64, 2.0, 3.0, 4.0], (2, 2));
/// let (product, rate) = tricks::throughput::matmul_throughput(&a, &a, 100);
/// assert_eq!(product.as_vec(), [7.0, 10.0, 15.0, 22.0]);
/// assert!(rate.seconds > 0.0 && rate.gflops > 0.0);
/// ```
pub fn matmul_throughput<E: Dtype, D: Device<E> + Synchronize>(
    a: &Tensor<(usize, usize), E, D>,
    b: &Tensor<(usize, usize), E, D>,
    repeats: usize,
) -> (Tensor<(usize, usize), E, D>, Throughput) {
    let (dev, (n, k), (_, m)) = (a.device(), *a.shape(), *b.shape());
    // Cloning a tensor copies a pointer, not the numbers.
    let product = a.clone().matmul(b.clone());
    dev.synchronize();
    let start = Instant::now();
    for _ in 0..repeats {
        a.clone().matmul(b.clone());
    }
    dev.synchronize();
    let seconds = start.elapsed().as_secs_f64();
    (product, Throughput { seconds, gflops: matmul_gflops((n, k, m), repeats, seconds) })
}
