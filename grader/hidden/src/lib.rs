//! Hidden cases. An exercise's author writes one function that fills a [`Tests`] from its seed; what comes out is plain
//! data: calls, and the rules that their answers must obey.
//!
//! Running the calls and applying the rules is left to the grader. No dfdx here: the oracles are plain float64
//! arithmetic on [`ndarray`], written from the formula and not from the solution.

mod budget;
mod case;
mod gradient;
pub mod regularization;
mod rule;
pub mod special_layers;
mod tests;
pub mod tricks;

pub use budget::Budget;
pub use case::{Args, Case, Check};
pub use rule::{Distribution, Rule, Statistic};
pub use tests::Tests;

/// The oracles' array: any rank, double precision.
pub type Tensor = ndarray::ArrayD<f64>;

/// The function that writes an exercise's cases.
pub type Author = fn(&mut Tests);

/// A chapter's exercises and who writes their cases.
pub const CHAPTERS: &[(&str, &[(&str, Author)])] = &[
    ("tricks", tricks::EXERCISES),
    ("regularization", regularization::EXERCISES),
    ("special_layers", special_layers::EXERCISES),
];

/// The cases of `chapter/exercise` for `seed`, or `None` where nobody wrote any.
pub fn cases(chapter: &str, exercise: &str, seed: u64) -> Option<Vec<Case>> {
    let (_, exercises) = CHAPTERS.iter().find(|(name, _)| *name == chapter)?;
    let (name, author) = exercises.iter().find(|(name, _)| *name == exercise)?;
    let mut tests = Tests::new(name, seed);
    author(&mut tests);
    Some(tests.into_cases())
}
