//! What must not be lost: stashes of what a student wrote, hints and attempts, updates that come in between.

pub mod stash;
pub mod state;
pub mod update;
