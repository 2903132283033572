//! Figures of chapter 4.

mod fields;
mod residual;
mod stacks;
mod transfer;

use crate::Figure;

/// By topic, in the order of the lecture.
pub const FIGURES: &[&[Figure]] = &[fields::FIGURES, stacks::FIGURES, residual::FIGURES, transfer::FIGURES];
