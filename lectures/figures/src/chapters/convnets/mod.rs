//! Figures of chapter 4.

mod capacity;
mod degradation;
mod fields;
mod residual;
mod seen;
mod stacks;
mod transfer;

use crate::{Figure, traces::Trace};

/// By topic, in the order of the lecture.
pub const FIGURES: &[&[Figure]] = &[
    fields::FIGURES,
    stacks::FIGURES,
    residual::FIGURES,
    degradation::FIGURES,
    capacity::FIGURES,
    seen::FIGURES,
    transfer::FIGURES,
];

/// What some are drawn from.
pub const TRACES: &[&[Trace]] = &[degradation::TRACES, capacity::TRACES, seen::TRACES];
