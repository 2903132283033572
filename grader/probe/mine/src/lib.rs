//! Layers that a student wrote, in place of the toolkit's: for each exercise a function of its name that installs it.
//!
//! A file a chapter. `run ID --mine` builds a capstone's program with those files whose chapters it needs, so none may use
//! another; as a package they are only checked.

pub mod first_steps;
pub mod rnn;
pub mod special_layers;
pub mod tricks;
