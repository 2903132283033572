//! Hidden cases of the chapter `convnets`, a file a topic.

mod capacity;
mod cats_vs_dogs;
mod efficientnet;
mod filters;
mod maximization;
mod occlusion;
mod transfer;

use crate::Author;

/// Every exercise of the chapter and who writes its cases, in reading order.
pub const EXERCISES: &[(&str, Author)] = &[
    ("parameters_per_sample", capacity::parameters_per_sample),
    ("random_labels", capacity::random_labels),
    ("filter_grid", filters::filter_grid),
    ("feature_maps", filters::feature_maps),
    ("activation_maximization", maximization::activation_maximization),
    ("occlusion_map", occlusion::occlusion_map),
    ("freeze_and_replace_head", transfer::freeze_and_replace_head),
    ("fine_tune", transfer::fine_tune),
    ("cats_vs_dogs", cats_vs_dogs::cats_vs_dogs),
];

/// Exercises that can be put to full-size data, and who writes those cases.
pub const FULL: &[(&str, Author)] = &[
    ("random_labels", capacity::full),
    ("activation_maximization", maximization::full),
    ("occlusion_map", occlusion::full),
    ("cats_vs_dogs", cats_vs_dogs::full),
];
