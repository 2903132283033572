//! `grade --out` and `class …`: a class's results in a folder, and what is made of them.

mod batch;
mod given;
mod summary;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::json;

use super::Session;
use crate::{
    class::{
        export::{self, feedback, fill},
        folder::Folder,
    },
    cli::{ClassAction, FormOption},
    exit::Exit,
    files::write_whole,
    report::{put, put_json, putln, tell},
};

pub use batch::{Wish, grade};

/// Runs one of the commands on a folder of results.
pub fn class(session: &Session, action: &ClassAction) -> Result<Exit> {
    match action {
        ClassAction::Report { folder, html, no_names } => report(session, folder, html.as_deref(), *no_names),
        ClassAction::Export { folder, forms } => write_forms(session, folder, forms),
        ClassAction::Fill { folder, table, out, assignment } => {
            filled(session, folder, (table, out), assignment.as_deref())
        }
        ClassAction::Feedback { folder, place, show, moodle_zip } => {
            let (sheets, show) = (Folder::at(folder).sheets()?, feedback::Show::from(*show));
            feedback::write(&sheets, place, show)?;
            session.say(&format!("{} pages as Markdown and HTML in {}", sheets.len(), place.display()));
            if let Some(zip) = moodle_zip {
                let count = feedback::write_moodle(&sheets, zip, show)?;
                session.say(&format!(
                    "{count} pages for Moodle's “Upload multiple feedback files” in {}",
                    zip.display()
                ));
            }
            Ok(Exit::Done)
        }
    }
}

fn report(session: &Session, folder: &Path, html: Option<&Path>, no_names: bool) -> Result<Exit> {
    let sheets = Folder::at(folder).sheets()?;
    let summary = summary::Summary::of(&sheets);
    if session.common.json {
        put_json(&summary.value());
    } else {
        put!("{}", summary.text(session.style, no_names));
    }
    if let Some(place) = html {
        write_whole(place, summary.html(no_names).as_bytes())?;
        session.say(&format!("\nas a page: {}", place.display()));
    }
    Ok(Exit::Done)
}

fn write_forms(session: &Session, folder: &Path, forms: &[FormOption]) -> Result<Exit> {
    let sheets = Folder::at(folder).sheets()?;
    for FormOption { form, place } in forms {
        let form = export::form(form).with_context(|| format!("there is no form `{form}`"))?;
        form.write(&sheets, place)?;
        session.say(&format!("{} results as {} in {}", sheets.len(), form.name(), place.display()));
    }
    Ok(Exit::Done)
}

fn filled(
    session: &Session,
    folder: &Path,
    (table, out): (&PathBuf, &PathBuf),
    assignment: Option<&str>,
) -> Result<Exit> {
    let bytes = fs::read(table).with_context(|| format!("failed to read `{}`", table.display()))?;
    let text = String::from_utf8(bytes)
        .with_context(|| format!("`{}` is not UTF-8 text: download it as CSV in UTF-8", table.display()))?;
    let sheets = Folder::at(folder).sheets()?;
    let filled = fill::fill(text, &sheets, assignment).with_context(|| format!("`{}`", table.display()))?;
    write_whole(out, filled.text.as_bytes())?;
    if session.common.json {
        put_json(&json!({
            "format": 1, "platform": filled.platform, "grades": filled.grades, "without_result": filled.without_result,
            "not_in_table": filled.not_in_table, "not_graded": filled.not_graded,
        }));
        return Ok(Exit::Done);
    }
    putln!("{}: {} grades written to {}", filled.platform, filled.grades, out.display());
    let lists = [
        ("in the table, nothing handed in", &filled.without_result),
        ("handed in, not in the table", &filled.not_in_table),
        ("in the table, not graded: no grade written", &filled.not_graded),
    ];
    for (what, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
        tell(&format!("note: {what} ({}): {}", names.len(), names.join(", ")));
    }
    Ok(Exit::Done)
}
