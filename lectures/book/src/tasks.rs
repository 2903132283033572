//! The box of a task, in the place of its row in a lecture's table: what it takes, what is to be written, hints one by one.

use std::fmt::Write;

use anyhow::{Context, Result, ensure};
use grader::{PROGRAM, course::Exercise};

use crate::{
    Book, links,
    pages::Page,
    stub::{self, Face},
};

/// How a table of tasks begins.
const HEADER: &str = "| task | file | minutes |";

/// Whether a table lists tasks.
pub fn is_table(table: &str) -> bool {
    table.starts_with(HEADER)
}

/// A box for each row of a table of tasks.
///
/// # Errors
/// When a row names no exercise of the course.
pub fn boxes(book: &Book, page: &Page, table: &str) -> Result<String> {
    let mut boxes = String::new();
    for row in table.lines().skip(2).filter(|row| !row.trim().is_empty()) {
        let id = row.strip_prefix("| [`").and_then(|row| row.split('`').next());
        let exercise = id.and_then(|id| book.course.exercise(id));
        boxes += &task(book, page, exercise.with_context(|| format!("`{row}` names no task"))?)?;
    }
    ensure!(!boxes.is_empty(), "a table of tasks has no task");
    Ok(boxes)
}

/// The anchor of a task's box on its chapter's page.
fn anchor(exercise: &Exercise) -> String {
    format!("task-{}", exercise.id)
}

fn task(book: &Book, page: &Page, exercise: &Exercise) -> Result<String> {
    let mut text = String::from("\n<section class=\"task\">\n\n");
    let id = exercise.full_id();
    _ = writeln!(text, "### {} {{#{}}}\n", exercise.title, anchor(exercise));
    _ = writeln!(text, "{}\n", facts(book, exercise));
    for face in book.stubs.faces(exercise)? {
        text += &item(&face);
    }
    if !exercise.needs.is_empty() {
        let needs: Vec<String> = exercise.needs.iter().map(|need| link(book, page, need)).collect();
        _ = writeln!(text, "Builds on {}.\n", needs.join(", "));
    }
    _ = writeln!(text, "```sh\n{PROGRAM} run {id}\n```\n");
    text += &hints(&exercise.hints, 1);
    Ok(text + "</section>\n\n")
}

/// Name, minutes, points, and where it is written.
fn facts(book: &Book, exercise: &Exercise) -> String {
    let line = stub::line(book.course, exercise);
    let file = book.course.root.join("lectures").join(&exercise.chapter).join(exercise.file());
    let name = format!("lectures/{}/{}:{line}", exercise.chapter, exercise.file().display());
    let place = match book.editor.address(&file, line) {
        Some(address) => format!("<a href=\"{address}\">{name}</a>"),
        None => name,
    };
    let points =
        if exercise.points == 1 { "1 point".to_owned() } else { format!("{} points", exercise.points) };
    let (id, minutes) = (exercise.full_id(), exercise.minutes);
    format!("<p class=\"facts\"><code>{id}</code> · {minutes} minutes · {points} · {place}</p>")
}

/// The first paragraph, with what it announces, and the rest.
fn parted(docs: &str) -> (&str, &str) {
    let mut ends = docs.match_indices("\n\n").map(|(at, _)| docs.split_at(at));
    let is_whole = |first: &str| !first.ends_with(':') && first.matches("```").count().is_multiple_of(2);
    ends.find(|(first, _)| is_whole(first)).unwrap_or((docs, ""))
}

/// A signature and the first paragraph of its docs; what comes after is folded.
fn item(face: &Face) -> String {
    let (first, rest) = parted(&face.docs);
    let mut text = format!("```rust,ignore\n{}\n```\n\n{first}\n\n", face.signature);
    if !rest.trim().is_empty() {
        _ = write!(
            text,
            "<details class=\"docs\"><summary>The rest of its documentation</summary>\n\n{rest}\n\n</details>\n\n"
        );
    }
    text
}

/// Each hint is folded inside the one before it.
fn hints(hints: &[String], number: usize) -> String {
    let Some((hint, rest)) = hints.split_first() else { return String::new() };
    let of = number + rest.len();
    let more = self::hints(rest, number + 1);
    format!(
        "<details class=\"hint\"><summary>Hint {number} of {of}</summary>\n\n{hint}\n\n{more}</details>\n\n"
    )
}

/// A link to another task's box.
fn link(book: &Book, page: &Page, id: &str) -> String {
    let exercise = book.course.exercise(id);
    let source = exercise.map(|exercise| format!("{}/README.md", exercise.chapter));
    let target = book.pages.iter().find(|page| Some(&page.source) == source.as_ref());
    match (exercise, target) {
        (Some(exercise), Some(target)) => {
            let way = if target.source == page.source { String::new() } else { links::between(page, target) };
            format!("[`{id}`]({way}#{})", anchor(exercise))
        }
        _ => format!("`{id}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_is_inside_the_one_before_it() {
        let text = hints(&["A nudge.".to_owned(), "The answer.".to_owned()], 1);
        let parts: Vec<&str> = text.split("\n\n").filter(|part| !part.is_empty()).collect();
        let wanted = [
            "<details class=\"hint\"><summary>Hint 1 of 2</summary>",
            "A nudge.",
            "<details class=\"hint\"><summary>Hint 2 of 2</summary>",
            "The answer.",
            "</details>",
            "</details>",
        ];
        assert_eq!(parts, wanted);
    }

    #[test]
    fn the_first_paragraph_is_always_seen() {
        let face = |docs: &str| Face { signature: "pub fn f()".to_owned(), docs: docs.to_owned() };
        assert!(!item(&face("Adds.")).contains("<details"));
        let (seen, folded) = (item(&face("Adds.\n\nSlowly.")), "<details");
        assert_eq!(parted("All:\n\n```text\na\n\nb\n```\n\nRest.").1, "\n\nRest.");
        assert!(seen.find("Adds.") < seen.find(folded) && seen.find(folded) < seen.find("Slowly."));
    }
}
