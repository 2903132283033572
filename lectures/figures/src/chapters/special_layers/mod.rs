//! Figures of chapter 3.

mod conv;
mod merge;
mod pooling;
mod recommender;
mod words;

use crate::{Figure, traces::Trace};

/// By topic, in the order of the lecture.
pub const FIGURES: &[&[Figure]] =
    &[words::FIGURES, conv::FIGURES, pooling::FIGURES, merge::FIGURES, recommender::FIGURES];

/// What some are drawn from.
pub const TRACES: &[&[Trace]] = &[recommender::TRACES];
