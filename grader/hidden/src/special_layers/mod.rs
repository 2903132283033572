//! Hidden cases of the chapter `special_layers`, a file a topic.

use crate::Author;

/// Every exercise of the chapter and who writes its cases, in reading order.
pub const EXERCISES: &[(&str, Author)] = &[
    // MARKER dense
    // MARKER merge
    // MARKER embedding
    // MARKER skip_gram
    // MARKER conv
    // MARKER pooling
    // MARKER translation_invariance
    // MARKER recommender
    // MARKER item_analysis
];
