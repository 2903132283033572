//! Numbers that sum up an answer, and how they are worked out. They stand beside the rules that name them, and are compiled
//! with optimization: a check of a thousand draws sorts them, and every verdict waits for it.

use serde::{Deserialize, Serialize};

/// A number that sums up an array.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Statistic {
    /// Arithmetic mean.
    Mean,
    /// Standard deviation, dividing by n.
    Std,
    /// Smallest element.
    Min,
    /// Largest element.
    Max,
    /// Last element of the flattened array: where a curve ends.
    Last,
    /// How many elements there are.
    Count,
    /// The sum of all elements.
    Sum,
    /// Euclidean norm, √(Σ x²).
    Norm,
    /// How many different elements there are.
    Distinct,
    /// The share of the elements that are exactly this number.
    Share {
        /// The number.
        of: f64,
    },
    /// The standard deviation of the means of every so many elements, one after the other.
    StdOfMeans {
        /// How many elements have a mean in common.
        each: usize,
    },
    /// Kolmogorov–Smirnov distance to a distribution: the largest gap between the two cumulative distributions.
    /// A sample of n stays below 2.0/√n in 99.93 % of draws.
    DistanceTo(Distribution),
}

/// A distribution to compare samples with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Distribution {
    /// Normal with this mean and standard deviation.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        std: f64,
    },
    /// Normal cut off at `mean ± cut`, with `std` before the cut.
    TruncatedNormal {
        /// Mean.
        mean: f64,
        /// Standard deviation before the cut.
        std: f64,
        /// Where it is cut, as a distance from the mean.
        cut: f64,
    },
    /// Uniform on `low..high`.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
}

impl Statistic {
    /// The statistic of `values`; NaN where there are none.
    #[must_use]
    pub fn of(self, values: &[f64]) -> f64 {
        match self {
            Self::Mean => mean(values),
            Self::Std => std(values),
            Self::Min => extreme(values, f64::min),
            Self::Max => extreme(values, f64::max),
            Self::Last => values.last().copied().unwrap_or(f64::NAN),
            Self::Count => values.len() as f64,
            Self::Sum => values.iter().sum(),
            Self::Norm => values.iter().map(|x| x * x).sum::<f64>().sqrt(),
            Self::Distinct => {
                let mut bits: Vec<u64> = values.iter().map(|x| x.to_bits()).collect();
                bits.sort_unstable();
                bits.dedup();
                bits.len() as f64
            }
            Self::Share { of } => values.iter().filter(|&&x| x == of).count() as f64 / values.len() as f64,
            Self::StdOfMeans { each } => std(&values.chunks(each.max(1)).map(mean).collect::<Vec<_>>()),
            Self::DistanceTo(distribution) => distance(values, distribution),
        }
    }
}

fn std(values: &[f64]) -> f64 {
    let center = mean(values);
    mean(&values.iter().map(|x| (x - center).powi(2)).collect::<Vec<_>>()).sqrt()
}

/// The arithmetic mean; NaN of nothing.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// NaN anywhere makes the extreme NaN: no diverged value may hide.
fn extreme(values: &[f64], pick: fn(f64, f64) -> f64) -> f64 {
    values
        .iter()
        .copied()
        .reduce(|a, b| if a.is_nan() || b.is_nan() { f64::NAN } else { pick(a, b) })
        .unwrap_or(f64::NAN)
}

/// The Kolmogorov–Smirnov distance; 1 where a value is NaN.
fn distance(values: &[f64], distribution: Distribution) -> f64 {
    if values.is_empty() || values.iter().any(|x| x.is_nan()) {
        return 1.0;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let gaps = sorted.iter().enumerate().map(|(i, &x)| {
        let p = cumulative(distribution, x);
        (p - i as f64 / n).abs().max(((i + 1) as f64 / n - p).abs())
    });
    gaps.fold(0.0, f64::max)
}

fn cumulative(distribution: Distribution, x: f64) -> f64 {
    match distribution {
        Distribution::Normal { mean, std } => normal((x - mean) / std),
        Distribution::TruncatedNormal { mean, std, cut } => {
            let edge = normal(-cut / std);
            ((normal((x - mean) / std) - edge) / (1.0 - 2.0 * edge)).clamp(0.0, 1.0)
        }
        Distribution::Uniform { low, high } => ((x - low) / (high - low)).clamp(0.0, 1.0),
    }
}

/// The standard normal's cumulative distribution: Φ(z) by its series inside ±6, where it has 14 digits.
fn normal(z: f64) -> f64 {
    if z.abs() > 6.0 {
        return if z > 0.0 { 1.0 } else { 0.0 };
    }
    // Φ(z) = 1/2 + φ(z)·(z + z³/3 + z⁵/(3·5) + …)   (Abramowitz & Stegun 26.2.11)
    let (mut term, mut sum, mut k) = (z, z, 1.0);
    while f64::abs(term) > 1e-17 * f64::abs(sum) {
        k += 2.0;
        term *= z * z / k;
        sum += term;
    }
    0.5 + sum * (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_has_its_table_values() {
        for (z, p) in
            [(0.0, 0.5), (1.0, 0.841_344_746_068_543), (-1.96, 0.024_997_895_148_220_4), (5.0, 0.999_999_713)]
        {
            assert!((normal(z) - p).abs() < 1e-9, "{z}");
        }
    }

    #[test]
    fn an_even_sample_is_near_the_uniform_distribution_and_a_squeezed_one_is_not() {
        let even: Vec<f64> = (0..100).map(|i| (f64::from(i) + 0.5) / 100.0).collect();
        let uniform = Statistic::DistanceTo(Distribution::Uniform { low: 0.0, high: 1.0 });
        assert!((uniform.of(&even) - 0.005).abs() < 1e-12);
        let squeezed: Vec<f64> = even.iter().map(|x| x * 0.5).collect();
        assert!((uniform.of(&squeezed) - 0.5).abs() < 0.01);
    }

    #[test]
    fn equal_counts_in_every_part_have_means_without_spread() {
        let alternating: Vec<f64> = (0..64).map(|i| f64::from(i % 2)).collect();
        assert_eq!(Statistic::StdOfMeans { each: 8 }.of(&alternating), 0.0);
        assert_eq!(Statistic::StdOfMeans { each: 1 }.of(&alternating), 0.5);
        assert_eq!(Statistic::Share { of: 1.0 }.of(&alternating), 0.5);
    }

    #[test]
    fn nan_never_hides() {
        let values = [1.0, f64::NAN, 3.0];
        for kind in [Statistic::Mean, Statistic::Std, Statistic::Min, Statistic::Max] {
            assert!(kind.of(&values).is_nan(), "{kind:?}");
        }
    }
}
