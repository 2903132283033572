//! Examines one exercise: puts its cases to a probe, has them judged, names the misconception, compares the snapshot.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result};
use hidden::Case;
use protocol::{Answer, Values};

use crate::{
    course::{
        Exercise,
        cases::{DIAGNOSTIC, cases},
    },
    device::Device,
    examine::{
        answers::Answers,
        diagnose::{self, Record, Records},
        gallery::Gallery,
        probe::Probe,
        snapshot::{self, Golden},
        trial::{Trial, hear, in_halves},
    },
    judge::{Outcome, judge},
    messages::endings::{self, GOES_ON},
    paths::Paths,
    verdict::{Diagnosis, Failure, Fault, Kind, Verdict},
};

/// Where a call may take no longer than this, starting a second program costs more than it saves.
const SHORT: Duration = Duration::from_secs(2);

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
    /// Cases that were put to the program: it is not asked for ever.
    asked: usize,
    /// Whether it was seen computing after an answer.
    restless: bool,
    first: Option<(String, Fault, Option<String>)>,
    prints: Option<String>,
    gallery: Gallery,
}

impl Examiner<'_> {
    /// The verdict on `exercise` as built into `program`, with the cases of `seed`.
    pub fn examine(&self, exercise: &Exercise, program: &Path, seed: u64) -> Result<Verdict> {
        self.examine_on(Device::Cpu, exercise, program, seed)
    }

    /// As [`Examiner::examine`], with a program that was built for `device`.
    pub fn examine_on(
        &self,
        device: Device,
        exercise: &Exercise,
        program: &Path,
        seed: u64,
    ) -> Result<Verdict> {
        self.examine_cases(device, exercise, program, (seed, &cases(self.paths, exercise, seed)?))
    }

    /// As [`Examiner::examine_on`], with cases that were drawn before.
    pub fn examine_cases(
        &self,
        device: Device,
        exercise: &Exercise,
        program: &Path,
        cases: (u64, &[Case]),
    ) -> Result<Verdict> {
        self.examined(device, exercise, program, cases, false)
    }

    /// As [`Examiner::examine_cases`], but the first case that fails is the last, and no misconception is looked for: for what
    /// is right in every case or not worth explaining.
    pub fn examine_to_failure(
        &self,
        device: Device,
        exercise: &Exercise,
        program: &Path,
        cases: (u64, &[Case]),
    ) -> Result<Verdict> {
        self.examined(device, exercise, program, cases, true)
    }

    fn examined(
        &self,
        device: Device,
        exercise: &Exercise,
        program: &Path,
        (seed, cases): (u64, &[Case]),
        to_failure: bool,
    ) -> Result<Verdict> {
        let start = || Probe::new(program, exercise).on(device);
        let mut probe = start();
        let mut run = Run::default();
        if exercise.time() > SHORT {
            let (heard, restless) = in_halves(cases, &mut probe, start, to_failure)?;
            run.restless = restless;
            heard.into_iter().for_each(|(i, heard)| run.note(&cases[i], heard));
        } else {
            run.all(cases, &mut probe, to_failure)?;
        }
        let snapshot = self.against_snapshot(exercise, &mut probe, run.first.is_none())?;
        run.restless |= probe.is_restless();
        let first = run.first.take().or(snapshot);
        let Some((about, mut fault, prints)) = first else {
            return Ok(run.passed());
        };
        if run.asked < cases.len() {
            fault.message += &endings::stopped(run.asked, cases.len());
        }
        if run.restless {
            fault.message += &format!("\nBesides, {GOES_ON}.");
        }
        let misconception =
            if to_failure { None } else { self.misconception(device, exercise, program, fault.kind)? };
        Ok(failed((about, fault, prints), misconception, seed, (run.passed, cases.len())))
    }

    /// The verdict on `exercise` as built into `program` with full-size data, which it may take an hour for; `heard` is
    /// told the last line that it printed.
    pub fn examine_full(
        &self,
        device: Device,
        exercise: &Exercise,
        program: &Path,
        seed: u64,
        heard: &mut dyn FnMut(&str),
    ) -> Result<Verdict> {
        let (chapter, id) = (&exercise.chapter, &exercise.id);
        let cases = hidden::full_cases(chapter, id, seed);
        let cases = cases.with_context(|| format!("nobody wrote full-size cases for `{chapter}/{id}`"))??;
        let mut probe = Probe::new(program, exercise).with_patience(heard).on(device);
        let mut run = Run::default();
        run.all(&cases, &mut probe, false)?;
        let Some(finding) = run.first.take() else { return Ok(run.passed()) };
        Ok(failed(finding, None, seed, (run.passed, cases.len())))
    }

    /// The misconception that this program's answers to the diagnostic cases are known by.
    fn misconception(
        &self,
        device: Device,
        exercise: &Exercise,
        program: &Path,
        kind: Kind,
    ) -> Result<Option<Diagnosis>> {
        let Some(records) = self.records.get(&exercise.id) else { return Ok(None) };
        // Whoever met a limit would meet it again, and be told no more.
        let met_a_limit = kind.is_limit() || kind == Kind::Stalled;
        if met_a_limit && !records.iter().any(Record::expects_no_answer) {
            return Ok(None);
        }
        let cases = cases(self.paths, exercise, DIAGNOSTIC)?;
        let mut asked = Answers::new(Probe::new(program, exercise).on(device), &cases);
        diagnose::diagnose(records, &mut asked)
    }

    fn against_snapshot(
        &self,
        exercise: &Exercise,
        probe: &mut Probe,
        wanted: bool,
    ) -> Result<Option<FirstFault>> {
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

type FirstFault = (String, Fault, Option<String>);

fn failed(
    (about, Fault { kind, message }, prints): FirstFault,
    misconception: Option<Diagnosis>,
    seed: u64,
    (passed, cases): (usize, usize),
) -> Verdict {
    Verdict::Failed(Box::new(Failure { kind, about, message, misconception, passed, cases, seed, prints }))
}

impl Run {
    fn all(&mut self, cases: &[Case], probe: &mut Probe, to_failure: bool) -> Result<()> {
        for case in cases {
            let heard = hear(case, probe)?;
            self.note(case, heard);
            if to_failure && self.first.is_some() {
                break;
            }
        }
        Ok(())
    }

    fn note(&mut self, case: &Case, (outcomes, fault, prints): Trial) {
        self.asked += usize::from(outcomes.iter().any(|outcome| *outcome != Outcome::NotRun));
        match fault {
            Some(fault) if self.first.is_none() => self.first = Some((case.about.clone(), fault, prints)),
            Some(_) => {}
            None => {
                self.passed += 1;
                self.prints = self.prints.take().or(prints);
                self.gallery.add(case, &outcomes);
            }
        }
    }

    /// The verdict once nothing went wrong.
    fn passed(self) -> Verdict {
        let Gallery { mut results, pictures } = self.gallery;
        if self.restless {
            results.push(("note".to_owned(), GOES_ON.to_owned()));
        }
        Verdict::Passed { cases: self.passed, prints: self.prints, results, pictures }
    }
}

/// The outcomes of every call of `cases`.
pub fn answers(exercise: &Exercise, program: &Path, cases: &[Case]) -> Result<Vec<Vec<Outcome>>> {
    answers_on(Device::Cpu, exercise, program, cases)
}

/// As [`answers`], of a program that was built for `device`.
pub fn answers_on(
    device: Device,
    exercise: &Exercise,
    program: &Path,
    cases: &[Case],
) -> Result<Vec<Vec<Outcome>>> {
    let mut probe = Probe::new(program, exercise).on(device);
    cases.iter().map(|case| Ok(probe.ask(case)?.0)).collect()
}

fn snapshot_fault(golden: &Golden, outcomes: &[Outcome], path: &Path) -> Result<Option<Fault>> {
    let Some(values) = outcomes.first().and_then(values) else {
        let message = endings::REFUSED_GOLDEN.to_owned();
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
