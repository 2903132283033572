//! How far an answer may lie from the oracle: an error budget, stated in roundings.

use serde::{Deserialize, Serialize};

/// Allowed error of an element: `roundings · ε · √terms · max(|largest element wanted|, scale)`.
///
/// ε is half an ulp's relative size (2⁻²⁴ for f32, 2⁻⁵³ for f64). Independent rounding errors of a sum of n terms grow like √n
/// (Higham, *Accuracy and Stability of Numerical Algorithms*, §2.8), and what a sum loses is proportional to its
/// largest terms, not to its possibly cancelled result: hence `scale`. Below the smallest normal number roundings are no longer
/// relative to anything, so that none is ever allowed less than it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// Roundings along the longest chain of operations, with room for a different order.
    pub roundings: f64,
    /// Terms of the longest sum.
    pub terms: usize,
    /// Size of the largest intermediate value where results may cancel.
    pub scale: f64,
    /// Unit roundoff.
    pub epsilon: f64,
}

impl Budget {
    /// Bit for bit: copies, permutations, comparisons.
    pub const fn exact() -> Self {
        Self { roundings: 0.0, ..Self::elementwise() }
    }

    /// A handful of single-precision operations on each element. 64 roundings: `exp` and friends are themselves off by
    /// several, and a student's formula may take a detour.
    pub const fn elementwise() -> Self {
        Self { roundings: 64.0, terms: 1, scale: 0.0, epsilon: 5.960_464_477_539_063e-8 }
    }

    /// Sums of `terms` single-precision products.
    pub const fn sum(terms: usize) -> Self {
        Self { terms, ..Self::elementwise() }
    }

    /// Sums of `terms` numbers, as far off as roundings can bring them (Higham, §4.2), and no random order helps: for sums that
    /// are far larger than what is left of them, where `sum` would be generous.
    pub const fn worst_case(terms: usize) -> Self {
        Self { roundings: terms as f64 + 4.0, ..Self::elementwise() }
    }

    /// For results that may cancel: errors are measured against values of this size at least.
    pub const fn scale(self, scale: f64) -> Self {
        Self { scale, ..self }
    }

    /// With room for `error`, where what is wanted is not known more exactly itself.
    pub(crate) fn at_least(self, error: f64) -> Self {
        match self.of_size(1.0) {
            0.0 => self,
            unit => self.scale(self.scale.max(error / unit)),
        }
    }

    /// For calculations in double precision.
    pub const fn double(self) -> Self {
        Self { epsilon: 1.110_223_024_625_156_5e-16, ..self }
    }

    /// `factor` times as many roundings, for the longer chain that the comment beside the call explains.
    pub const fn times(self, factor: f64) -> Self {
        Self { roundings: self.roundings * factor, ..self }
    }

    /// The allowed absolute error of an element of `want`.
    pub fn allowed(&self, want: &[f64]) -> f64 {
        let least = self.scale.max(self.smallest_normal());
        let largest = want.iter().filter(|w| w.is_finite()).fold(least, |largest, w| largest.max(w.abs()));
        self.of_size(largest)
    }

    /// What is allowed where all that is wanted is 0 or smaller than any normal number: what underflows in one order of
    /// operations need not in another.
    pub(crate) fn underflow(&self) -> f64 {
        self.of_size(self.smallest_normal())
    }

    fn of_size(&self, largest: f64) -> f64 {
        self.roundings * self.epsilon * (self.terms.max(1) as f64).sqrt() * largest
    }

    fn smallest_normal(&self) -> f64 {
        if self.epsilon < Self::elementwise().epsilon {
            f64::MIN_POSITIVE
        } else {
            f64::from(f32::MIN_POSITIVE)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_no_better_is_judged_no_finer() {
        let known = Budget::elementwise().at_least(1e-11);
        assert!((known.allowed(&[0.0]) / 1e-11 - 1.0).abs() < 1e-9);
        assert_eq!(known.allowed(&[1.0]), Budget::elementwise().allowed(&[1.0]));
        assert_eq!(Budget::exact().at_least(1e-11), Budget::exact());
    }

    #[test]
    fn a_gradient_that_underflows_may_keep_its_last_bit() {
        let last_bit = f64::from(f32::from_bits(1));
        assert!(Budget::elementwise().allowed(&[0.0]) > last_bit);
        assert!(Budget::elementwise().allowed(&[0.0]) < f64::from(f32::MIN_POSITIVE));
        assert_eq!(Budget::exact().allowed(&[0.0]), 0.0);
    }
}
