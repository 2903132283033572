//! Brings a newer release into a student's copy of the course.
//!
//! `source` gets the release, `plan` decides file by file (with `sources` for what students write, `exercises` and `follow`
//! for what was renamed, `merge` and `chunks` for what both sides changed), and the stash carries it out, all or nothing.
//! Every word about it is left to the command.

mod chunks;
mod disk;
mod exercises;
mod follow;
mod merge;
mod plan;
mod source;
mod sources;

pub use plan::{CONFLICTS, Plan, Step, What, plan};
pub use source::{Release, get};
