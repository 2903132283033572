//! Examines one exercise: puts its cases to a probe, has them judged, names the misconception, compares the snapshot.

use std::path::Path;

use anyhow::{Context, Result};
use hidden::Case;
use protocol::{Answer, Values};

use crate::{
    course::Exercise,
    diagnose::{self, Records},
    judge::{Fault, Outcome, judge},
    paths::Paths,
    probe::Probe,
    snapshot::{self, Golden},
    verdict::{Curve, Failure, Kind, Verdict},
};

/// Everything that examining an exercise needs beside its program.
pub struct Examiner<'a> {
    /// The course's places.
    pub paths: &'a Paths,
    /// Recorded misconceptions of the chapter.
    pub records: &'a Records,
}

/// What happened in a run through some cases.
#[derive(Default)]
struct Run {
    passed: usize,
    first: Option<(String, Fault, Option<String>)>,
    prints: Option<String>,
    curves: Vec<Curve>,
}

impl Examiner<'_> {
    /// The verdict on `exercise` as built into `program`, with the cases of `seed`.
    pub fn examine(&self, exercise: &Exercise, program: &Path, seed: u64) -> Result<Verdict> {
        let cases = cases(exercise, seed)?;
        let mut probe = Probe::new(program, exercise);
        let mut run = Run::default();
        for case in &cases {
            run.note(case, &mut probe)?;
        }
        let snapshot = self.against_snapshot(exercise, &mut probe, run.first.is_none())?;
        let first = run.first.or(snapshot);
        let Some((about, fault, prints)) = first else {
            return Ok(Verdict::Passed { cases: run.passed, prints: run.prints, curves: run.curves });
        };
        Ok(Verdict::Failed(Box::new(Failure {
            misconception: self.misconception(exercise, program)?,
            kind: fault.kind,
            message: fault.message,
            about,
            prints,
            seed,
            passed: run.passed,
            cases: cases.len(),
        })))
    }

    /// The misconception that this program's answers to the diagnostic cases are known by.
    pub fn misconception(
        &self,
        exercise: &Exercise,
        program: &Path,
    ) -> Result<Option<crate::verdict::Diagnosis>> {
        let Some(records) = self.records.get(&exercise.id) else { return Ok(None) };
        let cases = cases(exercise, diagnose::SEED)?;
        let outcomes = answers(exercise, program, &cases)?;
        Ok(diagnose::diagnose(records, &cases, &outcomes))
    }

    fn against_snapshot(
        &self,
        exercise: &Exercise,
        probe: &mut Probe,
        wanted: bool,
    ) -> Result<Option<Finding>> {
        let path = snapshot::file(self.paths, exercise);
        let golden = if wanted && path.is_file() { Golden::load(self.paths, exercise)? } else { None };
        let Some(golden) = golden else { return Ok(None) };
        let case = golden.case(exercise);
        let (outcomes, prints) = probe.ask(&case)?;
        let fault = judge(&case, &outcomes)
            .map_or_else(|| snapshot_fault(&golden, &outcomes, &path), |fault| Ok(Some(fault)))?;
        Ok(fault.map(|fault| (case.about, fault, prints)))
    }
}

type Finding = (String, Fault, Option<String>);

impl Run {
    fn note(&mut self, case: &Case, probe: &mut Probe) -> Result<()> {
        let (mut outcomes, mut prints) = probe.ask(case)?;
        let mut fault = judge(case, &outcomes);
        // A machine that is busy elsewhere looks like a student's deadlock: it gets a second chance.
        if fault.as_ref().is_some_and(|fault| fault.kind == Kind::Stalled) {
            (outcomes, prints) = probe.ask(case)?;
            fault = judge(case, &outcomes);
        }
        match fault {
            Some(fault) if self.first.is_none() => self.first = Some((case.about.clone(), fault, prints)),
            Some(_) => {}
            None => {
                self.passed += 1;
                self.prints = self.prints.take().or(prints);
                self.keep_curve(case, &outcomes);
            }
        }
        Ok(())
    }

    fn keep_curve(&mut self, case: &Case, outcomes: &[Outcome]) {
        let Some((name, output)) = &case.curve else { return };
        let value = outcomes.first().and_then(values).and_then(|values| values.get(output));
        if let Some(protocol::Value::Array(array)) = value {
            self.curves.push(Curve { name: name.clone(), values: array.to_f64() });
        }
    }
}

/// The outcomes of every call of `cases`.
pub fn answers(exercise: &Exercise, program: &Path, cases: &[Case]) -> Result<Vec<Vec<Outcome>>> {
    let mut probe = Probe::new(program, exercise);
    cases.iter().map(|case| Ok(probe.ask(case)?.0)).collect()
}

/// The hidden cases of an exercise.
pub fn cases(exercise: &Exercise, seed: u64) -> Result<Vec<Case>> {
    hidden::cases(&exercise.chapter, &exercise.id, seed)
        .with_context(|| format!("nobody wrote hidden cases for `{}`", exercise.full_id()))
}

fn snapshot_fault(golden: &Golden, outcomes: &[Outcome], path: &Path) -> Result<Option<Fault>> {
    let Some(values) = outcomes.first().and_then(values) else {
        let message = "The function returned `Err` for the recorded input, and it should not.".to_owned();
        return Ok(Some(Fault { kind: Kind::Snapshot, message }));
    };
    let (want, got) = (snapshot::recorded(path)?, golden.render_same(values));
    let differs = !snapshot::differing_lines(&want, &got).is_empty();
    Ok(differs.then(|| Fault { kind: Kind::Snapshot, message: snapshot::diff(&want, &got) }))
}

fn values(outcome: &Outcome) -> Option<&Values> {
    match outcome {
        Outcome::Answered(Answer::Values(values)) => Some(values),
        _ => None,
    }
}
