//! What is looked at: cases, what came of them, and what their checks measure. Of very long answers only a few.

use std::collections::{BTreeMap, BTreeSet};

use hidden::{Case, Check, Rule, Statistic};
use protocol::{Answer, Value};

use crate::{
    judge::{Outcome, measure},
    messages::answers,
    verdict::{Reading, near},
};

/// Elements that are looked at in all, but for the first case.
const MOST_ELEMENTS: usize = 100_000;

/// A case and what came of it.
pub struct Trial<'a> {
    /// The case's number.
    pub number: usize,
    /// What was asked, and what it must come to.
    pub case: &'a Case,
    /// What came of its calls; nothing needs to be kept of a case that passes.
    pub outcomes: &'a [Outcome],
    /// What each check that fails measures, by its number.
    pub failing: Vec<(usize, Reading)>,
    /// Whether it fails, whatever is known of its checks.
    pub fails: bool,
}

impl<'a> Trial<'a> {
    /// Of a case that was found to fail.
    fn failed(number: usize, case: &'a Case, outcomes: &'a [Outcome]) -> Self {
        let failing = case.checks.iter().enumerate().filter_map(|(k, check)| {
            let reading = measure(check, outcomes);
            is_at_fault(check, &reading).then_some((k, reading))
        });
        Self { number, case, outcomes, failing: failing.collect(), fails: true }
    }

    /// Of a case that passes, or of one that fails and is too long to be looked at again.
    fn unseen(number: usize, case: &'a Case, fails: bool) -> Self {
        Self { number, case, outcomes: &[], failing: Vec::new(), fails }
    }
}

/// Whether a check fails. Where elements are compared no complaint is written, which would take longer than comparing them.
fn is_at_fault(check: &Check, reading: &Reading) -> bool {
    if let (Rule::Close { want, budget }, Reading::Array(got)) = (&check.rule, reading)
        && want.shape == got.shape
    {
        let (want, got) = (want.to_f64(), got.to_f64());
        let allowed = budget.allowed(&want);
        return got.iter().zip(&want).any(|(got, want)| !near(*got, *want, allowed));
    }
    // Nobody reads this complaint: it needs no arguments.
    let hollow = Case { about: String::new(), calls: Vec::new(), checks: Vec::new(), shows: Vec::new() };
    answers::fault(&hollow, check, reading).is_some()
}

/// Every case that was run, with what came of it; of those that fail, `failing` has the outcomes by number. Of the longest ones only a few
/// are looked at again: nobody waits for a sentence.
pub fn trials<'a>(cases: &'a [Case], failing: &'a BTreeMap<usize, Vec<Outcome>>) -> Vec<Trial<'a>> {
    let mut by_cost: Vec<(usize, usize)> =
        failing.iter().map(|(&c, outcomes)| (cost(&cases[c], outcomes), c)).collect();
    by_cost.sort_unstable();
    let mut spent = 0;
    let mut looked_at = by_cost.into_iter().enumerate().take_while(|(i, (cost, _))| {
        spent += cost;
        *i == 0 || spent <= MOST_ELEMENTS
    });
    let looked_at: BTreeSet<usize> = looked_at.by_ref().map(|(_, (_, c))| c).collect();
    let trial = |(c, case): (usize, &'a Case)| match failing.get(&c) {
        Some(outcomes) if looked_at.contains(&c) && !outcomes.contains(&Outcome::NotRun) => {
            Some(Trial::failed(c, case, outcomes))
        }
        Some(outcomes) if outcomes.contains(&Outcome::NotRun) => None,
        outcomes => Some(Trial::unseen(c, case, outcomes.is_some())),
    };
    cases.iter().enumerate().filter_map(trial).collect()
}

/// How many elements measuring a case's checks goes through.
fn cost(case: &Case, outcomes: &[Outcome]) -> usize {
    let elements = |check: &Check| match outcomes.get(check.call) {
        Some(Outcome::Answered(Answer::Values(values))) => match values.get(&check.output) {
            Some(Value::Array(array)) => array.len(),
            _ => 1,
        },
        _ => 1,
    };
    // What has to be sorted takes longer.
    let factor = |check: &Check| match check.rule {
        Rule::Statistic { statistic: Statistic::DistanceTo(_) | Statistic::Distinct, .. }
        | Rule::Permutation { .. } => 5,
        _ => 1,
    };
    case.checks.iter().map(|check| elements(check) * factor(check)).sum()
}
