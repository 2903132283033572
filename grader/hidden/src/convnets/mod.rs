//! Hidden cases of the chapter `convnets`, a file a topic.

pub mod capacity;
pub mod cats_vs_dogs;
pub mod class_activation;
pub mod classics;
pub mod convolution;
pub mod degradation;
pub mod efficientnet;
pub mod filters;
pub mod maximization;
pub mod mnist_cnn;
pub mod occlusion;
pub mod pretrained;
pub mod residual;
pub mod stacks;
pub mod transfer;
