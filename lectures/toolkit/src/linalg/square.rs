//! Of square matrices in double precision: how fast their powers grow, and systems of equations.

use dfdx::prelude::*;
use nalgebra::{DMatrix, DVector};

/// The spectral radius of a square matrix: the largest absolute value of its eigenvalues, complex ones included.
///
/// By Gelfand's formula, `ρ = lim ‖Aᵐ‖^(1/m)`: squaring 36 times reaches m = 2³⁶, where the factor that separates the norm from
/// ρᵐ has no digit left to spoil. Each power is divided by its norm before it is squared, and logarithms keep account, so that
/// nothing overflows. (Power iteration would be cheaper, but it never settles when the largest eigenvalues are a complex pair,
/// as those of random matrices mostly are.) NaN where an element is NaN or infinite.
///
/// # Panics
/// When `a` is not square.
///
/// ```
/// use dfdx::prelude::*;
/// let a = Cpu::default().tensor_from_vec(vec![0.0, -4.0, 1.0, 0.0], (2, 2)); // its eigenvalues are ±2i
/// assert!((toolkit::linalg::spectral_radius(&a) - 2.0).abs() < 1e-9);
/// ```
pub fn spectral_radius<D: Device<f64>>(a: &Tensor<(usize, usize), f64, D>) -> f64 {
    let (n, columns) = *a.shape();
    assert_eq!(n, columns, "spectral_radius needs a square matrix, this one is {n}×{columns}");
    // A^m = e^(m · logarithm) · power
    let (mut power, mut logarithm, mut m) = (a.clone(), 0.0, 1.0);
    for _ in 0..=SQUARINGS {
        let norm = power.clone().square().sum::<Rank0, _>().as_vec()[0].sqrt();
        if norm == 0.0 || !norm.is_finite() {
            // no power of a nilpotent matrix is left in the end
            return norm * 0.0;
        }
        logarithm += norm.ln() / m;
        power = power / norm;
        power = power.clone().matmul(power);
        m *= 2.0;
    }
    logarithm.exp()
}

/// See [`spectral_radius`].
const SQUARINGS: usize = 36;

/// The solution of `a · x = b` for a symmetric positive definite matrix, by Cholesky's decomposition: half the work of any
/// other way, and no pivots. `None` when `a` is not positive definite. Only its lower triangle is looked at.
///
/// # Panics
/// When `a` is not square, or `b` not as long.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let a = dev.tensor_from_vec(vec![4.0, 2.0, 2.0, 3.0], (2, 2));
/// let x = toolkit::linalg::solve_positive_definite(&a, &dev.tensor_from_vec(vec![8.0, 8.0], (2,))).unwrap();
/// assert!((x.as_vec()[0] - 1.0).abs() < 1e-12 && (x.as_vec()[1] - 2.0).abs() < 1e-12);
/// ```
pub fn solve_positive_definite<D: Device<f64>>(
    a: &Tensor<(usize, usize), f64, D>,
    b: &Tensor<(usize,), f64, D>,
) -> Option<Tensor<(usize,), f64, D>> {
    let ((n, columns), (rows,)) = (*a.shape(), *b.shape());
    assert!(n == columns && n == rows, "solve_positive_definite: {n}×{columns} against {rows}");
    let cholesky = DMatrix::from_row_iterator(n, n, a.as_vec()).cholesky()?;
    let x = cholesky.solve(&DVector::from_vec(b.as_vec()));
    Some(b.device().tensor_from_vec(x.iter().copied().collect(), (n,)))
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};

    use super::*;

    fn random(n: usize, d: usize, rng: &mut StdRng) -> Tensor<(usize, usize), f64, Cpu> {
        Cpu::default().tensor_from_vec((0..n * d).map(|_| rng.gen_range(-1.0..1.0)).collect(), (n, d))
    }

    #[test]
    fn spectral_radius_is_that_of_the_eigenvalues() {
        let mut rng = StdRng::seed_from_u64(2);
        for n in 1..=30 {
            let a = random(n, n, &mut rng);
            let eigenvalues = DMatrix::from_row_iterator(n, n, a.as_vec()).complex_eigenvalues();
            let want = eigenvalues.iter().map(|z| z.re.hypot(z.im)).fold(0.0, f64::max);
            let got = spectral_radius(&a);
            assert!((got - want).abs() < 1e-9 * want, "{got} is not {want}");
        }
    }

    #[test]
    fn spectral_radius_of_extremes() {
        let dev = Cpu::default();
        let radius = |values: [f64; 4]| spectral_radius(&dev.tensor_from_vec(values.to_vec(), (2, 2)));
        assert_eq!(radius([0.0, 1.0, 0.0, 0.0]), 0.0);
        assert!((radius([1.0, 1e6, 0.0, 1.0]) - 1.0).abs() < 1e-8); // a Jordan block: norms grow with the power
        assert!((radius([1e100, 0.0, 0.0, 0.0]) / 1e100 - 1.0).abs() < 1e-9);
        assert!((radius([1e-100, 0.0, 0.0, 0.0]) / 1e-100 - 1.0).abs() < 1e-9);
        assert!(radius([f64::NAN, 0.0, 0.0, 0.0]).is_nan());
    }

    #[test]
    fn solutions_of_positive_definite_systems() {
        let mut rng = StdRng::seed_from_u64(3);
        for n in 1..=12 {
            let half = random(n + 2, n, &mut rng);
            let a = half.clone().permute::<(usize, usize), Axes2<1, 0>>().matmul(half);
            let x: Tensor<(usize,), f64, Cpu> = random(1, n, &mut rng).reshape_like(&(n,));
            // a is symmetric: x · a is a · x
            let solved = solve_positive_definite(&a, &x.clone().matmul(a.clone())).unwrap();
            for (got, want) in solved.as_vec().iter().zip(x.as_vec()) {
                assert!((got - want).abs() < 1e-8, "{got} is not {want}");
            }
        }
        let dev = Cpu::default();
        let indefinite = dev.tensor_from_vec(vec![1.0, 2.0, 2.0, 1.0], (2, 2));
        assert!(solve_positive_definite(&indefinite, &dev.zeros_like(&(2,))).is_none());
    }
}
