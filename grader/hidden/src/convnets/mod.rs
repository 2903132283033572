//! Hidden cases of the chapter `convnets`, a file a topic.

mod capacity;
mod classics;
mod convolution;
mod degradation;
mod cats_vs_dogs;
mod efficientnet;
mod filters;
mod maximization;
mod mnist_cnn;
mod occlusion;
mod pretrained;
mod stacks;
mod residual;
mod transfer;

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
    ("residual_block", residual::residual_block),
    ("resnet18", residual::resnet18),
    ("degradation", degradation::degradation),
    ("parameters_per_sample", capacity::parameters_per_sample),
    ("random_labels", capacity::random_labels),
    ("filter_grid", filters::filter_grid),
    ("feature_maps", filters::feature_maps),
    ("activation_maximization", maximization::activation_maximization),
    ("occlusion_map", occlusion::occlusion_map),
    ("mnist_cnn", mnist_cnn::mnist_cnn),
    ("freeze_and_replace_head", transfer::freeze_and_replace_head),
    ("fine_tune", transfer::fine_tune),
    ("cats_vs_dogs", cats_vs_dogs::cats_vs_dogs),
];

/// Exercises that can be put to full-size data, and who writes those cases.
pub const FULL: &[(&str, Author)] = &[
    ("alexnet", classics::full_alexnet),
    ("vgg16", classics::full_vgg16),
    ("vgg19", classics::full_vgg19),
    ("load_pretrained", pretrained::full),
    ("degradation", degradation::full),
    ("random_labels", capacity::full),
    ("activation_maximization", maximization::full),
    ("occlusion_map", occlusion::full),
    ("mnist_cnn", mnist_cnn::full),
    ("cats_vs_dogs", cats_vs_dogs::full),
];
