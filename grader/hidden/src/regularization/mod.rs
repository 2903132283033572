//! Hidden cases of the chapter `regularization`, a file a topic.

pub mod cross_validation;
pub mod dropout;
pub mod dropout_features;
pub mod early_stopping;
pub mod mnist_mlp;
pub mod ridge;
pub mod weight_decay;
