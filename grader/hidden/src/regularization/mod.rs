//! Hidden cases of the chapter `regularization`, a file a topic.

mod cross_validation;
mod dropout;
mod dropout_features;
mod early_stopping;
mod mnist_mlp;
mod ridge;
mod weight_decay;

use crate::Author;

/// Every exercise of the chapter and who writes its cases, in reading order.
pub const EXERCISES: &[(&str, Author)] = &[
    ("early_stopping", early_stopping::early_stopping),
    ("ridge_closed_form", ridge::ridge_closed_form),
    ("ridge_gradient", ridge::ridge_gradient),
    ("k_fold", cross_validation::k_fold),
    ("best_gamma", cross_validation::best_gamma),
    ("l2_penalty", weight_decay::l2_penalty),
    ("sgd_weight_decay", weight_decay::sgd_weight_decay),
    ("dropout", dropout::dropout),
    ("dropout_features", dropout_features::dropout_features),
    ("mnist_mlp", mnist_mlp::mnist_mlp),
];

/// Exercises that can be put to full-size data, and who writes those cases.
pub const FULL: &[(&str, Author)] =
    &[("dropout_features", dropout_features::full), ("mnist_mlp", mnist_mlp::full)];
