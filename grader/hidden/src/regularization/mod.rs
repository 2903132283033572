//! Hidden cases of the chapter `regularization`, a file a topic.

pub mod confusion_matrix;
pub mod cross_validation;
pub mod dropout;
pub mod dropout_features;
pub mod early_stopping;
pub mod mnist_mlp;
pub mod pipeline;
pub mod ridge;
pub mod stratified_split;
pub mod time_windows;
pub mod weight_decay;
