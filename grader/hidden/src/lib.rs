//! Hidden cases. An exercise's author writes one function that fills a [`Suite`] from its seed; what comes out is plain
//! data: calls, and the rules that their answers must obey.
//!
//! Running the calls and applying the rules is left to the grader. No dfdx here: the oracles are plain float64
//! arithmetic on [`ndarray`], written from the formula and not from the solution.

mod allowance;
mod budget;
mod case;
#[cfg(feature = "live")]
mod convnets;
mod derived;
#[cfg(feature = "live")]
mod draws;
mod exercises;
#[cfg(feature = "live")]
mod first_steps;
mod gradient;
#[cfg(feature = "live")]
mod oracles;
#[cfg(feature = "live")]
mod regularization;
#[cfg(feature = "live")]
mod rnn;
mod rule;
mod show;
pub mod sized;
#[cfg(feature = "live")]
mod special_layers;
mod statistic;
mod suite;
mod suppose;
#[cfg(feature = "live")]
mod tricks;

use exercises::{CHAPTERS, Entry, entry};

pub use allowance::Allowance;
pub use budget::Budget;
pub use case::{Args, Case, Check};
pub use derived::{Derived, Operand, Step};
pub use rule::Rule;
pub use show::{How, Plot, Show};
pub use statistic::{Distribution, Statistic, mean};
pub use suite::{Suite, Terms};
pub use suppose::{Change, Supposed, What, as_it_is, is_supposed, otherwise};

/// The oracles' array: any rank, double precision.
pub type Tensor = ndarray::ArrayD<f64>;

/// The function that writes an exercise's cases.
pub type Author = fn(&mut Suite);

/// The cases of `chapter/exercise` for `seed`, or `None` where nobody wrote any.
///
/// # Errors
/// When data that they need could not be loaded.
pub fn cases(chapter: &str, exercise: &str, seed: u64) -> Option<Result<Vec<Case>, datasets::Error>> {
    Some(written(entry(chapter, exercise)?.cases?, exercise, seed))
}

/// As [`cases`], with full-size data.
///
/// # Errors
/// When the data are not there or could not be loaded.
pub fn full_cases(chapter: &str, exercise: &str, seed: u64) -> Option<Result<Vec<Case>, datasets::Error>> {
    Some(written(entry(chapter, exercise)?.full?, exercise, seed))
}

/// What would be right in the cases of `chapter/exercise` for `seed` if one thing were otherwise, one thing after the other; nothing
/// where nobody wrote cases.
pub fn suppositions(chapter: &str, exercise: &str, seed: u64) -> impl Iterator<Item = Supposed> {
    supposed(chapter, exercise, seed, |_| true)
}

/// As [`suppositions`], but only what the author declares.
pub fn declared_suppositions(chapter: &str, exercise: &str, seed: u64) -> impl Iterator<Item = Supposed> {
    supposed(chapter, exercise, seed, |what| matches!(what, What::Declared(_)))
}

fn supposed(
    chapter: &str,
    exercise: &str,
    seed: u64,
    wanted: fn(&What) -> bool,
) -> impl Iterator<Item = Supposed> {
    let author = entry(chapter, exercise).and_then(|entry| entry.cases);
    author.into_iter().flat_map(move |author| suppose::suppositions(author, exercise, seed, wanted))
}

/// Whether there are cases with full-size data.
pub fn has_full_cases(chapter: &str, exercise: &str) -> bool {
    entry(chapter, exercise).is_some_and(|entry| entry.full.is_some())
}

/// All exercises whose cases are written here, as `(chapter, exercise)`; none in a copy that came with sealed cases.
pub fn exercises() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_chapter = |&(chapter, entries): &(&'static str, &'static [Entry])| {
        entries.iter().filter(|entry| entry.cases.is_some()).map(move |entry| (chapter, entry.id))
    };
    CHAPTERS.iter().flat_map(of_chapter)
}

fn written(author: Author, exercise: &str, seed: u64) -> Result<Vec<Case>, datasets::Error> {
    let mut tests = Suite::new(exercise, seed);
    author(&mut tests);
    tests.into_cases()
}
