//! Suppositions: whether a student's answers are those that would be right if one thing were otherwise.
//!
//! What is supposed stands in the oracles. What would be right then is recorded like a misconception's answers, by `check --seal`:
//! nobody who waits for a verdict waits for oracles, and released copies, which have none, know as much.

use std::{collections::BTreeMap, fs, time::Duration};

use anyhow::{Context, Result};
use hidden::{Case, Supposed, What};
use serde::{Deserialize, Serialize};

use crate::{
    course::{
        Exercise,
        cases::{DIAGNOSTIC, cases},
    },
    examine::{
        answers::Answers,
        diagnose::{Record, fits},
        tally::tally,
    },
    files::write_if_changed,
    messages,
    paths::Paths,
    verdict::{Relation, Symptom},
};

/// Of what a call may take longer for, only what authors declare is supposed.
const SHORT: Duration = Duration::from_secs(2);
/// Fewer failing checks may be chance.
const FEWEST: u32 = 3;
/// So many of them are recorded, and so many elements of each.
const RECORDED: (usize, usize) = (10, 16);
/// So many outputs are named.
const NAMED: usize = 3;

const FILE: &str = "suppositions";
const FORMAT: &[u8] = b"suppositions 1\n";

/// What would be right if one thing were otherwise.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Supposition {
    /// The outputs that would be others, in words.
    of: Vec<String>,
    /// Whether the author thought of it, and not only of the arguments.
    declared: bool,
    record: Record,
}

/// What wrong answers would be right for.
pub struct Fit {
    /// In place of any other symptom.
    pub symptom: Symptom,
    /// Whether an author declared it.
    pub declared: bool,
}

/// Those that the oracles speak of: the cases are written once for each, which takes seconds.
pub fn written(paths: &Paths, exercise: &Exercise) -> Result<Vec<Supposition>> {
    let right = cases(paths, exercise, DIAGNOSTIC)?;
    let of = |supposed| Supposition::of(&right, &supposed);
    let (chapter, id) = (&exercise.chapter, &exercise.id);
    // The cases of trainings are too large to be written once more for each of their arguments.
    Ok(if exercise.time() > SHORT {
        hidden::declared_suppositions(chapter, id, DIAGNOSTIC).filter_map(of).collect()
    } else {
        hidden::suppositions(chapter, id, DIAGNOSTIC).filter_map(of).collect()
    })
}

/// Seals what the oracles speak of; the chapter's other exercises keep what they have.
pub fn seal(paths: &Paths, chapter: &str, exercises: &[&Exercise]) -> Result<()> {
    let mut all = sealed(paths, chapter)?;
    for exercise in exercises {
        let written = written(paths, exercise)?;
        let bytes = postcard::to_stdvec(&written).context("failed to pack suppositions")?;
        all.insert(exercise.id.clone(), bytes);
    }
    let all = postcard::to_stdvec(&all).context("failed to pack the suppositions")?;
    write_if_changed(&paths.sealed(chapter, FILE), &[FORMAT, &all].concat())
}

/// Those that were sealed; none where there is no file of this format.
pub fn suppositions(paths: &Paths, exercise: &Exercise) -> Result<Vec<Supposition>> {
    let Some(bytes) = sealed(paths, &exercise.chapter)?.remove(&exercise.id) else { return Ok(Vec::new()) };
    postcard::from_bytes(&bytes)
        .with_context(|| format!("the suppositions of `{}` can't be read", exercise.full_id()))
}

/// Whether those that were sealed are those that the oracles speak of. The words decide: the last bits of what would be right are
/// another machine's.
pub fn are_sealed(paths: &Paths, exercise: &Exercise) -> Result<bool> {
    let (sealed, written) = (suppositions(paths, exercise)?, written(paths, exercise)?);
    Ok(sealed.iter().map(Supposition::words).eq(written.iter().map(Supposition::words)))
}

/// Each exercise's suppositions as they were sealed, packed: of a chapter's only one is asked for.
///
/// # Errors
/// When there is a file that can't be read.
pub fn sealed(paths: &Paths, chapter: &str) -> Result<BTreeMap<String, Vec<u8>>> {
    let path = paths.sealed(chapter, FILE);
    if !path.is_file() {
        return Ok(BTreeMap::new());
    }
    let bytes = fs::read(&path).with_context(|| format!("failed to read `{}`", path.display()))?;
    let Some(all) = bytes.strip_prefix(FORMAT) else { return Ok(BTreeMap::new()) };
    postcard::from_bytes(all).with_context(|| format!("`{}` holds no suppositions", path.display()))
}

/// What the answers that are `asked` for would be right for, if there is something: those of the author's own first, and of
/// several that can't be told apart two.
pub fn find(suppositions: &[Supposition], asked: &mut Answers, patience: usize) -> Result<Option<Fit>> {
    let mut fitting: Vec<&Supposition> = Vec::new();
    for supposition in suppositions {
        if fitting.first().is_some_and(|first| first.declared && !supposition.declared) || fitting.len() == 2
        {
            break;
        }
        if fits(&supposition.record, asked, patience)? {
            fitting.push(supposition);
        }
    }
    Ok(fitting.first().map(|first| {
        let words: Vec<&str> = fitting.iter().map(|supposition| supposition.words()).collect();
        let relation = Relation::Supposed { what: words.join(", or if ") };
        let checks = first.record.failing() as usize;
        let symptom = Symptom { of: first.of.clone(), relation, checks, values_right: false };
        Fit { symptom, declared: first.declared }
    }))
}

/// What is said: what an author thought of before any relation, and another argument after those that hold of all numbers.
pub fn simpler(found: Option<Fit>, symptom: Option<Symptom>) -> Option<Symptom> {
    match (found, symptom) {
        (Some(found), Some(symptom)) if !found.declared && symptom.relation.is_simple() => Some(symptom),
        (Some(found), _) => Some(found.symptom),
        (None, symptom) => symptom,
    }
}

impl Supposition {
    /// What is supposed, in words.
    pub fn words(&self) -> &str {
        self.record.name()
    }

    /// Nothing where too little would be otherwise, or nothing that is known well.
    fn of(right: &[Case], supposed: &Supposed) -> Option<Self> {
        let tally = tally(right, &supposed.cases);
        let mut of: Vec<String> = Vec::new();
        for (c, k, ..) in &tally.failing {
            let check = &right[*c].checks[*k];
            let name = messages::quantity(&check.output, &check.steps);
            if !of.contains(&name) && of.len() < NAMED {
                of.push(name);
            }
        }
        let is_strong = tally.failing.iter().any(|(.., strong)| *strong);
        let declared = matches!(supposed.what, What::Declared(_));
        let record = Record::sampled(&supposed.what.words(), "", tally, RECORDED);
        (is_strong && record.failing() >= FEWEST).then_some(Self { of, declared, record })
    }
}

#[cfg(test)]
mod tests {
    use hidden::{Check, Rule};
    use protocol::{Answer, Array, Value, Values};

    use super::*;
    use crate::judge::Outcome;

    const EXERCISE: (&str, &str) = ("tricks", "batch_norm_train");

    fn right() -> Vec<Case> {
        hidden::cases(EXERCISE.0, EXERCISE.1, DIAGNOSTIC).unwrap().unwrap()
    }

    /// What is supposed with these words.
    fn supposed(words: &str) -> Supposed {
        let mut all = hidden::suppositions(EXERCISE.0, EXERCISE.1, DIAGNOSTIC);
        all.find(|supposed| supposed.what.words() == words).unwrap()
    }

    /// Answers that the checks of these cases find right, in single precision.
    fn answers(cases: &[Case]) -> Vec<Vec<Outcome>> {
        let answer = |case: &Case| {
            let refused = || Answer::Refused("has 0 or has 1".to_owned());
            let wanted = |check: &Check| match &check.rule {
                Rule::Close { want, .. } => {
                    let data = want.to_f64().iter().map(|x| *x as f32).collect();
                    Some((check.output.clone(), Value::Array(Array::f32(&want.shape, data))))
                }
                _ => None,
            };
            let values: Values = case.checks.iter().filter_map(wanted).collect();
            let answer = if values.is_empty() { refused() } else { Answer::Values(values) };
            vec![Outcome::Answered(answer)]
        };
        cases.iter().map(answer).collect()
    }

    fn said(answers: Vec<Vec<Outcome>>) -> Option<String> {
        let right = right();
        let all = hidden::suppositions(EXERCISE.0, EXERCISE.1, DIAGNOSTIC);
        let all: Vec<Supposition> = all.filter_map(|supposed| Supposition::of(&right, &supposed)).collect();
        let found = find(&all, &mut Answers::given(&right, answers), usize::MAX).unwrap();
        found.map(|found| messages::symptoms::symptom(&found.symptom))
    }

    #[test]
    fn what_would_be_right_is_said() {
        let exchanged = supposed("`momentum` and 1 − `momentum` were exchanged").cases;
        let said = said(answers(&exchanged)).unwrap();
        assert_eq!(
            said,
            "`running_mean` (and `running_variance`) is what it should be if `momentum` and 1 − `momentum` were exchanged."
        );
    }

    #[test]
    fn nothing_is_said_of_right_answers_or_of_two_mistakes_at_once() {
        assert_eq!(said(answers(&right())), None);
        let (one, other) = (
            supposed("`momentum` and 1 − `momentum` were exchanged").cases,
            supposed("`beta` were added before `gamma` multiplies").cases,
        );
        let mixed: Vec<Case> = one
            .iter()
            .zip(&other)
            .map(|(one, other)| {
                let of_y = |check: &Check| check.output == "y";
                let checks = one.checks.iter().filter(|check| !of_y(check));
                let checks = checks.chain(other.checks.iter().filter(|check| of_y(check))).cloned().collect();
                Case { checks, ..one.clone() }
            })
            .collect();
        assert_eq!(said(answers(&mixed)), None);
    }

    #[test]
    fn a_supposition_is_refuted_by_one_answer_that_is_not_its_own() {
        let exchanged = supposed("`momentum` and 1 − `momentum` were exchanged").cases;
        let mut answers = answers(&exchanged);
        let Some(Outcome::Answered(Answer::Values(values))) = answers[7].first_mut() else { panic!() };
        let Some(Value::Array(y)) = values.get_mut("y") else { panic!() };
        *y = Array::f64(&y.shape, y.to_f64().iter().map(|x| x + 1.0).collect());
        assert_eq!(said(answers), None);
    }
}
