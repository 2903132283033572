//! All figures, a folder a chapter and a file a topic.

mod convnets;
mod first_steps;
mod regularization;
mod rnn;
mod special_layers;
mod tricks;

use crate::{Figure, traces::Trace};

/// The figures, in the order of the lectures.
pub fn figures() -> impl Iterator<Item = &'static Figure> {
    let chapters = [
        first_steps::FIGURES,
        tricks::FIGURES,
        regularization::FIGURES,
        special_layers::FIGURES,
        convnets::FIGURES,
        rnn::FIGURES,
    ];
    chapters.into_iter().flatten().copied().flatten()
}

/// The trainings that some are drawn from.
pub fn traces() -> impl Iterator<Item = &'static Trace> {
    let chapters =
        [tricks::TRACES, regularization::TRACES, special_layers::TRACES, convnets::TRACES, rnn::TRACES];
    chapters.into_iter().flatten().copied().flatten()
}
