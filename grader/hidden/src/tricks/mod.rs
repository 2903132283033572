//! Hidden cases of the chapter `tricks`, a file a topic.

mod activations;
mod affine;
mod augmentation;
mod batch_norm;
mod color;
mod generator;
mod init_matters;
mod initialization;
mod preprocessing;
mod throughput;

use crate::Author;

/// Every exercise of the chapter and who writes its cases, in reading order.
pub const EXERCISES: &[(&str, Author)] = &[
    ("sigmoid", activations::sigmoid),
    ("relu", activations::relu),
    ("leaky_relu", activations::leaky_relu),
    ("activation_derivatives", activations::activation_derivatives),
    ("calculate_gain", initialization::calculate_gain),
    ("xavier_normal", initialization::xavier_normal),
    ("xavier_uniform", initialization::xavier_uniform),
    ("kaiming_normal", initialization::kaiming_normal),
    ("signal_propagation", initialization::signal_propagation),
    ("standardize", preprocessing::standardize),
    ("zca_whitening", preprocessing::zca_whitening),
    ("batch_norm_train", batch_norm::batch_norm_train),
    ("batch_norm_eval", batch_norm::batch_norm_eval),
    ("flips", augmentation::flips),
    ("random_crop_resize", augmentation::random_crop_resize),
    ("color_jitter", color::color_jitter),
    ("affine_augment", affine::affine_augment),
    ("image_data_generator", generator::image_data_generator),
    ("matmul_throughput", throughput::matmul_throughput),
    ("does_init_matter", init_matters::does_init_matter),
];
