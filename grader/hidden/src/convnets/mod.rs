//! Hidden cases of the chapter `convnets`, a file a topic.

mod capacity;
mod efficientnet;
mod filters;
mod maximization;
mod occlusion;
mod stacks;

use crate::Author;

/// Every exercise of the chapter and who writes its cases, in reading order.
pub const EXERCISES: &[(&str, Author)] = &[
    ("output_shape", stacks::output_shape),
    ("receptive_field", stacks::receptive_field),
    ("parameters_per_sample", capacity::parameters_per_sample),
    ("random_labels", capacity::random_labels),
    ("filter_grid", filters::filter_grid),
    ("feature_maps", filters::feature_maps),
    ("activation_maximization", maximization::activation_maximization),
    ("occlusion_map", occlusion::occlusion_map),
];

/// Exercises that can be put to full-size data, and who writes those cases.
pub const FULL: &[(&str, Author)] = &[
    ("random_labels", capacity::full),
    ("activation_maximization", maximization::full),
    ("occlusion_map", occlusion::full),
];
