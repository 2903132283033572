//! Figures of chapter 3.

mod conv;
mod merge;
mod pooling;
mod words;

use crate::Figure;

/// By topic, in the order of the lecture.
pub const FIGURES: &[&[Figure]] = &[words::FIGURES, conv::FIGURES, pooling::FIGURES, merge::FIGURES];
