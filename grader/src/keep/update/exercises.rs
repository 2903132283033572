//! What two releases say about the same exercises: which were renamed, which moved to another file.
//!
//! Reads `exercises.toml` leniently, since a newer one may say what this grader does not know yet.

use std::{collections::BTreeMap, path::Path};

use anyhow::Result;
use serde::Deserialize;

use crate::files::read_toml;

/// An exercise that has another name or another place now.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its full id before …
    pub old: String,
    /// … and now.
    pub new: String,
    /// Its source file before, from the course's root …
    pub old_file: String,
    /// … and now.
    pub new_file: String,
    /// Its items before and now; those before only, where their number changed.
    pub items: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Course {
    chapters: Vec<String>,
}

#[derive(Deserialize)]
struct Chapter {
    #[serde(default)]
    exercise: Vec<Exercise>,
}

#[derive(Clone, Deserialize)]
struct Exercise {
    id: String,
    topic: String,
    #[serde(default)]
    items: Vec<String>,
    #[serde(default)]
    renamed_from: Vec<String>,
    /// The source file, from the course's root.
    #[serde(skip)]
    file: String,
}

/// The exercises that have another name or another file in the course below `new` than in that below `old`.
pub fn changes(old: &Path, new: &Path) -> Result<Vec<Change>> {
    let (old, new) = (load(old)?, load(new)?);
    let mut changes = Vec::new();
    for (id, exercise) in &new {
        let before = || exercise.renamed_from.iter().filter_map(|former| old.get_key_value(former));
        let known = old.get_key_value(id).or_else(|| before().find(|(former, _)| !new.contains_key(*former)));
        let Some((former, before)) = known else { continue };
        let items: Vec<(String, String)> = if before.items.len() == exercise.items.len() {
            before.items.iter().cloned().zip(exercise.items.iter().cloned()).collect()
        } else {
            before.items.iter().map(|item| (item.clone(), item.clone())).collect()
        };
        let (old_file, new_file) = (before.file.clone(), exercise.file.clone());
        // Items of an exercise that kept its name were replaced, not renamed.
        if former != id || old_file != new_file {
            changes.push(Change { old: former.clone(), new: id.clone(), old_file, new_file, items });
        }
    }
    Ok(changes)
}

/// The exercises of the release below `root`, by full id.
fn load(root: &Path) -> Result<BTreeMap<String, Exercise>> {
    let course: Course = read_toml(&root.join("lectures/course.toml"))?;
    let mut exercises = BTreeMap::new();
    for name in course.chapters {
        let chapter: Chapter = read_toml(&root.join("lectures").join(&name).join("exercises.toml"))?;
        for mut exercise in chapter.exercise {
            if exercise.items.is_empty() {
                exercise.items.push(exercise.id.clone());
            }
            for former in exercise.renamed_from.iter_mut().filter(|former| !former.contains('/')) {
                *former = format!("{name}/{former}");
            }
            exercise.file = format!("lectures/{name}/src/{}.rs", exercise.topic);
            exercises.insert(format!("{name}/{}", exercise.id), exercise);
        }
    }
    Ok(exercises)
}
