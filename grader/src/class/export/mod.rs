//! Forms in which a class's results leave the course: a file a form, and a line here. What goes into a file that somebody else
//! made (`fill`) and what students read (`feedback`) have their own doors.

mod csv;
pub mod feedback;
pub mod fill;
mod gradescope;
mod lines;
mod table;

use std::path::Path;

use anyhow::Result;

use super::sheet::Sheet;

/// A form of a class's results.
pub trait Form: Sync {
    /// What it is called in `class export DIR FORM=PLACE`.
    fn name(&self) -> &'static str;

    /// Writes all of it to a file, or a folder.
    ///
    /// # Errors
    /// When it can't be written.
    fn write(&self, sheets: &[Sheet], place: &Path) -> Result<()>;
}

/// Every form, in the order in which messages list them.
pub const FORMS: &[&dyn Form] = &[&csv::Csv, &lines::Lines, &gradescope::Gradescope];

/// The form called `name`.
pub fn form(name: &str) -> Option<&'static dyn Form> {
    FORMS.iter().find(|form| form.name() == name).copied()
}
