//! The statistics of a bench: medians, a robust interval of a mean, outliers. Pure: no clock, no processes.
//!
//! Criterion does these things for `cargo bench`, and can't do them here. It sees one number a sample, so neither that
//! student and reference were timed in pairs, nor that both share an overhead; how many samples it takes is fixed before the
//! first; its statistics are private; run inside another program it prints to that program's standard output and starts
//! `cargo metadata`, as a stranger to `process`.
//!
//! What is summed up here is the logarithm of a ratio, a number for each of a few dozen pairs of fresh processes. Repetitions
//! within a process say little about the next one, whose memory lies elsewhere (Kalibera & Jones, “Rigorous benchmarking in
//! reasonable time”, ISMM 2013), and a busy machine makes some of them far too large: hence a trimmed mean of processes with
//! the interval of Tukey & McLaughlin (“Less vulnerable confidence and significance procedures for location based on a
//! single sample: trimming/winsorization 1”, Sankhyā A 25, 1963).

/// A fifth is cut off at each end.
const TRIM: f64 = 0.2;

/// An estimate and the ends of its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// The best guess.
    pub estimate: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Whether `value` lies in it.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// The interval of e^x where this is that of x.
    pub fn exp(self) -> Self {
        Self { low: self.low.exp(), estimate: self.estimate.exp(), high: self.high.exp() }
    }
}

/// The middle of the sorted values, or the mean of the two in the middle; NaN where there are none.
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// The value that a share `q` of all are below, interpolated; NaN where there are none.
pub fn quantile(values: &[f64], q: f64) -> f64 {
    let sorted = sorted(values);
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = q.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

/// The trimmed mean of `values` and its interval of 99.9 %: a bench of forty rows is then wrong about one of them once in
/// 25 runs. `None` for fewer than five values, for any that is none, and where infinite ones are more than what is cut off.
pub fn trimmed_mean(values: &[f64]) -> Option<Interval> {
    if values.len() < 5 || values.iter().any(|value| value.is_nan()) {
        return None;
    }
    let (sorted, n) = (sorted(values), values.len());
    let cut = (TRIM * n as f64).floor() as usize;
    let kept = &sorted[cut..n - cut];
    if kept.iter().any(|value| value.is_infinite()) {
        return None;
    }
    let h = kept.len() as f64;
    let estimate = kept.iter().sum::<f64>() / h;
    // Winsorized: what is cut off counts as the nearest value that is kept.
    let winsorized: Vec<f64> =
        sorted.iter().map(|value| value.clamp(kept[0], kept[kept.len() - 1])).collect();
    let mean = winsorized.iter().sum::<f64>() / n as f64;
    let squares: f64 = winsorized.iter().map(|value| (value - mean).powi(2)).sum();
    let deviation = (squares / (n as f64 - 1.0)).sqrt();
    let error = deviation / ((1.0 - 2.0 * TRIM) * (n as f64).sqrt()) * student_t(kept.len() - 1);
    Some(Interval { low: estimate - error, estimate, high: estimate + error })
}

/// How many values lie more than 1.5 interquartile ranges outside the quartiles (Tukey's fences, as criterion has them).
pub fn outliers(values: &[f64]) -> usize {
    let (low, high) = (quantile(values, 0.25), quantile(values, 0.75));
    let reach = 1.5 * (high - low);
    values.iter().filter(|&&value| value < low - reach || value > high + reach).count()
}

/// How likely `n` throws of a fair coin show heads `k` times or more.
pub fn heads(n: usize, k: usize) -> f64 {
    let mut exactly = 0.5f64.powi(n as i32);
    let mut sum = 0.0;
    for heads in 0..=n {
        sum += if heads >= k { exactly } else { 0.0 };
        exactly *= (n - heads) as f64 / (heads + 1) as f64;
    }
    sum
}

/// The two-sided 99.9 % point of Student's distribution: 30 degrees of freedom and more count as 30, which is on the safe side.
fn student_t(degrees: usize) -> f64 {
    const POINTS: [f64; 30] = [
        636.619, 31.599, 12.924, 8.610, 6.869, 5.959, 5.408, 5.041, 4.781, 4.587, 4.437, 4.318, 4.221, 4.140,
        4.073, 4.015, 3.965, 3.922, 3.883, 3.850, 3.819, 3.792, 3.768, 3.745, 3.725, 3.707, 3.690, 3.674,
        3.659, 3.646,
    ];
    POINTS[degrees.clamp(1, POINTS.len()) - 1]
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn quantiles_are_interpolated() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0]), 2.5);
        assert_eq!(quantile(&[0.0, 1.0, 2.0, 3.0], 0.25), 0.75);
        assert!(median(&[]).is_nan());
    }

    /// SciPy: `trim_mean(x, 0.2)`, and `trimmed_mean_ci(x, (0.2, 0.2), alpha=0.001)` of `scipy.stats.mstats`.
    #[test]
    fn the_interval_is_scipys() {
        let values = [0.3, -0.2, 0.1, 0.05, 5.0, -0.4, 0.15, 0.0, 0.2, -0.1];
        let Interval { low, estimate, high } = trimmed_mean(&values).unwrap();
        let close = |a: f64, b: f64| assert!((a - b).abs() < 5e-4, "{a} {b}");
        close(estimate, SCIPY[1]);
        close(low, SCIPY[0]);
        close(high, SCIPY[2]);
    }

    const SCIPY: [f64; 3] = [-0.399_137_3, 0.066_666_67, 0.532_470_63];

    #[test]
    fn one_wild_value_hardly_matters() {
        let mut values: Vec<f64> = (0..20).map(|i| f64::from(i % 5) / 100.0).collect();
        let before = trimmed_mean(&values).unwrap();
        values[3] = 1e6;
        let after = trimmed_mean(&values).unwrap();
        assert!((before.estimate - after.estimate).abs() < 0.005 && after.high < 0.05);
        assert_eq!(outliers(&values), 1);
    }

    #[test]
    fn what_is_cut_off_may_be_infinite() {
        let mut values: Vec<f64> = (0..20).map(|i| f64::from(i % 5) / 100.0).collect();
        (values[3], values[7], values[8]) = (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY);
        let Interval { low, high, .. } = trimmed_mean(&values).unwrap();
        assert!(low > -0.05 && high < 0.09, "{low} {high}");
        values[9..12].fill(f64::INFINITY);
        assert_eq!(trimmed_mean(&values), None);
    }

    #[test]
    fn the_interval_misses_the_truth_about_once_in_a_thousand() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut missed = 0;
        for _ in 0..4000 {
            // Mostly quiet, now and then a burst of noise to either side.
            let values: Vec<f64> = (0..12)
                .map(|_| {
                    let scale = if rng.gen_bool(0.1) { 10.0 } else { 1.0 };
                    scale * (0..6).map(|_| rng.gen_range(-1.0..1.0)).sum::<f64>()
                })
                .collect();
            missed += usize::from(!trimmed_mean(&values).unwrap().contains(0.0));
        }
        assert!(missed <= 16, "{missed} of 4000");
    }

    #[test]
    fn heads_are_counted_exactly() {
        assert_eq!([heads(2, 0), heads(2, 1), heads(2, 2), heads(2, 3)], [1.0, 0.75, 0.25, 0.0]);
        // SciPy: `binom.sf(35, 40, 0.5)` and `binom.sf(34, 40, 0.5)`.
        assert!(
            (heads(40, 36) / 9.284e-8 - 1.0).abs() < 1e-3 && (heads(40, 35) / 6.913e-7 - 1.0).abs() < 1e-3
        );
    }

    #[test]
    fn too_little_is_no_interval() {
        assert_eq!(trimmed_mean(&[1.0; 4]), None);
        assert_eq!(trimmed_mean(&[1.0, 2.0, f64::NAN, 3.0, 4.0]), None);
        assert_eq!(trimmed_mean(&[2.0; 5]).unwrap(), Interval { low: 2.0, estimate: 2.0, high: 2.0 });
    }
}
