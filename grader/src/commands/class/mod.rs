//! `grade --out` and `class …`: a class's results in a folder, and what is made of them.

mod again;
mod batch;
mod cluster;
mod intake;
mod jobs;
mod notices;
mod odd;
mod summary;

use std::{
    fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use serde_json::json;

use super::Session;
use crate::{
    class::{
        export::{self, feedback, fill},
        settle::settled,
        sheet::Sheet,
    },
    clean::clean,
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
        ClassAction::Export { folder, forms, show } => {
            write_forms(session, folder, forms, export::Show::from(*show))
        }
        ClassAction::Fill { folder, table, out, assignment } => {
            filled(session, folder, (table, out), assignment.as_deref())
        }
        ClassAction::Slurm(wish) => cluster::plan(session, wish),
        ClassAction::Status { folder } => cluster::status(session, folder),
        ClassAction::Collect { folder, most } => cluster::collect(session, folder, *most),
        ClassAction::Feedback { folder, place, show, moodle_zip } => {
            let (sheets, show) = (sheets(session, folder)?, export::Show::from(*show));
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
    let sheets = sheets(session, folder)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    let summary = summary::Summary::of(&sheets, i64::try_from(now).unwrap_or(i64::MAX));
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

/// The results as they count, by the class's rules and a person's marks.
fn sheets(session: &Session, folder: &Path) -> Result<Vec<Sheet>> {
    let settled = settled(session.course, folder)?;
    settled.notes.iter().for_each(|note| tell(&format!("note: {note}")));
    Ok(settled.sheets)
}

fn write_forms(session: &Session, folder: &Path, forms: &[FormOption], show: export::Show) -> Result<Exit> {
    let sheets = sheets(session, folder)?;
    for FormOption { form, place } in forms {
        let form = export::form(form).with_context(|| format!("there is no form `{form}`"))?;
        let (taken, left): (Vec<&Sheet>, Vec<&Sheet>) =
            sheets.iter().partition(|sheet| form.takes(sheet.state));
        form.write(&taken, show, place)?;
        session.say(&format!("{} results as {} in {}", taken.len(), form.name(), place.display()));
        if !left.is_empty() {
            let names: Vec<String> = left.iter().map(|sheet| clean(&sheet.student.name)).collect();
            let what = "has no place for what was not graded, which is no zero";
            tell(&format!("note: {} {what}; left out ({}): {}", form.name(), names.len(), names.join(", ")));
        }
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
    let sheets = sheets(session, folder)?;
    let filled = fill::fill(text, &sheets, assignment).with_context(|| format!("`{}`", table.display()))?;
    write_whole(out, filled.text.as_bytes())?;
    if session.common.json {
        put_json(&json!({
            "format": 1, "platform": filled.platform, "grades": filled.grades, "without_result": filled.without_result,
            "not_in_table": filled.not_in_table, "not_graded": filled.not_graded, "above": filled.above,
        }));
        return Ok(Exit::Done);
    }
    putln!("{}: {} grades written to {}", filled.platform, filled.grades, out.display());
    let lists = [
        ("in the table, nothing handed in", &filled.without_result),
        ("handed in, not in the table", &filled.not_in_table),
        ("in the table, not graded: no grade written", &filled.not_graded),
        ("more than the maximum earned: the maximum was written", &filled.above),
    ];
    for (what, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
        tell(&format!("note: {what} ({}): {}", names.len(), names.join(", ")));
    }
    Ok(Exit::Done)
}
