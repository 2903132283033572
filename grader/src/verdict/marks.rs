//! What came of grading: plain data, by exercise.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::Duration,
};

use crate::verdict::Verdict;

/// Verdicts by full id, and which of them were made just now.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// The verdict on every exercise that was graded, by full id, new or remembered.
    pub verdicts: BTreeMap<String, Verdict>,
    /// Full ids of those that were not in the cache.
    pub fresh: Vec<String>,
    /// The programs of those of them that were built, by full id.
    pub programs: BTreeMap<String, PathBuf>,
    /// How long examining took, by full id; nothing of what was in the cache.
    pub spent: BTreeMap<String, Duration>,
    /// Which other exercises those that failed use.
    pub uses: BTreeMap<String, Vec<String>>,
}

/// What came of examining an exercise.
pub struct Examination {
    /// As if nothing that it uses could be wrong.
    pub verdict: Verdict,
    /// The exercises that it uses, where it fails.
    pub uses: Vec<String>,
    /// How long it took.
    pub spent: Duration,
}

impl From<Verdict> for Examination {
    fn from(verdict: Verdict) -> Self {
        Self { verdict, uses: Vec::new(), spent: Duration::ZERO }
    }
}

impl Marks {
    /// Whether `id` is solved.
    pub fn is_passed(&self, id: &str) -> bool {
        self.verdicts.get(id).is_some_and(Verdict::is_passed)
    }

    /// The verdict on `id`, and what it uses.
    pub fn known(&self, id: &str) -> Option<(&Verdict, &[String])> {
        let uses = self.uses.get(id).map(Vec::as_slice).unwrap_or_default();
        Some((self.verdicts.get(id)?, uses))
    }

    /// What failing exercises use and what is not graded yet.
    pub fn unknown_uses(&self) -> Vec<String> {
        let used = self.uses.values().flatten().filter(|id| !self.verdicts.contains_key(*id));
        used.cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Adds what came of an exercise.
    pub fn add(&mut self, id: &str, Examination { verdict, uses, spent }: Examination) {
        self.verdicts.insert(id.to_owned(), verdict);
        if !spent.is_zero() {
            self.spent.insert(id.to_owned(), spent);
        }
        if !uses.is_empty() {
            self.uses.insert(id.to_owned(), uses);
        }
    }
}
