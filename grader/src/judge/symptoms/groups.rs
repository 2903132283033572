//! Failing checks by kind and output, without those that only follow from others.

use std::collections::BTreeMap;

use hidden::{Case, Check, Rule};

use super::{pair, trials::Trial};
use crate::{judge::Outcome, messages, verdict::Reading};

/// A check that fails, and what it measures.
pub struct Finding<'a> {
    /// The numbers of the case and of the check.
    pub at: (usize, usize),
    /// The case that it belongs to.
    pub case: &'a Case,
    /// What should hold, and does not.
    pub check: &'a Check,
    /// What came of the case's calls.
    pub outcomes: &'a [Outcome],
    /// What the check measures.
    pub reading: Reading,
}

/// Kinds of findings, those first that explain others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A call panicked or gave no answer.
    Stopped,
    /// `Err` where an answer is due.
    Refused,
    /// Another shape.
    Shape,
    /// Other elements of an output.
    Values,
    /// A statistic, a bound, a comparison.
    Rule,
    /// `Ok` where `Err` is due, or the wrong words.
    Accepted,
    /// Other elements of a gradient.
    Gradient,
}

/// Findings of a kind about one output.
pub struct Group<'a> {
    /// What all of them are about.
    pub sort: Sort,
    /// What they measure, in words.
    pub what: String,
    /// In the order of cases and checks.
    pub findings: Vec<Finding<'a>>,
}

/// The failing checks by kind and output, without gradients of what is wrong itself.
pub fn groups<'a>(trials: &[Trial<'a>]) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<(Sort, String), Vec<Finding>> = BTreeMap::new();
    for trial in trials {
        let check = |k: &usize| &trial.case.checks[*k];
        let wrong_calls: Vec<usize> = trial
            .failing
            .iter()
            .map(|(k, _)| check(k))
            .filter(|check| !is_gradient(check))
            .map(|check| check.call)
            .collect();
        for (k, reading) in &trial.failing {
            let check = check(k);
            if is_gradient(check) && wrong_calls.contains(&check.call) {
                continue;
            }
            let finding = Finding {
                at: (trial.number, *k),
                case: trial.case,
                check,
                outcomes: trial.outcomes,
                reading: reading.clone(),
            };
            groups.entry(key(&finding)).or_default().push(finding);
        }
    }
    groups.into_iter().map(|((sort, what), findings)| Group { sort, what, findings }).collect()
}

/// Whether a check is about a gradient of an output.
pub fn is_gradient(check: &Check) -> bool {
    check.output.starts_with("d_")
}

fn key(finding: &Finding) -> (Sort, String) {
    let check = finding.check;
    let sort = match (&check.rule, &finding.reading) {
        (_, Reading::Panicked | Reading::Dead) => return (Sort::Stopped, String::new()),
        (Rule::Refuses { .. }, _) => return (Sort::Accepted, String::new()),
        (_, Reading::Refused(_)) => return (Sort::Refused, String::new()),
        (_, Reading::Array(got)) if wanted_shape(check).is_some_and(|want| *want != got.shape) => Sort::Shape,
        (Rule::Close { .. } | Rule::CloseToAny { .. }, _) if is_gradient(check) => Sort::Gradient,
        (Rule::Close { .. } | Rule::CloseToAny { .. }, _) => Sort::Values,
        _ => Sort::Rule,
    };
    let what = messages::quantity(&check.output, &check.steps);
    match &check.rule {
        // Each statistic is a quantity of its own.
        Rule::Statistic { statistic, .. } => {
            (sort, format!("the {} of {what}", messages::statistic_name(*statistic)))
        }
        Rule::SameAs { .. } => (sort, format!("{what}, compared")),
        Rule::DiffersFrom { .. } => (sort, format!("{what}, in turn")),
        _ => (sort, what),
    }
}

pub fn wanted_shape(check: &Check) -> Option<&Vec<usize>> {
    match &check.rule {
        Rule::Shape { shape } => Some(shape),
        _ => pair::wanted(check).map(|(want, _)| &want.shape),
    }
}
