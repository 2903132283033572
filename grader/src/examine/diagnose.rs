//! Misconceptions: wrong variants of the solution, and how their answers are recognised in a student's.
//!
//! A variant is a patch in `grader/hidden/misconceptions/`. What it answers to the cases of [`DIAGNOSTIC`] is recorded in
//! `grader/sealed/<chapter>.misconceptions`, so that students need neither the patch nor the solution. Running
//! variants is left to `commands::check`.

use std::{cmp::Reverse, collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::{
    course::Exercise,
    examine::answers::Answers,
    files::{read_toml, write_if_changed},
    paths::Paths,
    source::tree::Tree,
    verdict::{Diagnosis, Reading},
};

/// Failing checks recorded of a variant; a student's answers must agree with all of them.
const RECORDED: usize = 6;
/// Of longer readings a sample is recorded, and only where there are no shorter ones: recognising needs no large arrays.
const LONGEST: usize = 128;

/// A wrong variant of a solution.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// An identifier within the exercise, for records and complaints.
    pub name: String,
    /// What it tells the student.
    pub says: String,
    /// Code that occurs once in the solution's file …
    pub find: String,
    /// … and what stands there instead.
    pub replace: String,
}

#[derive(Deserialize)]
struct VariantFile {
    #[serde(default)]
    variant: Vec<Variant>,
}

/// What is known of a variant's answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    name: String,
    says: String,
    readings: Vec<(usize, usize, Reading)>,
}

/// A chapter's records by exercise.
pub type Records = BTreeMap<String, Vec<Record>>;

/// The variants of an exercise; none where there is no file.
pub fn variants(paths: &Paths, exercise: &Exercise) -> Result<Vec<Variant>> {
    let folder = paths.root().join("grader/hidden/misconceptions").join(&exercise.chapter);
    let path = folder.join(format!("{}.toml", exercise.id));
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let file: VariantFile = read_toml(&path)?;
    Ok(file.variant)
}

impl Variant {
    /// The solution with this variant's mistake.
    pub fn apply(&self, solution: &Tree, exercise: &Exercise) -> Result<Tree> {
        let mut tree = solution.clone();
        tree.patch(&exercise.file(), &self.find, &self.replace).with_context(|| {
            format!("the misconception `{}` of `{}` does not fit", self.name, exercise.full_id())
        })?;
        Ok(tree)
    }
}

impl Record {
    /// What is kept of a misconception's answers: `failing` are all checks that fail, by case and number, and what each measures.
    pub fn of(name: &str, says: &str, failing: Vec<(usize, usize, Reading)>) -> Self {
        let (short, long): (Vec<_>, Vec<_>) =
            failing.into_iter().partition(|(.., reading)| is_short(reading));
        let telling = if short.is_empty() { long } else { short };
        let recorded = spread(telling, RECORDED).into_iter();
        let readings = recorded.map(|(c, k, reading)| (c, k, reading.sampled(LONGEST))).collect();
        Self { name: name.to_owned(), says: says.to_owned(), readings }
    }

    /// Whether the misconception is known by an answer that never comes.
    pub fn expects_no_answer(&self) -> bool {
        self.readings.iter().any(|(.., reading)| *reading == Reading::Dead)
    }
}

/// `count` of the readings, evenly from all over: the first cases alone may not tell two mistakes apart.
fn spread(readings: Vec<(usize, usize, Reading)>, count: usize) -> Vec<(usize, usize, Reading)> {
    let n = readings.len();
    if n <= count {
        return readings;
    }
    let chosen: Vec<usize> = (0..count).map(|i| i * (n - 1) / (count - 1)).collect();
    readings.into_iter().enumerate().filter(|(i, _)| chosen.contains(i)).map(|(_, reading)| reading).collect()
}

fn is_short(reading: &Reading) -> bool {
    !matches!(reading, Reading::Array(array) if array.len() > LONGEST)
}

/// The misconception whose recorded answers a student's answers to the same cases agree with; of several that with most.
pub fn diagnose(records: &[Record], asked: &mut Answers) -> Result<Option<Diagnosis>> {
    let mut most_first: Vec<&Record> =
        records.iter().rev().filter(|record| !record.readings.is_empty()).collect();
    most_first.sort_by_key(|record| Reverse(record.readings.len()));
    for record in most_first {
        if is_recognised(record, asked)? {
            return Ok(Some(Diagnosis { name: record.name.clone(), says: record.says.clone() }));
        }
    }
    Ok(None)
}

/// A wrong refusal reads like a right one; only what fails can be a mistake.
fn is_recognised(record: &Record, asked: &mut Answers) -> Result<bool> {
    for (c, k, recorded) in &record.readings {
        if !asked.agrees(*c, *k, recorded)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn file(paths: &Paths, chapter: &str) -> PathBuf {
    paths.sealed(chapter, "misconceptions")
}

/// The sealed records of a chapter.
pub fn load(paths: &Paths, chapter: &str) -> Result<Records> {
    let path = file(paths, chapter);
    if !path.is_file() {
        return Ok(Records::new());
    }
    let bytes = fs::read(&path).with_context(|| format!("failed to read `{}`", path.display()))?;
    postcard::from_bytes(&bytes).with_context(|| format!("`{}` holds no records", path.display()))
}

/// Seals the records of a chapter. Not as JSON, which has no word for NaN.
pub fn seal(paths: &Paths, chapter: &str, records: &Records) -> Result<()> {
    write_if_changed(
        &file(paths, chapter),
        &postcard::to_stdvec(records).context("failed to pack the records")?,
    )
}

#[cfg(test)]
mod tests {
    use protocol::Array;

    use super::*;

    fn long() -> Reading {
        Reading::Array(Array::f64(&[1000], (0..1000).map(f64::from).collect()))
    }

    #[test]
    fn a_misconception_that_shows_in_long_outputs_alone_is_recorded_by_a_sample() {
        let record = Record::of("name", "says", vec![(0, 0, long())]);
        let Reading::Sample { shape, elements } = &record.readings[0].2 else { panic!("{record:?}") };
        assert_eq!((shape.as_slice(), elements.len()), (&[1000][..], LONGEST));
        assert_eq!((elements[0], elements[LONGEST - 1]), (0.0, 999.0));
    }

    #[test]
    fn shorter_outputs_are_recorded_alone() {
        let short = Reading::Number(1.0);
        let record = Record::of("name", "says", vec![(0, 0, long()), (0, 1, short.clone())]);
        assert_eq!(record.readings, [(0, 1, short)]);
    }
}
