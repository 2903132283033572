//! Bounds that the cases themselves suggest: a number beyond which all fail and none passes.

use hidden::Case;
use protocol::{Data, Value, Values};

use super::is_plain;
use crate::{
    judge::symptoms::{bases, between, value_of},
    verdict::{Base, Comparison, Property},
};

/// Bounds of numbers and lengths.
pub fn bounds(cases: &[(&Case, bool)]) -> Vec<Property> {
    let Some(first) = cases.first().and_then(|(case, _)| case.calls.first()) else { return Vec::new() };
    let bound = |base: Base| -> Option<Property> {
        let (mut bad, mut good) = ((f64::INFINITY, f64::NEG_INFINITY), (f64::INFINITY, f64::NEG_INFINITY));
        for (case, fails) in cases {
            let Some(x) = value_of(&base, &case.calls.first()?.args).filter(|x| x.is_finite()) else {
                // Nothing is the largest of nothing: such a case can only pass.
                if *fails || is_plain(&base) {
                    return None;
                }
                continue;
            };
            let side = if *fails { &mut bad } else { &mut good };
            *side = (side.0.min(x), side.1.max(x));
        }
        let comparison = match () {
            () if bad.0 == bad.1 && !(good.0..=good.1).contains(&bad.0) => Comparison::Is(bad.0),
            () if bad.0 > good.1 => Comparison::Above(bound_between(good.1, bad.0)),
            () if bad.1 < good.0 => Comparison::Below(-bound_between(-good.0, -bad.1)),
            () => return None,
        };
        Some(Property::Compares(base, comparison))
    };
    bases(&first.args)
        .into_iter()
        .filter(|base| {
            is_plain(base) || matches!(base, Base::Largest(_)) && !is_of_indexes(base, &first.args)
        })
        .filter_map(bound)
        .collect()
}

/// A short number between two; of sizes the lower one.
fn bound_between(low: f64, high: f64) -> f64 {
    if low.fract() == 0.0 && high.fract() == 0.0 { low } else { between(low, high) }
}

/// Whether a quantity is made of whole numbers, of which a large one means nothing.
fn is_of_indexes(base: &Base, args: &Values) -> bool {
    let Base::Largest(name) = base else { return false };
    matches!(args.get(name), Some(Value::Array(array)) if matches!(array.data, Data::Index(_)))
}
