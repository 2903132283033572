//! A table: a line a student, a column an exercise.

use std::path::Path;

use anyhow::{Context, Result};

use super::{Form, Show};
use crate::{
    class::{points::Points, sheet::Sheet},
    clean::clean,
    files::write_whole,
};

/// Points by exercise.
pub struct Csv;

impl Form for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn write(&self, sheets: &[&Sheet], _: Show, place: &Path) -> Result<()> {
        let exercises = exercises(sheets);
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        let own = ["student", "name", "id", "email", "late", "state", "earned", "points"];
        let has_words = sheets.iter().any(|sheet| !sheet.notes.is_empty() || sheet.comment.is_some());
        let words: &[&str] = if has_words { &["notes", "comment"] } else { &[] };
        let titles = own.into_iter().chain(exercises.iter().copied()).chain(words.iter().copied());
        writer.write_record(titles).context("failed to write the table")?;
        for sheet in sheets {
            let mut line = line(sheet, &exercises);
            if has_words {
                line.push(text(&sheet.notes.join("; ")));
                line.push(text(sheet.comment.as_deref().unwrap_or_default()));
            }
            writer.write_record(line).context("failed to write the table")?;
        }
        let bytes =
            writer.into_inner().map_err(|error| error.into_error()).context("failed to write the table")?;
        write_whole(place, &bytes)
    }
}

/// The exercises that anybody's sheet has, in the course's order.
fn exercises<'s>(sheets: &[&'s Sheet]) -> Vec<&'s str> {
    let fullest = sheets.iter().max_by_key(|sheet| sheet.exercises.len());
    fullest.into_iter().flat_map(|sheet| &sheet.exercises).map(|row| row.id.as_str()).collect()
}

/// What was not graded has no points, which is not the same as none.
fn line(sheet: &Sheet, exercises: &[&str]) -> Vec<String> {
    let is_known = sheet.state.has_points();
    let number = |number: Points| if is_known { number.to_string() } else { String::new() };
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
