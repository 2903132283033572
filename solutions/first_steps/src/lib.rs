//! # First steps
//!
//! Everything that the other chapters take for granted: tensors and their shapes, losses and gradients, the tape, softmax
//! and cross entropy, optimizers, and the training loop.
//!
//! Read and write the modules in this order.

pub mod given;
pub mod tensors;
pub mod derivatives;
pub mod line;
pub mod classification;
pub mod optimizers;
pub mod training;
pub mod overfit_one_batch;
