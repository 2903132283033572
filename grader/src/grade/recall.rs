//! Verdicts that still hold: put where grading looks for them, so that after a change only what it touches runs, or brought back for
//! whoever wants to know of the rest, too.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{Grader, Options, cache::Cache, whole};
use crate::{
    course::{Chapter, Exercise},
    parallel::side_by_side,
    source::tree::Tree,
    verdict::{Marks, Verdict},
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
    /// Puts what is `known` and does not wait for what is not, of sources that were handed in, with the cases of `seed`, into `cache`.
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
            let is_settled = |verdict: &Verdict| match verdict {
                Verdict::Waiting { needs } => {
                    needs.iter().all(|need| known.iter().any(|known| known.id == *need))
                }
                _ => true,
            };
            if let Some(Known { verdict, uses, .. }) =
                find(exercise).filter(|known| is_settled(known.verdict))
            {
                cache.put(exercise, key, verdict, uses);
            }
        }
        Ok(())
    }

    /// `graded`, and beside it what is remembered of everything else in `lectures/` that is as it was.
    pub fn with_remembered(&self, mut graded: Marks) -> Result<Marks> {
        let cache = Cache::load(&self.paths);
        let chapters: Vec<&Chapter> = self.course.chapters.iter().collect();
        let keyed = side_by_side(&chapters, |_, _, &chapter| {
            let tree = Tree::of_student(&self.paths.lecture(&chapter.name));
            let all: Vec<&Exercise> = chapter.exercises.iter().collect();
            self.keyed(chapter, &tree, &all, &Options::default())
        });
        for (exercise, key) in keyed.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten() {
            let id = exercise.full_id();
            if let (false, Some((verdict, _))) =
                (graded.verdicts.contains_key(&id), cache.get(exercise, &key))
            {
                graded.verdicts.insert(id, verdict.clone());
            }
        }
        Ok(graded)
    }
}
