//! Ridge regression: least squares that does not trust its data blindly.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use toolkit::tensor::{Matrix, Vector};

/// A Γ that is negative or NaN: it would reward large parameters instead of punishing them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InvalidGamma(pub f64);

impl fmt::Display for InvalidGamma {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Γ (gamma) must be at least 0, and it is {}", self.0)
    }
}

impl Error for InvalidGamma {}

/// Predicts `y ≈ A · θ + intercept`.
#[derive(Clone, Debug)]
pub struct LinearModel<E: Dtype, D: Device<E>> {
    /// One parameter for each column of A: (d,).
    pub theta: Tensor<(usize,), E, D>,
    /// What is predicted where all features are 0.
    pub intercept: Tensor<Rank0, E, D>,
}

/// Ridge regression: the θ that minimises
///
/// ```text
/// ‖Y − A · θ‖² + Γ · ‖θ‖²                    ‖v‖² = Σ vᵢ²
/// ```
///
/// Shapes: `a` (n, d), one example a row; `y` (n,); θ (d,). Both terms are sums, not means, and neither has a factor ½. It works
/// in single and in double precision.
///
/// For Γ > 0 there is exactly one minimum, also where A has more columns than rows, or columns that depend on each other:
///
/// ```text
/// θ = (Aᵀ · A + Γ · I)⁻¹ · Aᵀ · Y
/// ```
///
/// With the singular value decomposition `A = U · diag(s) · Vᵀ` the same θ needs no inverse, and loses fewer digits:
///
/// ```text
/// θ = V · diag(sₖ / (sₖ² + Γ)) · Uᵀ · Y
/// ```
///
/// It also shows what Γ does: least squares would divide by sₖ; directions in which the data hardly varies, with sₖ² ≪ Γ, are
/// damped. [`toolkit::linalg::svd`] computes `U`, `s` and `Vᵀ`, and its sₖ are exactly 0 where they should be.
///
/// Γ = 0 gives least squares. If that has many solutions (A has fewer independent columns than columns), θ is the shortest of
/// them, which is also the limit for Γ → 0. In the formula: a direction with sₖ = 0 contributes nothing.
///
/// # Errors
/// When Γ is negative or NaN.
///
/// Source: slide “Ridge/Tikhonov”; Hoerl & Kennard 1970; Hastie, Tibshirani & Friedman, *The Elements of Statistical
/// Learning*, §3.4.1.
///
/// ```
/// use dfdx::prelude::*;
/// use regularization::ridge::ridge_closed_form;
/// let dev = Cpu::default();
/// let a = dev.tensor_from_vec(vec![1.0, 0.0, 0.0, 2.0], (2, 2));
/// let y = dev.tensor_from_vec(vec![3.0, 4.0], (2,));
/// let near = |theta: Vec<f64>, want: [f64; 2]| theta.iter().zip(want).all(|(t, w)| (t - w).abs() < 1e-12);
/// assert!(near(ridge_closed_form(&a, &y, 0.0).unwrap().as_vec(), [3.0, 2.0]));
/// assert!(near(ridge_closed_form(&a, &y, 4.0).unwrap().as_vec(), [0.6, 1.0])); // 3 · 1/(1 + 4), 4 · 2/(4 + 4)
/// assert!(ridge_closed_form(&a, &y, -1.0).is_err());
/// ```
pub fn ridge_closed_form<E: Dtype, D: Device<E>>(
    a: &Tensor<(usize, usize), E, D>,
    y: &Tensor<(usize,), E, D>,
    gamma: f64,
) -> Result<Tensor<(usize,), E, D>, InvalidGamma> {
    todo!()
}

/// Ridge regression with an intercept that is not punished: the θ and b that minimise
///
/// ```text
/// ‖Y − A · θ − b‖² + Γ · ‖θ‖²
/// ```
///
/// Without the freedom of b, Γ would pull all predictions towards 0, and a change of the zero point of Y (degrees Celsius to
/// Fahrenheit) would change more than b. For a given θ the best b is the mean of what is left over, so:
///
/// ```text
/// θ = ridge of the centred data: each column of A minus its mean ā, Y minus its mean ȳ
/// b = ȳ − ā · θ
/// ```
///
/// Shapes are those of [`ridge_closed_form`].
///
/// # Errors
/// When Γ is negative or NaN.
///
/// Source: slide “Ridge/Tikhonov”; Hastie, Tibshirani & Friedman, §3.4.1.
///
/// ```
/// use dfdx::prelude::*;
/// use regularization::ridge::ridge_with_intercept;
/// let dev = Cpu::default();
/// let a = dev.tensor_from_vec(vec![1.0, 2.0, 3.0], (3, 1));
/// let y = dev.tensor_from_vec(vec![10.0f64, 14.0, 18.0], (3,));
/// let model = ridge_with_intercept(&a, &y, 2.0).unwrap();
/// // centred: −1, 0, 1 and −4, 0, 4, so that θ = 8 / (2 + 2)
/// assert!((model.theta.as_vec()[0] - 2.0).abs() < 1e-12);
/// assert!((model.intercept.as_vec()[0] - 10.0).abs() < 1e-12); // 14 − 2 · 2
/// ```
pub fn ridge_with_intercept<E: Dtype, D: Device<E>>(
    a: &Tensor<(usize, usize), E, D>,
    y: &Tensor<(usize,), E, D>,
    gamma: f64,
) -> Result<LinearModel<E, D>, InvalidGamma> {
    todo!()
}

/// What ridge regression minimises, recorded on the tape of θ:
///
/// ```text
/// ‖Y − A · θ‖² + Γ · ‖θ‖²
/// ```
///
/// Shapes: `theta` (d,), `a` (n, d), `y` (n,), one number out. Sums, not means, and no factor ½: the gradient is
/// `2 · Aᵀ · (A · θ − Y) + 2 · Γ · θ`, and the tape finds it. Γ is not checked here.
///
/// Source: slide “Ridge/Tikhonov”.
///
/// ```
/// use dfdx::prelude::*;
/// use regularization::ridge::ridge_loss;
/// let dev = Cpu::default();
/// let a = dev.tensor_from_vec(vec![1.0, 2.0, 3.0, 4.0], (2, 2));
/// let y = dev.tensor_from_vec(vec![4.0, 6.0], (2,));
/// let theta = dev.tensor_from_vec(vec![1.0, 1.0], (2,));
/// let loss = ridge_loss(theta.leaky_trace(), &a, &y, 0.5);
/// assert_eq!(loss.as_vec(), [3.0]); // (4 − 3)² + (6 − 7)² + 0.5 · 2
/// assert_eq!(loss.backward().get(&theta).as_vec(), [5.0, 5.0]);
/// ```
pub fn ridge_loss<D: Device<f32>, T: Tape<f32, D>>(
    theta: Vector<D, T>,
    a: &Matrix<D>,
    y: &Vector<D>,
    gamma: f32,
) -> Tensor<Rank0, f32, D, T> {
    todo!()
}

/// Ridge regression by gradient descent on [`ridge_loss`], for those who can't invert a matrix:
///
/// ```text
/// θ₀ = 0          θₜ₊₁ = θₜ − η · ∂loss/∂θₜ
/// ```
///
/// Returns θ after `steps` steps of size η = `learning_rate`. Take the gradient from the tape. Γ is not checked here.
///
/// If λ₁ is the largest eigenvalue of Aᵀ · A, η < 1 / (λ₁ + Γ) leads to the θ of [`ridge_closed_form`], for Γ = 0 too: from 0,
/// descent never leaves the row space of A, and so finds the *shortest* of all solutions. A larger η diverges.
///
/// Source: slide “Ridge/Tikhonov”.
///
/// ```
/// use dfdx::prelude::*;
/// use regularization::ridge::ridge_gradient_descent;
/// let dev = Cpu::default();
/// let a = dev.tensor_from_vec(vec![1.0, 0.0, 0.0, 2.0], (2, 2));
/// let y = dev.tensor_from_vec(vec![3.0, 4.0], (2,));
/// let after = |steps| ridge_gradient_descent(&a, &y, 4.0, 0.0625, steps).as_vec();
/// assert_eq!(after(0), [0.0, 0.0]);
/// assert_eq!(after(1), [0.375, 1.0]); // −0.0625 · −2 · Aᵀ · Y
/// assert!((after(100)[0] - 0.6).abs() < 1e-6);
/// ```
pub fn ridge_gradient_descent<D: Device<f32>>(
    a: &Matrix<D>,
    y: &Vector<D>,
    gamma: f32,
    learning_rate: f32,
    steps: usize,
) -> Vector<D> {
    todo!()
}
