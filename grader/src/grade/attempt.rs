//! What stands between building a submission and examining it. Building and examining are `grade`'s.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, btree_map::Entry},
    num::NonZero,
    panic::resume_unwind,
    sync::Mutex,
    thread::{self, available_parallelism},
};

use anyhow::Result;
use hidden::Case;

use super::{Options, links::Links};
use crate::{
    build::assemble::Assembly,
    course::{Exercise, cases, stubs},
    examine::diagnose::Records,
    parallel::lock,
    paths::Paths,
    source::{items::Module, tree::Tree},
};

/// What every stub leaves to the student.
const TO_DO: &str = "todo!";

/// What of a submission was built, and why.
#[derive(Default)]
pub struct Attempt<'c> {
    /// Exercises to examine, each with its key in the cache.
    pub started: Vec<(&'c Exercise, String)>,
    /// Their programs, or why there are none.
    pub assembled: Assembly,
    /// Recorded misconceptions of the chapter.
    pub records: Records,
    /// Cases of some of the exercises.
    pub drawn: Draws,
    /// What the answers are made of.
    pub links: Option<Links<'c>>,
}

/// Cases that were drawn while something else was going on, by full id.
#[derive(Default)]
pub struct Draws(Mutex<BTreeMap<String, Result<Vec<Case>>>>);

impl Draws {
    /// Draws the cases of those `started` exercises that will be examined first, one for each processor, during `work`: a
    /// compiler leaves one idle half of its time. All at once could fill the memory.
    pub fn during<R>(
        work: impl FnOnce() -> R,
        paths: &Paths,
        started: &[(&Exercise, String)],
        options: &Options,
    ) -> (Self, R) {
        let mut first: Vec<_> = started.iter().collect();
        first.sort_by_key(|(exercise, _)| Reverse(exercise.time()));
        first.truncate(available_parallelism().map_or(1, NonZero::get));
        let draw = |(exercise, key): &&(&Exercise, String)| {
            (exercise.full_id(), cases::cases(paths, exercise, options.seed_for(key)))
        };
        thread::scope(|scope| {
            let drawn = scope.spawn(|| first.iter().map(draw).collect());
            let result = work();
            (Self(Mutex::new(drawn.join().unwrap_or_else(|panic| resume_unwind(panic)))), result)
        })
    }

    /// Hands out the cases of an exercise, once.
    pub fn take(&self, exercise: &Exercise) -> Option<Result<Vec<Case>>> {
        lock(&self.0).remove(&exercise.full_id())
    }
}

/// Those of `exercises`, in `lectures/`, that are more than the stub.
pub fn written<'c>(paths: &Paths, exercises: &[&'c Exercise]) -> Result<Vec<&'c Exercise>> {
    let (mut chapters, mut written) = (BTreeMap::new(), Vec::new());
    for &exercise in exercises {
        let (tree, stubs) = match chapters.entry(exercise.chapter.as_str()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let tree = Tree::of_student(&paths.lecture(&exercise.chapter));
                place.insert((tree, stubs::load(paths, &exercise.chapter)?))
            }
        };
        if !is_untouched(exercise, tree, stubs) {
            written.push(exercise);
        }
    }
    Ok(written)
}

/// Whether the code of an exercise's items is the stub's, comments and layout aside.
pub fn is_untouched(exercise: &Exercise, tree: &Tree, stubs: &Tree) -> bool {
    let file = exercise.file();
    let (Some(written), Some(stub)) = (tree.files.get(&file), stubs.files.get(&file)) else { return false };
    // Parsing both takes longer than anything else before an edit's compilation.
    if stub.contains(TO_DO) && !written.contains(TO_DO) {
        return false;
    }
    let code = |text: &str| Module::parse(text).ok().map(|module| module.code_of(&exercise.items));
    code(written).is_some_and(|written| code(stub) == Some(written))
}
