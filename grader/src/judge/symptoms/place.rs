//! Place: right except where something holds: of what is wanted, of an argument, of the index.

use super::{
    pair::{Pair, arrays, beside},
    search,
};
use crate::verdict::{Comparison, Place, Relation};

/// Wrong elements that there must be, and right ones beside them.
const FEWEST: (usize, usize) = (2, 3);
/// So many elements of a place are wrong for one that is right, as a rule …
const STRICT: usize = 10;
/// … and where nothing else is found.
const LOOSE: usize = 2;

/// The elements of checks that fail and of checks that pass.
pub struct Elements<'p, 'a> {
    /// Those that fail.
    pub failing: &'p [Pair<'a>],
    /// Those that pass, as far as they want the same output.
    pub passing: &'p [Pair<'a>],
}

/// The simplest place that all wrong elements lie in, and hardly a right one; and what is there instead.
pub fn find(elements: &Elements) -> Option<Relation> {
    let wrong: Vec<Vec<bool>> = elements.failing.iter().map(Pair::wrong).collect();
    let count = wrong.iter().flatten().filter(|wrong| **wrong).count();
    if count < FEWEST.0 {
        return None;
    }
    let places = candidates(elements, &wrong);
    let first =
        |share: usize| places.iter().find(|place| divides(place, elements, &wrong, (count, share))).cloned();
    let place = first(STRICT).or_else(|| first(LOOSE)).or_else(|| entries(elements.failing, &wrong))?;
    let inside: Vec<Pair> =
        elements.failing.iter().zip(&wrong).map(|(pair, wrong)| pair.only(wrong)).collect();
    let instead = search::instead(&inside).map(Box::new);
    Some(Relation::Except { place, instead })
}

/// Whether the place holds all wrong elements, and of right ones at most one in `share` wrong ones; loosely only at an index, since
/// what is wrong there may come out right by chance.
fn divides(place: &Place, elements: &Elements, wrong: &[Vec<bool>], (count, share): (usize, usize)) -> bool {
    let (mut inside, mut outside) = (0, 0);
    for (pair, wrong) in elements.failing.iter().zip(wrong) {
        for (i, wrong) in wrong.iter().enumerate() {
            match (contains(place, pair, i), wrong) {
                (Some(false), true) | (None, _) => return false,
                (Some(true), false) => inside += 1,
                (Some(false), false) => outside += 1,
                (Some(true), true) => {}
            }
        }
    }
    // An index is no reason for a check to fail; a number is.
    let by_number = matches!(place, Place::Wanted(_) | Place::Argument(..));
    if by_number {
        for pair in elements.passing {
            let within = (0..pair.want.len()).filter(|&i| contains(place, pair, i) == Some(true)).count();
            inside += within;
            outside += pair.want.len() - within;
        }
    }
    // What is wrong nearly everywhere is not wrong for a number's sake.
    let is_telling = !by_number || share == STRICT && outside * STRICT >= count;
    outside >= FEWEST.1 && share * inside <= count && is_telling
}

/// An axis along which entries are wrong as a whole, or right as a whole, and there are some of both.
fn entries(pairs: &[Pair], wrong: &[Vec<bool>]) -> Option<Place> {
    let axes = pairs.iter().map(|pair| pair.shape.len()).min()?;
    let axis = (0..axes).find(|axis| {
        let (mut good, mut bad) = (0, 0);
        let whole = pairs.iter().zip(wrong).all(|(pair, wrong)| {
            let mut counts = vec![[0usize; 2]; pair.shape[*axis]];
            pair.places
                .iter()
                .zip(wrong)
                .for_each(|(place, wrong)| counts[pair.index(*place)[*axis]][usize::from(*wrong)] += 1);
            good += counts.iter().filter(|[right, _]| *right > 1).count();
            bad += counts.iter().filter(|[_, wrong]| *wrong > 1).count();
            counts.iter().all(|[right, wrong]| right * 20 <= *wrong || *wrong == 0)
        });
        whole && good >= FEWEST.1 && bad >= FEWEST.0
    })?;
    Some(Place::Entries(axis))
}

fn candidates(elements: &Elements, wrong: &[Vec<bool>]) -> Vec<Place> {
    let natural =
        [Comparison::NotFinite, Comparison::Below(0.0), Comparison::Above(0.0), Comparison::Is(0.0)];
    let names: Vec<String> = elements.failing.first().map(names).unwrap_or_default();
    let mut all: Vec<Place> = Vec::new();
    for name in &names {
        all.extend(natural.map(|comparison| Place::Argument(name.clone(), comparison)));
    }
    all.extend(natural.map(Place::Wanted));
    for name in &names {
        let bounds = bounds(elements, wrong, |pair, i| argument(name, pair, i));
        all.extend(bounds.into_iter().map(|comparison| Place::Argument(name.clone(), comparison)));
    }
    all.extend(bounds(elements, wrong, |pair, i| Some(pair.want[i])).into_iter().map(Place::Wanted));
    all.extend(indexes(elements.failing));
    all
}

/// Arguments with an element beside each wanted one.
fn names(pair: &Pair) -> Vec<String> {
    let beside = arrays(pair.args()).filter(|(_, array)| array.shape == pair.shape);
    beside.map(|(name, _)| name.clone()).collect()
}

fn indexes(pairs: &[Pair]) -> Vec<Place> {
    let axes = pairs.iter().map(|pair| pair.shape.len()).min().unwrap_or_default();
    let mut all = Vec::new();
    for axis in 0..axes {
        all.extend([Place::At(axis, 0), Place::Last(axis)]);
    }
    for axis in 0..axes {
        all.extend([Place::From(axis, 1), Place::BeforeLast(axis), Place::Odd(axis), Place::Even(axis)]);
        all.extend([Place::From(axis, 2), Place::At(axis, 1), Place::At(axis, 2)]);
    }
    for parts in 2..=4 {
        let fit = |axis: &usize| pairs.iter().all(|pair| pair.shape[*axis] % parts == 0);
        all.extend(
            (0..axes).filter(fit).flat_map(|axis| (0..parts).map(move |part| Place::Part(axis, part, parts))),
        );
    }
    if axes > 1 {
        all.extend([Place::Diagonal, Place::OffDiagonal, Place::Edges(axes - 2, axes - 1)]);
    }
    if axes > 2 {
        all.push(Place::Edges(axes - 3, axes - 2));
    }
    all
}

/// Bounds between what is right and what is wrong, where all numbers of one sort lie beyond those of the other.
fn bounds(
    elements: &Elements,
    wrong: &[Vec<bool>],
    value: impl Fn(&Pair, usize) -> Option<f64>,
) -> Vec<Comparison> {
    let (mut bad, mut good) = (Vec::new(), Vec::new());
    for (pair, wrong) in elements.failing.iter().zip(wrong) {
        for (i, wrong) in wrong.iter().enumerate() {
            let side = if *wrong { &mut bad } else { &mut good };
            side.extend(value(pair, i).filter(|x| x.is_finite()));
        }
    }
    for pair in elements.passing {
        good.extend((0..pair.want.len()).filter_map(|i| value(pair, i)).filter(|x| x.is_finite()));
    }
    if bad.len() < 3 || good.len() < 8 {
        return Vec::new();
    }
    let extremes = |values: &[f64], size: bool| {
        let sizes = values.iter().map(|x| if size { x.abs() } else { *x });
        sizes.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
    };
    let mut all = Vec::new();
    for (size, above) in [(false, Comparison::Above as fn(f64) -> _), (true, Comparison::Beyond)] {
        let ((least, most), (lowest, highest)) = (extremes(&bad, size), extremes(&good, size));
        all.extend((least > highest).then(|| above(between(highest, least))));
        let below = if size { Comparison::Within } else { Comparison::Below };
        all.extend((most < lowest && !(size && most == 0.0)).then(|| below(between(most, lowest))));
    }
    all
}

/// The shortest number between two, nearest to their middle.
pub fn between(low: f64, high: f64) -> f64 {
    if low < 0.0 && high > 0.0 {
        return 0.0;
    }
    let middle = (low + high) / 2.0;
    for digits in 0..17 {
        let unit = 10f64.powi(middle.abs().log10().floor() as i32 - digits);
        let short = (middle / unit).round() * unit;
        if short >= low && short < high {
            return short;
        }
    }
    middle
}

fn argument(name: &str, pair: &Pair, i: usize) -> Option<f64> {
    let (_, array) = arrays(pair.args()).find(|(known, _)| *known == name)?;
    beside(pair, array, pair.places[i])
}

/// Whether element `i` of those that are looked at lies in the place; nothing where that makes no sense.
fn contains(place: &Place, pair: &Pair, i: usize) -> Option<bool> {
    let index =
        |axis: &usize| Some((pair.index(pair.places[i]).get(*axis).copied()?, *pair.shape.get(*axis)?));
    Some(match place {
        Place::Wanted(comparison) => compares(*comparison, pair.want[i]),
        Place::Argument(name, comparison) => compares(*comparison, argument(name, pair, i)?),
        Place::At(axis, at) => index(axis)?.0 == *at,
        Place::Last(axis) => index(axis).map(|(k, length)| k + 1 == length)?,
        Place::From(axis, from) => index(axis)?.0 >= *from,
        Place::BeforeLast(axis) => index(axis).map(|(k, length)| k + 1 < length)?,
        Place::Odd(axis) => index(axis)?.0 % 2 == 1,
        Place::Even(axis) => index(axis)?.0 % 2 == 0,
        Place::Part(axis, part, parts) => index(axis).map(|(k, length)| k * parts / length == *part)?,
        Place::Edges(one, other) => {
            let at_edge = |(k, length): (usize, usize)| k == 0 || k + 1 == length;
            at_edge(index(one)?) || at_edge(index(other)?)
        }
        Place::Diagonal | Place::OffDiagonal => {
            let last = pair.shape.len().checked_sub(1)?;
            let is_on = index(&last.checked_sub(1)?)?.0 == index(&last)?.0;
            is_on == (*place == Place::Diagonal)
        }
        Place::Entries(_) => return None,
    })
}

/// Whether a number compares so.
pub fn compares(comparison: Comparison, x: f64) -> bool {
    match comparison {
        Comparison::Below(bound) => x < bound,
        Comparison::Above(bound) => x > bound,
        Comparison::Is(value) => x == value,
        Comparison::Beyond(bound) => x.abs() > bound,
        Comparison::Within(bound) => x != 0.0 && x.abs() <= bound,
        Comparison::NotFinite => !x.is_finite(),
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Array, Value};

    use super::{super::made_up::*, *};

    fn beside_x(x: &[f64], want: &[f64], got: &[f64]) -> (hidden::Case, Array) {
        made_with(&[("x", Value::Array(Array::f64(&[x.len()], x.to_vec())))], want, got)
    }

    #[test]
    fn wrong_where_an_argument_is_negative_and_what_is_there() {
        let x = [0.5, -1.0, 2.0, -3.0, 1.5, -0.7];
        let pair = beside_x(&x, &[0.7, 0.0, 2.2, 0.0, 1.8, 0.0], &[0.7, 1.0, 2.2, 3.0, 1.8, 0.7]);
        let Some(Relation::Except { place, instead }) = found(&[pair]) else { panic!() };
        assert_eq!(place, Place::Argument("x".to_owned(), Comparison::Below(0.0)));
        assert!(matches!(instead.as_deref(), Some(Relation::OfArgument { .. })), "{instead:?}");
    }

    #[test]
    fn a_place_with_right_elements_in_it_is_none() {
        let x = [0.5, -1.0, 2.0, -3.0, 1.5, -0.7];
        let pair = beside_x(&x, &[0.5, 0.1, 2.0, 0.2, 1.5, 0.3], &[0.5, 1.0, 2.0, 0.2, 1.5, 0.3]);
        assert_eq!(found(&[pair]), None);
    }

    #[test]
    fn right_up_to_the_last_column() {
        let want = [0.1, 0.2, 0.3, 1.1, 1.2, 1.3];
        let pair = shaped(&[2, 3], &want, &[0.1, 0.2, 7.0, 1.1, 1.2, -5.0]);
        assert_eq!(found(&[pair]), Some(Relation::Except { place: Place::Last(1), instead: None }));
    }
}
