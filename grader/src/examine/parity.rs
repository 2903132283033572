//! Whether two devices give the same answers to the same calls. Pure, as the judge is: no files, no processes.
//!
//! Where the cases fix an output's numbers, both devices' numbers are compared, gradients included. Where they fix only a
//! rule (a statistic of random numbers, the end of a training), the second device must obey it as well.

use hidden::{Budget, Case, Check, Rule};
use protocol::{Answer, Value, Values};

use crate::{
    judge::{Outcome, as_array, find_fault},
    verdict::near,
};

/// How many of a case's error budgets two devices may be apart.
///
/// They round differently: sums run in another order (tiled products, atomic additions), `exp` and its kin come from
/// another library. Each stays within the case's budget of the float64 oracle, so two of them stay within twice that; an
/// output that must be exact must be equal on both.
pub const BUDGETS: f64 = 2.0;

/// How well two devices agree.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Agreement {
    /// Numbers that were compared.
    pub numbers: usize,
    /// Rules that the second device's answers obey.
    pub rules: usize,
    /// The largest difference, as a part of what is allowed.
    pub largest: f64,
}

impl Agreement {
    /// This and `other` together.
    pub fn and(self, other: Self) -> Self {
        Self {
            numbers: self.numbers + other.numbers,
            rules: self.rules + other.rules,
            largest: self.largest.max(other.largest),
        }
    }
}

/// How far the answers to the calls of `case` agree. Outputs that no check of the case fixes are compared by `otherwise`,
/// if given.
///
/// # Errors
/// With a sentence that names the first difference.
pub fn compare(
    case: &Case,
    first: &[Outcome],
    second: &[Outcome],
    otherwise: Option<Budget>,
) -> Result<Agreement, String> {
    let mut agreement = Agreement::default();
    for (call, _) in case.calls.iter().enumerate() {
        let pair = (first.get(call), second.get(call));
        let both = match pair {
            (Some(Outcome::Answered(a)), Some(Outcome::Answered(b))) => (a, b),
            _ => return Err(format!("call {}: {}", call + 1, unlike(pair.0, pair.1))),
        };
        match both {
            (Answer::Values(a), Answer::Values(b)) => {
                let budget = |output: &str| budget(case, call, output).or(otherwise);
                agreement = agreement.and(outputs(a, b, budget)?);
            }
            (Answer::Refused(a), Answer::Refused(b)) if a == b => agreement.rules += 1,
            _ => return Err(format!("call {}: {}", call + 1, unlike(pair.0, pair.1))),
        }
    }
    for check in case.checks.iter().filter(|check| !fixes_numbers(check)) {
        if let Some(fault) = find_fault(case, check, second) {
            return Err(fault);
        }
        agreement.rules += 1;
    }
    Ok(agreement)
}

fn fixes_numbers(check: &Check) -> bool {
    matches!(check.rule, Rule::Close { .. }) && check.steps.is_empty()
}

/// The error budget that the case gives an output of a call.
fn budget(case: &Case, call: usize, output: &str) -> Option<Budget> {
    case.checks.iter().find_map(|check| match &check.rule {
        Rule::Close { budget, .. }
            if check.call == call && check.output == output && check.steps.is_empty() =>
        {
            Some(*budget)
        }
        _ => None,
    })
}

fn outputs(
    first: &Values,
    second: &Values,
    budget: impl Fn(&str) -> Option<Budget>,
) -> Result<Agreement, String> {
    if !first.keys().eq(second.keys()) {
        let names = |values: &Values| values.keys().cloned().collect::<Vec<_>>().join(", ");
        return Err(format!("the outputs are {} and {}", names(first), names(second)));
    }
    let mut agreement = Agreement::default();
    for (name, a) in first {
        let budget = budget(name);
        agreement = agreement.and(values(name, a, &second[name], budget)?);
    }
    Ok(agreement)
}

fn values(name: &str, first: &Value, second: &Value, budget: Option<Budget>) -> Result<Agreement, String> {
    let (shape, a) = numbers(first);
    let (other, b) = numbers(second);
    if shape != other || a.len() != b.len() {
        return Err(format!("`{name}` has shape {shape:?} and {other:?}"));
    }
    let Some(budget) = budget else { return Ok(Agreement::default()) };
    let allowed = BUDGETS * budget.allowed(&a);
    match a.iter().zip(&b).position(|(a, b)| !near(*b, *a, allowed)) {
        Some(at) => Err(format!(
            "`{name}`, shape {shape:?}: element {at} is {} and {}, and {allowed:.1e} apart is allowed",
            a[at], b[at]
        )),
        None => Ok(Agreement { numbers: a.len(), rules: 0, largest: largest(&a, &b, allowed) }),
    }
}

/// The largest difference as a part of `allowed`; what is equal does not differ, infinite or not.
fn largest(first: &[f64], second: &[f64], allowed: f64) -> f64 {
    let differences = first.iter().zip(second).map(|(a, b)| (a - b).abs() / allowed);
    differences.filter(|part| part.is_finite()).fold(0.0, f64::max)
}

/// A value as an array; a text is none.
fn numbers(value: &Value) -> (Vec<usize>, Vec<f64>) {
    as_array(value).map(|array| (array.shape.clone(), array.to_f64())).unwrap_or_default()
}

fn unlike(first: Option<&Outcome>, second: Option<&Outcome>) -> String {
    format!("the one {}, the other {}", deed(first), deed(second))
}

fn deed(outcome: Option<&Outcome>) -> String {
    match outcome {
        Some(Outcome::Answered(Answer::Values(_))) => "answered".to_owned(),
        Some(Outcome::Answered(Answer::Refused(message))) => format!("returned `Err` (“{message}”)"),
        Some(Outcome::Answered(Answer::Panicked { message, location })) => {
            format!("panicked at {location}: {message}")
        }
        Some(Outcome::Answered(Answer::Unsupported(message))) => format!("can't be called: {message}"),
        Some(Outcome::Died { message, .. }) => format!("died: {message}"),
        Some(Outcome::NotRun) | None => "was not run".to_owned(),
    }
}
