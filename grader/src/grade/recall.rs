//! Verdicts that still hold, put where grading looks for them: so that after a change only what it touches runs.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{Grader, Options, cache::Cache, whole};
use crate::{
    course::{Chapter, Exercise},
    source::tree::Tree,
    verdict::Verdict,
};

/// A verdict of an earlier run.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The exercise, in full.
    pub id: &'a str,
    /// What was said of it.
    pub verdict: &'a Verdict,
    /// Which exercises it uses.
    pub uses: &'a [String],
}

impl Grader<'_> {
    /// Puts what is `known` of sources that were handed in, with the cases of `seed`, into `cache`.
    ///
    /// # Errors
    /// When the course can't be read.
    pub fn recall(
        &self,
        chapter: &Chapter,
        trees: &BTreeMap<String, Tree>,
        (seed, known): (u64, &[Known]),
        cache: &mut Cache,
    ) -> Result<()> {
        let tree = whole(&self.paths, chapter, trees)?;
        let find = |exercise: &Exercise| known.iter().find(|known| known.id == exercise.full_id());
        let wanted: Vec<&Exercise> =
            chapter.exercises.iter().filter(|exercise| find(exercise).is_some()).collect();
        let options = Options { seed: Some(seed), force: false };
        for (exercise, key) in self.keyed(chapter, &tree, &wanted, &options)? {
            if let Some(Known { verdict, uses, .. }) = find(exercise) {
                cache.put(exercise, key, verdict, uses);
            }
        }
        Ok(())
    }
}
