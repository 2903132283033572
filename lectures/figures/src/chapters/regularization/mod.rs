//! Figures of chapter 2.

mod cross_validation;
mod data;
mod dropout;
mod ridge;
mod weight_decay;

use crate::Figure;

/// By topic, in the order of the lecture.
pub const FIGURES: &[&[Figure]] =
    &[ridge::FIGURES, cross_validation::FIGURES, weight_decay::FIGURES, dropout::FIGURES, data::FIGURES];
