//! Hidden cases. An exercise's author writes one function that fills a [`Tests`] from its seed; what comes out is plain
//! data: calls, and the rules that their answers must obey.
//!
//! Running the calls and applying the rules is left to the grader. No dfdx here: the oracles are plain float64
//! arithmetic on [`ndarray`], written from the formula and not from the solution.

mod allowance;
mod budget;
mod case;
mod derived;
#[cfg(feature = "live")]
mod draws;
mod gradient;
#[cfg(feature = "live")]
pub mod regularization;
mod rule;
mod show;
pub mod sized;
#[cfg(feature = "live")]
pub mod special_layers;
#[cfg(feature = "live")]
pub mod convnets;
#[cfg(feature = "live")]
pub mod rnn;
mod tests;
#[cfg(feature = "live")]
pub mod tricks;

pub use allowance::Allowance;
pub use budget::Budget;
pub use case::{Args, Case, Check};
pub use derived::{Derived, Operand, Step};
pub use rule::{Distribution, Rule, Statistic};
pub use show::{How, Plot, Show};
pub use tests::{Terms, Tests};

/// The oracles' array: any rank, double precision.
pub type Tensor = ndarray::ArrayD<f64>;

/// The function that writes an exercise's cases.
pub type Author = fn(&mut Tests);

/// A chapter's exercises and who writes their cases.
#[cfg(feature = "live")]
pub const CHAPTERS: &[(&str, &[(&str, Author)])] = &[
    ("tricks", tricks::EXERCISES),
    ("regularization", regularization::EXERCISES),
    ("special_layers", special_layers::EXERCISES),
    ("convnets", convnets::EXERCISES),
    ("rnn", rnn::EXERCISES),
];

/// Who writes the cases of exercises that can also be put to full-size data, which the authors load themselves.
#[cfg(feature = "live")]
pub const FULL: &[(&str, &[(&str, Author)])] = &[
    ("regularization", regularization::FULL),
    ("special_layers", special_layers::FULL),
    ("convnets", convnets::FULL),
    ("rnn", rnn::FULL),
];

/// Nobody: this copy has sealed cases.
#[cfg(not(feature = "live"))]
pub const CHAPTERS: &[(&str, &[(&str, Author)])] = &[];
/// Nobody: this copy has no full-size cases.
#[cfg(not(feature = "live"))]
pub const FULL: &[(&str, &[(&str, Author)])] = &[];

/// The cases of `chapter/exercise` for `seed`, or `None` where nobody wrote any.
///
/// # Errors
/// When data that they need could not be loaded.
pub fn cases(chapter: &str, exercise: &str, seed: u64) -> Option<Result<Vec<Case>, datasets::Error>> {
    written(CHAPTERS, chapter, exercise, seed)
}

/// As [`cases`], with full-size data.
///
/// # Errors
/// When the data are not there or could not be loaded.
pub fn full_cases(chapter: &str, exercise: &str, seed: u64) -> Option<Result<Vec<Case>, datasets::Error>> {
    written(FULL, chapter, exercise, seed)
}

/// Whether there are cases with full-size data.
pub fn has_full_cases(chapter: &str, exercise: &str) -> bool {
    author(FULL, chapter, exercise).is_some()
}

type Authors = [(&'static str, &'static [(&'static str, Author)])];

fn author(chapters: &Authors, chapter: &str, exercise: &str) -> Option<Author> {
    let (_, exercises) = chapters.iter().find(|(name, _)| *name == chapter)?;
    Some(exercises.iter().find(|(name, _)| *name == exercise)?.1)
}

fn written(
    chapters: &Authors,
    chapter: &str,
    exercise: &str,
    seed: u64,
) -> Option<Result<Vec<Case>, datasets::Error>> {
    let mut tests = Tests::new(exercise, seed);
    author(chapters, chapter, exercise)?(&mut tests);
    Some(tests.into_cases())
}
