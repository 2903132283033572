//! What stands between building a submission and examining it. Building and examining are `grade`'s.

use crate::{assemble::Assembled, course::Exercise, diagnose::Records, items::Module, sealed, tree::Tree};

/// What of a submission was built, and why.
#[derive(Default)]
pub struct Built<'c> {
    /// Exercises to examine, each with its key in the cache.
    pub started: Vec<(&'c Exercise, String)>,
    /// Their programs, or why there are none.
    pub assembled: Assembled,
    /// Recorded misconceptions of the chapter.
    pub records: Records,
}

/// Whether the code of an exercise's items is the stub's, comments and layout aside.
pub fn is_untouched(exercise: &Exercise, tree: &Tree, stubs: &Tree) -> bool {
    let code = |tree: &Tree| {
        let text = tree.files.get(&exercise.file())?;
        Module::parse(text).ok().map(|module| module.code_of(&exercise.items))
    };
    code(tree).is_some_and(|written| code(stubs) == Some(written))
}

/// One of the sealed seeds, always the same for the same content, so that a failure can be looked at twice.
pub fn sealed_seed(key: &str) -> u64 {
    let (first, last) = (sealed::SEEDS.start(), sealed::SEEDS.end());
    let sum = key.bytes().fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    first + sum % (last - first + 1)
}
