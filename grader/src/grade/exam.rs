//! Examines what was built, side by side, and settles it in the course's order. A single exercise is `examine`'s.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use super::{Graded, Grader, Options, built::Built};
use crate::{
    cache::Cache,
    course::Exercise,
    examine::Examiner,
    parallel::{in_dependency_order, lock},
    sealed,
    verdict::{Kind, Verdict},
};

/// An exercise to examine.
#[derive(Clone)]
struct Candidate<'a> {
    exercise: &'a Exercise,
    /// In the cache.
    key: &'a str,
    built: &'a Built<'a>,
    /// What it needs and does not wait for: it lies in the same file and was solved when it was last examined. An edit
    /// of the file rarely breaks it; where one does, this exercise was examined in vain.
    hopes: Vec<String>,
}

impl Candidate<'_> {
    fn waits_for(&self, other: &Self) -> bool {
        let other = other.exercise.full_id();
        self.exercise.needs.contains(&other) && !self.hopes.contains(&other)
    }
}

impl Grader<'_> {
    /// Examines what was built, each exercise as soon as what it needs is settled.
    pub(super) fn examine(
        &self,
        built: &[Built],
        options: &Options,
        mut cache: Option<&mut Cache>,
        graded: &mut Graded,
    ) {
        let candidates = candidates(built, cache.as_deref());
        let (mut found, spent) = self.verdicts(&candidates, options, graded);
        graded.spent.extend(spent);
        for Candidate { exercise, key, .. } in candidates {
            let Some(mut verdict) = found.remove(&exercise.full_id()) else { continue };
            let unmet: Vec<String> =
                exercise.needs.iter().filter(|need| !graded.is_passed(need)).cloned().collect();
            if !options.force && !unmet.is_empty() && !matches!(verdict, Verdict::Broken { .. }) {
                verdict = Verdict::Waiting { needs: unmet };
            }
            self.settle(exercise, key.to_owned(), verdict, cache.as_deref_mut(), graded);
        }
    }

    /// Verdicts by full id, and how long each took. That of an exercise whose needs are not met means nothing.
    fn verdicts(
        &self,
        candidates: &[Candidate],
        options: &Options,
        settled: &Graded,
    ) -> (BTreeMap<String, Verdict>, BTreeMap<String, Duration>) {
        let mut queue = candidates.to_vec();
        // What takes longest begins first, so that it does not end alone.
        queue.sort_by_key(|candidate| Reverse(candidate.exercise.time()));
        let found = Mutex::new(BTreeMap::<String, Verdict>::new());
        let spent = Mutex::new(BTreeMap::new());
        in_dependency_order(&queue, Candidate::waits_for, |_, _, candidate| {
            let id = candidate.exercise.full_id();
            self.progress.examining(&id, lock(&found).len(), queue.len());
            let passed = |need: &String| match lock(&found).get(need) {
                Some(verdict) => verdict.is_passed(),
                None => settled.is_passed(need) || candidate.hopes.contains(need),
            };
            let ready = options.force || candidate.exercise.needs.iter().all(passed);
            let seed = options.seed_for(candidate.key);
            let began = Instant::now();
            let verdict = self.verdict(candidate, ready, seed);
            lock(&spent).insert(id.clone(), began.elapsed());
            lock(&found).insert(id, verdict);
        });
        self.progress.finish();
        (found.into_inner().unwrap_or_default(), spent.into_inner().unwrap_or_default())
    }

    fn verdict(&self, candidate: &Candidate, ready: bool, seed: u64) -> Verdict {
        let Candidate { exercise, built, .. } = *candidate;
        if let Some(message) = built.assembled.why_broken(exercise) {
            return Verdict::Broken { message };
        }
        if !ready {
            return Verdict::Waiting { needs: exercise.needs.clone() };
        }
        let examiner = Examiner { paths: &self.paths, records: &built.records };
        let examined = match built.assembled.programs.get(&exercise.topic) {
            Some(program) => {
                let drawn = built.drawn.take(exercise);
                let cases = drawn.unwrap_or_else(|| sealed::cases(&self.paths, exercise, seed));
                cases.and_then(|cases| examiner.examine_cases(self.device, exercise, program, (seed, &cases)))
            }
            None => Err(anyhow::anyhow!("cargo built no probe for `{}`", exercise.topic)),
        };
        let verdict = examined.unwrap_or_else(|error| Verdict::Internal { message: format!("{error:#}") });
        match &verdict {
            Verdict::Failed(failure) if failure.kind == Kind::Panic => {
                let message = built.assembled.called_in_vain(&failure.message);
                message.map_or(verdict, |message| Verdict::Broken { message })
            }
            _ => verdict,
        }
    }
}

/// In the course's order, where an exercise comes after what it needs.
fn candidates<'a>(built: &'a [Built], cache: Option<&Cache>) -> Vec<Candidate<'a>> {
    let of = |built: &'a Built<'a>| {
        let was_solved = move |need: &&String, exercise: &Exercise| {
            let mut exercises = built.started.iter().map(|(other, _)| *other);
            let other = exercises.find(|other| other.full_id() == **need && other.topic == exercise.topic);
            other.is_some_and(|other| cache.is_some_and(|cache| cache.was_passed(other)))
        };
        built.started.iter().map(move |(exercise, key)| Candidate {
            exercise,
            key,
            built,
            hopes: exercise.needs.iter().filter(|need| was_solved(need, exercise)).cloned().collect(),
        })
    };
    built.iter().flat_map(of).collect()
}
