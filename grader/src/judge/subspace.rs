//! How far apart two spaces are that are spanned by the columns of two matrices.

use protocol::Array;

/// The angle between the column spaces of two matrices of the same shape, in degrees: arcsin √(Σ sin² θ) over their principal
/// angles θ (Golub & Van Loan, *Matrix Computations*, §6.4.3), which is the angle itself where only one is not 0, and
/// otherwise at most √columns times the largest. 90 where shapes differ, a column depends on the others, or one is not finite.
pub fn angle(a: &Array, b: &Array) -> f64 {
    let (Some(basis), Some(columns)) = (orthonormal(a), orthonormal(b)) else { return 90.0 };
    if a.shape != b.shape {
        return 90.0;
    }
    let sines: f64 = basis.iter().map(|column| square(&beside(column, &columns))).sum();
    sines.sqrt().min(1.0).asin().to_degrees()
}

/// An orthonormal basis of a matrix's columns, as many as they are.
fn orthonormal(matrix: &Array) -> Option<Vec<Vec<f64>>> {
    let (&[rows, columns], values) = (&matrix.shape[..], matrix.to_f64()) else { return None };
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for k in 0..columns {
        let column: Vec<f64> = (0..rows).map(|i| values[i * columns + k]).collect();
        // Twice is enough (Parlett, *The Symmetric Eigenvalue Problem*, §6.9).
        let rest = beside(&beside(&column, &basis), &basis);
        let (length, whole) = (square(&rest).sqrt(), square(&column).sqrt());
        if !length.is_finite() || length <= 1e-9 * whole {
            return None;
        }
        basis.push(rest.iter().map(|x| x / length).collect());
    }
    Some(basis)
}

/// What of `vector` lies outside the space of an orthonormal basis.
fn beside(vector: &[f64], basis: &[Vec<f64>]) -> Vec<f64> {
    basis.iter().fold(vector.to_vec(), |rest, unit| {
        let along: f64 = rest.iter().zip(unit).map(|(x, y)| x * y).sum();
        rest.iter().zip(unit).map(|(x, y)| x - along * y).collect()
    })
}

fn square(vector: &[f64]) -> f64 {
    vector.iter().map(|x| x * x).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(columns: usize, values: &[f64]) -> Array {
        Array::f64(&[values.len() / columns, columns], values.to_vec())
    }

    #[test]
    fn the_basis_does_not_matter_but_the_space_does() {
        let plane = matrix(2, &[1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        let same = matrix(2, &[3.0, 1.0, -1.0, 2.0, 0.0, 0.0]);
        let tilted = matrix(2, &[1.0, 0.0, 0.0, 1.0, 0.0, 1.0]);
        assert!(angle(&plane, &same) < 1e-6);
        assert!((angle(&plane, &tilted) - 45.0).abs() < 1e-6);
    }

    #[test]
    fn a_space_that_is_no_such_space_is_as_far_away_as_can_be() {
        let plane = matrix(2, &[1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
        for other in [
            matrix(1, &[1.0, 0.0, 0.0]),
            matrix(2, &[1.0, 2.0, 1.0, 2.0, 0.0, 0.0]),
            matrix(2, &[1.0, f64::NAN, 0.0, 1.0, 0.0, 0.0]),
        ] {
            assert!(angle(&plane, &other) == 90.0, "{other:?}");
        }
    }
}
