//! # Convolutional networks
//!
//! From LeNet to networks of a hundred million parameters: how they are built, what they see, and how one that was trained
//! on millions of photographs helps with two thousand of yours.
//!
//! Read and write the modules in this order.

pub mod stacks;
pub mod classics;
pub mod pretrained;
pub mod resnet;
pub mod residual;
pub mod degradation;
pub mod capacity;
pub mod filters;
pub mod maximization;
pub mod occlusion;
pub mod cnn;
pub mod mnist_cnn;
pub mod small_net;
pub mod transfer;
pub mod pets;
pub mod cats_vs_dogs;
