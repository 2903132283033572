//! How well wrong answers are explained: each misconception is put to the diagnosis as if nobody had recorded it. Which share
//! gets a sentence, whether that sentence is true of every failing check, and whether another misconception's name is given.

use std::{collections::BTreeSet, fmt::Write};

use anyhow::Result;
use serde_json::{Value, json};

use super::truth;
use crate::{
    course::Exercise,
    examine::{
        answers::Answers,
        diagnose::{self, Record},
        suppositions::{self, Supposition},
    },
    judge::{contrast, symptoms},
    messages,
};

/// What the diagnosis says of a misconception that it does not know.
pub struct Study {
    /// The exercise's full id.
    pub exercise: String,
    /// The misconception's name.
    pub variant: String,
    /// What its answers are said to have in common, and what divides the cases.
    pub said: Vec<String>,
    /// Whether there is a symptom among that.
    pub has_symptom: bool,
    /// A failing check that what is said is not true of.
    pub untrue: Option<String>,
    /// The misconception that it is taken for.
    pub taken_for: Option<String>,
}

/// Studies a variant by its answers to all cases, with the records of all variants of the exercise and what is supposed.
pub fn study(
    exercise: &Exercise,
    name: &str,
    asked: &mut Answers,
    (records, supposed): (&[Record], &[Supposition]),
) -> Result<Study> {
    let failing = asked.failures()?;
    let trials = symptoms::trials(asked.cases(), &failing);
    let found = symptoms::find(&trials);
    let contrast = contrast::find(&found.about);
    let supposed = suppositions::find(supposed, asked, usize::MAX)?;
    let symptom = suppositions::simpler(supposed, found.symptom);
    let symptom = symptom.as_ref();
    let untrue = symptom.and_then(|symptom| truth::refuting(symptom, asked.cases(), &failing));
    let said = symptom.map(messages::symptoms::symptom).into_iter();
    let said = said.chain(contrast.as_ref().map(messages::symptoms::contrast)).collect();
    let others: Vec<Record> = records.iter().filter(|record| record.name() != name).cloned().collect();
    Ok(Study {
        exercise: exercise.full_id(),
        variant: name.to_owned(),
        said,
        has_symptom: symptom.is_some(),
        untrue,
        taken_for: diagnose::diagnose(&others, asked, usize::MAX)?.map(|diagnosis| diagnosis.name),
    })
}

/// What is false about it, as complaints.
pub fn complaints(studies: &[Study]) -> impl Iterator<Item = String> + '_ {
    studies.iter().flat_map(|study| {
        let about = format!("the misconception `{}` of `{}`", study.variant, study.exercise);
        let taken = study.taken_for.iter().map(|name| format!("{about}, left out, is taken for `{name}`"));
        let untrue =
            study.untrue.iter().map(|check| format!("what is said of {about} is not true of {check}"));
        taken.chain(untrue).collect::<Vec<_>>()
    })
}

/// How many of how many.
struct Counts {
    all: usize,
    symptoms: usize,
    explained: usize,
    untrue: usize,
    taken: usize,
    sentences: usize,
}

fn counts(studies: &[&Study]) -> Counts {
    let count = |is: fn(&Study) -> bool| studies.iter().filter(|study| is(study)).count();
    Counts {
        all: studies.len(),
        symptoms: count(|study| study.has_symptom),
        explained: count(|study| !study.said.is_empty()),
        untrue: count(|study| study.untrue.is_some()),
        taken: count(|study| study.taken_for.is_some()),
        sentences: studies
            .iter()
            .map(|study| &study.said)
            .filter(|said| !said.is_empty())
            .collect::<BTreeSet<_>>()
            .len(),
    }
}

/// Every sentence, an exercise after the other, and the figures.
pub fn report(studies: &[Study]) -> String {
    let mut text = String::new();
    let exercises: BTreeSet<&str> = studies.iter().map(|study| study.exercise.as_str()).collect();
    for id in &exercises {
        let of: Vec<&Study> = studies.iter().filter(|study| study.exercise == **id).collect();
        let Counts { all, explained, sentences, .. } = counts(&of);
        _ = writeln!(text, "{id}: {explained} of {all} explained, {sentences} different");
        for study in of {
            _ = writeln!(text, "  {}\n    {}", study.variant, study.said.join("\n    "));
        }
    }
    let all = counts(&studies.iter().collect::<Vec<_>>());
    let percent = |count: usize| format!("{count} ({:.1} %)", 100.0 * count as f64 / all.all.max(1) as f64);
    _ = writeln!(
        text,
        "\n{} misconceptions, each left out: {} with a symptom, {} with a symptom or a contrast; said and not true of every \
         failing check: {}; named falsely: {}; {:.1} different sentences an exercise",
        all.all,
        percent(all.symptoms),
        percent(all.explained),
        all.untrue,
        percent(all.taken),
        all.sentences as f64 / exercises.len().max(1) as f64
    );
    text
}

/// The figures as data.
pub fn figures(studies: &[Study]) -> Value {
    let all = counts(&studies.iter().collect::<Vec<_>>());
    json!({
        "misconceptions": all.all,
        "with_a_symptom": all.symptoms,
        "explained": all.explained,
        "untrue": all.untrue,
        "named_falsely": all.taken,
        "sentences": all.sentences,
    })
}
