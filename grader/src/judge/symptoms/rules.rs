//! Rules that want no elements: statistics of draws, bounds, equality, refusals, panics.

use hidden::{Rule, Statistic};
use protocol::{Answer, Values};

use super::{Finding, function::of_number, scale};
use crate::{
    judge::Outcome,
    messages,
    verdict::{Function, Reading, Relation},
};

/// A range wider than this part of its middle says nothing about a factor.
const WIDE: f64 = 0.2;
/// Fewer cases tell no factor by its name.
const FEWEST: usize = 4;

/// What all findings of a kind have in common, where they are no arrays.
pub fn find(findings: &[Finding]) -> Option<Relation> {
    let first = findings.first()?;
    match (&first.check.rule, &first.reading) {
        (_, Reading::Panicked | Reading::Dead) => panicked(findings),
        (Rule::Refuses { .. }, Reading::Refused(_)) => None,
        (Rule::Refuses { .. }, _) => Some(Relation::Accepted),
        (_, Reading::Refused(_)) => Some(Relation::Refused),
        (Rule::Statistic { .. }, Reading::Number(_)) => multiple(findings).or_else(|| powers(findings)),
        (Rule::SameAs { .. }, Reading::Equal(_)) => Some(Relation::Different),
        (Rule::DiffersFrom { .. }, Reading::Equal(_)) => Some(Relation::Same),
        _ => None,
    }
}

/// Every one stopped at the same place.
fn panicked(findings: &[Finding]) -> Option<Relation> {
    let place = |finding: &Finding| match finding.outcomes.get(finding.check.call) {
        Some(Outcome::Answered(Answer::Panicked { location, .. })) => Some(location.clone()),
        _ => None,
    };
    let location = place(findings.first()?)?;
    let same = findings.iter().all(|finding| place(finding).as_ref() == Some(&location));
    (same && !location.is_empty()).then_some(Relation::Panicked { location })
}

/// The statistic's name, what is allowed of it, and what it is.
fn measured<'a>(finding: &Finding<'a>) -> Option<(String, (f64, f64), f64)> {
    let Rule::Statistic { statistic, low, high } = &finding.check.rule else { return None };
    let Reading::Number(got) = finding.reading else { return None };
    Some((messages::statistic_name(*statistic), (*low, *high), got))
}

/// A statistic that is a multiple of the middle of what is allowed, where that is known well enough.
fn multiple(findings: &[Finding]) -> Option<Relation> {
    let mut seen: Vec<(&Values, f64, f64)> = Vec::new();
    let statistic = measured(findings.first()?)?.0;
    for finding in findings {
        let (_, (low, high), got) = measured(finding)?;
        let middle = (low + high) / 2.0;
        let width = (high - low) / 2.0 / middle.abs();
        if width.is_nan() || width > WIDE || got == 0.0 || !got.is_finite() {
            return None;
        }
        seen.push((&finding.case.calls[finding.check.call].args, got / middle, width.max(1e-5)));
    }
    let by = scale::factor(&seen, FEWEST)?;
    Some(Relation::Statistic { statistic, by })
}

/// A statistic that is a function of the middle of what is allowed.
fn powers(findings: &[Finding]) -> Option<Relation> {
    const FUNCTIONS: [Function; 3] = [Function::Square, Function::Root, Function::Reciprocal];
    let statistic = measured(findings.first()?)?.0;
    let is = |function: Function, finding: &Finding| {
        let Some((_, (low, high), got)) = measured(finding) else { return false };
        let (one, other) = (of_number(function, low), of_number(function, high));
        (one.min(other)..=one.max(other)).contains(&got) && high - low <= WIDE * (high + low).abs()
    };
    let fits = |function: &Function| {
        findings.len() >= FEWEST && findings.iter().all(|finding| is(*function, finding))
    };
    let function = FUNCTIONS.into_iter().find(fits)?;
    Some(Relation::StatisticOf { statistic, function })
}

/// All on the same side of what is allowed; nothing of a distance, which is never too small.
pub fn beyond(findings: &[Finding]) -> Option<Relation> {
    let first = findings.first()?;
    if let Rule::Statistic { statistic: Statistic::DistanceTo(_), .. } = first.check.rule {
        return None;
    }
    let sides: Option<Vec<bool>> = findings.iter().map(side).collect();
    let (sides, statistic) = (sides?, measured(first).map(|(name, ..)| name));
    let large = *sides.first()?;
    // What may be much of anything is no multiple of its middle.
    let ratio = |finding: &Finding| {
        let (_, (low, high), got) = measured(finding)?;
        (high - low <= WIDE * (high + low).abs()).then(|| 2.0 * got / (low + high))
    };
    let ratios = findings.iter().map(ratio);
    let ratios = ratios.collect::<Option<Vec<f64>>>().unwrap_or_default().into_iter().map(|x| (x, x));
    let ratios = ratios
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        .filter(|(low, high)| *low > 0.0 && high.is_finite());
    sides.iter().all(|side| *side == large).then_some(Relation::Outside { statistic, large, ratios })
}

/// Whether it is too large, where it is not too small besides.
fn side(finding: &Finding) -> Option<bool> {
    match (&finding.check.rule, &finding.reading) {
        (Rule::Statistic { low, high, .. }, Reading::Number(got)) => {
            (got > high).then_some(true).or((got < low).then_some(false))
        }
        (Rule::Within { low, high }, Reading::Array(got)) => {
            let values = got.to_f64();
            let (above, below) = (values.iter().any(|x| x > high), values.iter().any(|x| x < low));
            (above != below).then_some(above)
        }
        _ => None,
    }
}
