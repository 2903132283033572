//! # Special layers
//!
//! The bricks that networks are built of beside the dense layer: merging, embedding, convolution, pooling.
//!
//! Read and write the modules in this order; `sequential_summary` in `dense` counts layers of all up to `pooling`.

pub mod given;
pub mod dense;
pub mod merge;
pub mod embedding;
pub mod skip_gram;
pub mod sliding;
pub mod conv;
pub mod pooling;
pub mod translation_invariance;
pub mod recommender;
pub mod neural_recommender;
pub mod item_analysis;
pub mod two_inputs;
