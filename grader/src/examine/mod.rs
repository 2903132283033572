//! Examines a program: asks it, judges what it answers, names the misconception, compares the snapshot.

pub mod answers;
pub mod diagnose;
mod examiner;
mod explain;
pub mod gallery;
mod trial;
pub mod parity;
pub mod probe;
mod sights;
pub mod snapshot;
mod tally;
pub mod suppositions;
pub mod training;

pub use examiner::{Examinee, Examiner, Questions, answers};
pub use probe::Ear;
