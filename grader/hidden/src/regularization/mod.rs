//! Hidden cases of the chapter `regularization`, a file a topic.

use crate::Author;

/// Every exercise of the chapter and who writes its cases, in reading order.
pub const EXERCISES: &[(&str, Author)] = &[
    // MARKER early_stopping
    // MARKER ridge
    // MARKER cross_validation
    // MARKER weight_decay
    // MARKER dropout
    // MARKER dropout_features
    // MARKER mnist_mlp
];
