//! Forms in which other programs get a grading: a file a form, and a line here.

mod json;
mod junit;

use anyhow::Result;

use super::Grading;

/// A form of a report.
pub trait Format: Sync {
    /// What it is called in `--export FORMAT=FILE`.
    fn name(&self) -> &'static str;

    /// The whole file.
    ///
    /// # Errors
    /// When the form has no way to say something.
    fn text(&self, grading: &Grading) -> Result<String>;
}

/// Every form that `--export` knows, in the order in which messages list them.
pub const FORMATS: &[&dyn Format] = &[&json::Json, &junit::Junit];

/// The form called `name`.
pub fn format(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().find(|format| format.name() == name).copied()
}
