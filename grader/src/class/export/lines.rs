//! JSON lines: everything that is known, a line a student.

use std::path::Path;

use anyhow::{Context, Result};

use super::{Form, Show};
use crate::{class::sheet::Sheet, clean::clean_json, files::write_whole};

/// A sheet a line.
pub struct Lines;

impl Form for Lines {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn write(&self, sheets: &[&Sheet], _: Show, place: &Path) -> Result<()> {
        let mut text = String::new();
        for sheet in sheets {
            text += &clean_json(&serde_json::to_string(sheet).context("failed to write a sheet")?);
            text.push('\n');
        }
        write_whole(place, text.as_bytes())
    }
}
