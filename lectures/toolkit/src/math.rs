//! Exponential functions without branches, which compilers turn into vector instructions; libm's take 10 times as long.

#![expect(clippy::excessive_precision, reason = "the coefficients with all the digits of their sources")]

const LOG2_E: f32 = std::f32::consts::LOG2_E;
/// ln 2 in two parts: the first has few digits, so that its products with small integers are exact.
const LN_2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);
/// 1.5 · 2²³: adding it rounds to an integer, which is then found in the lowest bits.
const ROUND: f32 = 12_582_912.0;

/// eˣ to 2 units in the last place; below −87 and above 88 it stays at e⁻⁸⁷ and e⁸⁸.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // not `clamp` or `max`, which would turn NaN into a number
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let shifted = x * LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * LN_2.0 - n * LN_2.1;
    // Cephes' expf: a polynomial for |r| ≤ ln 2 / 2
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_199_9e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 5.000_000_1e-1;
    let power = f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
    (p * r * r + r + 1.0) * power
}

/// 1 / (1 + e⁻ˣ).
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The hyperbolic tangent: a polynomial near 0, where 1 − 2 / (e²ˣ + 1) would lose all digits.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    let z = x * x;
    let p = -5.704_988_7e-3;
    let p = p * z + 2.063_908_9e-2;
    let p = p * z - 5.373_971_6e-2;
    let p = p * z + 1.333_144_2e-1;
    let p = p * z - 3.333_328_2e-1;
    let near = p * z * x + x;
    let far = 1.0 - 2.0 / (exp(2.0 * x) + 1.0);
    if x.abs() < 0.625 { near } else { far }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_agree_with_float64_to_four_units_in_the_last_place() {
        for i in -60_000..=60_000 {
            let x = i as f32 * 1.3e-3;
            let wide = f64::from(x);
            let pairs =
                [(exp(x), wide.exp()), (sigmoid(x), 1.0 / (1.0 + (-wide).exp())), (tanh(x), wide.tanh())];
            for (got, want) in pairs {
                assert!(
                    (f64::from(got) - want).abs() <= 4.0 * 6e-8 * want.abs(),
                    "{got} is not {want} at {x}"
                );
            }
        }
    }

    #[test]
    fn extreme_arguments_saturate_and_nan_stays_nan() {
        assert_eq!((sigmoid(1e9), tanh(1e9), tanh(-1e9), tanh(f32::INFINITY)), (1.0, 1.0, -1.0, 1.0));
        assert!(sigmoid(-1e9) < 1e-37 && exp(f32::INFINITY).is_finite());
        assert!([exp(f32::NAN), sigmoid(f32::NAN), tanh(f32::NAN)].iter().all(|y| y.is_nan()));
    }
}
