//! Symptoms: the simplest relation between what is wanted and what came that holds in every failing check of an output.
//!
//! Pure: from cases and outcomes alone, with no list for an exercise; rather silent than wrong. A file is a family of relations.
//! What divides failing cases from passing ones is `contrast`'s, words are `messages`'.

mod arrangement;
mod constancy;
mod function;
mod groups;
mod identity;
#[cfg(test)]
mod made_up;
mod nearness;
mod pair;
mod partly;
mod place;
mod quantity;
mod rules;
mod scale;
mod search;
mod shape;
mod trials;

use std::collections::BTreeSet;

use hidden::{Case, Check, Rule, Statistic};
use protocol::{Array, Call, Value};

pub use groups::{Finding, is_gradient};
pub use pair::at;
pub use place::{between, compares};
pub use quantity::{bases, value_of};
pub use trials::{Trial, trials};

use crate::{
    messages,
    verdict::{Arrangement, Reading, Relation, Symptom},
};
use groups::{Group, Sort, groups, wanted_shape};
use pair::Pair;
use place::Elements;
use shape::Shapes;

/// What a symptom says, and which cases it could have been about: those with such a check, and whether it fails.
pub struct Evidence<'a> {
    /// The symptom, if there is one.
    pub symptom: Option<Symptom>,
    /// The cases with a check of this kind.
    pub about: Vec<(&'a Case, bool)>,
    /// A case and a check of it that the symptom is about.
    pub example: Option<(usize, usize)>,
}

/// The symptom of the output that is wrong in most cases; of several, of the one that explains others.
pub fn find<'a>(trials: &[Trial<'a>]) -> Evidence<'a> {
    let mut groups = groups(trials);
    groups.sort_by_key(|group| (std::cmp::Reverse(group.findings.len()), group.sort));
    // What is seen in few of the failing checks explains none of the others.
    let most = groups.first().map_or(0, |group| group.findings.len());
    let main = || groups.iter().filter(|group| group.sort == Sort::Rule || 2 * group.findings.len() >= most);
    let found = main().find_map(|group| Some((group, relation(group, trials)?)));
    let found = found.or_else(|| {
        let others =
            groups.iter().filter(|group| 2 * group.findings.len() < most && group.findings.len() > 2);
        others
            .filter_map(|group| Some((group, relation(group, trials)?)))
            .find(|(_, relation)| is_telling(relation))
    });
    let found = found.or_else(|| main().find_map(|group| Some((group, partly(group)?))));
    let found = found.or_else(|| main().find_map(|group| Some((group, tendency(group, trials)?))));
    let found = found.or_else(|| Some((groups.first()?, beside(&groups, trials)?)));
    let main = found.as_ref().map(|(group, _)| *group).or(groups.first());
    let about = main.map(|group| about(group, trials)).unwrap_or_default();
    let example = main.and_then(|group| example(group, found.as_ref().map(|(_, relation)| relation)));
    Evidence { example, symptom: found.map(|(group, relation)| symptom(group, relation, &groups)), about }
}

/// The first check that the relation explains, where it holds in some only.
fn example(group: &Group, relation: Option<&Relation>) -> Option<(usize, usize)> {
    let Some(Relation::Partly { holds, .. }) = relation else { return Some(group.findings.first()?.at) };
    let pairs = pairs(group)?;
    let explained = pairs.iter().position(|pair| search::explains(holds, pair));
    Some(group.findings.get(explained.unwrap_or_default())?.at)
}

/// Whether a relation that few checks show points at what is wrong in the others.
fn is_telling(relation: &Relation) -> bool {
    match relation {
        Relation::Arranged { how } => {
            !matches!(how, Arrangement::Taken(..) | Arrangement::InRows | Arrangement::Shuffled)
        }
        Relation::OfArgument { .. } | Relation::OfOutput { .. } | Relation::Constant { .. } => true,
        _ => false,
    }
}

fn relation(group: &Group, trials: &[Trial]) -> Option<Relation> {
    match group.sort {
        Sort::Values | Sort::Gradient => with_elements(group, trials, search::relation),
        Sort::Shape => shape::find(&group.findings.iter().filter_map(shapes).collect::<Vec<_>>()),
        _ => rules::find(&group.findings),
    }
}

fn partly(group: &Group) -> Option<Relation> {
    match group.sort {
        Sort::Values | Sort::Gradient => partly::find(&pairs(group)?),
        _ => None,
    }
}

fn tendency(group: &Group, trials: &[Trial]) -> Option<Relation> {
    match group.sort {
        Sort::Values | Sort::Gradient => with_elements(group, trials, search::tendency),
        Sort::Rule => rules::beyond(&group.findings),
        _ => None,
    }
}

fn shapes<'a>(finding: &Finding<'a>) -> Option<Shapes<'a>> {
    let Reading::Array(got) = &finding.reading else { return None };
    let args = &finding.case.calls[finding.check.call].args;
    Some(Shapes { want: wanted_shape(finding.check)?.clone(), got: got.shape.clone(), args })
}

/// What `look` makes of a group's elements, if all its checks have some.
fn with_elements(
    group: &Group,
    trials: &[Trial],
    look: impl Fn(&Elements) -> Option<Relation>,
) -> Option<Relation> {
    let failing = pairs(group)?;
    let first = group.findings.first()?.check;
    let same = |check: &&Check| check.output == first.output && check.steps == first.steps;
    let passing: Vec<Pair> = trials
        .iter()
        .filter(|trial| !trial.fails)
        .flat_map(|trial| {
            trial.case.checks.iter().filter(same).filter_map(|check| Pair::right(trial.case, check)).take(1)
        })
        .collect();
    look(&Elements { failing: &failing, passing: &passing })
}

fn pairs<'a>(group: &Group<'a>) -> Option<Vec<Pair<'a>>> {
    let of = |finding: &Finding<'a>| match &finding.reading {
        Reading::Array(got) => Pair::of(finding.case, finding.check, got),
        _ => None,
    };
    group.findings.iter().map(of).collect()
}

/// Which outputs are right in every case, where only one or two are wrong. Nothing is said of gradients of what is wrong.
fn beside(groups: &[Group], trials: &[Trial]) -> Option<Relation> {
    let failing = trials.iter().flat_map(|trial| trial.failing.iter().map(|(k, _)| &trial.case.checks[*k]));
    let wrong: BTreeSet<&str> = failing.map(|check| check.output.as_str()).collect();
    let values_wrong = wrong.iter().any(|output| !output.starts_with("d_"));
    let checks = trials.iter().flat_map(|trial| &trial.case.checks);
    let checks = checks.filter(|check| !matches!(check.rule, Rule::Refuses { .. }));
    let right =
        checks.filter(|check| !(wrong.contains(check.output.as_str()) || values_wrong && is_gradient(check)));
    let right: BTreeSet<String> = right.map(|check| messages::quantity(&check.output, &[])).collect();
    let is_known = trials.iter().all(|trial| !trial.fails || !trial.failing.is_empty());
    (is_known && !right.is_empty() && groups.len() <= 2)
        .then_some(Relation::Beside { right: right.into_iter().collect() })
}

/// The cases with such a check as the group is about, and whether theirs fails.
fn about<'a>(group: &Group<'a>, trials: &[Trial<'a>]) -> Vec<(&'a Case, bool)> {
    let refuses = |check: &Check| matches!(check.rule, Rule::Refuses { .. });
    let of_refusal = group.sort == Sort::Accepted;
    let statistic = group.findings.first().and_then(|finding| statistic(finding.check));
    let outputs: Vec<&str> = group.findings.iter().map(|finding| finding.check.output.as_str()).collect();
    let alike = |check: &Check| match group.sort {
        Sort::Stopped => true,
        Sort::Accepted => refuses(check),
        Sort::Rule => outputs.contains(&check.output.as_str()) && self::statistic(check) == statistic,
        _ => outputs.contains(&check.output.as_str()) && refuses(check) == of_refusal,
    };
    let with = trials.iter().filter(|trial| trial.case.checks.iter().any(alike));
    let fails = |trial: &Trial| match &trial.failing[..] {
        [] => trial.fails,
        failing => failing.iter().any(|(k, _)| alike(&trial.case.checks[*k])),
    };
    with.map(|trial| (trial.case, fails(trial))).collect()
}

fn statistic(check: &Check) -> Option<Statistic> {
    match check.rule {
        Rule::Statistic { statistic, .. } => Some(statistic),
        _ => None,
    }
}

fn symptom(group: &Group, relation: Relation, groups: &[Group]) -> Symptom {
    let same = groups.iter().filter(|other| {
        other.what != group.what
            && other.sort == group.sort
            && matches!(group.sort, Sort::Values | Sort::Gradient)
    });
    let same: Vec<&Group> =
        same.filter(|other| pairs(other).is_some_and(|pairs| search::holds(&relation, &pairs))).collect();
    let all: Vec<Pair> =
        std::iter::once(group).chain(same.iter().copied()).filter_map(pairs).flatten().collect();
    let what = group
        .findings
        .first()
        .map(|f| messages::quantity(&f.check.output, &f.check.steps))
        .unwrap_or_default();
    Symptom {
        of: std::iter::once(what).chain(same.iter().map(|other| other.what.clone())).collect(),
        checks: group.findings.len() + same.iter().map(|other| other.findings.len()).sum::<usize>(),
        values_right: group.sort == Sort::Gradient && !groups.iter().any(|other| other.sort == Sort::Values),
        relation: scale::over(relation, &all),
    }
}

/// An array argument.
pub fn array<'a>(call: &'a Call, name: &str) -> Option<&'a Array> {
    match call.args.get(name) {
        Some(Value::Array(array)) => Some(array),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use hidden::Budget;
    use protocol::{Answer, Values};

    use super::*;
    use crate::judge::Outcome;

    fn check(output: &str, want: &[f64]) -> Check {
        let rule =
            Rule::Close { want: Array::f64(&[want.len()], want.to_vec()), budget: Budget::elementwise() };
        Check { call: 0, output: output.to_owned(), steps: Vec::new(), rule }
    }

    /// The symptom of an answer of `y` and `d_x` to a case that wants [1, 2, 3.5] and [0.5, 0.7, 0.2].
    fn symptom(y: [f64; 3], d_x: [f64; 3]) -> Symptom {
        let checks = vec![check("y", &[1.0, 2.0, 3.5]), check("d_x", &[0.5, 0.7, 0.2])];
        let calls = vec![Call::own("made_up", Values::new())];
        let cases = [Case { about: "made up".to_owned(), calls, checks, shows: Vec::new() }];
        let array = |values: [f64; 3]| Value::Array(Array::f64(&[3], values.to_vec()));
        let values: Values = [("y".to_owned(), array(y)), ("d_x".to_owned(), array(d_x))].into();
        let failing = BTreeMap::from([(0, vec![Outcome::Answered(Answer::Values(values))])]);
        find(&trials(&cases, &failing)).symptom.unwrap()
    }

    #[test]
    fn a_gradient_that_never_comes_is_told_from_wrong_values() {
        let found = symptom([1.0, 2.0, 3.5], [0.0; 3]);
        assert!(found.values_right);
        assert_eq!(found.relation, Relation::Constant { value: Some(0.0) });
        let said = messages::symptoms::symptom(&found);
        assert!(said.starts_with("The values are right. The gradient with respect to `x` is 0"), "{said}");
    }

    #[test]
    fn gradients_of_wrong_values_are_left_out() {
        let found = symptom([-1.0, -2.0, -3.5], [0.1, 0.2, 0.3]);
        assert_eq!(found.of, ["the output"]);
        assert_eq!(messages::symptoms::symptom(&found), "The output is the negative of what it should be.");
    }
}
