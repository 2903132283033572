//! Readings: what a check measures of the answers, before anybody says whether that is right.

use hidden::{Budget, Check, Rule};
use protocol::{Answer, Array, Value};

use super::{
    Outcome,
    derive::{Underivable, derive},
    subspace,
};

use crate::verdict::{Reading, near, sample};

/// What `check` measures of `outcomes`.
pub fn measure(check: &Check, outcomes: &[Outcome]) -> Reading {
    let output = match answer(outcomes, check.call) {
        Ok(values) => values,
        Err(reading) => return reading,
    };
    if matches!(check.rule, Rule::Refuses { .. }) {
        return Reading::Accepted;
    }
    if let Rule::Text { .. } = check.rule {
        return match output.get(&check.output) {
            Some(Value::Text(text)) => Reading::Text(text.clone()),
            _ => Reading::Missing,
        };
    }
    let array = match derive(output, &check.output, &check.steps) {
        Ok(array) => array,
        Err(Underivable::Missing(_)) => return Reading::Missing,
        Err(Underivable::Shape { got, want }) => return Reading::Unlike { got, want },
    };
    match &check.rule {
        Rule::Statistic { statistic, .. } => Reading::Number(statistic.of(&array.to_f64())),
        Rule::Spans { basis, .. } => Reading::Number(subspace::angle(basis, &array)),
        Rule::SameAs { call, output } | Rule::DiffersFrom { call, output } => {
            match other(outcomes, *call, output) {
                Ok(other) => Reading::Equal(same_bits(&array, &other)),
                Err(reading) => reading,
            }
        }
        Rule::Permutation { of } => Reading::Equal(sorted(array.to_f64()) == sorted(of.clone())),
        _ => Reading::Array(Array::f64(&array.shape, array.to_f64())),
    }
}

/// Whether two readings of the same check tell the same story: equal within the check's own tolerance.
pub fn agree(check: &Check, a: &Reading, b: &Reading) -> bool {
    match (a, b) {
        (Reading::Array(a), Reading::Array(b)) => {
            a.shape == b.shape && alike(check, &a.to_f64(), &b.to_f64())
        }
        (Reading::Array(a), Reading::Sample { shape, elements }) => {
            a.shape == *shape && alike(check, &sample(&a.to_f64(), elements.len()), elements)
        }
        (Reading::Number(a), Reading::Number(b)) => {
            let width = match &check.rule {
                Rule::Statistic { low, high, .. } if (high - low).is_finite() => high - low,
                Rule::Spans { degrees, .. } => *degrees,
                _ => 0.0,
            };
            near(*a, *b, width.max(1e-6 * b.abs()))
        }
        (Reading::Refused(_), Reading::Refused(_)) => true,
        _ => a == b,
    }
}

/// Whether a reading of a failing check is hardly that of another mistake: not a refusal, a comparison, an answer that never came,
/// a NaN, or a statistic that much may have.
pub fn is_strong(check: &Check, reading: &Reading) -> bool {
    match (&check.rule, reading) {
        (Rule::Statistic { low, high, .. }, Reading::Number(got)) => {
            got.is_finite() && high - low <= 0.2 * (high + low).abs() / 2.0
        }
        (_, Reading::Number(got)) => got.is_finite(),
        (_, Reading::Array(got)) => got.to_f64().iter().any(|x| x.is_finite() && *x != 0.0),
        (_, Reading::Text(_)) => true,
        _ => false,
    }
}

/// Whether numbers of a student's are those that were recorded.
fn alike(check: &Check, got: &[f64], recorded: &[f64]) -> bool {
    let budget = match &check.rule {
        Rule::Close { budget, .. } | Rule::CloseToAny { budget, .. } => *budget,
        _ => Budget::elementwise(),
    };
    // Ten budgets: a student's wrong formula need not round like the recorded one. What is held to a range is measured, and
    // seldom the same twice.
    let allowed = match check.rule {
        Rule::Within { low, high } if (high - low).is_finite() => high - low,
        _ => budget.allowed(recorded).max(Budget::elementwise().allowed(recorded)) * 10.0,
    };
    got.iter().zip(recorded).all(|(got, recorded)| near(*got, *recorded, allowed))
}

/// The elements that an array from a child really has; a shape that does not fit them makes it no array at all.
pub fn as_array(value: &Value) -> Option<Array> {
    match value {
        Value::Array(array) => array.is_consistent().then(|| array.clone()),
        Value::Number(number) => Some(Array::f64(&[], vec![*number])),
        Value::Count(count) => Some(Array::f64(&[], vec![*count as f64])),
        Value::Flag(flag) => Some(Array::f64(&[], vec![f64::from(u8::from(*flag))])),
        Value::Text(_) => None,
    }
}

fn answer(outcomes: &[Outcome], call: usize) -> Result<&protocol::Values, Reading> {
    match outcomes.get(call) {
        Some(Outcome::Answered(Answer::Values(values))) => Ok(values),
        Some(Outcome::Answered(Answer::Refused(message))) => Err(Reading::Refused(message.clone())),
        Some(Outcome::Answered(Answer::Panicked { .. })) => Err(Reading::Panicked),
        Some(Outcome::Answered(Answer::Unsupported(_)) | Outcome::Died { .. } | Outcome::NotRun) | None => {
            Err(Reading::Dead)
        }
    }
}

fn other(outcomes: &[Outcome], call: usize, output: &str) -> Result<Array, Reading> {
    answer(outcomes, call)?.get(output).and_then(as_array).ok_or(Reading::Missing)
}

fn same_bits(a: &Array, b: &Array) -> bool {
    let bits = |array: &Array| array.to_f64().iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    a.shape == b.shape && bits(a) == bits(b)
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}
