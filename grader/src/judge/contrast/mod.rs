//! Contrast: a simple property of the arguments that all failing cases have and no passing one.
//!
//! What the wrong answers themselves have in common is `symptoms`'s.

mod bounds;

use std::collections::BTreeMap;

use hidden::Case;
use protocol::Value;

use super::symptoms::{array, at, bases, compares, value_of};
use crate::verdict::{Base, Comparison, Contrast, Property};

/// Cases that there must be on each side.
const FEWEST: usize = 3;
/// Ways to choose as many cases as fail, that make it no chance that one of some dozen properties divides them …
const WAYS: f64 = 100.0;
/// … and that one of all bounds does.
const WAYS_FOR_BOUNDS: f64 = 1e5;
/// Where so many cases fail, a mistake may come out right by chance in some …
const MANY: usize = 10;
/// … in one of so many that fail.
const SHARE: usize = 8;
/// Elements of an argument that are looked at.
const MOST: usize = 1024;
/// So many names of cases are listed.
const NAMES: usize = 3;
/// … and with so many letters in all.
const LETTERS: usize = 150;

/// The simplest property that divides the cases that fail (`true`) from the others; where there is none, among the cases of the
/// name that most failing ones have.
pub fn find(cases: &[(&Case, bool)]) -> Option<Contrast> {
    dividing(cases).or_else(|| {
        let name = most_common(cases)?;
        let alike: Vec<_> = cases.iter().copied().filter(|(case, _)| case.about == name).collect();
        Some(Contrast { among: Some(name), ..dividing(&alike)? })
    })
}

fn most_common(cases: &[(&Case, bool)]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (case, _) in cases.iter().filter(|(_, fails)| *fails) {
        *counts.entry(&case.about).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(name, _)| name.to_owned())
}

fn dividing(cases: &[(&Case, bool)]) -> Option<Contrast> {
    let failing = cases.iter().filter(|(_, fails)| *fails).count();
    let passing = cases.len() - failing;
    if failing == 0 || passing == 0 {
        return None;
    }
    let contrast = |(property, exceptions): (Property, usize)| Contrast {
        property,
        among: None,
        failing,
        passing: passing - exceptions,
        exceptions,
    };
    let ways = ways(cases.len(), failing.min(passing));
    let telling = failing >= FEWEST && passing >= FEWEST;
    let properties = if telling && ways >= WAYS { natural(cases) } else { Vec::new() };
    let exact = || properties.iter().find(|property| exceptions(property, cases) == Some(0)).cloned();
    let bound = || bounds::bounds(cases).into_iter().next().filter(|_| telling && ways >= WAYS_FOR_BOUNDS);
    let nearly = || {
        let few = |count: &usize| failing >= MANY && SHARE * count <= failing && passing - count >= FEWEST;
        properties
            .iter()
            .find_map(|property| Some((property.clone(), exceptions(property, cases).filter(few)?)))
    };
    let found = exact().or_else(bound).map(|property| (property, 0)).or_else(nearly);
    found.or_else(|| Some((names(cases)?, 0))).map(contrast)
}

/// n over k, or a little less than endless.
fn ways(n: usize, k: usize) -> f64 {
    (0..k).fold(1.0, |ways, i| (ways * (n - i) as f64 / (i + 1) as f64).min(1e12))
}

/// How many cases pass although they have a property; nothing where one fails that lacks it.
fn exceptions(property: &Property, cases: &[(&Case, bool)]) -> Option<usize> {
    let mut count = 0;
    for (case, fails) in cases {
        match (has(property, case)?, fails) {
            (false, true) => return None,
            (true, false) => count += 1,
            _ => {}
        }
    }
    Some(count)
}

/// Properties that have a meaning of their own, made from the arguments of the first failing and the first passing case.
fn natural(cases: &[(&Case, bool)]) -> Vec<Property> {
    let first = |wanted: bool| {
        cases.iter().find(|(_, fails)| *fails == wanted).and_then(|(case, _)| case.calls.first())
    };
    let (Some(bad), Some(good)) = (first(true), first(false)) else { return Vec::new() };
    let mut all =
        vec![Property::Calls(true), Property::Calls(false), Property::Function(bad.function.clone())];
    // The cotangent is random: nothing depends on it.
    for (name, value) in bad.args.iter().filter(|(name, _)| *name != "d_y") {
        if !good.args.contains_key(name) {
            all.push(Property::Given(name.clone(), true));
        }
        all.extend(of_argument(name, value));
    }
    let left_out = good.args.keys().filter(|name| *name != "d_y" && !bad.args.contains_key(*name));
    all.extend(left_out.map(|name| Property::Given(name.clone(), false)));
    let bases: Vec<Base> = bases(&bad.args).into_iter().filter(is_plain).collect();
    for base in &bases {
        let comparisons = [
            Comparison::Is(0.0),
            Comparison::Is(1.0),
            Comparison::Above(1.0),
            Comparison::Above(2.0),
            Comparison::Below(0.0),
            Comparison::Above(0.0),
            Comparison::Below(1.0),
            Comparison::NotFinite,
        ];
        all.extend(comparisons.map(|comparison| Property::Compares(base.clone(), comparison)));
        all.extend([true, false].map(|even| Property::Even(base.clone(), even)));
    }
    for (i, one) in bases.iter().enumerate().take(12) {
        for other in &bases[..i] {
            all.extend([true, false].map(|equal| Property::Equal(other.clone(), one.clone(), equal)));
        }
    }
    all
}

/// Lengths and numbers, whatever their elements are.
fn is_plain(base: &Base) -> bool {
    matches!(base, Base::Number(_) | Base::Length(..))
}

fn of_argument(name: &str, value: &Value) -> Vec<Property> {
    let name = || name.to_owned();
    match value {
        Value::Flag(on) => vec![Property::Flag(name(), *on)],
        Value::Text(word) => vec![Property::Word(name(), word.clone(), true)],
        Value::Array(array) => {
            let comparisons = [
                Comparison::NotFinite,
                Comparison::Below(0.0),
                Comparison::Above(0.0),
                Comparison::Is(0.0),
                Comparison::Beyond(10.0),
                Comparison::Beyond(80.0),
                Comparison::Beyond(1e4),
                Comparison::Within(1e-6),
            ];
            let holds = comparisons.into_iter();
            let holds = holds.flat_map(|c| [true, false].map(|held| Property::Holds(name(), c, held)));
            let rank = Property::Rank(name(), array.shape.len(), true);
            holds.chain([rank, Property::Ties(name(), true), Property::Ties(name(), false)]).collect()
        }
        _ => Vec::new(),
    }
}

/// The names of the failing cases, where there are few and no passing one has any of them.
fn names(cases: &[(&Case, bool)]) -> Option<Property> {
    let of =
        |wanted: bool| cases.iter().filter(move |(_, fails)| *fails == wanted).map(|(case, _)| &case.about);
    let mut names: Vec<String> = Vec::new();
    for name in of(true) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let letters: usize = names.iter().map(|name| name.chars().count()).sum();
    let failing = of(true).count();
    let is_known = 2 * failing <= cases.len()
        && names.len() <= NAMES
        && letters <= LETTERS
        && of(false).all(|name| !names.contains(name));
    is_known.then_some(Property::Cases(names))
}

/// Whether a case has a property, where that can be said.
pub fn has(property: &Property, case: &Case) -> Option<bool> {
    let call = case.calls.first()?;
    let value = |base: &Base| value_of(base, &call.args);
    Some(match property {
        Property::Compares(base, comparison) => compares(*comparison, value(base)?),
        Property::Equal(one, other, equal) => (value(one)? == value(other)?) == *equal,
        Property::Even(base, even) => {
            let x = value(base).filter(|x| x.fract() == 0.0)?;
            (x % 2.0 == 0.0) == *even
        }
        Property::Flag(name, on) => match call.args.get(name)? {
            Value::Flag(is) => is == on,
            _ => return None,
        },
        Property::Word(name, word, is) => match call.args.get(name)? {
            Value::Text(text) => (text == word) == *is,
            _ => return None,
        },
        Property::Given(name, given) => call.args.contains_key(name) == *given,
        Property::Holds(name, comparison, held) => {
            let array = array(call, name)?;
            (0..array.len().min(MOST)).any(|i| compares(*comparison, at(array, i))) == *held
        }
        Property::Rank(name, rank, is) => (array(call, name)?.shape.len() == *rank) == *is,
        Property::Ties(name, tied) => has_ties(case, name)? == *tied,
        Property::Calls(several) => (case.calls.len() > 1) == *several,
        Property::Function(name) => call.function == *name,
        Property::Cases(names) => names.contains(&case.about),
    })
}

fn has_ties(case: &Case, name: &str) -> Option<bool> {
    let array = array(case.calls.first()?, name)?;
    let mut values: Vec<f64> = (0..array.len().min(MOST)).map(|i| at(array, i)).collect();
    values.sort_by(f64::total_cmp);
    Some(values.windows(2).any(|pair| pair[0] == pair[1]))
}

#[cfg(test)]
mod tests {
    use protocol::{Array, Call, Values};

    use super::*;

    fn case(about: &str, stride: u64, rows: usize) -> Case {
        let x = Array::f32(&[rows, 2], (0..2 * rows).map(|i| i as f32).collect());
        let args: Values =
            [("stride".to_owned(), Value::Count(stride)), ("x".to_owned(), Value::Array(x))].into();
        let calls = vec![Call::own("made_up", args)];
        Case { about: about.to_owned(), calls, checks: Vec::new(), shows: Vec::new() }
    }

    fn contrast(cases: &[(Case, bool)]) -> Option<Property> {
        let cases: Vec<_> = cases.iter().map(|(case, fails)| (case, *fails)).collect();
        find(&cases).map(|contrast| contrast.property)
    }

    #[test]
    fn a_stride_above_one_divides() {
        let cases: Vec<_> = (0..12).map(|i| (case("c", 1 + i % 3, 3 + i as usize % 4), i % 3 > 0)).collect();
        let above = Property::Compares(Base::Number("stride".to_owned()), Comparison::Above(1.0));
        assert_eq!(contrast(&cases), Some(above));
    }

    #[test]
    fn two_cases_divide_nothing_and_an_exception_refutes() {
        let two: Vec<_> = (0..12).map(|i| (case("c", 1 + u64::from(i < 2), 3), i < 2)).collect();
        assert_eq!(contrast(&two), None);
        let one_passes: Vec<_> = (0..12).map(|i| (case("c", 1 + u64::from(i < 5), 3), i < 4)).collect();
        assert_eq!(contrast(&one_passes), None);
    }

    #[test]
    fn few_failing_cases_are_listed_by_name() {
        let cases: Vec<_> =
            (0..12).map(|i| (case(if i == 4 { "at zero" } else { "c" }, 1, 3), i == 4)).collect();
        assert_eq!(contrast(&cases), Some(Property::Cases(vec!["at zero".to_owned()])));
    }
}
