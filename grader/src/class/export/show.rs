//! How much of the grading a student sees, before a deadline and after it.

use crate::{
    class::{
        points::Points,
        sheet::{Row, Sheet},
    },
    clean::clean_plain,
    messages::states::in_short,
    verdict::Verdict,
};

/// How much of the grading a student sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Points by chapter.
    Points,
    /// A word an exercise, too.
    Category,
    /// And what is wrong.
    Full,
}

/// What is said of an exercise that has its points still to be earned, and what a person says of it.
pub fn told(row: &Row, show: Show) -> Option<String> {
    let is_open = !matches!(row.verdict, Verdict::Passed { .. } | Verdict::NotStarted);
    let found = (show == Show::Full && is_open).then(|| in_short(&row.verdict));
    let said = row.comment.clone().filter(|_| show != Show::Points);
    let parts: Vec<String> = found
        .into_iter()
        .chain(said)
        .map(|part| clean_plain(&part))
        .filter(|part| !part.is_empty())
        .collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// The exercises of a sheet by chapter, in the sheet's order.
pub fn by_chapter(sheet: &Sheet) -> Vec<(&str, Vec<&Row>)> {
    let mut chapters: Vec<(&str, Vec<&Row>)> = Vec::new();
    for row in &sheet.exercises {
        let chapter = row.chapter();
        match chapters.last_mut().filter(|(name, _)| *name == chapter) {
            Some((_, rows)) => rows.push(row),
            None => chapters.push((chapter, vec![row])),
        }
    }
    chapters
}

/// Points earned and points to be had in `rows`; what is a bonus is not to be had.
pub fn sum(rows: &[&Row]) -> (Points, Points) {
    let to_be_had = rows.iter().filter(|row| !row.bonus);
    (rows.iter().map(|row| row.earned).sum(), to_be_had.map(|row| row.points).sum())
}
