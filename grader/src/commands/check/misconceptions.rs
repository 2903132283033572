//! Every misconception must fail, and by its own sentence. Records what variants answer when sealing.

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use hidden::Case;

use super::{Check, Complaints, program};
use crate::{
    course::Exercise,
    diagnose::{self, Record, Variant},
    examine::answers,
    judge::{Outcome, judge},
    parallel::side_by_side,
    sealed::cases,
};

/// A variant and its answers to the diagnostic cases.
type Answered = (Variant, Vec<Vec<Outcome>>);

/// Runs every variant of `wanted`; with `seal`, records their answers first.
///
/// Each exercise is recorded as soon as its variants have answered: an interrupted run keeps what it has.
pub fn are_named(check: &Check, wanted: &[&Exercise], seal: bool, complaints: &mut Complaints) -> Result<()> {
    let (paths, chapter) = (&check.grader.paths, check.chapter);
    let mut records = diagnose::load(paths, &chapter.name)?;
    records.retain(|id, _| chapter.exercises.iter().any(|exercise| exercise.id == *id));
    let records = Mutex::new(records);
    let all = side_by_side(wanted, |lane, i, exercise| -> Result<_> {
        let about = format!("misconceptions of {}", exercise.full_id());
        check.grader.progress.examining(&about, i, wanted.len());
        // While one lane's variant is being built, the other's is asked; a lane has its own sources and programs.
        let cases = cases(paths, exercise, diagnose::SEED)?;
        let (answered, mut found) = run_variants(check, exercise, &cases, &format!("variants-{lane}"))?;
        let mut records = records.lock().unwrap_or_else(PoisonError::into_inner);
        if seal {
            let fresh = answered.iter().map(|(variant, outcomes)| variant.record(&cases, outcomes)).collect();
            records.insert(exercise.id.clone(), fresh);
            diagnose::seal(paths, &chapter.name, &records)?;
        }
        let sealed = records.get(&exercise.id).map(Vec::as_slice).unwrap_or_default();
        found.extend(
            answered
                .iter()
                .filter_map(|(variant, outcomes)| complaint(exercise, variant, &cases, outcomes, sealed)),
        );
        Ok(found)
    });
    for found in all {
        found?.into_iter().for_each(|complaint| complaints.add(complaint));
    }
    Ok(())
}

/// Variants with their answers, and complaints about those that can't be asked.
fn run_variants(
    check: &Check,
    exercise: &Exercise,
    cases: &[Case],
    source: &str,
) -> Result<(Vec<Answered>, Vec<String>)> {
    let (mut answered, mut broken) = (Vec::new(), Vec::new());
    for variant in diagnose::variants(&check.grader.paths, exercise)? {
        match run_variant(check, exercise, &variant, cases, source)? {
            Ok(outcomes) => answered.push((variant, outcomes)),
            Err(complaint) => broken.push(complaint),
        }
    }
    Ok((answered, broken))
}

/// What a variant answers, or why it can't be asked.
fn run_variant(
    check: &Check,
    exercise: &Exercise,
    variant: &Variant,
    cases: &[Case],
    source: &str,
) -> Result<Result<Vec<Vec<Outcome>>, String>> {
    let tree = match variant.apply(check.solutions, exercise) {
        Ok(tree) => tree,
        Err(error) => return Ok(Err(format!("{error:#}"))),
    };
    let assembled = check.assemble_topics(source, &tree, &[exercise.topic.as_str()])?;
    if let Some(message) = assembled.broken.values().next() {
        let (id, name) = (exercise.full_id(), &variant.name);
        return Ok(Err(format!("the misconception `{name}` of `{id}` does not compile:\n{message}")));
    }
    answers(exercise, program(&assembled, exercise)?, cases).map(Ok)
}

/// What is wrong with how a variant fares, if anything.
fn complaint(
    exercise: &Exercise,
    variant: &Variant,
    cases: &[Case],
    outcomes: &[Vec<Outcome>],
    sealed: &[Record],
) -> Option<String> {
    let (id, name) = (exercise.full_id(), &variant.name);
    if !cases.iter().zip(outcomes).any(|(case, outcomes)| judge(case, outcomes).is_some()) {
        return Some(format!("the misconception `{name}` of `{id}` gets through every hidden case"));
    }
    match diagnose::diagnose(sealed, cases, outcomes) {
        Some(found) if found.name == *name && found.says == variant.says => None,
        Some(found) => Some(format!("the misconception `{name}` of `{id}` is taken for `{}`", found.name)),
        None => Some(format!(
            "the misconception `{name}` of `{id}` fails, but its sentence does not appear; `grader check --seal` records it"
        )),
    }
}
