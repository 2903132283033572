//! Every misconception must fail, and by its own sentence. Records what variants answer when sealing.

use std::sync::Mutex;

use anyhow::Result;
use hidden::Case;

use super::{
    Complaints, SelfCheck, Wish,
    diagnosis::{self, Study},
    drawn, examinee,
};
use crate::{
    PROGRAM,
    build::assemble::Assembly,
    course::{
        Exercise,
        cases::{DIAGNOSTIC, cases},
    },
    events::Event,
    examine::{
        answers::Answers,
        diagnose::{self, Record, Records, Variant},
        probe::Probe,
        suppositions::suppositions,
    },
    parallel::{lock, side_by_side},
};

/// Runs every variant of `wanted`; with `seal`, records their answers first. With `diagnosis`, studies what is said of each once
/// it is left out.
///
/// Each exercise is recorded as soon as its variants have answered: an interrupted run keeps what it has.
pub fn are_named(
    check: &SelfCheck,
    wanted: &[&Exercise],
    Wish { seal, diagnosis, one_in, .. }: Wish,
    complaints: &mut Complaints,
) -> Result<Vec<Study>> {
    let (paths, chapter) = (&check.grader.paths, check.chapter);
    let mut records = diagnose::load(paths, &chapter.name)?;
    records.retain(|id, _| chapter.exercises.iter().any(|exercise| exercise.id == *id));
    let records = Mutex::new(records);
    let all = side_by_side(wanted, |lane, i, exercise| -> Result<_> {
        let about = format!("misconceptions of {}", exercise.full_id());
        check.grader.events.hear(Event::Examining { what: &about, done: i, total: wanted.len() });
        let cases = cases(paths, exercise, DIAGNOSTIC)?;
        // While one lane's variant is being built, the other's is asked; a lane has its own sources and programs.
        let suspects =
            Suspects { check, exercise, cases: &cases, one_in, source: format!("variants-{lane}") };
        if seal || diagnosis { suspects.answered(&records, seal) } else { suspects.complaints(&records) }
    });
    let mut studies = Vec::new();
    for found in all {
        let (found, studied) = found?;
        found.into_iter().for_each(|complaint| complaints.add(complaint));
        studies.extend(studied);
    }
    if diagnosis {
        diagnosis::complaints(&studies).for_each(|complaint| complaints.add(complaint));
    }
    Ok(studies)
}

/// Complaints, and what is said of variants once they are left out.
type Found = (Vec<String>, Vec<Study>);

/// The variants of an exercise and what they are asked.
struct Suspects<'a> {
    check: &'a SelfCheck<'a>,
    exercise: &'a Exercise,
    cases: &'a [Case],
    one_in: u64,
    source: String,
}

impl<'a> Suspects<'a> {
    /// What is wrong with how the variants fare against the records that there are.
    fn complaints(&self, records: &Mutex<Records>) -> Result<Found> {
        let sealed = lock(records).get(&self.exercise.id).cloned().unwrap_or_default();
        let (found, mut complaints) =
            self.each(|variant, mut asked| self.complaint(&variant, &mut asked, &sealed))?;
        complaints.extend(found.into_iter().flatten());
        Ok((complaints, Vec::new()))
    }

    /// Has all answers, records them with `seal`, says what is wrong all the same, and studies what would be said.
    fn answered(&self, records: &Mutex<Records>, seal: bool) -> Result<Found> {
        let (mut answered, mut complaints) = self.each(|variant, asked| Ok((variant, asked.all()?)))?;
        let fresh: Vec<Record> = answered
            .iter_mut()
            .map(|(variant, asked)| asked.record(&variant.name, &variant.says))
            .collect::<Result<_>>()?;
        let mut sealed = lock(records).get(&self.exercise.id).cloned().unwrap_or_default();
        if seal {
            sealed = fresh.clone();
            let mut records = lock(records);
            records.insert(self.exercise.id.clone(), fresh.clone());
            diagnose::seal(&self.check.grader.paths, &self.exercise.chapter, &records)?;
        }
        let mut studies = Vec::new();
        let supposed = suppositions(&self.check.grader.paths, self.exercise)?;
        for (variant, asked) in &mut answered {
            complaints.extend(self.complaint(variant, asked, &sealed)?);
            studies.push(diagnosis::study(self.exercise, &variant.name, asked, (&fresh, &supposed))?);
        }
        Ok((complaints, studies))
    }

    /// What `ask` makes of every variant while its program is there, and complaints about those that have none.
    fn each<T>(&self, ask: impl Fn(Variant, Answers<'_, 'a>) -> Result<T>) -> Result<(Vec<T>, Vec<String>)> {
        let (mut results, mut complaints) = (Vec::new(), Vec::new());
        let variants = diagnose::variants(&self.check.grader.paths, self.exercise)?;
        for variant in variants.into_iter().filter(|_| drawn(self.one_in)) {
            match self.build(&variant)? {
                Ok(built) => {
                    let probe = Probe::new(examinee(&built, self.exercise)?);
                    results.push(ask(variant, Answers::new(probe, self.cases))?);
                }
                Err(complaint) => complaints.push(complaint),
            }
        }
        Ok((results, complaints))
    }

    /// The program with a variant's mistake, or why there is none.
    fn build(&self, variant: &Variant) -> Result<Result<Assembly, String>> {
        let tree = match variant.apply(self.check.solutions, self.exercise) {
            Ok(tree) => tree,
            Err(error) => return Ok(Err(format!("{error:#}"))),
        };
        let built = self.check.assemble_topics(&self.source, &tree, &[self.exercise.topic.as_str()])?;
        if let Some(message) = built.broken.first().map(|fault| &fault.message) {
            let (id, name) = (self.exercise.full_id(), &variant.name);
            return Ok(Err(format!("the misconception `{name}` of `{id}` does not compile:\n{message}")));
        }
        Ok(Ok(built))
    }

    /// What is wrong with how a variant fares, if anything.
    fn complaint(&self, variant: &Variant, asked: &mut Answers, sealed: &[Record]) -> Result<Option<String>> {
        let about = format!("the misconception `{}` of `{}`", variant.name, self.exercise.full_id());
        Ok(match diagnose::diagnose(sealed, asked, usize::MAX)? {
            Some(found) if found.name == variant.name && found.says == variant.says => None,
            Some(found) => Some(format!("{about} is taken for `{}`", found.name)),
            None if asked.is_at_fault()? => Some(format!(
                "{about} fails, but its sentence does not appear; `{PROGRAM} check --seal` records it"
            )),
            None => Some(format!("{about} gets through every hidden case")),
        })
    }
}
