//! Figures of chapter 4.

mod capacity;
mod fields;
mod residual;
mod stacks;
mod transfer;

use crate::{Figure, traces::Trace};

/// By topic, in the order of the lecture.
pub const FIGURES: &[&[Figure]] =
    &[fields::FIGURES, stacks::FIGURES, residual::FIGURES, capacity::FIGURES, transfer::FIGURES];

/// What some are drawn from.
pub const TRACES: &[&[Trace]] = &[capacity::TRACES];
