//! Hidden cases of the chapter `rnn`, a file a topic.

use crate::Author;

/// Every exercise of the chapter and who writes its cases, in reading order.
pub const EXERCISES: &[(&str, Author)] = &[
    // MARKER vanilla
    // MARKER gradients
    // MARKER echo_state
    // MARKER lstm
    // MARKER text
    // MARKER char_rnn
    // MARKER seq2seq
];

/// Exercises that can be put to full-size data, and who writes those cases.
pub const FULL: &[(&str, Author)] = &[
    // MARKER full
];
