//! Shows on standard error what happens: bars on a terminal, plain lines elsewhere, JSON for programs, or nothing.

mod bars;
mod json;
mod lines;
mod words;

use std::io::IsTerminal;

use clap::ValueEnum;

use super::screen::{is_ci, is_dumb};
use crate::events::Listener;

use bars::Bars;
use json::JsonLines;
use lines::{Lines, Warnings};

/// How progress is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Progress {
    /// As it fits: bars on a terminal that can redraw them, lines elsewhere, nothing with --quiet or --json.
    #[default]
    Auto,
    /// Bars.
    Bars,
    /// Lines.
    Lines,
    /// A line of JSON an event.
    Json,
    /// Not at all, but for warnings.
    None,
}

/// Who shows it in this form. `Progress::Auto` shows warnings alone where the output is for programs or `quiet`, and lines where
/// nothing may be redrawn: in continuous integration, on a dumb terminal, or where it is to be `plain`.
pub fn listener(form: Progress, quiet: bool, plain: bool) -> Box<dyn Listener> {
    let terminal = std::io::stderr().is_terminal() && !plain && !is_dumb() && !is_ci();
    match form {
        Progress::Json => Box::new(JsonLines::default()),
        Progress::None => Box::new(Warnings),
        Progress::Auto if quiet => Box::new(Warnings),
        Progress::Bars => Box::new(Bars::new()),
        Progress::Auto if terminal => Box::new(Bars::new()),
        Progress::Lines | Progress::Auto => Box::new(Lines),
    }
}
