//! Examines what was built, side by side, and settles it in the course's order. A single exercise is `examine`'s.

use std::{cmp::Reverse, collections::BTreeMap, sync::Mutex, time::Instant};

use super::{Grader, Options, attempt::Attempt, waiting};
use crate::{
    course::{Exercise, cases},
    events::Event,
    examine::{Examinee, Examiner, Questions},
    grade::cache::Cache,
    parallel::{in_dependency_order, lock},
    verdict::{Examination, Kind, Marks, Verdict},
};

/// An exercise to examine.
#[derive(Clone)]
struct Candidate<'a> {
    exercise: &'a Exercise,
    /// In the cache.
    key: &'a str,
    built: &'a Attempt<'a>,
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

type Findings = BTreeMap<String, Examination>;

impl Grader<'_> {
    /// Examines what was built, each exercise as soon as what it needs is settled, and says what waits for what.
    pub(super) fn examine(
        &self,
        built: &[Attempt],
        options: &Options,
        mut cache: Option<&mut Cache>,
        graded: &mut Marks,
    ) {
        let candidates = candidates(built, cache.as_deref());
        let mut found = self.examined(&candidates, options, graded);
        for Candidate { exercise, key, .. } in candidates {
            if let Some(examined) = found.remove(&exercise.full_id()) {
                self.settle(exercise, key.to_owned(), examined, cache.as_deref_mut(), graded);
            }
        }
        if !options.force {
            waiting::mark(graded);
        }
    }

    fn examined(&self, candidates: &[Candidate], options: &Options, settled: &Marks) -> Findings {
        let mut queue = candidates.to_vec();
        // What takes longest begins first, so that it does not end alone.
        queue.sort_by_key(|candidate| Reverse(candidate.exercise.time()));
        let found = Mutex::new(Findings::new());
        in_dependency_order(&queue, Candidate::waits_for, |_, _, candidate| {
            let id = candidate.exercise.full_id();
            self.events.hear(Event::Examining { what: &id, done: lock(&found).len(), total: queue.len() });
            let is_doomed = !options.force && is_doomed(candidate, &lock(&found), settled);
            let began = Instant::now();
            let mut examined = self.examine_one(candidate, options, is_doomed);
            examined.spent = began.elapsed();
            self.events.hear(Event::Judged {
                exercise: &id,
                verdict: examined.verdict.word(),
                seconds: examined.spent.as_secs_f64(),
            });
            lock(&found).insert(id, examined);
        });
        self.events.hear(Event::Finished);
        found.into_inner().unwrap_or_default()
    }

    /// Examines one exercise; where `is_doomed`, its first failure is enough.
    fn examine_one(&self, candidate: &Candidate, options: &Options, is_doomed: bool) -> Examination {
        let Candidate { exercise, built, .. } = *candidate;
        if let Some(verdict) = built.assembled.verdict_on(exercise) {
            return verdict.into();
        }
        let seed = options.seed_for(candidate.key);
        let verdict = self.verdict(candidate, seed, is_doomed);
        let Some(links) = &built.links else { return verdict.into() };
        match &verdict {
            Verdict::Passed { cases, .. } => {
                let borrowed = links.borrowed(exercise).map(|borrowed| borrowed.verdict(*cases, seed));
                borrowed.unwrap_or(verdict).into()
            }
            // What is unfinished itself waits for nothing.
            Verdict::Failed(failure) if failure.kind == Kind::Todo && links.is_unfinished(exercise) => {
                verdict.into()
            }
            Verdict::Failed(failure) => {
                let uses = links.uses(exercise);
                let is_broken = |id: &String| {
                    self.course.exercise(id).is_some_and(|used| built.assembled.why_broken(used).is_some())
                };
                // It waits for an exercise that does not compile; of another function that doesn't, it is told.
                let waits = !options.force && uses.iter().any(is_broken);
                let vain = built.assembled.called_in_vain(&failure.message).filter(|_| !waits);
                let verdict = vain.map_or_else(|| verdict.clone(), |message| Verdict::Broken { message });
                Examination { uses, ..verdict.into() }
            }
            _ => verdict.into(),
        }
    }

    fn verdict(&self, candidate: &Candidate, seed: u64, is_doomed: bool) -> Verdict {
        let Candidate { exercise, built, .. } = *candidate;
        let id = exercise.full_id();
        let ear =
            |program: usize, line: &str| self.events.hear(Event::Heard { exercise: &id, program, line });
        let examiner = Examiner { paths: &self.paths, records: &built.records, ear: Some(&ear) };
        let examined = built.assembled.program(exercise).and_then(|program| {
            let drawn = built.drawn.take(exercise);
            let cases = drawn.unwrap_or_else(|| cases::cases(&self.paths, exercise, seed))?;
            let examinee = Examinee { exercise, program, device: self.device };
            examiner.examine(examinee, Questions { seed, cases: &cases, to_failure: is_doomed })
        });
        examined.unwrap_or_else(|error| Verdict::Internal { message: format!("{error:#}") })
    }
}

/// Whether something that an exercise uses has failed: right it may be all the same, but if it fails, it waits.
fn is_doomed(candidate: &Candidate, found: &Findings, settled: &Marks) -> bool {
    let known = |id: &str| match found.get(id) {
        Some(examined) => Some((&examined.verdict, &examined.uses[..])),
        None => settled.known(id),
    };
    let exercise = candidate.exercise;
    let fails = |need: &String| known(need).is_some_and(|(verdict, _)| !verdict.is_passed());
    let Some(links) = candidate.built.links.as_ref().filter(|_| exercise.needs.iter().any(fails)) else {
        return false;
    };
    let blockers = waiting::blockers(&exercise.full_id(), &links.uses(exercise), known);
    blockers.iter().any(|id| !matches!(known(id), Some((Verdict::Internal { .. }, _))))
}

/// In the course's order, where an exercise comes after what it needs.
fn candidates<'a>(built: &'a [Attempt], cache: Option<&Cache>) -> Vec<Candidate<'a>> {
    let of = |built: &'a Attempt<'a>| {
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
