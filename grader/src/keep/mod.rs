//! What must not be lost: stashes of what a student wrote, hints, attempts and answers, updates that come in between.

pub mod history;
pub mod stash;
pub mod state;
pub mod update;
