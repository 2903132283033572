//! Figures of chapter 1.

mod activations;
mod augmentation;
mod batch_norm;
mod dead_units;
mod depth;
mod init_matters;
mod initialization;
mod preprocessing;
mod throughput;

use crate::{Figure, traces::Trace};

/// By topic, in the order of the lecture.
pub const FIGURES: &[&[Figure]] = &[
    activations::FIGURES,
    dead_units::FIGURES,
    initialization::FIGURES,
    depth::FIGURES,
    preprocessing::FIGURES,
    batch_norm::FIGURES,
    augmentation::FIGURES,
    throughput::FIGURES,
    init_matters::FIGURES,
];

/// What some are drawn from.
pub const TRACES: &[&[Trace]] =
    &[dead_units::TRACES, depth::TRACES, init_matters::TRACES, throughput::TRACES];
