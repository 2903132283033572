//! Hidden cases of the chapter `convnets`, a file a topic.

mod capacity;
mod classics;
mod efficientnet;
mod filters;
mod maximization;
mod occlusion;
mod pretrained;
mod stacks;

use crate::Author;

/// Every exercise of the chapter and who writes its cases, in reading order.
pub const EXERCISES: &[(&str, Author)] = &[
    ("output_shape", stacks::output_shape),
    ("receptive_field", stacks::receptive_field),
    ("lenet5", classics::lenet5),
    ("alexnet", classics::alexnet),
    ("vgg16", classics::vgg16),
    ("vgg19", classics::vgg19),
    ("load_pretrained", pretrained::load_pretrained),
    ("parameters_per_sample", capacity::parameters_per_sample),
    ("random_labels", capacity::random_labels),
    ("filter_grid", filters::filter_grid),
    ("feature_maps", filters::feature_maps),
    ("activation_maximization", maximization::activation_maximization),
    ("occlusion_map", occlusion::occlusion_map),
];

/// Exercises that can be put to full-size data, and who writes those cases.
pub const FULL: &[(&str, Author)] = &[
    ("vgg16", classics::full_vgg16),
    ("vgg19", classics::full_vgg19),
    ("load_pretrained", pretrained::full),
    ("random_labels", capacity::full),
    ("activation_maximization", maximization::full),
    ("occlusion_map", occlusion::full),
];
