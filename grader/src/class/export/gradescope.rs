//! Gradescope's `results.json`, a file a student: the form of its autograder specification (docs/specs.md, January 2025).

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Form;
use crate::{
    class::{
        folder::file_name,
        sheet::{Row, Sheet},
    },
    clean::clean_json,
    files::write_whole,
    messages::states::in_short,
};

/// A folder with a file a student.
pub struct Gradescope;

impl Form for Gradescope {
    fn name(&self) -> &'static str {
        "gradescope"
    }

    fn write(&self, sheets: &[Sheet], place: &Path) -> Result<()> {
        for sheet in sheets {
            let text = serde_json::to_string_pretty(&value(sheet)).context("failed to write a result")?;
            let file = format!("{}.json", file_name(&sheet.student.key));
            write_whole(&place.join(file), clean_json(&text).as_bytes())?;
        }
        Ok(())
    }
}

/// What students wrote is in it as plain text: markdown and HTML of theirs would be shown as such.
fn value(sheet: &Sheet) -> Value {
    let mut value = json!({
        "output": sheet.why.clone().unwrap_or_else(|| sheet.findings.join("\n")),
        "output_format": "text",
        "test_output_format": "text",
        "execution_time": sheet.seconds,
        "tests": sheet.exercises.iter().enumerate().map(test).collect::<Vec<_>>(),
        "extra_data": { "seed": sheet.seed, "sha256": sheet.sha256, "version": sheet.version, "isolation": sheet.isolation },
    });
    if sheet.exercises.is_empty() {
        value["score"] = json!(0);
    }
    value
}

fn test((i, row): (usize, &Row)) -> Value {
    json!({
        "name": row.title,
        "number": format!("{}", i + 1),
        "score": row.earned,
        "max_score": row.points,
        "status": if row.verdict.is_passed() { "passed" } else { "failed" },
        "output": in_short(&row.verdict),
        "tags": [row.chapter(), row.verdict.word()],
    })
}
