//! Cases and answers made up for tests.

use std::collections::BTreeMap;

use hidden::{Budget, Case, Check, Rule};
use protocol::{Array, Call, Value};

use super::{pair::Pair, place::Elements, search};
use crate::verdict::Relation;

/// A case with one check, and what came.
pub type Made = (Case, Array);

/// A vector.
pub fn made(want: &[f64], got: &[f64]) -> Made {
    of(&[], &[want.len()], want, got)
}

/// A vector that comes of these arguments.
pub fn made_with(args: &[(&str, Value)], want: &[f64], got: &[f64]) -> Made {
    of(args, &[want.len()], want, got)
}

/// An array.
pub fn shaped(shape: &[usize], want: &[f64], got: &[f64]) -> Made {
    of(&[], shape, want, got)
}

fn of(args: &[(&str, Value)], shape: &[usize], want: &[f64], got: &[f64]) -> Made {
    let args: BTreeMap<String, Value> =
        args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let want = Array::f64(shape, want.to_vec());
    let rule = Rule::Close { want, budget: Budget::elementwise() };
    let check = Check { call: 0, output: "y".to_owned(), steps: Vec::new(), rule };
    let calls = vec![Call::own("made_up", args)];
    let case = Case { about: "made up".to_owned(), calls, checks: vec![check], shows: Vec::new() };
    (case, Array::f64(shape, got.to_vec()))
}

/// They as numbers.
pub fn pairs(made: &[Made]) -> Vec<Pair<'_>> {
    made.iter().map(|(case, got)| Pair::of(case, &case.checks[0], got).unwrap()).collect()
}

/// The relation that is found in all of them.
pub fn found(made: &[Made]) -> Option<Relation> {
    let elements = Elements { failing: &pairs(made), passing: &[] };
    search::relation(&elements).or_else(|| search::tendency(&elements))
}
