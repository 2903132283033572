//! Scale and offset: wanted times something, or with something more: a number, a named quantity, an argument, a number for each
//! index along an axis.

use std::collections::BTreeMap;

use super::{
    pair::{Pair, arrays, beside},
    quantity,
};
use crate::verdict::{Amount, Relation};

/// How exactly a number that single precision gave is known.
const CLOSE: f64 = 2e-5;

/// Whether it multiplies or adds.
#[derive(Clone, Copy, PartialEq)]
enum How {
    Times,
    Plus,
}

/// A constant or named factor, or summand; an argument in the place of either.
pub fn candidates(pairs: &[Pair]) -> Vec<Relation> {
    let amounts =
        |how| numbers(pairs, how).into_iter().chain(arguments(pairs)).map(move |by| relation(how, by));
    [How::Times, How::Plus].into_iter().flat_map(amounts).collect()
}

/// A number of each case, or of each index, that has no name.
pub fn unnamed(pairs: &[Pair]) -> Vec<Relation> {
    let axes = pairs.iter().map(|pair| pair.shape.len()).min().unwrap_or_default();
    let of = |how| {
        let range = range(&seen(pairs, how));
        let each_case = range.map(|range| Amount::EachCase { range }).into_iter();
        let multiples = arguments(pairs).into_iter().filter_map(move |by| match by {
            Amount::Argument { name, inverse: false } if how == How::Plus => {
                Some(Amount::MultipleOf { name })
            }
            _ => None,
        });
        each_case
            .chain(multiples)
            .chain((0..axes).map(|axis| Amount::Each { axis }))
            .map(move |by| relation(how, by))
    };
    [How::Times, How::Plus].into_iter().flat_map(of).collect()
}

/// The same relation, with the numbers that it spans in all of these.
pub fn over(relation: Relation, pairs: &[Pair]) -> Relation {
    let how = match &relation {
        Relation::Times { by: Amount::EachCase { .. } } => How::Times,
        Relation::Plus { by: Amount::EachCase { .. } } => How::Plus,
        _ => return relation,
    };
    match range(&seen(pairs, how)) {
        Some(range) => self::relation(how, Amount::EachCase { range }),
        None => relation,
    }
}

fn relation(how: How, by: Amount) -> Relation {
    match how {
        How::Times => Relation::Times { by },
        How::Plus => Relation::Plus { by },
    }
}

fn numbers(pairs: &[Pair], how: How) -> Vec<Amount> {
    let seen = seen(pairs, how);
    let values: Vec<_> = pairs.iter().zip(&seen).filter_map(|(pair, x)| Some((pair.args(), (*x)?))).collect();
    if values.len() < pairs.len() {
        return Vec::new();
    }
    let Some((low, high)) = range(&seen) else { return Vec::new() };
    let close = close(pairs, how, high.abs());
    if high - low <= close * high.abs() {
        let named = quantity::named(&values, close, true);
        return vec![Amount::Constant { value: rounded((low + high) / 2.0, close), named }];
    }
    let named = quantity::named(&values, close, false);
    named.map(|quantity| Amount::Quantity { quantity }).into_iter().collect()
}

/// A summand is known only as exactly as the numbers that it is added to.
fn close(pairs: &[Pair], how: How, size: f64) -> f64 {
    if how == How::Times || size == 0.0 {
        return CLOSE;
    }
    let largest =
        pairs.iter().flat_map(|pair| &pair.got).filter(|x| x.is_finite()).fold(0.0, |a, x| x.abs().max(a));
    (CLOSE * largest / size).clamp(CLOSE, 1e-2)
}

/// To the digits that are known, where that is a short number.
fn rounded(x: f64, close: f64) -> f64 {
    if x == 0.0 {
        return x;
    }
    let digits = 10f64.powi(-(close.log10().ceil() as i32) - 1 - x.abs().log10().floor() as i32);
    let short = (x * digits).round() / digits;
    if short.is_finite() && (short - x).abs() <= close * x.abs() { short } else { x }
}

/// The factor or summand in each pair, where it has one.
fn seen(pairs: &[Pair], how: How) -> Vec<Option<f64>> {
    pairs.iter().map(|pair| amount(how, pair.want.iter().copied().zip(pair.got.iter().copied()))).collect()
}

/// The amount by the largest wanted element: there a quotient is known best.
fn amount(how: How, elements: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let finite = elements.filter(|(want, got)| want.is_finite() && got.is_finite());
    let one = match how {
        How::Times => finite.max_by(|a, b| a.0.abs().total_cmp(&b.0.abs())).map(|(want, got)| got / want),
        How::Plus => finite.max_by(|a, b| b.0.abs().total_cmp(&a.0.abs())).map(|(want, got)| got - want),
    };
    one.filter(|x| x.is_finite())
}

fn range(seen: &[Option<f64>]) -> Option<(f64, f64)> {
    let known = seen.iter().flatten().copied();
    known.map(|x| (x, x)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// Arguments that stand beside what is wanted, element by element.
fn arguments(pairs: &[Pair]) -> Vec<Amount> {
    let Some(pair) = pairs.first() else { return Vec::new() };
    let arrays =
        arrays(pair.args()).filter(|(_, array)| !pair.places.is_empty() && beside(pair, array, 0).is_some());
    let both = |name: &String| [false, true].map(|inverse| Amount::Argument { name: name.clone(), inverse });
    arrays.flat_map(|(name, _)| both(name)).collect()
}

/// What an amount makes of what is wanted.
pub fn predicted(relation: &Relation, pair: &Pair) -> Option<Vec<f64>> {
    let (how, by) = match relation {
        Relation::Times { by } => (How::Times, by),
        Relation::Plus { by } => (How::Plus, by),
        _ => return None,
    };
    let amounts = amounts(how, by, pair)?;
    let combined = pair.want.iter().zip(amounts).map(|(want, by)| match how {
        How::Times => want * by,
        How::Plus => want + by,
    });
    Some(combined.collect())
}

/// The amount for each element.
fn amounts(how: How, by: &Amount, pair: &Pair) -> Option<Vec<f64>> {
    let all = |x: f64| vec![x; pair.want.len()];
    match by {
        Amount::Constant { value, .. } => Some(all(*value)),
        Amount::Quantity { quantity } => Some(all(quantity::value(quantity, pair.args())?)),
        // Two numbers tell a common factor from chance; a single one tells nothing.
        Amount::EachCase { .. } if differing(&pair.want) < 2 => Some(Vec::new()),
        Amount::EachCase { .. } => {
            Some(all(amount(how, pair.want.iter().copied().zip(pair.got.iter().copied()))?))
        }
        Amount::Each { axis } => each(how, *axis, pair),
        Amount::MultipleOf { name } => multiple(name, pair),
        Amount::Argument { name, inverse } => {
            let (_, array) = arrays(pair.args()).find(|(known, _)| *known == name)?;
            let values = pair.places.iter().map(|&place| beside(pair, array, place));
            values
                .map(|x| {
                    Some(if !inverse {
                        x?
                    } else if how == How::Times {
                        1.0 / x?
                    } else {
                        -x?
                    })
                })
                .collect()
        }
    }
}

/// The multiple of an argument by which what came differs from what is wanted.
fn multiple(name: &str, pair: &Pair) -> Option<Vec<f64>> {
    let (_, array) = arrays(pair.args()).find(|(known, _)| *known == name)?;
    let beside: Option<Vec<f64>> = pair.places.iter().map(|&place| beside(pair, array, place)).collect();
    let beside = beside?;
    if differing(&beside) < 3 {
        return Some(Vec::new());
    }
    let errors = pair.got.iter().zip(&pair.want).map(|(got, want)| got - want);
    let largest = beside.iter().copied().zip(errors).max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()))?;
    let factor = largest.1 / largest.0;
    factor.is_finite().then(|| beside.iter().map(|x| factor * x).collect())
}

/// A common amount at each index along `axis`, known by more elements than there are indexes.
fn each(how: How, axis: usize, pair: &Pair) -> Option<Vec<f64>> {
    let length = *pair.shape.get(axis)?;
    if length < 2 || pair.want.len() < 3 * length {
        return Some(Vec::new());
    }
    let mut along: BTreeMap<usize, Vec<(f64, f64)>> = BTreeMap::new();
    let indexes: Vec<usize> = pair.places.iter().map(|&place| pair.index(place)[axis]).collect();
    for (i, index) in indexes.iter().enumerate() {
        along.entry(*index).or_default().push((pair.want[i], pair.got[i]));
    }
    let amounts: BTreeMap<usize, f64> = along
        .into_iter()
        .filter_map(|(index, pairs)| Some((index, amount(how, pairs.into_iter())?)))
        .collect();
    indexes.iter().map(|index| amounts.get(index).copied()).collect()
}

fn differing(values: &[f64]) -> usize {
    let mut sizes: Vec<f64> = values.iter().copied().filter(|x| *x != 0.0 && x.is_finite()).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    sizes.len()
}

/// By what statistics were multiplied, as far as each is known: a number that all have in common, or a quantity.
pub fn factor(seen: &[(&protocol::Values, f64, f64)], fewest: usize) -> Option<Amount> {
    let (_, value, close) = seen.iter().copied().min_by(|a, b| a.2.total_cmp(&b.2))?;
    // Both what is seen and what is wanted lie within their widths.
    let alike = |(_, x, width): &(&protocol::Values, f64, f64)| (x / value - 1.0).abs() <= width + close;
    if seen.iter().all(alike) {
        let digits = 10f64.powi(2 - value.abs().log10().floor() as i32);
        return Some(Amount::Constant { value: (value * digits).round() / digits, named: None });
    }
    let known: Vec<(&protocol::Values, f64)> = seen.iter().map(|(args, x, _)| (*args, *x)).collect();
    let low = known.iter().map(|(_, x)| *x).fold(f64::INFINITY, f64::min);
    let high = known.iter().map(|(_, x)| *x).fold(f64::NEG_INFINITY, f64::max);
    if known.len() < fewest || high < 1.5 * low {
        return None;
    }
    let widest = seen.iter().map(|(.., width)| *width).fold(0.0, f64::max);
    quantity::named(&known, widest, false).map(|quantity| Amount::Quantity { quantity })
}

#[cfg(test)]
mod tests {
    use protocol::Value;

    use super::{super::made_up::*, *};
    use crate::verdict::{Base, Form, Quantity};

    #[test]
    fn a_factor_that_follows_from_an_argument_is_named() {
        let of = |p: f64| {
            let want = [0.3, -1.7, 2.2];
            let got = want.map(|x| x / (1.0 - p));
            made_with(&[("p", Value::Number(p))], &want, &got)
        };
        let quantity = Quantity { base: Base::Number("p".to_owned()), form: Form::InverseRest };
        assert_eq!(found(&[of(0.2), of(0.7)]), Some(Relation::Times { by: Amount::Quantity { quantity } }));
    }

    #[test]
    fn a_constant_summand_is_seen_and_noise_is_none() {
        let want = [0.3, -1.7, 2.2];
        let by = Amount::Constant { value: 0.5, named: None };
        assert_eq!(found(&[made(&want, &[0.8, -1.2, 2.7])]), Some(Relation::Plus { by }));
        let noise = found(&[made(&want, &[0.8, -1.3, 2.6])]);
        assert!(!matches!(noise, Some(Relation::Plus { .. } | Relation::Times { .. })), "{noise:?}");
    }
}
