//! Figures of chapter 0.

mod classification;
mod descent;
mod optimizers;
mod tape;
mod tensors;
mod training;

use crate::Figure;

/// By topic, in the order of the lecture.
pub const FIGURES: &[&[Figure]] = &[
    tensors::FIGURES,
    descent::FIGURES,
    tape::FIGURES,
    classification::FIGURES,
    optimizers::FIGURES,
    training::FIGURES,
];
