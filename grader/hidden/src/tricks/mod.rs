//! Hidden cases of the chapter `tricks`, a file a topic.

pub mod activations;
pub mod affine;
pub mod augmentation;
pub mod batch_norm;
pub mod color;
pub mod generator;
pub mod init_matters;
pub mod initialization;
pub mod preprocessing;
pub mod throughput;
