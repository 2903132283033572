//! What is left to say where no formula fits: nearly right, right in sign or size alone, always too large or too small.

use super::pair::Pair;
use crate::verdict::Relation;

/// An error up to this part of the largest wanted number is near.
const NEAR: f64 = 0.01;
/// One side is chance with fewer wrong elements.
const MANY: usize = 8;

/// Whether every error is small beside what is wanted, and not because that is nothing.
pub fn nearly_right(pairs: &[Pair]) -> Option<Relation> {
    let mut off = 0.0;
    for pair in pairs {
        let largest = pair.want.iter().filter(|x| x.is_finite()).fold(0.0, |a: f64, x| a.max(x.abs()));
        let error = pair.got.iter().zip(&pair.want).filter(|(got, want)| got != want);
        let error = error
            .map(|(got, want)| (got - want).abs())
            .fold(0.0, |a: f64, x| if x > a || x.is_nan() { x } else { a });
        off = f64::max(off, error / largest);
        if error.is_nan() || error > NEAR * largest {
            return None;
        }
    }
    (off > 0.0).then_some(Relation::NearlyRight { off })
}

/// Right sizes with wrong signs.
pub fn signs(pairs: &[Pair]) -> Option<Relation> {
    let sizes_right = pairs.iter().all(|pair| {
        let tolerance = pair.tolerance(&pair.want);
        pair.got.iter().zip(&pair.want).all(|(got, want)| (got.abs() - want.abs()).abs() <= tolerance)
    });
    sizes_right.then_some(Relation::Signs { sizes_right: true })
}

/// Whether what is wrong is always too large, or always too small: first in size, then in value.
pub fn one_sided(pairs: &[Pair]) -> Option<Relation> {
    let wrong: Vec<(f64, f64)> = pairs.iter().flat_map(wrong).collect();
    if wrong.len() < MANY || wrong.iter().any(|(want, got)| !want.is_finite() || !got.is_finite()) {
        return None;
    }
    let same_sign = wrong.iter().all(|(want, got)| want * got > 0.0);
    let all = |is: &dyn Fn(f64, f64) -> bool| wrong.iter().all(|(want, got)| is(*want, *got));
    let sided = |sizes: bool, large: bool| {
        Some(Relation::OneSided { sizes, large, ratios: ratios(&wrong, same_sign) })
    };
    match () {
        () if same_sign && all(&|want, got| got.abs() > want.abs()) => sided(true, true),
        () if same_sign && all(&|want, got| got.abs() < want.abs()) => sided(true, false),
        () if all(&|want, got| got > want) => sided(false, true),
        () if all(&|want, got| got < want) => sided(false, false),
        () if same_sign => Some(Relation::Signs { sizes_right: false }).filter(|_| both_signs(&wrong)),
        () => None,
    }
}

/// Whether numbers are ordered by size as they should be, or the other way round.
pub fn in_order(pairs: &[Pair]) -> Option<Relation> {
    let counts = pairs.iter().map(|pair| pair.want.len());
    if counts.clone().sum::<usize>() < 2 * MANY || counts.sum::<usize>() < 4 * pairs.len() {
        return None;
    }
    let is = |reversed: bool| pairs.iter().all(|pair| is_in_order(pair, reversed));
    [false, true].into_iter().find(|reversed| is(*reversed)).map(|reversed| Relation::InOrder { reversed })
}

fn is_in_order(pair: &Pair, reversed: bool) -> bool {
    let mut both: Vec<(f64, f64)> = pair.want.iter().copied().zip(pair.got.iter().copied()).collect();
    both.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (tolerance, slack) = (pair.tolerance(&pair.want), pair.tolerance(&pair.got));
    let varies = both.last().zip(both.first()).is_some_and(|(last, first)| last.1 != first.1);
    // Numbers that should be equal may come in any order.
    let step = |a: &(f64, f64), b: &(f64, f64)| {
        b.0 - a.0 <= tolerance || if reversed { b.1 <= a.1 + slack } else { b.1 + slack >= a.1 }
    };
    (varies || both.len() < 3) && both.windows(2).all(|pair| step(&pair[0], &pair[1]))
}

/// How far what came goes up and down with what is wanted, where that is clear.
pub fn correlated(pairs: &[Pair]) -> Option<Relation> {
    const ELEMENTS: usize = 30;
    let elements = pairs.iter().flat_map(beside_the_mean);
    let elements: Vec<(f64, f64)> =
        elements.filter(|(want, got)| want.is_finite() && got.is_finite()).collect();
    let correlation = correlation(&elements)?;
    let is_clear = correlation > 0.6 || correlation.abs() < 0.15 || correlation < -0.5;
    (elements.len() >= ELEMENTS && is_clear).then_some(Relation::Correlated { correlation })
}

/// The elements of a check less their means, in units of the wanted ones' spread, so that each check counts as its size does; a
/// single element as it is.
fn beside_the_mean(pair: &Pair) -> Vec<(f64, f64)> {
    let n = pair.want.len() as f64;
    if pair.want.len() < 2 {
        return pair.want.iter().copied().zip(pair.got.iter().copied()).collect();
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
    let (a, b) = (mean(&pair.want), mean(&pair.got));
    let spread = (pair.want.iter().map(|x| (x - a).powi(2)).sum::<f64>() / n).sqrt();
    // Where all that is wanted is nearly the same, nothing goes up and down.
    if spread < 0.2 * a.abs() {
        return Vec::new();
    }
    pair.want.iter().zip(&pair.got).map(|(want, got)| ((want - a) / spread, (got - b) / spread)).collect()
}

fn correlation(elements: &[(f64, f64)]) -> Option<f64> {
    let n = elements.len() as f64;
    let (a, b) = elements.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / n, b + y / n));
    let sum = |f: &dyn Fn(f64, f64) -> f64| elements.iter().map(|(x, y)| f(x - a, y - b)).sum::<f64>();
    let correlation = sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
    Some(correlation).filter(|x| x.is_finite())
}

/// Whether norms are too large, or too small, in every check.
pub fn altogether(pairs: &[Pair]) -> Option<Relation> {
    const CHECKS: usize = 4;
    let norm = |values: &[f64]| values.iter().map(|x| x * x).sum::<f64>().sqrt();
    let ratios: Vec<f64> = pairs.iter().map(|pair| norm(&pair.got) / norm(&pair.want)).collect();
    let low = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    let high = ratios.iter().copied().fold(0.0, f64::max);
    let is_sided = ratios.iter().all(|x| x.is_finite()) && (low > 1.0 + 1e-4 || high < 1.0 - 1e-4);
    (pairs.len() >= CHECKS && is_sided)
        .then_some(Relation::Altogether { large: low > 1.0, ratios: (low, high) })
}

fn wrong<'p>(pair: &'p Pair) -> impl Iterator<Item = (f64, f64)> + use<'p> {
    let elements = pair.want.iter().copied().zip(pair.got.iter().copied());
    elements.zip(pair.wrong()).filter(|(_, wrong)| *wrong).map(|(element, _)| element)
}

fn both_signs(wrong: &[(f64, f64)]) -> bool {
    let positive = wrong.iter().filter(|(want, _)| *want > 0.0).count();
    positive * 4 > wrong.len() && positive * 4 < 3 * wrong.len()
}

fn ratios(wrong: &[(f64, f64)], same_sign: bool) -> Option<(f64, f64)> {
    let ratios = wrong.iter().map(|(want, got)| got / want).map(|x| (x, x));
    ratios.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).filter(|(_, high)| same_sign && high.is_finite())
}

#[cfg(test)]
mod tests {
    use super::{super::made_up::*, *};

    #[test]
    fn a_thousandth_is_near_and_a_tenth_is_not() {
        let want = [0.3, -1.7, 2.2];
        let near = found(&[made(&want, &[0.301, -1.702, 2.2])]);
        assert!(matches!(near, Some(Relation::NearlyRight { .. })), "{near:?}");
        assert_eq!(found(&[made(&want, &[0.3, -1.5, 2.4])]), None);
    }

    #[test]
    fn always_too_large_needs_many_elements() {
        let want: Vec<f64> = (1..10).map(f64::from).collect();
        let got: Vec<f64> =
            want.iter().enumerate().map(|(i, x)| x * (1.2 + 0.17 * (i * i % 7) as f64)).collect();
        let sided = found(&[made(&want, &got)]);
        assert!(matches!(sided, Some(Relation::OneSided { sizes: true, large: true, .. })), "{sided:?}");
        assert_eq!(found(&[made(&want[..4], &got[..4])]), None);
    }
}
