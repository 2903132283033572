//! # Tricks of the trade
//!
//! What makes deep networks train at all: activations that keep a gradient alive, weights that start at the right
//! scale, inputs and hidden units that are normalised, and images that are seen in ever new versions.
//!
//! Read and write the modules in this order.

#![allow(unused_variables, reason = "a stub uses its arguments only once you have written it")]

pub mod given;
pub mod activations;
pub mod initialization;
pub mod preprocessing;
pub mod batch_norm;
pub mod augmentation;
pub mod color;
pub mod affine;
pub mod generator;
pub mod throughput;
pub mod init_matters;
