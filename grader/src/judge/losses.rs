//! Whether two trainings that should be the same have the same losses.

use crate::verdict::{Agreement, near};

/// Compares losses, one by one; `allowed` is how far two may be apart, as a part of the first.
///
/// Where one training has fewer than the other, they part at the first that is missing.
pub fn compare(first: &[f64], second: &[f64], allowed: f64) -> Agreement {
    let pairs = || first.iter().zip(second);
    let apart = pairs().position(|(&a, &b)| !near(b, a, allowed * a.abs()));
    let missing = (first.len() != second.len()).then_some(first.len().min(second.len()));
    let parts_at = apart.or(missing);
    let same = pairs().take(parts_at.unwrap_or(first.len()));
    let parts = same.map(|(a, b)| (b - a).abs() / a.abs()).filter(|part| part.is_finite());
    Agreement { largest: parts.fold(0.0, f64::max), parts_at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_agrees_and_the_first_difference_is_found() {
        let given = [2.0, 1.0, 0.5];
        let agreement = compare(&given, &[2.0, 1.0005, 0.5], 1e-3);
        assert_eq!(agreement.parts_at, None);
        assert!((agreement.largest - 5e-4).abs() < 1e-9);
        assert_eq!(compare(&given, &[2.0, 1.0, 0.6], 1e-3).parts_at, Some(2));
        assert_eq!(compare(&given, &[2.5, 0.9, 0.6], 1e-3), Agreement { largest: 0.0, parts_at: Some(0) });
    }

    #[test]
    fn a_loss_that_is_missing_or_no_number_differs() {
        assert_eq!(compare(&[2.0, 1.0], &[2.0], 1e-3).parts_at, Some(1));
        assert_eq!(compare(&[2.0], &[f64::NAN], 1e-3).parts_at, Some(0));
        assert_eq!(compare(&[], &[], 1e-3), Agreement { largest: 0.0, parts_at: None });
    }
}
