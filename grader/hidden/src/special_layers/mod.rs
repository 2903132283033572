//! Hidden cases of the chapter `special_layers`, a file a topic.

pub mod conv;
pub mod dense;
pub mod embedding;
pub mod item_analysis;
pub mod merge;
pub mod neural_recommender;
pub mod pooling;
pub mod recommender;
pub mod skip_gram;
pub mod sliding;
pub mod translation_invariance;
pub mod two_inputs;
