//! What the checks of right cases say of answers that would be right if something were otherwise. Pure.

use hidden::{Budget, Case, Check, Rule};
use protocol::Array;

use crate::{
    examine::diagnose::{Checks, Tally},
    judge::is_strong,
    verdict::{Reading, near},
};

/// What an answer's roundings may add to or take from a difference.
const MARGIN: f64 = 3.0;

/// Which checks an answer fails that would be right.
pub fn tally(right: &[Case], supposed: &[Case]) -> Tally {
    let (mut fails, mut passes) = (Checks::default(), Checks::default());
    let mut failing = Vec::new();
    for (c, case) in right.iter().enumerate() {
        let same = |other: &&Case| other.calls == case.calls && other.checks.len() == case.checks.len();
        let other = supposed.get(c).filter(same);
        for (k, check) in case.checks.iter().enumerate() {
            let said = other.and_then(|other| said(check, &other.checks[k]));
            fails.push(matches!(said, Some(Said::Fails(_))));
            passes.push(matches!(said, Some(Said::Passes)));
            if let Some(Said::Fails(Some(reading))) = said {
                let strong = is_strong(check, &reading);
                failing.push((c, k, reading, strong));
            }
        }
    }
    Tally { failing, fails, passes }
}

/// What a check says of an answer that would be right.
enum Said {
    Passes,
    /// And measures this, where that is known.
    Fails(Option<Reading>),
}

/// Nothing where roundings decide, or more than one answer is right.
fn said(check: &Check, supposed: &Check) -> Option<Said> {
    if check.output != supposed.output || check.steps != supposed.steps {
        return None;
    }
    if check.rule == supposed.rule {
        return Some(Said::Passes);
    }
    match (&check.rule, &supposed.rule) {
        (Rule::Close { want, budget }, Rule::Close { want: other, .. }) => {
            close((want, budget.allowed(&want.to_f64())), other)
        }
        (Rule::Statistic { low, high, .. }, Rule::Statistic { low: other_low, high: other_high, .. }) => {
            let is_known = other_high - other_low <= 2.0 * (high - low);
            let middle = is_known.then_some(Reading::Number((other_low + other_high) / 2.0));
            (other_high < low || other_low > high).then_some(Said::Fails(middle))
        }
        (Rule::Text { .. }, Rule::Text { want }) => Some(Said::Fails(Some(Reading::Text(want.clone())))),
        (Rule::CloseToAny { wants, budget }, Rule::CloseToAny { wants: others, .. }) => {
            any((wants, budget), others)
        }
        (Rule::Permutation { .. }, Rule::Permutation { .. }) => {
            Some(Said::Fails(Some(Reading::Equal(false))))
        }
        _ => None,
    }
}

/// Where either of several answers is right, and the other ones agree on what they are.
fn any((wants, budget): (&[Array], &Budget), others: &[Array]) -> Option<Said> {
    let (other, rest) = others.split_first()?;
    if rest.iter().any(|one| one != other) {
        return None;
    }
    let mut said: Vec<Said> = Vec::new();
    for want in wants {
        said.push(close((want, budget.allowed(&want.to_f64())), other)?);
    }
    let passes = said.iter().position(|said| matches!(said, Said::Passes));
    Some(said.swap_remove(passes.unwrap_or_default()))
}

fn close((want, allowed): (&Array, f64), other: &Array) -> Option<Said> {
    let said = other.to_f64();
    if !said.is_empty() && said.iter().all(|x| x.is_nan()) {
        return None;
    }
    let fails = || Said::Fails(Some(Reading::Array(Array::f64(&other.shape, said.clone()))));
    if want.shape != other.shape {
        return Some(fails());
    }
    let both = || want.to_f64().into_iter().zip(&said);
    let is_off = |allowed: f64| both().any(|(want, said)| !near(*said, want, allowed));
    if is_off(MARGIN * allowed) {
        return Some(fails());
    }
    (!is_off(allowed / MARGIN)).then_some(Said::Passes)
}
