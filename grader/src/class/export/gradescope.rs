//! Gradescope's `results.json`, a file a student: the form of its autograder specification (docs/specs.md, January 2025).

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{
    Form, Show,
    show::{by_chapter, sum, told},
};
use crate::{
    class::{
        folder::file_name,
        sheet::{Row, Sheet, State},
    },
    clean::{clean_json, clean_plain},
    files::write_whole,
};

/// A folder with a file a student.
pub struct Gradescope;

impl Form for Gradescope {
    fn name(&self) -> &'static str {
        "gradescope"
    }

    /// A result has a score, and what was not graded has none.
    fn takes(&self, state: State) -> bool {
        state.has_points()
    }

    fn write(&self, sheets: &[&Sheet], show: Show, place: &Path) -> Result<()> {
        for sheet in sheets {
            let file = format!("{}.json", file_name(&sheet.student.key));
            write_whole(&place.join(file), result(sheet, show)?.as_bytes())?;
        }
        Ok(())
    }
}

/// One student's `results.json`.
///
/// # Errors
/// When it can't be put into JSON.
pub fn result(sheet: &Sheet, show: Show) -> Result<String> {
    let text = serde_json::to_string_pretty(&value(sheet, show)).context("failed to write a result")?;
    Ok(clean_json(&text))
}

/// What students wrote is in it as plain text: markdown and HTML of theirs would be shown as such. A test that a student may not see
/// would hide the total, too, so whatever is not to be seen is left out.
fn value(sheet: &Sheet, show: Show) -> Value {
    let said = sheet.notes.iter().chain(&sheet.comment).chain(&sheet.findings);
    let tests: Vec<Value> = match show {
        Show::Points => by_chapter(sheet).iter().map(|(chapter, rows)| chapter_test(chapter, rows)).collect(),
        Show::Category | Show::Full => {
            sheet.exercises.iter().enumerate().map(|(i, row)| test(i, row, show)).collect()
        }
    };
    json!({
        "score": sheet.earned,
        "output": said.map(|line| clean_plain(line)).collect::<Vec<_>>().join("\n"),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "execution_time": sheet.seconds,
        "tests": tests,
        "extra_data": {
            "seed": sheet.seed, "sha256": sheet.sha256, "version": sheet.version, "isolation": sheet.isolation,
            "state": sheet.state,
        },
    })
}

fn chapter_test(chapter: &str, rows: &[&Row]) -> Value {
    let (earned, points) = sum(rows);
    json!({
        "name": chapter,
        "score": earned,
        "max_score": points,
        "status": if earned < points { "failed" } else { "passed" },
        "tags": [chapter],
    })
}

fn test(i: usize, row: &Row, show: Show) -> Value {
    json!({
        "name": row.title,
        "number": format!("{}", i + 1),
        "score": row.earned,
        "max_score": if row.bonus { 0.into() } else { row.points },
        "status": if row.verdict.is_passed() { "passed" } else { "failed" },
        "output": told(row, show).unwrap_or_default(),
        "tags": [row.chapter(), row.verdict.word()],
    })
}
