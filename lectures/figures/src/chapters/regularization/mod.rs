//! Figures of chapter 2.

mod cross_validation;
mod data;
mod dropout;
mod early_stopping;
mod features;
mod ridge;
mod weight_decay;

use crate::{Figure, traces::Trace};

/// By topic, in the order of the lecture.
pub const FIGURES: &[&[Figure]] = &[
    early_stopping::FIGURES,
    ridge::FIGURES,
    cross_validation::FIGURES,
    weight_decay::FIGURES,
    dropout::FIGURES,
    features::FIGURES,
    data::FIGURES,
];

/// What some are drawn from.
pub const TRACES: &[&[Trace]] = &[early_stopping::TRACES, features::TRACES];
