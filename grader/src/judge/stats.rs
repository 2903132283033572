//! Statistics of answers.

use hidden::{Distribution, Statistic};

/// `statistic` of `values`; NaN where there are none.
pub fn statistic(statistic: Statistic, values: &[f64]) -> f64 {
    match statistic {
        Statistic::Mean => mean(values),
        Statistic::Std => std(values),
        Statistic::Min => extreme(values, f64::min),
        Statistic::Max => extreme(values, f64::max),
        Statistic::Last => values.last().copied().unwrap_or(f64::NAN),
        Statistic::Count => values.len() as f64,
        Statistic::Sum => values.iter().sum(),
        Statistic::Norm => values.iter().map(|x| x * x).sum::<f64>().sqrt(),
        Statistic::Distinct => {
            let mut bits: Vec<u64> = values.iter().map(|x| x.to_bits()).collect();
            bits.sort_unstable();
            bits.dedup();
            bits.len() as f64
        }
        Statistic::Share { of } => values.iter().filter(|&&x| x == of).count() as f64 / values.len() as f64,
        Statistic::StdOfMeans { each } => std(&values.chunks(each.max(1)).map(mean).collect::<Vec<_>>()),
        Statistic::DistanceTo(distribution) => distance(values, distribution),
    }
}

fn std(values: &[f64]) -> f64 {
    let center = mean(values);
    mean(&values.iter().map(|x| (x - center).powi(2)).collect::<Vec<_>>()).sqrt()
}

/// The arithmetic mean.
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
        assert!((statistic(uniform, &even) - 0.005).abs() < 1e-12);
        let squeezed: Vec<f64> = even.iter().map(|x| x * 0.5).collect();
        assert!((statistic(uniform, &squeezed) - 0.5).abs() < 0.01);
    }

    #[test]
    fn equal_counts_in_every_part_have_means_without_spread() {
        let alternating: Vec<f64> = (0..64).map(|i| f64::from(i % 2)).collect();
        assert_eq!(statistic(Statistic::StdOfMeans { each: 8 }, &alternating), 0.0);
        assert_eq!(statistic(Statistic::StdOfMeans { each: 1 }, &alternating), 0.5);
        assert_eq!(statistic(Statistic::Share { of: 1.0 }, &alternating), 0.5);
    }

    #[test]
    fn nan_never_hides() {
        let values = [1.0, f64::NAN, 3.0];
        for kind in [Statistic::Mean, Statistic::Std, Statistic::Min, Statistic::Max] {
            assert!(statistic(kind, &values).is_nan(), "{kind:?}");
        }
    }
}
