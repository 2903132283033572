//! Misconceptions: wrong variants of the solution, and how their answers are recognised in a student's.
//!
//! A variant is a patch in `grader/hidden/misconceptions/`. What it answers to the cases of [`DIAGNOSTIC`](crate::course::cases::DIAGNOSTIC) is recorded in
//! `grader/sealed/<chapter>.misconceptions`, so that students need neither the patch nor the solution. Running
//! variants is left to `commands::check`.

use std::{collections::BTreeMap, fs, path::PathBuf};

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

/// Of so many checks that fail for a variant one may pass by chance for somebody with the same mistake.
const CHANCE: usize = 10;

/// What a file of records begins with.
const FORMAT: &[u8] = b"misconceptions 2\n";

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
    /// What some of the failing checks measure, by case and number.
    readings: Vec<(usize, usize, Reading)>,
    /// Whether these decide on their own.
    strong: bool,
    /// Checks that fail, and checks that pass; nothing is known of the others.
    fails: Checks,
    passes: Checks,
}

/// Some of an exercise's checks: a bit for each, case after case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Checks {
    count: u32,
    bits: Vec<u8>,
}

impl Checks {
    /// One more check.
    pub fn push(&mut self, is_in: bool) {
        let at = self.count as usize;
        if at.is_multiple_of(8) {
            self.bits.push(0);
        }
        self.bits[at / 8] |= u8::from(is_in) << (at % 8);
        self.count += 1;
    }

    fn contains(&self, at: usize) -> bool {
        self.bits.get(at / 8).is_some_and(|bits| bits >> (at % 8) & 1 == 1)
    }
}

/// All checks of a variant.
pub struct Tally {
    /// Those that fail, by case and number, with what each measures and whether that decides on its own.
    pub failing: Vec<(usize, usize, Reading, bool)>,
    /// Which fail.
    pub fails: Checks,
    /// Which pass.
    pub passes: Checks,
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
    /// What is kept of a misconception's answers. Readings that many mistakes share are kept where there are no others.
    pub fn of(name: &str, says: &str, marked: Tally) -> Self {
        Self::sampled(name, says, marked, (RECORDED, LONGEST))
    }

    /// As [`Record::of`], with so many readings of so many elements each.
    pub fn sampled(name: &str, says: &str, marked: Tally, (most, longest): (usize, usize)) -> Self {
        let Tally { failing, fails, passes } = marked;
        let strong = failing.iter().any(|(.., strong)| *strong);
        let telling = failing.into_iter().filter(|(.., is_strong)| *is_strong == strong);
        let (short, long): (Vec<_>, Vec<_>) =
            telling.map(|(c, k, reading, _)| (c, k, reading)).partition(|(.., reading)| is_short(reading));
        let telling = if short.is_empty() { long } else { short };
        let recorded = spread(telling, most).into_iter();
        let readings = recorded.map(|(c, k, reading)| (c, k, reading.sampled(longest))).collect();
        Self { name: name.to_owned(), says: says.to_owned(), readings, strong, fails, passes }
    }

    /// What the misconception is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many checks fail.
    pub fn failing(&self) -> u32 {
        self.fails.bits.iter().map(|bits| bits.count_ones()).sum()
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

/// The one misconception whose recorded answers a student's answers to the same cases agree with, while nothing fails that passes
/// there. Where several fit, none is named: a wrong name is worse than none.
///
/// As many as `patience` cases beyond those with recorded answers are asked for what may refute a name.
pub fn diagnose(records: &[Record], asked: &mut Answers, patience: usize) -> Result<Option<Diagnosis>> {
    let mut fitting = Vec::new();
    for record in records.iter().filter(|record| !record.readings.is_empty()) {
        if fits(record, asked, patience)? {
            fitting.push(record);
        }
    }
    let [record] = fitting[..] else { return Ok(None) };
    Ok(Some(Diagnosis { name: record.name.clone(), says: record.says.clone() }))
}

/// Whether a student's answers are the recorded ones wherever these are known.
pub fn fits(record: &Record, asked: &mut Answers, patience: usize) -> Result<bool> {
    Ok(is_recognised(record, asked)? && !is_refuted(record, asked, patience)?)
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

/// Whether a check fails that passes for the variant; or more pass that fail for it than chance lets through.
fn is_refuted(record: &Record, asked: &mut Answers, patience: usize) -> Result<bool> {
    if record.passes.count as usize != asked.checks() {
        // Recorded of other cases.
        return Ok(true);
    }
    let (cases, mut first) = (asked.cases().len(), 0);
    let step = (cases / patience.max(1)).max(1);
    let (mut met, mut unmet) = (0, 0);
    for c in 0..cases {
        let checks = asked.cases()[c].checks.len();
        let is_asked = c % step == 0 || record.readings.iter().any(|(known, ..)| *known == c);
        for k in (0..checks).filter(|_| is_asked) {
            let (fails, passes) = (record.fails.contains(first + k), record.passes.contains(first + k));
            if !fails && !passes {
                continue;
            }
            match (asked.failing(c, k)?.is_some(), fails) {
                (true, false) => return Ok(true),
                (true, true) => met += 1,
                (false, true) => unmet += 1,
                (false, false) => {}
            }
        }
        first += checks;
    }
    // Another draw may just pass where the variant's just failed; what many mistakes share must be the same throughout.
    Ok(if record.strong { unmet * CHANCE > met } else { unmet > 0 })
}

fn file(paths: &Paths, chapter: &str) -> PathBuf {
    paths.sealed(chapter, "misconceptions")
}

/// The sealed records of a chapter; none of another format than this one's.
pub fn load(paths: &Paths, chapter: &str) -> Result<Records> {
    let path = file(paths, chapter);
    if !path.is_file() {
        return Ok(Records::new());
    }
    let bytes = fs::read(&path).with_context(|| format!("failed to read `{}`", path.display()))?;
    let Some(records) = bytes.strip_prefix(FORMAT) else { return Ok(Records::new()) };
    postcard::from_bytes(records).with_context(|| format!("`{}` holds no records", path.display()))
}

/// Seals the records of a chapter. Not as JSON, which has no word for NaN.
pub fn seal(paths: &Paths, chapter: &str, records: &Records) -> Result<()> {
    let records = postcard::to_stdvec(records).context("failed to pack the records")?;
    write_if_changed(&file(paths, chapter), &[FORMAT, &records].concat())
}

#[cfg(test)]
mod tests {
    use protocol::Array;

    use super::*;

    fn long() -> Reading {
        Reading::Array(Array::f64(&[1000], (0..1000).map(f64::from).collect()))
    }

    fn record(failing: Vec<(usize, usize, Reading, bool)>) -> Record {
        Record::of("name", "says", Tally { failing, fails: Checks::default(), passes: Checks::default() })
    }

    #[test]
    fn a_misconception_that_shows_in_long_outputs_alone_is_recorded_by_a_sample() {
        let record = record(vec![(0, 0, long(), true)]);
        let Reading::Sample { shape, elements } = &record.readings[0].2 else { panic!("{record:?}") };
        assert_eq!((shape.as_slice(), elements.len()), (&[1000][..], LONGEST));
        assert_eq!((elements[0], elements[LONGEST - 1]), (0.0, 999.0));
    }

    #[test]
    fn shorter_outputs_are_recorded_alone() {
        let short = Reading::Number(1.0);
        let record = record(vec![(0, 0, long(), true), (0, 1, short.clone(), true)]);
        assert_eq!(record.readings, [(0, 1, short)]);
    }

    #[test]
    fn what_many_mistakes_share_is_recorded_where_there_is_nothing_else() {
        let (weak, strong) = ((0, 0, Reading::Dead, false), (0, 1, Reading::Number(2.0), true));
        let both = record(vec![weak.clone(), strong]);
        assert_eq!(both.readings, [(0, 1, Reading::Number(2.0))]);
        assert_eq!(record(vec![weak]).readings, [(0, 0, Reading::Dead)]);
    }

    #[test]
    fn checks_are_known_by_their_bits() {
        let mut checks = Checks::default();
        (0..20).for_each(|i| checks.push(i % 3 == 0));
        assert!((0..20).all(|i| checks.contains(i) == (i % 3 == 0)));
        assert!(!checks.contains(99));
    }
}
