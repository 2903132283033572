//! The Mackey–Glass series: chaotic, smooth, and predictable for a while.

use rand::{Rng, rngs::StdRng};

/// Rate of production.
const BETA: f64 = 0.2;
/// Rate of decay.
const GAMMA: f64 = 0.1;
/// How sharply production saturates.
const POWER: i32 = 10;
/// Steps of the solver in a unit of time.
const STEPS: usize = 10;
/// Units of time that are computed and thrown away, until the start is forgotten.
const WASHOUT: usize = 1000;

/// `n` values of the Mackey–Glass equation, one for each unit of time:
///
/// dx/dt = 0.2 · x(t − τ) / (1 + x(t − τ)¹⁰) − 0.1 · x(t)
///
/// It is chaotic for delays τ above 16.8; 17 is usual. The history before the start is 1.2 plus a uniform number from −0.1 to
/// 0.1; the first 1000 units of time are left out. Solved by the classical Runge–Kutta method with steps of 0.1.
///
/// The same state of `rng` gives the same series. Source: Mackey, Glass 1977, "Oscillation and chaos in physiological control
/// systems".
///
/// # Panics
/// When `delay` is 0.
///
/// ```
/// use rand::{SeedableRng, rngs::StdRng};
/// let series = datasets::generated::mackey_glass(100, 17, &mut StdRng::seed_from_u64(0));
/// assert!(series.iter().all(|x| (0.2..1.5).contains(x)));
/// ```
pub fn mackey_glass(n: usize, delay: usize, rng: &mut StdRng) -> Vec<f32> {
    let start = 1.2 + rng.gen_range(-0.1..0.1);
    let solved = solve(start, delay, STEPS, WASHOUT + n);
    solved[WASHOUT..].iter().map(|&x| x as f32).collect()
}

/// `n` values from a constant history, in `steps` steps for each unit of time.
fn solve(start: f64, delay: usize, steps: usize, n: usize) -> Vec<f64> {
    assert!(delay > 0, "without a delay the equation has no memory");
    let (lag, h) = (delay * steps, 1.0 / steps as f64);
    let mut x = vec![start; lag + 1];
    for i in lag..lag + n * steps {
        let (now, old) = (x[i], |j: usize| x[j.min(i)]);
        let past = i - lag;
        // Between two known values: a cubic through four, as accurate as the method.
        let between =
            (9.0 * (old(past) + old(past + 1)) - old(past.saturating_sub(1)) - old(past + 2)) / 16.0;
        let k1 = slope(now, old(past));
        let k2 = slope(now + h / 2.0 * k1, between);
        let k3 = slope(now + h / 2.0 * k2, between);
        let k4 = slope(now + h * k3, old(past + 1));
        x.push(now + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4));
    }
    (0..n).map(|t| x[lag + t * steps]).collect()
}

fn slope(x: f64, delayed: f64) -> f64 {
    BETA * delayed / (1.0 + delayed.powi(POWER)) - GAMMA * x
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    /// While t < τ the delayed value is the constant c, and x(t) = p + (c − p) · exp(−0.1 t) with p = 2c / (1 + c¹⁰). (At
    /// t = τ the interpolation meets the kink where the history ends.)
    #[test]
    fn the_first_delay_follows_the_closed_form() {
        let solved = solve(1.2, 17, STEPS, 17);
        let p = 2.0 * 1.2 / (1.0 + 1.2_f64.powi(10));
        for (t, x) in solved.iter().enumerate() {
            let exact = p + (1.2 - p) * (-0.1 * t as f64).exp();
            assert!((x - exact).abs() < 1e-8, "x({t}) is {x}, not {exact}");
        }
    }

    #[test]
    fn smaller_steps_change_little() {
        let (coarse, fine) = (solve(1.1, 17, STEPS, 200), solve(1.1, 17, 4 * STEPS, 200));
        let worst = coarse.iter().zip(&fine).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(worst < 1e-4, "{worst}");
    }

    #[test]
    fn near_starts_drift_apart_only_when_chaotic() {
        let apart = |delay| {
            let (a, b) = (solve(1.2, delay, STEPS, 3000), solve(1.2 + 1e-6, delay, STEPS, 3000));
            a[2500..].iter().zip(&b[2500..]).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        };
        assert!(apart(17) > 0.1, "{}", apart(17));
        assert!(apart(2) < 1e-6, "{}", apart(2));
    }

    #[test]
    fn the_same_seed_gives_the_same_series() {
        let series = |seed| mackey_glass(50, 17, &mut StdRng::seed_from_u64(seed));
        assert_eq!(series(1), series(1));
        assert_ne!(series(1), series(2));
    }
}
