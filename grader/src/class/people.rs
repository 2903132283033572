//! A person's marks and comments: `people/NAME.toml` beside the sheets, called as the student's sheet is. They are laid over what
//! the grader found when results are read, and no grading touches them.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use super::{points::Points, sheet::Sheet};
use crate::files::read_toml;

/// The folder of these files.
pub const PEOPLE: &str = "people";

/// What a person says about one student.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Of all of it.
    pub comment: Option<String>,
    /// Points on top of everything else, or taken off.
    #[serde(default)]
    pub add: f64,
    /// Points of an exercise in place of the grader's, before its weight.
    #[serde(default)]
    pub marks: BTreeMap<String, f64>,
    /// Of an exercise.
    #[serde(default)]
    pub comments: BTreeMap<String, String>,
}

/// What was said about these students, by the names of their sheets' files.
///
/// # Errors
/// When a file can't be read, is nobody's, or marks what is not there.
pub fn read(folder: &Path, sheets: &BTreeMap<String, &Sheet>) -> Result<BTreeMap<String, Person>> {
    let Ok(entries) = fs::read_dir(folder.join(PEOPLE)) else { return Ok(BTreeMap::new()) };
    let mut people = BTreeMap::new();
    for entry in entries {
        let path =
            entry.with_context(|| format!("failed to read `{}`", folder.join(PEOPLE).display()))?.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let Some(sheet) = sheets.get(&name) else {
            bail!(
                "`{}` is nobody's: call it as a file in `{}`, with .toml in place of .json",
                path.display(),
                folder.join("sheets").display()
            );
        };
        let person: Person = read_toml(&path)?;
        check(&person, sheet, &path)?;
        people.insert(name, person);
    }
    Ok(people)
}

fn check(person: &Person, sheet: &Sheet, path: &Path) -> Result<()> {
    let place = path.display();
    let keys = person.marks.keys().map(|id| ("marks", id));
    for (key, id) in keys.chain(person.comments.keys().map(|id| ("comments", id))) {
        ensure!(
            sheet.exercises.iter().any(|row| row.id == *id),
            "`{place}`: `{key}.{id:?}`: no such exercise was graded; write one as in \"{}\"",
            sheet.exercises.first().map_or("tricks/relu", |row| &row.id)
        );
    }
    for row in &sheet.exercises {
        let Some(&mark) = person.marks.get(&row.id) else { continue };
        let most = row.points;
        ensure!(
            (0.0..=most.value()).contains(&mark),
            "`{place}`: `marks.{:?}` is {mark}: write 0 to {most}, and what goes beyond in `add`",
            row.id
        );
    }
    ensure!(person.add.is_finite(), "`{place}`: `add` is {}: write a number of points", person.add);
    ensure!(
        sheet.state.has_points() || (person.marks.is_empty() && person.add == 0.0),
        "`{place}` gives points to a submission that was not graded: leave `add` and `marks` out, a comment is welcome"
    );
    Ok(())
}

impl Person {
    /// The points of an exercise, where a person gave some.
    pub fn mark(&self, id: &str) -> Option<Points> {
        self.marks.get(id).copied().map(Points::of)
    }
}
