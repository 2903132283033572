//! A table: a line a student, a column an exercise.

use std::path::Path;

use anyhow::{Context, Result};

use super::Form;
use crate::{class::sheet::Sheet, clean::clean, files::write_whole};

/// Points by exercise.
pub struct Csv;

impl Form for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn write(&self, sheets: &[Sheet], place: &Path) -> Result<()> {
        let exercises = exercises(sheets);
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        let own = ["student", "name", "id", "email", "late", "state", "earned", "points"];
        let titles = own.into_iter().chain(exercises.iter().copied());
        writer.write_record(titles).context("failed to write the table")?;
        for sheet in sheets {
            writer.write_record(line(sheet, &exercises)).context("failed to write the table")?;
        }
        let bytes =
            writer.into_inner().map_err(|error| error.into_error()).context("failed to write the table")?;
        write_whole(place, &bytes)
    }
}

/// The exercises that anybody's sheet has, in the course's order.
fn exercises(sheets: &[Sheet]) -> Vec<&str> {
    let fullest = sheets.iter().max_by_key(|sheet| sheet.exercises.len());
    fullest.into_iter().flat_map(|sheet| &sheet.exercises).map(|row| row.id.as_str()).collect()
}

/// What was not graded has no points, which is not the same as none.
fn line(sheet: &Sheet, exercises: &[&str]) -> Vec<String> {
    let is_known = sheet.state.has_points();
    let number = |number: u32| if is_known { number.to_string() } else { String::new() };
    let student = &sheet.student;
    let mut line = vec![
        text(&student.key),
        text(&student.name),
        text(&student.id),
        text(&student.email),
        if student.late { "late" } else { "" }.to_owned(),
        sheet.state.word().to_owned(),
        number(sheet.earned),
        number(sheet.points),
    ];
    line.extend(exercises.iter().map(|id| {
        let row = sheet.exercises.iter().find(|row| row.id == *id);
        row.map_or_else(String::new, |row| number(row.earned))
    }));
    line
}

/// A name that a spreadsheet does not take for a formula.
fn text(name: &str) -> String {
    let name = clean(name);
    if name.starts_with(['=', '+', '-', '@']) { format!("'{name}") } else { name }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_is_no_formula() {
        assert_eq!(super::text("=1+1"), "'=1+1");
        assert_eq!(super::text("Ada"), "Ada");
    }
}
