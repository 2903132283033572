//! Ridge regression in double precision: the normal equations by Gauss–Jordan elimination, and least squares by the
//! pseudo-inverse of a product of two factors of full rank. No singular values here.

use ndarray::{Array1, Array2, Axis};

use crate::{is_supposed, otherwise};

/// Least squares with A = `left` · `right`, where `left` (n, r) and `right` (r, d) have rank r.
#[derive(Clone)]
pub struct Problem {
    pub left: Array2<f64>,
    pub right: Array2<f64>,
    pub y: Array1<f64>,
}

/// A minimum, and how far off single precision may come out.
pub struct Solution {
    pub theta: Array1<f64>,
    /// The size to measure the errors of θ against: what a rounding of A or Y by 1 would move θ.
    pub scale: f64,
    /// Condition number of AᵀA + Γ.
    pub condition: f64,
    /// (AᵀA + Γ)⁻¹, or the pseudo-inverse of AᵀA.
    pub inverse: Array2<f64>,
}

impl Problem {
    /// A whose rows or columns are independent.
    pub fn of_full_rank(a: Array2<f64>, y: Array1<f64>) -> Self {
        let (n, d) = a.dim();
        let (left, right) = if n >= d { (a, Array2::eye(d)) } else { (Array2::eye(n), a) };
        Self { left, right, y }
    }

    pub fn a(&self) -> Array2<f64> {
        self.left.dot(&self.right)
    }

    /// The problem whose θ goes with an intercept.
    pub fn centred(&self) -> Self {
        let left = &self.left - &means(&self.left);
        Self { left, right: self.right.clone(), y: &self.y - mean(&self.y) }
    }

    /// The shortest θ that minimises ‖Y − Aθ‖² + Γ‖θ‖². Roundings of A and Y are as large as `uncentred`'s.
    pub fn solve(&self, gamma: f64, uncentred: &Self) -> Solution {
        let a = self.a();
        let (theta, inverse) = if gamma > 0.0 {
            let gamma = otherwise("`gamma` were squared", gamma, gamma * gamma);
            let gamma = otherwise("`gamma` counted once for each example", gamma, gamma * a.nrows() as f64);
            let gamma = otherwise("the root of `gamma` stood in its place", gamma, gamma.sqrt());
            let gamma =
                otherwise("`gamma` were divided by the number of examples", gamma, gamma / a.nrows() as f64);
            let gamma = otherwise("`gamma` were doubled", gamma, 2.0 * gamma);
            let gamma = otherwise("`gamma` were halved", gamma, gamma / 2.0);
            let gamma = otherwise("`gamma` were left out", gamma, 0.0);
            let gamma = otherwise("`gamma` were subtracted", gamma, -gamma);
            if is_supposed("`gamma` were added to every number of AᵀA, not only to its diagonal") {
                let inverse = invert(a.t().dot(&a) + gamma);
                let theta = inverse.dot(&a.t().dot(&self.y));
                return Solution { theta, scale: 1.0, condition: 1.0, inverse };
            }
            let regular = a.t().dot(&a) + gamma * Array2::eye(a.ncols());
            let inverse = invert(regular);
            (inverse.dot(&a.t().dot(&self.y)), inverse)
        } else {
            let [left, right] = [&self.left, &self.right];
            let pseudo = right.t().dot(&invert(right.dot(&right.t())));
            let pseudo = pseudo.dot(&invert(left.t().dot(left))).dot(&left.t());
            (pseudo.dot(&self.y), pseudo.dot(&pseudo.t()))
        };
        let amplification = if gamma > 0.0 { norm(inverse.iter()) } else { inverse.diag().sum() };
        let (a, y) = (norm(uncentred.a().iter()), norm(uncentred.y.iter()));
        let condition = amplification * (a * a + gamma);
        // A relative error ε of AᵀA + Γ moves θ by ε · condition; one of AᵀY by ε · ‖A‖ · ‖Y‖ through the inverse.
        let scale = condition * norm(theta.iter()) + amplification * a * y;
        Solution { theta, scale, condition, inverse }
    }
}

/// ȳ.
pub fn mean(y: &Array1<f64>) -> f64 {
    y.sum() / y.len() as f64
}

/// The mean of each column.
pub fn means(a: &Array2<f64>) -> Array1<f64> {
    a.sum_axis(Axis(0)) / a.nrows() as f64
}

/// √Σx².
pub fn norm<'x>(x: impl IntoIterator<Item = &'x f64>) -> f64 {
    x.into_iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// The inverse by Gauss–Jordan elimination with row pivoting; infinite or NaN where there is none.
pub fn invert(mut a: Array2<f64>) -> Array2<f64> {
    let n = a.nrows();
    let mut inverse = Array2::eye(n);
    for k in 0..n {
        let pivot = (k..n).fold(k, |best, i| if a[[i, k]].abs() > a[[best, k]].abs() { i } else { best });
        for j in 0..n {
            a.swap([k, j], [pivot, j]);
            inverse.swap([k, j], [pivot, j]);
        }
        let divisor = a[[k, k]];
        for matrix in [&mut a, &mut inverse] {
            matrix.row_mut(k).mapv_inplace(|x| x / divisor);
        }
        for i in (0..n).filter(|&i| i != k) {
            let factor = a[[i, k]];
            for matrix in [&mut a, &mut inverse] {
                let row = matrix.row(k).to_owned();
                matrix.row_mut(i).scaled_add(-factor, &row);
            }
        }
    }
    inverse
}
