//! Identity: what came is an argument, or a function of its elements, or what another output or an earlier call should give.

use protocol::Value;

use super::{
    function::{OF_NUMBERS, of_number},
    pair::{Pair, arrays, at, beside, wanted},
};
use crate::{
    messages,
    verdict::{Function, Relation},
};

/// Arguments as they came, other outputs, earlier answers.
pub fn candidates(pairs: &[Pair]) -> Vec<Relation> {
    let Some(pair) = pairs.first() else { return Vec::new() };
    let mut all: Vec<Relation> =
        names(pair).map(|argument| Relation::OfArgument { argument, function: Function::Identity }).collect();
    let others = pair.case.checks.iter().filter(|check| {
        check.call == pair.check.call
            && (check.output != pair.check.output || check.steps != pair.check.steps)
    });
    let others = others.filter(|check| wanted(check).is_some_and(|(array, _)| array.shape == pair.shape));
    all.extend(
        others.map(|check| Relation::OfOutput { output: messages::quantity(&check.output, &check.steps) }),
    );
    all.push(Relation::OfEarlierCall);
    all
}

/// Functions of arguments' elements.
pub fn functions(pairs: &[Pair]) -> Vec<Relation> {
    let Some(pair) = pairs.first() else { return Vec::new() };
    let of = |argument: String| {
        OF_NUMBERS.map(|function| Relation::OfArgument { argument: argument.clone(), function })
    };
    names(pair).flat_map(of).collect()
}

/// Arguments with an element beside each wanted one.
fn names<'p>(pair: &'p Pair) -> impl Iterator<Item = String> + 'p {
    let numbers = pair.args().iter().filter(|(_, value)| matches!(value, Value::Number(_)));
    let arrays = arrays(pair.args()).filter(|(name, array)| *name != "d_y" && stands_beside(pair, array));
    arrays.map(|(name, _)| name.clone()).chain(numbers.map(|(name, _)| name.clone()))
}

fn stands_beside(pair: &Pair, array: &protocol::Array) -> bool {
    pair.places.first().is_some_and(|&place| element(pair, array, place).is_some())
}

/// Of the same number of elements in another shape, too.
fn element(pair: &Pair, array: &protocol::Array, place: usize) -> Option<f64> {
    if array.len() == pair.len() { Some(at(array, place)) } else { beside(pair, array, place) }
}

/// What such a relation says.
pub fn predicted(relation: &Relation, pair: &Pair) -> Option<Vec<f64>> {
    match relation {
        Relation::OfArgument { argument, function } => {
            let values: Option<Vec<f64>> = match pair.args().get(argument)? {
                Value::Number(x) => Some(vec![*x; pair.places.len()]),
                Value::Array(array) => pair.places.iter().map(|&place| element(pair, array, place)).collect(),
                _ => None,
            };
            Some(values?.into_iter().map(|x| of_number(*function, x)).collect())
        }
        Relation::OfOutput { output } => {
            let same_call = pair.case.checks.iter().filter(|check| check.call == pair.check.call);
            let mut named =
                same_call.filter(|check| messages::quantity(&check.output, &check.steps) == *output);
            elements(pair, named.find_map(wanted)?.0)
        }
        Relation::OfEarlierCall => {
            let earlier = pair.case.checks.iter().filter(|check| {
                check.call + 1 == pair.check.call
                    && check.output == pair.check.output
                    && check.steps == pair.check.steps
            });
            elements(pair, earlier.filter_map(wanted).next()?.0)
        }
        _ => None,
    }
}

fn elements(pair: &Pair, array: &protocol::Array) -> Option<Vec<f64>> {
    (array.shape == pair.shape).then(|| pair.places.iter().map(|&place| at(array, place)).collect())
}

#[cfg(test)]
mod tests {
    use protocol::Array;

    use super::{super::made_up::*, *};

    #[test]
    fn an_argument_as_it_came_is_seen_and_a_similar_one_is_not() {
        let x = || Value::Array(Array::f64(&[3], vec![0.3, -1.7, 2.2]));
        let identity = Relation::OfArgument { argument: "x".to_owned(), function: Function::Identity };
        let as_it_came = made_with(&[("x", x())], &[1.0, 2.0, 3.5], &[0.3, -1.7, 2.2]);
        assert_eq!(found(&[as_it_came]), Some(identity.clone()));
        let similar = made_with(&[("x", x())], &[1.0, 2.0, 3.5], &[0.3, -1.7, 2.1]);
        assert_ne!(found(&[similar]), Some(identity));
    }

    #[test]
    fn a_function_of_an_argument_is_seen() {
        let x = Value::Array(Array::f64(&[3], vec![0.3, -1.7, 2.2]));
        let got: Vec<f64> = [0.3f64, -1.7, 2.2].iter().map(|x| x.tanh()).collect();
        let tanh = Relation::OfArgument { argument: "x".to_owned(), function: Function::Tanh };
        assert_eq!(found(&[made_with(&[("x", x)], &[0.1, 0.25, 0.9], &got)]), Some(tanh));
    }
}
