//! The search: relations in the order of their simplicity, until one holds in all failing checks of an output.

use super::{
    arrangement, constancy, function, identity, nearness,
    pair::Pair,
    place::{self, Elements},
    scale,
};
use crate::verdict::{Amount, Arrangement, Function, Relation};

/// What one family thinks worth trying.
type Candidates = fn(&[Pair]) -> Vec<Relation>;

/// Families by simplicity; each says itself which of its relations is the simplest.
const FAMILIES: [Candidates; 7] = [
    constancy::constants,
    identity::candidates,
    function::candidates,
    scale::candidates,
    arrangement::candidates,
    identity::functions,
    constancy::candidates,
];

/// Those that are tried on what stands at a place.
const INSTEAD: [Candidates; 5] = [
    constancy::constants,
    identity::candidates,
    function::candidates,
    scale::candidates,
    identity::functions,
];

/// The simplest relation that holds in all failing checks.
pub fn relation(elements: &Elements) -> Option<Relation> {
    first(&FAMILIES, elements.failing)
        .or_else(|| place::find(elements))
        .or_else(|| nearness::nearly_right(elements.failing))
        .or_else(|| nearness::signs(elements.failing))
        .or_else(|| first(&[scale::unnamed], elements.failing))
        .or_else(|| before(elements.failing))
}

/// The simplest formula that holds in all pairs, wherever in them.
pub fn formula(pairs: &[Pair]) -> Option<Relation> {
    first(&FAMILIES, pairs).or_else(|| first(&[scale::unnamed], pairs))
}

/// The formulas that pairs suggest, the simplest first.
pub fn suggestions<'a>(pairs: &'a [Pair]) -> impl Iterator<Item = Relation> + 'a {
    FAMILIES.into_iter().chain([scale::unnamed as Candidates]).flat_map(|candidates| candidates(pairs))
}

/// Whether a relation says what came of a pair.
pub fn explains(relation: &Relation, pair: &Pair) -> bool {
    predicted(relation, pair)
        .is_some_and(|said| !said.is_empty() && pair.is_explained(&said, scale(relation)))
}

/// Whether something simple holds of what a function was applied to.
fn before(pairs: &[Pair]) -> Option<Relation> {
    const INVERSES: [(Function, Function); 3] = [
        (Function::Sigmoid, Function::BeforeSigmoid),
        (Function::Tanh, Function::BeforeTanh),
        (Function::Exp, Function::Logarithm),
    ];
    INVERSES.into_iter().find_map(|(function, inverse)| {
        let mapped: Vec<Pair> =
            pairs.iter().filter_map(|pair| pair.mapped(|x| function::of_number(inverse, x))).collect();
        if 3 * mapped.len() < 2 * pairs.len() {
            return None;
        }
        let holds = first(&[scale::candidates, scale::unnamed], &mapped).map(Box::new)?;
        Some(Relation::Before { function, holds })
    })
}

/// What is left to say of them.
pub fn tendency(elements: &Elements) -> Option<Relation> {
    let pairs = elements.failing;
    nearness::one_sided(pairs)
        .or_else(|| nearness::in_order(pairs))
        .or_else(|| nearness::altogether(pairs))
        .or_else(|| nearness::correlated(pairs))
}

/// What stands where it is wrong.
pub fn instead(pairs: &[Pair]) -> Option<Relation> {
    let mut all = pairs.iter().flat_map(|pair| &pair.got);
    let value = *all.next()?;
    if all.all(|x| *x == value || x.is_nan() && value.is_nan()) {
        return Some(Relation::Constant { value: Some(value) });
    }
    first(&INSTEAD, pairs).or_else(|| nearness::nearly_right(pairs))
}

fn first(families: &[Candidates], pairs: &[Pair]) -> Option<Relation> {
    if pairs.is_empty() {
        return None;
    }
    families
        .iter()
        .find_map(|candidates| candidates(pairs).into_iter().find(|relation| holds(relation, pairs)))
}

/// Whether a relation holds in all pairs, and says enough of them.
pub fn holds(relation: &Relation, pairs: &[Pair]) -> bool {
    let mut silent = 0;
    for pair in pairs {
        match predicted(relation, pair) {
            Some(said) if said.is_empty() => silent += 1,
            Some(said) if pair.is_explained(&said, scale(relation)) => {}
            _ => return false,
        }
    }
    3 * silent <= pairs.len() && evidence(relation, pairs) >= needed(relation)
}

/// What a relation says should have come, for the elements of a pair; nothing at all where it can't say, and `None` where it
/// makes no sense.
fn predicted(relation: &Relation, pair: &Pair) -> Option<Vec<f64>> {
    match relation {
        Relation::Times { .. } | Relation::Plus { .. } => scale::predicted(relation, pair),
        Relation::OfWanted { function } => function::of_wanted(*function, pair),
        Relation::OfArgument { .. } | Relation::OfOutput { .. } | Relation::OfEarlierCall => {
            identity::predicted(relation, pair)
        }
        Relation::Arranged { how } => arrangement::predicted(how, pair),
        Relation::Constant { .. } | Relation::ConstantAlong { .. } | Relation::Mean { .. } => {
            constancy::predicted(relation, pair)
        }
        _ => None,
    }
}

/// The size of numbers that cancel in what a relation says.
fn scale(relation: &Relation) -> f64 {
    match relation {
        Relation::OfWanted { function: Function::Rest | Function::RestOfSquare | Function::Logistic } => 1.0,
        _ => 0.0,
    }
}

/// How many different numbers a relation must be seen in: more, the more of it was chosen to fit.
fn needed(relation: &Relation) -> f64 {
    match relation {
        Relation::Times { by: Amount::Constant { .. } } | Relation::Plus { by: Amount::Constant { .. } } => {
            2.0
        }
        Relation::Times { by: Amount::Quantity { .. } } | Relation::Plus { by: Amount::Quantity { .. } } => {
            2.0
        }
        Relation::Times { .. } | Relation::Plus { .. } | Relation::ConstantAlong { .. } => 3.0,
        Relation::Constant { .. } => 1.5,
        Relation::Arranged { how: Arrangement::InRows | Arrangement::Shuffled } => 4.0,
        Relation::Arranged { .. } => 3.0,
        _ => 1.0,
    }
}

/// How many different wrong elements there are; small whole numbers are equal by chance, and count less.
fn evidence(relation: &Relation, pairs: &[Pair]) -> f64 {
    const ENOUGH: f64 = 5.0;
    let mut seen: Vec<(f64, f64)> = Vec::new();
    let mut sum = 0.0;
    for pair in pairs {
        for ((want, got), wrong) in pair.want.iter().zip(&pair.got).zip(pair.wrong()) {
            if wrong && !seen.contains(&(*want, *got)) {
                seen.push((*want, *got));
                let is_plain = |x: f64| x.fract() == 0.0 && x.abs() < 100.0;
                let plain = is_plain(*want) && is_plain(*got) || *got == 0.0 && !is_constant(relation);
                sum += if plain { 0.34 } else { 1.0 };
            }
            if sum >= ENOUGH {
                return sum;
            }
        }
    }
    sum
}

fn is_constant(relation: &Relation) -> bool {
    matches!(relation, Relation::Constant { .. })
}
