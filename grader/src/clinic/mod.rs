//! Trainings that are broken: what is wrong with each, and how it goes, broken or mended. What is shown and asked is `commands`'s.
//!
//! The trainings themselves are the crate in `grader/clinic`, which runs as a child: nothing here knows a tensor.

mod cases;
mod data;
mod training;

pub use cases::{Case, Choice, Clinic, Mend};
pub use training::{Film, Ward};
