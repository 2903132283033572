//! Figures of chapter 5.

mod echo_state;
mod lstm;
mod text;
mod time;
mod vanilla;

use crate::{Figure, traces::Trace};

/// By topic, in the order of the lecture.
pub const FIGURES: &[&[Figure]] =
    &[vanilla::FIGURES, echo_state::FIGURES, lstm::FIGURES, time::FIGURES, text::FIGURES];

/// What some are drawn from.
pub const TRACES: &[&[Trace]] = &[echo_state::TRACES];
