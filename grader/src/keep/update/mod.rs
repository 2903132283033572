//! Brings a newer release into a student's copy of the course.
//!
//! `release` gets it, `plan` decides file by file (with `lectures` for what students write, `exercises` and `follow`
//! for what was renamed, `merge` and `chunks` for what both sides changed), and the stash carries it out, all or nothing.
//! Every word about it is left to the command.

mod chunks;
mod disk;
mod exercises;
mod follow;
mod merge;
mod plan;
mod release;
mod lectures;

pub use plan::{CONFLICTS, Fate, Plan, Step, plan};
pub use release::{Release, get};
