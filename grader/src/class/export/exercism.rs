//! Exercism's `results.json`, version 3, a folder a student: the form of its test runners' interface (docs, 30 May 2026).

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Form, Show, show::told};
use crate::{
    class::{
        folder::file_name,
        sheet::{Row, Sheet},
    },
    clean::{clean_json, clean_plain},
    files::write_whole,
    verdict::Verdict,
};

/// Bytes of a message, and characters of what was printed.
const MESSAGE: usize = 65_535;
const PRINTED: usize = 500;
/// What says that something was cut.
const CUT: &str = "\n[cut]";

/// A folder with a folder a student.
pub struct Exercism;

impl Form for Exercism {
    fn name(&self) -> &'static str {
        "exercism"
    }

    fn write(&self, sheets: &[&Sheet], show: Show, place: &Path) -> Result<()> {
        for sheet in sheets {
            let text =
                serde_json::to_string_pretty(&value(sheet, show)).context("failed to write a result")?;
            let file = place.join(file_name(&sheet.student.key)).join("results.json");
            write_whole(&file, clean_json(&text).as_bytes())?;
        }
        Ok(())
    }
}

fn value(sheet: &Sheet, show: Show) -> Value {
    if !sheet.state.has_points() {
        let why = sheet.why.clone().unwrap_or_else(|| sheet.state.word().to_owned());
        return json!({ "version": 3, "status": "error", "message": message(&why) });
    }
    let tests: Vec<Value> = sheet.exercises.iter().map(|row| test(row, show)).collect();
    let is_solved = sheet.exercises.iter().all(|row| row.verdict.is_passed());
    json!({ "version": 3, "status": if is_solved { "pass" } else { "fail" }, "message": null, "tests": tests })
}

/// Only the first failure is shown to a student, so tests are in the course's order.
fn test(row: &Row, show: Show) -> Value {
    if row.verdict.is_passed() {
        return json!({ "name": row.title, "status": "pass" });
    }
    let status = match row.verdict {
        Verdict::Broken { .. } | Verdict::TooMuch { .. } | Verdict::Internal { .. } => "error",
        _ => "fail",
    };
    let says = told(row, show).unwrap_or_else(|| row.verdict.word().to_owned());
    let mut test = json!({ "name": row.title, "status": status, "message": message(&says) });
    if let Verdict::Failed(failure) = &row.verdict
        && let Some(prints) = failure.prints.as_ref().filter(|_| show == Show::Full)
    {
        test["output"] = json!(printed(prints));
    }
    test
}

fn message(text: &str) -> String {
    let text = clean_plain(text);
    if text.len() <= MESSAGE {
        return text;
    }
    let end = (0..=MESSAGE - CUT.len()).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
    format!("{}{CUT}", &text[..end])
}

fn printed(text: &str) -> String {
    let text = clean_plain(text);
    if text.chars().count() <= PRINTED {
        return text;
    }
    text.chars().take(PRINTED - CUT.len()).collect::<String>() + CUT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_and_says_so() {
        assert_eq!((message("é"), printed("é")), ("é".to_owned(), "é".to_owned()));
        let long = message(&"é".repeat(MESSAGE));
        assert!(long.len() <= MESSAGE && long.ends_with(CUT));
        assert_eq!(printed(&"é".repeat(501)).chars().count(), PRINTED);
    }
}
