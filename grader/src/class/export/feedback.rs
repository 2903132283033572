//! What a student reads of the grading: a page as Markdown and as HTML, and Moodle's zip of such pages.
//!
//! Whatever a student wrote or printed is escaped. Before a deadline an instructor may show less.

use std::{fmt::Write as _, io::Write as _, path::Path};

use anyhow::{Context, Result};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::show::{Show, by_chapter, sum, told};
use crate::{
    class::{
        folder::file_name,
        sheet::{Row, Sheet, State},
    },
    clean::{clean_plain, escape_markup},
    files::write_whole,
};

/// Writes `NAME.md` and `NAME.html` for every student.
///
/// # Errors
/// When one can't be written.
pub fn write(sheets: &[Sheet], place: &Path, show: Show) -> Result<()> {
    for sheet in sheets {
        let name = file_name(&sheet.student.key);
        write_whole(&place.join(format!("{name}.md")), markdown(sheet, show).as_bytes())?;
        write_whole(&place.join(format!("{name}.html")), html(sheet, show).as_bytes())?;
    }
    Ok(())
}

/// Writes Moodle's feedback zip: a folder a student, called as in the download of submissions. Says how many are in it.
///
/// # Errors
/// When it can't be written.
pub fn write_moodle(sheets: &[Sheet], place: &Path, show: Show) -> Result<usize> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut zip = ZipWriter::new(&mut bytes);
    let of_moodle = sheets.iter().filter(|sheet| sheet.student.known_by == "Moodle");
    let mut count = 0;
    for sheet in of_moodle {
        let folder = sheet.from.split('/').find_map(moodle_folder).unwrap_or_default();
        zip.start_file(format!("{folder}/feedback.html"), SimpleFileOptions::default())
            .and_then(|()| Ok(zip.write_all(html(sheet, show).as_bytes())?))
            .context("failed to pack the feedback")?;
        count += 1;
    }
    zip.finish().context("failed to pack the feedback")?;
    write_whole(place, &bytes.into_inner())?;
    Ok(count)
}

/// The feedback's folder for a submission's: `Ada King_12_assignfeedback_file`. Moodle takes the second part of it for the participant's
/// number, and passes over what has none without a word: so a name has no `_`.
fn moodle_folder(submitted: &str) -> Option<String> {
    let (head, plugin) = submitted.rsplit_once("_assignsubmission_")?;
    let (name, number) = head.rsplit_once('_')?;
    Some(format!("{}_{number}_assignfeedback_{plugin}", name.replace('_', " ")))
}

/// The page as Markdown.
fn markdown(sheet: &Sheet, show: Show) -> String {
    let mut text = format!("# {}\n\n{}\n", literal(&sheet.student.name), headline(sheet));
    for said in sheet.notes.iter().chain(&sheet.comment) {
        _ = writeln!(text, "\n{}", literal(said));
    }
    for (chapter, rows) in by_chapter(sheet) {
        let (earned, points) = sum(&rows);
        _ = writeln!(text, "\n## {chapter}: {earned} of {points} points\n");
        for row in rows.iter().filter(|_| show != Show::Points) {
            _ = writeln!(text, "- {} — {}, {}", row.title, earned_of(row), row.verdict.word());
            if let Some(says) = told(row, show) {
                let says = says.lines().map(|line| format!("      {line}\n")).collect::<String>();
                text += &format!("\n{says}\n");
            }
        }
    }
    text
}

/// The page as HTML: whole, with its style, and without anything from elsewhere.
fn html(sheet: &Sheet, show: Show) -> String {
    let mut body =
        format!("<h1>{}</h1>\n<p>{}</p>\n", escaped(&sheet.student.name), escaped(&headline(sheet)));
    for said in sheet.notes.iter().chain(&sheet.comment) {
        _ = writeln!(body, "<p>{}</p>", escaped(said));
    }
    for (chapter, rows) in by_chapter(sheet) {
        let (earned, points) = sum(&rows);
        _ = writeln!(body, "<h2>{}: {earned} of {points} points</h2>", escaped(chapter));
        if show == Show::Points {
            continue;
        }
        body += "<table>\n";
        for row in rows {
            let class = if row.verdict.is_passed() { "passed" } else { "open" };
            let says =
                told(row, show).map_or_else(String::new, |says| format!("<pre>{}</pre>", escaped(&says)));
            _ = writeln!(
                body,
                "<tr class=\"{class}\"><td>{}{says}</td><td>{}</td><td>{}</td></tr>",
                escaped(&row.title),
                earned_of(row),
                row.verdict.word()
            );
        }
        body += "</table>\n";
    }
    page(&format!("Feedback for {}", sheet.student.name), &body)
}

/// A whole page around `body`.
pub fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n<body>\n{body}</body>\n</html>\n",
        escaped(title)
    )
}

const STYLE: &str = "
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
td, th { border-top: 1px solid #8886; padding: .3rem .6rem; vertical-align: top; text-align: left; }
td + td { white-space: nowrap; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; }
.passed td:last-child { font-weight: 600; }
";

fn headline(sheet: &Sheet) -> String {
    match sheet.state {
        State::Graded | State::Untouched => format!("{} of {} points.", sheet.earned, sheet.points),
        State::NotGraded => format!(
            "Not graded: {}. Hand in the archive that the command `submit` writes.",
            sheet.why.as_deref().unwrap_or("nothing of the course was in it")
        ),
        State::Internal => "Not graded yet: the grader failed, not you.".to_owned(),
    }
}

/// "3 of 5", and whose mark it is.
fn earned_of(row: &Row) -> String {
    let bonus = if row.bonus { " (bonus)" } else { "" };
    let person = if row.marked { ", marked by a person" } else { "" };
    format!("{} of {}{bonus}{person}", row.earned, row.points)
}

/// Text of others in Markdown.
fn literal(text: &str) -> String {
    let special = |c: char| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() };
    clean_plain(text).replace('\n', " ").chars().map(special).collect()
}

/// Text of others in HTML.
pub fn escaped(text: &str) -> String {
    escape_markup(&clean_plain(text))
}
