//! Figures of chapter 1.

mod activations;
mod augmentation;
mod batch_norm;
mod initialization;
mod preprocessing;

use crate::Figure;

/// By topic, in the order of the lecture.
pub const FIGURES: &[&[Figure]] = &[
    activations::FIGURES,
    initialization::FIGURES,
    preprocessing::FIGURES,
    batch_norm::FIGURES,
    augmentation::FIGURES,
];
