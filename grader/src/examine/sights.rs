//! What can be seen of a case that went wrong: answers beside what is wanted, draws, curves. Whether something is wrong, the judge
//! says; drawing is the page's.

use hidden::{Case, Check, Rule, Statistic};
use protocol::{Answer, Array, Value, Values};

use crate::{
    examine::gallery::Gallery,
    judge::{Outcome, as_array, find_fault, measure, shown},
    messages::{quantity, statistic_name},
    verdict::{Beside, Draws, Picture, Reading, Sight},
};

/// So many say what there is to see; all outputs of a large exercise would fill a book.
const MOST: usize = 4;
/// Longer arrays are weights of networks: nothing that an eye could compare.
const LONGEST: usize = 1 << 18;

/// What there is to see of `case`, the most telling first.
pub fn sights(case: &Case, outcomes: &[Outcome]) -> Vec<Sight> {
    let mut seen: Vec<(usize, &str)> = Vec::new();
    let mut sights = Vec::new();
    for check in &case.checks {
        let place = (check.call, check.output.as_str());
        if sights.len() == MOST || seen.contains(&place) || find_fault(case, check, outcomes).is_none() {
            continue;
        }
        if let Some(sight) = sight(case, check, outcomes) {
            seen.push(place);
            sights.push(sight);
        }
    }
    let mut gallery = Gallery::default();
    gallery.add(case, outcomes);
    sights.extend(gallery.pictures.into_iter().filter_map(|picture| match picture {
        Picture::Lines { plot, lines } => Some(Sight::Curves { plot, lines }),
        _ => None,
    }));
    sights
}

fn sight(case: &Case, check: &Check, outcomes: &[Outcome]) -> Option<Sight> {
    let name = quantity(&check.output, &check.steps);
    match &check.rule {
        Rule::Close { want, budget } => {
            beside(case, check, outcomes, (name, want, budget.allowed(&want.to_f64())))
        }
        Rule::CloseToAny { wants, budget } => {
            let want = wants.first()?;
            beside(case, check, outcomes, (name, want, budget.allowed(&want.to_f64())))
        }
        Rule::Statistic { statistic, low, high } => {
            let Reading::Number(got) = measure(check, outcomes) else { return None };
            let expected = match statistic {
                Statistic::DistanceTo(distribution) => Some(*distribution),
                _ => None,
            };
            let statistic = Some((statistic_name(*statistic), got));
            draws(Draws {
                name,
                values: values(check, outcomes)?,
                statistic,
                allowed: (*low, *high),
                expected,
            })
        }
        Rule::Within { low, high } => {
            let (statistic, expected) = (None, None);
            draws(Draws {
                name,
                values: values(check, outcomes)?,
                statistic,
                allowed: (*low, *high),
                expected,
            })
        }
        _ => None,
    }
}

/// A single number has no picture: the table says it.
fn draws(draws: Draws) -> Option<Sight> {
    (draws.values.len() > 1).then_some(Sight::Draws(draws))
}

fn beside(
    case: &Case,
    check: &Check,
    outcomes: &[Outcome],
    (name, want, allowed): (String, &Array, f64),
) -> Option<Sight> {
    let Reading::Array(got) = measure(check, outcomes) else { return None };
    let fits = |array: &Array| array.len() > 1 && array.len() <= LONGEST;
    if !(fits(want) && fits(&got)) {
        return None;
    }
    let given = given(&case.calls.get(check.call)?.args, &check.output, want);
    Some(Sight::Beside(Beside { name, given, want: want.clone(), got, allowed }))
}

/// The argument that a picture of `output` is best compared with: the one that a gradient is of, or else `x`, or else any other
/// of the same shape, or else of the same number of axes.
fn given(args: &Values, output: &str, want: &Array) -> Option<(String, Array)> {
    let arrays: Vec<(&String, &Array)> = args
        .iter()
        .filter_map(|(name, value)| match value {
            Value::Array(array) if array.len() <= LONGEST => Some((name, array)),
            _ => None,
        })
        .collect();
    let named = |wanted: &str| arrays.iter().find(|(name, _)| name.as_str() == wanted);
    let axes = want.shape.len();
    let alike = arrays.iter().find(|(_, array)| array.shape == want.shape);
    let own = output.strip_prefix("d_").and_then(named).or_else(|| named("x"));
    let found = own.or(alike).filter(|(_, array)| array.shape.len() == axes);
    let found = found.or_else(|| arrays.iter().find(|(_, array)| array.shape.len() == axes && axes > 2));
    found.map(|(name, array)| ((*name).clone(), (*array).clone()))
}

/// The numbers that a statistic is of.
fn values(check: &Check, outcomes: &[Outcome]) -> Option<Vec<f64>> {
    let Some(Outcome::Answered(Answer::Values(outputs))) = outcomes.get(check.call) else { return None };
    let array = as_array(&shown(outputs, &check.output, &check.steps)?)?;
    (array.len() <= LONGEST).then(|| array.to_f64())
}
