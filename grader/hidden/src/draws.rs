//! How far a statistic of n random draws may lie from what it estimates: bounds that a right answer misses with probability
//! e⁻²¹ ≈ 10⁻⁹ at most, so that some hundred of them together raise less than one false alarm in 10⁶ runs.
//!
//! Each is a theorem about the distribution and not an estimate; the tests compare them with simulations. How many draws
//! are made so that a mistake of 1 % lies outside is the cases' business.

use std::f64::consts::{LN_2, TAU};

use crate::{Case, Distribution, Statistic};

/// The logarithm of how unlikely it is that a right draw misses a bound.
pub const SURE: f64 = 21.0;

/// The range of a share: of `n` draws, each is of the class with probability `p` (Chernoff: a share beyond `a` has
/// probability exp(−n · KL(a ‖ p)) at most).
pub fn share(n: usize, p: f64) -> (f64, f64) {
    share_but_for(SURE, n, p)
}

fn share_but_for(sure: f64, n: usize, p: f64) -> (f64, f64) {
    let divergence = |a: f64| {
        let term = |a: f64, p: f64| if a > 0.0 { a * (a / p).ln() } else { 0.0 };
        term(a, p) + term(1.0 - a, 1.0 - p)
    };
    let allowed = (sure + LN_2) / n as f64;
    let beyond = |a: f64| divergence(a) > allowed;
    let low = if p <= 0.0 || !beyond(0.0) { 0.0 } else { edge(p, 0.0, beyond) };
    let high = if p >= 1.0 || !beyond(1.0) { 1.0 } else { edge(p, 1.0, beyond) };
    (low, high)
}

/// The range of a sample's standard deviation relative to the true one, for a normal distribution or one of lighter tails:
/// χ² with n − 1 degrees of freedom by Laurent & Massart (2000), lemma 1.
pub fn std(n: usize) -> (f64, f64) {
    std_but_for(SURE, n)
}

fn std_but_for(sure: f64, n: usize) -> (f64, f64) {
    let (count, freedom) = (n as f64, n as f64 - 1.0);
    let spread = 2.0 * (freedom * (sure + LN_2)).sqrt();
    let (low, high) = ((freedom - spread).max(0.0), freedom + spread + 2.0 * (sure + LN_2));
    ((low / count).sqrt(), (high / count).sqrt())
}

/// How far the mean of `n` draws may lie from the true one, in standard deviations, where tails are a normal's or lighter:
/// 2 · e^(−z²/2).
pub fn mean(n: usize) -> f64 {
    (2.0 * (SURE + LN_2) / n as f64).sqrt()
}

/// The largest Kolmogorov–Smirnov distance (Dvoretzky–Kiefer–Wolfowitz–Massart: 2 · e^(−2nd²)).
pub fn distance(n: usize) -> f64 {
    ((SURE + LN_2) / 2.0 / n as f64).sqrt()
}

/// The probability of the outermost part of a distribution that none of `n` draws misses: (1 − q)ⁿ ≤ e^(−qn).
pub fn outermost(n: usize) -> f64 {
    (SURE / n as f64).min(1.0)
}

/// What a standard normal exceeds with probability `q`, for q from 10⁻¹⁵ to ½.
pub fn normal_beyond(q: f64) -> f64 {
    edge(0.0, 9.0, |z| normal_tail(z) < q)
}

/// P(Z > z) of a standard normal, z ≥ 0: by the continued fraction (Abramowitz & Stegun 26.2.14), near 0 by the series.
pub fn normal_tail(z: f64) -> f64 {
    let density = (-z * z / 2.0).exp() / TAU.sqrt();
    if z > 3.0 {
        return density / (1..=60).rev().fold(z, |below, k| z + f64::from(k) / below);
    }
    let (mut term, mut sum, mut k) = (z, z, 1.0);
    while term > 1e-17 * sum {
        k += 2.0;
        term *= z * z / k;
        sum += term;
    }
    0.5 - density * sum
}

/// `output` holds `n` normal numbers of this standard deviation around 0, of which none is a cut-off tail's.
pub fn normal(case: &mut Case, output: &str, n: usize, std: f64) {
    let (low, high) = self::std(n);
    let (middle, end) = (std * mean(n), std * normal_beyond(outermost(n)));
    case.statistic(output, Statistic::Std, std * low, std * high)
        .statistic(output, Statistic::Mean, -middle, middle)
        .statistic(output, Statistic::DistanceTo(Distribution::Normal { mean: 0.0, std }), 0.0, distance(n));
    // P(z > 8) = 6·10⁻¹⁶
    case.statistic(output, Statistic::Max, end, 8.0 * std).statistic(
        output,
        Statistic::Min,
        -8.0 * std,
        -end,
    );
}

/// `output` holds `n` numbers that are uniform from `low` to `high`, up to roundings of the size `slack`. Among a thousand,
/// one lies in the last 2 % of the range at either end, and none beyond.
pub fn uniform(case: &mut Case, output: &str, n: usize, (low, high): (f64, f64), slack: f64) {
    let end = (high - low) * outermost(n) + slack;
    let distribution = Distribution::Uniform { low, high };
    case.statistic(output, Statistic::DistanceTo(distribution), 0.0, distance(n) + slack / (high - low))
        .statistic(output, Statistic::Max, high - end, high + slack)
        .statistic(output, Statistic::Min, low - slack, low + end);
}

/// Where between `inside` and `outside` `beyond` becomes true.
fn edge(inside: f64, outside: f64, beyond: impl Fn(f64) -> bool) -> f64 {
    let (mut inside, mut outside) = (inside, outside);
    for _ in 0..60 {
        let middle = f64::midpoint(inside, outside);
        *(if beyond(middle) { &mut outside } else { &mut inside }) = middle;
    }
    outside
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};
    use rand_distr::StandardNormal;

    use super::*;

    const TRIALS: usize = 4000;
    /// Bounds that are missed once in 20 times at most can be tried.
    const OFTEN: f64 = 3.0;

    /// How many of [`TRIALS`] samples lie outside.
    fn missed(range: (f64, f64), mut sample: impl FnMut() -> f64) -> f64 {
        let missed = (0..TRIALS).filter(|_| !(range.0..=range.1).contains(&sample())).count();
        missed as f64 / TRIALS as f64
    }

    #[test]
    fn shares_miss_their_bounds_no_more_often_than_said_and_not_much_less() {
        let mut rng = StdRng::seed_from_u64(1);
        for (n, p) in [(400, 0.5), (400, 0.05), (4000, 0.9)] {
            let share = || (0..n).filter(|_| rng.gen_bool(p)).count() as f64 / n as f64;
            let missed = missed(share_but_for(OFTEN, n, p), share);
            assert!((0.002..(-OFTEN).exp()).contains(&missed), "{missed} of {n} draws at {p}");
        }
    }

    #[test]
    fn standard_deviations_miss_their_bounds_no_more_often_than_said_and_not_much_less() {
        let mut rng = StdRng::seed_from_u64(2);
        let n = 500;
        let std = || {
            let sample: Vec<f64> = (0..n).map(|_| rng.sample(StandardNormal)).collect();
            let mean = sample.iter().sum::<f64>() / n as f64;
            (sample.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64).sqrt()
        };
        let missed = missed(std_but_for(OFTEN, n), std);
        assert!((0.001..(-OFTEN).exp()).contains(&missed), "{missed}");
    }

    #[test]
    fn the_normal_tail_has_its_table_values_and_an_inverse() {
        for (z, q) in
            [(0.0, 0.5), (1.0, 0.158_655_253_931_457), (3.5, 2.326_290_790_4e-4), (6.0, 9.865_876_45e-10)]
        {
            assert!((normal_tail(z) / q - 1.0).abs() < 1e-8, "{z}");
            assert!((normal_beyond(q) - z).abs() < 1e-7, "{q}");
        }
    }

    #[test]
    fn certain_and_impossible_shares_have_their_ends() {
        assert_eq!((share(100, 0.0), share(100, 1.0)), ((0.0, share(100, 0.0).1), (share(100, 1.0).0, 1.0)));
        assert!(share(100, 0.0).1 < 1e-9 && share(100, 1.0).0 > 1.0 - 1e-9);
        assert_eq!(share(1, 0.5), (0.0, 1.0));
    }
}
