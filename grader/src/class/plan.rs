//! A class in chunks, for a cluster: who is expected in which, and what is there. A program's exit code is no evidence there, and jobs
//! are lost or run twice; so only valid sheets count, and what is missing is asked for again, a few times.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::{
    attempts::Attempt,
    folder::Folder,
    senders::Sender,
    sheet::{FORMAT, Sheet},
};
use crate::files::write_whole;

/// The folder of everything about the cluster, beside the sheets.
pub const CLUSTER: &str = "slurm";
const PLAN: &str = "plan.json";

/// What is expected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    format: u32,
    /// The seed of everybody's cases.
    pub seed: u64,
    /// How many chunks there are.
    pub chunks: usize,
    /// How often what was missing has been asked for again.
    #[serde(default)]
    pub rounds: u32,
    /// Everybody, in the order by which chunks are made.
    pub expected: Vec<Member>,
}

/// A student whose sheet is expected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Member {
    /// What tells this one from others.
    pub key: String,
    /// As one reads it.
    pub name: String,
    /// The hash of what is to be graded; empty where one of several attempts will count.
    pub sha256: String,
}

/// A chunk of a class: whoever's number leaves this rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// From 0.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

impl Part {
    /// Reads `3/10`.
    ///
    /// # Errors
    /// When it is no part, as a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let numbers =
            text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if number < of => Ok(Self { number, of }),
            _ => {
                Err(format!("`{text}` is no part: write a number from 0 and how many there are, as in `0/4`"))
            }
        }
    }

    /// Whether the student with this number belongs to it.
    pub fn has(self, number: usize) -> bool {
        number % self.of == self.number
    }
}

impl Plan {
    /// For these students, about `size` in a chunk.
    pub fn of(expected: Vec<Member>, seed: u64, size: usize) -> Self {
        let chunks = expected.len().div_ceil(size.max(1));
        Self { format: FORMAT, seed, chunks, rounds: 0, expected }
    }

    /// The one beside the results in `folder`.
    ///
    /// # Errors
    /// When there is none.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = path(folder);
        let place = folder.display();
        let bytes = fs::read(&path)
            .with_context(|| format!("`{place}` has no plan: `class slurm {place} PLACE…` makes one"))?;
        let plan: Self =
            serde_json::from_slice(&bytes).with_context(|| format!("`{}` is damaged", path.display()))?;
        ensure!(plan.format == FORMAT, "`{}` is of another version of the grader", path.display());
        Ok(plan)
    }

    /// Writes it.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self).context("failed to write the plan")?;
        write_whole(&path(folder), &text)
    }

    /// The numbers of those whose sheet is not there, or is not about what was expected.
    pub fn missing(&self, folder: &Folder) -> Vec<usize> {
        let is_there = |expected: &Member| {
            let fits = |sheet: &Sheet| {
                let sha256 = if expected.sha256.is_empty() { &sheet.sha256 } else { &expected.sha256 };
                sheet.is_about(sha256, self.seed)
            };
            folder.sheet(&expected.key).is_some_and(|sheet| fits(&sheet))
        };
        let missing = self.expected.iter().enumerate().filter(|(_, expected)| !is_there(expected));
        missing.map(|(number, _)| number).collect()
    }

    /// The chunks that these students belong to.
    pub fn chunks_of(&self, numbers: &[usize]) -> BTreeSet<usize> {
        numbers.iter().map(|number| number % self.chunks.max(1)).collect()
    }

    /// A sheet that says that no result ever came: the cluster's fault, and no zero.
    pub fn lost(&self, number: usize) -> Sheet {
        let Member { key, name, .. } = self.expected[number].clone();
        let sender = Sender { key, name, ..Sender::default() };
        let mut sheet = Sheet::new(&Attempt::lost(sender), self.seed, false);
        sheet.why = Some(format!("no result came from the cluster in {} rounds", self.rounds + 1));
        sheet
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join(CLUSTER).join(PLAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_belongs_to_one_chunk() {
        let expected = |i: usize| Member { key: i.to_string(), name: String::new(), sha256: String::new() };
        let plan = Plan::of((0..31).map(expected).collect(), 1, 15);
        assert_eq!(plan.chunks, 3);
        for number in 0..31 {
            let parts = (0..3).filter(|&part| Part { number: part, of: 3 }.has(number)).count();
            assert_eq!(parts, 1);
        }
        assert_eq!(plan.chunks_of(&[0, 3, 5]), [0, 2].into());
        assert_eq!(Part::parse("2/3"), Ok(Part { number: 2, of: 3 }));
        assert!(Part::parse("3/3").unwrap_err().contains("as in `0/4`"));
    }
}
