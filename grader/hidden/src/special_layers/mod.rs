//! Hidden cases of the chapter `special_layers`, a file a topic.

mod conv;
mod dense;
mod embedding;
mod item_analysis;
mod merge;
mod neural_recommender;
mod pooling;
mod recommender;
mod skip_gram;
mod translation_invariance;

use crate::Author;

/// Every exercise of the chapter and who writes its cases, in reading order.
pub const EXERCISES: &[(&str, Author)] = &[
    ("dense", dense::dense),
    ("sequential_summary", dense::sequential_summary),
    ("merge_arithmetic", merge::merge_arithmetic),
    ("merge_concatenate", merge::merge_concatenate),
    ("merge_dot", merge::merge_dot),
    ("embedding", embedding::embedding),
    ("skip_gram", skip_gram::skip_gram),
    ("conv1d", conv::conv1d),
    ("conv2d", conv::conv2d),
    ("max_pool", pooling::max_pool),
    ("average_pool", pooling::average_pool),
    ("global_average_pool", pooling::global_average_pool),
    ("flatten", pooling::flatten),
    ("translation_invariance", translation_invariance::translation_invariance),
    ("matrix_factorization", recommender::matrix_factorization),
    ("with_bias", recommender::with_bias),
    ("neural_recommender", neural_recommender::neural_recommender),
    ("item_analysis", item_analysis::item_analysis),
];

/// Exercises that can be put to full-size data, and who writes those cases.
pub const FULL: &[(&str, Author)] = &[
    ("matrix_factorization", recommender::full_matrix_factorization),
    ("with_bias", recommender::full_with_bias),
    ("neural_recommender", neural_recommender::full),
    ("item_analysis", item_analysis::full),
];
