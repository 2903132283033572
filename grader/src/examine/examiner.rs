//! Examines one exercise: puts its cases to a probe, has them judged, names the misconception, compares the snapshot.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

use anyhow::{Context, Result};
use hidden::Case;

use crate::{
    course::{
        Exercise,
        cases::{DIAGNOSTIC, cases},
    },
    device::Device,
    examine::{
        answers::Answers,
        diagnose::{self, Record, Records},
        explain::{Explanation, explain},
        gallery::Gallery,
        probe::{Ear, Probe},
        sights::sights,
        snapshot::{self, Golden},
        suppositions,
        trial::{Trial, hear, in_halves},
    },
    judge::{Outcome, judge},
    messages::endings::{self, GOES_ON},
    paths::Paths,
    verdict::{Diagnosis, Failure, Groups, Kind, Symptom, Verdict},
};

/// Where a call may take no longer than this, starting a second program costs more than it saves.
const SHORT: Duration = Duration::from_secs(2);

/// Of such exercises so many cases more are asked before a misconception is named.
const FEW: usize = 8;

/// An exercise, and the program that answers for it.
#[derive(Clone, Copy)]
pub struct Examinee<'a> {
    /// Whose limits hold, and whose answers the program gives.
    pub exercise: &'a Exercise,
    /// Where it was built.
    pub program: &'a Path,
    /// What it was built for.
    pub device: Device,
}

/// The cases of an exam.
#[derive(Clone, Copy)]
pub struct Questions<'a> {
    /// The seed that they came from.
    pub seed: u64,
    /// The cases in the order in which they are put.
    pub cases: &'a [Case],
    /// Whether the first case that fails is the last, and no misconception is looked for: for what is right in every case, or
    /// not worth explaining.
    pub to_failure: bool,
}

/// Everything that examining an exercise needs beside its program and its cases.
pub struct Examiner<'a> {
    /// The course's places.
    pub paths: &'a Paths,
    /// Recorded misconceptions of the chapter.
    pub records: &'a Records,
    /// Who is told what long trainings print, while they do.
    pub ear: Option<Ear<'a>>,
}

/// What happened in a run through some cases.
#[derive(Default)]
struct Run {
    passed: usize,
    /// Cases that were put to the program: it is not asked for ever.
    asked: usize,
    /// Whether it was seen computing after an answer.
    restless: bool,
    /// The first case that fails.
    first: Option<Failure>,
    /// Outcomes of the cases that fail, where somebody wants to know, and what was printed.
    failing: BTreeMap<usize, Vec<Outcome>>,
    printed: BTreeMap<usize, String>,
    prints: Option<String>,
    gallery: Gallery,
}

impl Examiner<'_> {
    /// The verdict on an examinee that is put the cases of `questions`.
    pub fn examine(&self, examinee: Examinee, questions: Questions) -> Result<Verdict> {
        let Questions { seed, cases, to_failure } = questions;
        let is_long = examinee.exercise.time() > SHORT;
        let start = |number| match self.ear.filter(|_| is_long) {
            Some(ear) => Probe::new(examinee).with_ear(number, ear),
            None => Probe::new(examinee),
        };
        let mut probe = start(0);
        let mut run = Run::default();
        if is_long {
            let (heard, restless) = in_halves(cases, &mut probe, || start(1), to_failure)?;
            run.restless = restless;
            heard.into_iter().for_each(|(i, heard)| run.note((i, &cases[i]), heard, to_failure));
        } else {
            run.all(cases, &mut probe, to_failure)?;
        }
        let snapshot = self.against_snapshot(examinee.exercise, &mut probe, run.first.is_none())?;
        run.restless |= probe.is_restless();
        let groups = (!to_failure).then(|| run.groups(cases));
        let first = run.first.take().or(snapshot);
        let Some(mut first) = first else { return Ok(run.passed()) };
        let mut explanation = run.explanation(cases, &mut first);
        if run.asked < cases.len() {
            first.message += &endings::stopped(run.asked, cases.len());
        }
        if run.restless {
            first.message += &format!("\nBesides, {GOES_ON}.");
        }
        let kind = (!to_failure).then_some(first.kind);
        let misconception = self.diagnosis(examinee, kind, &mut explanation.symptom)?;
        Ok(run.failed(Failure { misconception, groups, seed, ..first }, explanation, cases))
    }

    /// The verdict with full-size data, which a program may take an hour for; `heard` is told the last line that it printed.
    pub fn examine_full(
        &self,
        examinee: Examinee,
        seed: u64,
        heard: &mut dyn FnMut(&str),
    ) -> Result<Verdict> {
        let (chapter, id) = (&examinee.exercise.chapter, &examinee.exercise.id);
        let cases = hidden::full_cases(chapter, id, seed);
        let cases = cases.with_context(|| format!("nobody wrote full-size cases for `{chapter}/{id}`"))??;
        let mut probe = Probe::new(examinee).with_patience(heard);
        let mut run = Run::default();
        run.all(&cases, &mut probe, false)?;
        let Some(mut first) = run.first.take() else { return Ok(run.passed()) };
        let explanation = run.explanation(&cases, &mut first);
        Ok(run.failed(Failure { seed, ..first }, explanation, &cases))
    }

    /// The misconception that this program's answers to the diagnostic cases are known by; what they would be right for goes
    /// into the symptom. Nothing is looked for where no `kind` of fault is to be explained.
    fn diagnosis(
        &self,
        examinee: Examinee,
        kind: Option<Kind>,
        symptom: &mut Option<Symptom>,
    ) -> Result<Option<Diagnosis>> {
        let (exercise, Some(kind)) = (examinee.exercise, kind) else { return Ok(None) };
        let records = self.records.get(&exercise.id).map(Vec::as_slice).unwrap_or_default();
        // Whoever met a limit would meet it again, and be told no more.
        let met_a_limit = kind.is_limit() || kind == Kind::Stalled;
        if met_a_limit && !records.iter().any(Record::expects_no_answer) {
            return Ok(None);
        }
        let cases = cases(self.paths, exercise, DIAGNOSTIC)?;
        let mut asked = Answers::new(Probe::new(examinee), &cases);
        let patience = if exercise.time() > SHORT { FEW } else { usize::MAX };
        let misconception = diagnose::diagnose(records, &mut asked, patience)?;
        if misconception.is_none() && kind == Kind::Wrong {
            let supposed = suppositions::suppositions(self.paths, exercise)?;
            let found = suppositions::find(&supposed, &mut asked, patience)?;
            *symptom = suppositions::simpler(found, symptom.take());
        }
        Ok(misconception)
    }

    fn against_snapshot(
        &self,
        exercise: &Exercise,
        probe: &mut Probe,
        wanted: bool,
    ) -> Result<Option<Failure>> {
        let path = snapshot::file(self.paths, exercise);
        let golden = if wanted && path.is_file() { Golden::load(self.paths, exercise)? } else { None };
        let Some(golden) = golden else { return Ok(None) };
        let case = golden.case(exercise);
        let (outcomes, prints) = probe.ask(&case)?;
        let fault = judge(&case, &outcomes)
            .map_or_else(|| golden.fault(&outcomes, &path), |fault| Ok(Some(fault)))?;
        Ok(fault.map(|fault| {
            let sights = sights(&case, &outcomes);
            Failure { about: case.about, prints, sights, ..fault.into() }
        }))
    }
}

impl Run {
    fn all(&mut self, cases: &[Case], probe: &mut Probe, to_failure: bool) -> Result<()> {
        for (i, case) in cases.iter().enumerate() {
            let heard = hear(case, probe)?;
            self.note((i, case), heard, to_failure);
            if to_failure && self.first.is_some() {
                break;
            }
        }
        Ok(())
    }

    fn note(&mut self, (i, case): (usize, &Case), (outcomes, fault, prints): Trial, to_failure: bool) {
        self.asked += usize::from(outcomes.iter().any(|outcome| *outcome != Outcome::NotRun));
        let Some(fault) = fault else {
            self.passed += 1;
            self.prints = self.prints.take().or(prints);
            self.gallery.add(case, &outcomes);
            return;
        };
        if self.first.is_none() {
            let (about, sights) = (case.about.clone(), sights(case, &outcomes));
            self.first = Some(Failure { about, prints: prints.clone(), sights, ..fault.into() });
        }
        if !to_failure {
            self.failing.insert(i, outcomes);
            self.printed.extend(prints.map(|prints| (i, prints)));
        }
    }

    /// Of the groups that cases form by what they are about, those without a failing case; the snapshot, where it is to blame,
    /// is a group, too.
    fn groups(&self, cases: &[Case]) -> Groups {
        let all: BTreeSet<&str> = cases.iter().map(|case| case.about.as_str()).collect();
        let failing: BTreeSet<&str> = self.failing.keys().map(|&i| cases[i].about.as_str()).collect();
        Groups { passed: all.len() - failing.len(), of: all.len() + usize::from(failing.is_empty()) }
    }

    /// What can be said of all that failed; `first` becomes a case that shows it. Of what is unfinished nothing can.
    fn explanation(&mut self, cases: &[Case], first: &mut Failure) -> Explanation {
        if self.failing.is_empty() || first.kind == Kind::Todo {
            return Explanation::default();
        }
        let mut explanation = explain(cases, &self.failing);
        if let Some((i, fault)) = explanation.example.take().filter(|_| first.kind == Kind::Wrong) {
            let sights = self.failing.get(&i).map(|outcomes| sights(&cases[i], outcomes)).unwrap_or_default();
            let (about, prints) = (cases[i].about.clone(), self.printed.remove(&i));
            *first = Failure { about, prints, sights, ..fault.into() };
        }
        explanation
    }

    /// The verdict once something went wrong, by the first failure.
    fn failed(&self, first: Failure, explanation: Explanation, cases: &[Case]) -> Verdict {
        let Explanation { symptom, contrast, .. } = explanation;
        let (passed, cases) = (self.passed, cases.len());
        Verdict::Failed(Box::new(Failure { symptom, contrast, passed, cases, ..first }))
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
pub fn answers(examinee: Examinee, cases: &[Case]) -> Result<Vec<Vec<Outcome>>> {
    let mut probe = Probe::new(examinee);
    cases.iter().map(|case| Ok(probe.ask(case)?.0)).collect()
}
