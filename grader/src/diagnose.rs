//! Misconceptions: wrong variants of the solution, and how their answers are recognised in a student's.
//!
//! A variant is a patch in `grader/hidden/misconceptions/`. What it answers to the cases of [`SEED`] is recorded in
//! `grader/sealed/<chapter>.misconceptions`, so that students need neither the patch nor the solution. Running
//! variants is left to `commands::check`.

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context, Result};
use hidden::Case;
use serde::{Deserialize, Serialize};

use crate::{
    course::{Exercise, read_toml},
    judge::{Outcome, Reading, agree, find_fault, measure},
    paths::{Paths, write_if_changed},
    tree::Tree,
    verdict::Diagnosis,
};

/// The seed of the cases that misconceptions are recognised by.
pub const SEED: u64 = 0;
/// Failing checks recorded of a variant; a student's answers must agree with all of them.
const RECORDED: usize = 6;
/// Longer readings are not recorded: recognising needs no large arrays.
const LONGEST: usize = 128;

/// A wrong variant of a solution.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Its name.
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

    /// Records what this variant answered.
    pub fn record(&self, cases: &[Case], outcomes: &[Vec<Outcome>]) -> Record {
        let mut readings = Vec::new();
        for (c, (case, outcomes)) in cases.iter().zip(outcomes).enumerate() {
            for (k, check) in case.checks.iter().enumerate() {
                let reading = measure(check, outcomes);
                if find_fault(case, check, outcomes).is_some() && is_short(&reading) {
                    readings.push((c, k, reading));
                }
            }
        }
        let readings = spread(readings, RECORDED);
        Record { name: self.name.clone(), says: self.says.clone(), readings }
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

/// The misconception whose recorded answers a student's answers to the same cases agree with.
pub fn diagnose(records: &[Record], cases: &[Case], outcomes: &[Vec<Outcome>]) -> Option<Diagnosis> {
    let matches = |record: &&Record| {
        !record.readings.is_empty()
            && record.readings.iter().all(|(c, k, recorded)| {
                let (Some(case), Some(outcomes)) = (cases.get(*c), outcomes.get(*c)) else { return false };
                let Some(check) = case.checks.get(*k) else { return false };
                // A wrong refusal reads like a right one; only what fails can be a mistake.
                find_fault(case, check, outcomes).is_some()
                    && agree(check, &measure(check, outcomes), recorded)
            })
    };
    let best = records.iter().filter(matches).max_by_key(|record| record.readings.len())?;
    Some(Diagnosis { name: best.name.clone(), says: best.says.clone() })
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
