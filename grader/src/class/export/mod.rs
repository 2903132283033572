//! Forms in which a class's results leave the course: a file a form, and a line here. What goes into a file that somebody else
//! made (`fill`) and what students read (`feedback`) have their own doors.

mod classroom50;
mod csv;
mod exercism;
pub mod feedback;
pub mod fill;
mod gradescope;
mod lines;
mod show;
mod table;

use std::path::Path;

use anyhow::Result;

use super::sheet::{Sheet, State};
pub use show::Show;

/// A form of a class's results.
pub trait Form: Sync {
    /// What it is called in `class export DIR FORM=PLACE`.
    fn name(&self) -> &'static str;

    /// Whether a student in this state has a place in it. Who has none is said by name.
    fn takes(&self, _: State) -> bool {
        true
    }

    /// Writes all of it to a file, or a folder; of what students will read not more than `show`.
    ///
    /// # Errors
    /// When it can't be written.
    fn write(&self, sheets: &[&Sheet], show: Show, place: &Path) -> Result<()>;
}

/// Every form, in the order in which messages list them.
pub const FORMS: &[&dyn Form] =
    &[&csv::Csv, &lines::Lines, &gradescope::Gradescope, &classroom50::Classroom50, &exercism::Exercism];

/// The form called `name`.
pub fn form(name: &str) -> Option<&'static dyn Form> {
    FORMS.iter().find(|form| form.name() == name).copied()
}
