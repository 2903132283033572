//! # Convolutional networks
//!
//! From LeNet to networks of a hundred million parameters: how they are built, what they see, and how one that was trained
//! on millions of photographs helps with two thousand of yours.
//!
//! Read and write the modules in this order.

#![allow(unused_variables, reason = "a stub uses its arguments only once you have written it")]

pub mod given;
pub mod stacks;
pub mod classics;
pub mod pretrained;
pub mod residual;
pub mod degradation;
pub mod capacity;
pub mod filters;
pub mod maximization;
pub mod occlusion;
pub mod mnist_cnn;
pub mod transfer;
pub mod cats_vs_dogs;
