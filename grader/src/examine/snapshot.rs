//! Snapshots of layer outputs: golden numbers as readable text, compared as numbers.
//!
//! `grader/golden/<chapter>/<exercise>.json` holds a call and what PyTorch or SciPy answered in float64; the insta
//! snapshot `grader/snapshots/<chapter>__<exercise>.snap` holds that answer as a person reads it. Students' answers are
//! rendered in the same way and compared by [`NumericComparator`]. Files are as insta writes them: `cargo insta review` shows
//! what is pending.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use hidden::{Budget, Case, Statistic, Step};
use insta::{Snapshot, comparator::Comparator, internals::SnapshotContents};
use protocol::{Answer, Array, Call, Value, Values};
use serde::Deserialize;

use super::{Examinee, answers};
use crate::{
    course::Exercise,
    judge::{Outcome, shown},
    messages::endings,
    paths::Paths,
    verdict::{Fault, Kind},
};

/// The test that compares snapshots, by whose place insta finds what is pending.
const SOURCE: &str = "grader/tests/snapshots.rs";

/// A call and what another library answered.
#[derive(Debug, Deserialize)]
pub struct Golden {
    /// The program and the library versions that made it.
    pub by: String,
    /// Where it is not the exercise's own: [`Call::function`].
    function: Option<String>,
    args: Values,
    outputs: Values,
}

impl Golden {
    /// What is wrong with answers beside the snapshot at `path`, if anything.
    pub fn fault(&self, outcomes: &[Outcome], path: &Path) -> Result<Option<Fault>> {
        let Some(Outcome::Answered(Answer::Values(values))) = outcomes.first() else {
            let message = endings::REFUSED_GOLDEN.to_owned();
            return Ok(Some(Fault { kind: Kind::Snapshot, message }));
        };
        let (want, got) = (recorded(path)?, self.render_same(values));
        let differs = !differing_lines(&want, &got).is_empty();
        Ok(differs.then(|| Fault { kind: Kind::Snapshot, message: diff(&want, &got) }))
    }

    /// The golden file of an exercise, where there is one.
    pub fn load(paths: &Paths, exercise: &Exercise) -> Result<Option<Self>> {
        let path =
            paths.root().join("grader/golden").join(&exercise.chapter).join(format!("{}.json", exercise.id));
        if !path.is_file() {
            return Ok(None);
        }
        let text =
            fs::read_to_string(&path).with_context(|| format!("failed to read `{}`", path.display()))?;
        let golden = serde_json::from_str(&text)
            .with_context(|| format!("`{}` holds no golden call", path.display()))?;
        Ok(Some(golden))
    }

    /// The call as a case without checks.
    pub fn case(&self, exercise: &Exercise) -> Case {
        let own = Call::own(&exercise.id, self.args.clone());
        let call = Call { function: self.function.clone().unwrap_or_else(|| own.function.clone()), ..own };
        Case {
            about: "the recorded snapshot".to_owned(),
            calls: vec![call],
            checks: Vec::new(),
            shows: Vec::new(),
        }
    }

    /// What a program answers to the golden call, as text, or why there is no answer.
    pub fn answer(&self, examinee: Examinee) -> Result<String, String> {
        let outcomes =
            answers(examinee, &[self.case(examinee.exercise)]).map_err(|error| format!("{error:#}"))?;
        match outcomes.concat().pop() {
            Some(Outcome::Answered(Answer::Values(values))) => Ok(self.render_same(&values)),
            other => Err(format!("{other:?}")),
        }
    }

    /// The golden answer as text.
    pub fn text(&self) -> String {
        render(&self.outputs)
    }

    /// The parts of an answer that the golden answer has, as text.
    pub fn render_same(&self, answer: &Values) -> String {
        let parts = self.outputs.keys().filter_map(|name| Some((name.clone(), part(answer, name)?)));
        render(&parts.collect())
    }
}

/// The output `name`; of an array that nobody could read, as `norm(name)`, the norm.
fn part(answer: &Values, name: &str) -> Option<Value> {
    match name.strip_prefix("norm(").and_then(|rest| rest.strip_suffix(')')) {
        Some(output) => shown(answer, output, &[Step::Statistic(Statistic::Norm)]).map(|value| match value {
            Value::Array(norm) => Value::Number(norm.to_f64().first().copied().unwrap_or(f64::NAN)),
            other => other,
        }),
        None => answer.get(name).cloned(),
    }
}

/// Where an exercise's snapshot lies.
pub fn file(paths: &Paths, exercise: &Exercise) -> PathBuf {
    paths.root().join("grader/snapshots").join(format!("{}.snap", name(exercise)))
}

/// An exercise's snapshot's name.
pub fn name(exercise: &Exercise) -> String {
    format!("{}__{}", exercise.chapter, exercise.id)
}

/// The recorded text of a snapshot file.
pub fn recorded(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    let body =
        text.splitn(3, "---\n").nth(2).with_context(|| format!("`{}` is no snapshot", path.display()))?;
    Ok(body.trim_end().to_owned())
}

/// A snapshot's file, as insta writes it.
pub fn document(golden: &Golden, text: &str) -> String {
    format!("---\nsource: {SOURCE}\ndescription: {:?}\n---\n{}\n", golden.by, text.trim_end())
}

/// Named values as text: a line with name and shape, then a line a row.
pub fn render(values: &Values) -> String {
    let blocks: Vec<String> = values.iter().map(|(name, value)| render_value(name, value)).collect();
    blocks.join("\n").trim_end().to_owned()
}

fn render_value(name: &str, value: &Value) -> String {
    match value {
        Value::Array(array) => render_array(name, array),
        Value::Number(x) => format!("{name}\n  {}\n", number(*x)),
        Value::Count(n) => format!("{name}\n  {n}\n"),
        Value::Flag(flag) => format!("{name}\n  {flag}\n"),
        Value::Text(text) => format!("{name}\n  {text}\n"),
    }
}

fn render_array(name: &str, array: &Array) -> String {
    let numbers: Vec<String> = array.to_f64().into_iter().map(number).collect();
    let width = array.shape.last().copied().unwrap_or(1).max(1);
    let rows: String = numbers.chunks(width).map(|row| format!("  {}\n", row.join("  "))).collect();
    format!("{name} {:?}\n{rows}", array.shape)
}

/// Eight digits: more than an f32 keeps, few enough to read.
fn number(x: f64) -> String {
    format!("{:>15}", format!("{x:.7e}"))
}

/// Compares snapshots word by word: words that are numbers may differ by an error budget, others may not.
#[derive(Clone)]
pub struct NumericComparator;

impl Comparator for NumericComparator {
    fn matches(&self, reference: &Snapshot, test: &Snapshot) -> bool {
        match (reference.contents(), test.contents()) {
            (SnapshotContents::Text(a), SnapshotContents::Text(b)) => {
                differing_lines(&a.to_string(), &b.to_string()).is_empty()
            }
            (a, b) => a == b,
        }
    }

    fn dyn_clone(&self) -> Box<dyn Comparator> {
        Box::new(self.clone())
    }
}

/// The lines (counted from 0) in which two rendered answers differ by more than the error budget. A block's numbers are
/// measured against its largest one.
pub fn differing_lines(want: &str, got: &str) -> Vec<usize> {
    let (wanted, given): (Vec<&str>, Vec<&str>) =
        (want.trim_end().lines().collect(), got.trim_end().lines().collect());
    let allowed = allowances(&wanted);
    let lines = 0..wanted.len().max(given.len());
    lines
        .filter(|&i| !same_line(wanted.get(i), given.get(i), allowed.get(i).copied().unwrap_or_default()))
        .collect()
}

/// What each line's numbers may be off by: its block's budget. 1024 terms stand for the longest sum of any snapshot.
fn allowances(lines: &[&str]) -> Vec<f64> {
    let starts_block = |line: &&str| !line.starts_with("  ");
    let blocks = lines.chunk_by(|_, next| !starts_block(next));
    blocks
        .flat_map(|block| {
            let numbers: Vec<f64> =
                block.iter().skip(1).flat_map(|line| words(line)).filter_map(|w| w.parse().ok()).collect();
            vec![Budget::sum(1024).allowed(&numbers); block.len()]
        })
        .collect()
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split_whitespace()
}

fn same_line(want: Option<&&str>, got: Option<&&str>, allowed: f64) -> bool {
    let (Some(want), Some(got)) = (want, got) else { return false };
    let same_word = |(want, got): (&str, &str)| match (want.parse::<f64>(), got.parse::<f64>()) {
        (Ok(want), Ok(got)) => crate::verdict::near(got, want, allowed),
        _ => want == got,
    };
    words(want).count() == words(got).count() && words(want).zip(words(got)).all(same_word)
}

/// A small diff: the first differing lines of both, under their block's name.
pub fn diff(want: &str, got: &str) -> String {
    let differing = differing_lines(want, got);
    let (wanted, given): (Vec<&str>, Vec<&str>) = (want.lines().collect(), got.lines().collect());
    let mut text =
        String::from("The output on the recorded input differs from the snapshot (- recorded, + yours):");
    for &i in differing.iter().take(3) {
        let name = wanted.iter().take(i + 1).rev().find(|line| !line.starts_with("  "));
        text += &format!("\n  {}", name.copied().unwrap_or_default());
        text += &format!("\n  -{}", wanted.get(i).copied().unwrap_or_default());
        text += &format!("\n  +{}", given.get(i).copied().unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_no_difference_and_an_error_is() {
        let want = "y [2]\n   1.0000000e0  2.0000000e-3\n";
        assert!(differing_lines(want, "y [2]\n  1.0000001e0   2.0000500e-3\n").is_empty());
        assert_eq!(differing_lines(want, "y [2]\n  1.0100000e0  2.0000000e-3\n"), [1]);
        assert_eq!(differing_lines(want, "y [1, 2]\n  1.0000000e0  2.0000000e-3\n"), [0]);
        assert_eq!(differing_lines(want, "y [2]\n"), [1]);
        assert_eq!(differing_lines(want, "y [2]\n  NaN  2.0000000e-3\n"), [1]);
    }
}
