//! Hidden cases of the chapter `convnets`, a file a topic.

use crate::Author;

/// Every exercise of the chapter and who writes its cases, in reading order.
pub const EXERCISES: &[(&str, Author)] = &[
    // MARKER shapes
    // MARKER architectures
    // MARKER residual
    // MARKER capacity
    // MARKER filters
    // MARKER maximization
    // MARKER occlusion
    // MARKER pretrained
    // MARKER transfer
    // MARKER mnist_cnn
    // MARKER cats_vs_dogs
];

/// Exercises that can be put to full-size data, and who writes those cases.
pub const FULL: &[(&str, Author)] = &[
    // MARKER full
];
