//! Which exercise an error is shown under: the one whose item contains it; or else the first that uses what contains it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{Defect, parts::parts};
use crate::{
    course::{Chapter, Exercise},
    source::tree::{ROOT, Tree, module_name},
};

/// Says of each fault which exercises it is shown under. `topics` are those that are graded now.
pub fn assign(faults: &mut [Defect], chapter: &Chapter, tree: &Tree, topics: &[&str]) {
    for fault in faults {
        let owners = owners(fault, chapter, tree, topics);
        fault.exercises = owners.into_iter().map(Exercise::full_id).collect();
    }
}

fn owners<'c>(fault: &Defect, chapter: &'c Chapter, tree: &Tree, topics: &[&str]) -> Vec<&'c Exercise> {
    let of_file = || chapter.exercises.iter().filter(|exercise| has_file(exercise, &fault.file));
    let is_root = fault.file == Path::new(ROOT);
    // A module's declaration is the business of what stands in the module.
    let declared = of_file().filter(|exercise| is_root && fault.item.as_ref() == Some(&exercise.topic));
    let declared: Vec<&Exercise> = declared.collect();
    if !declared.is_empty() {
        return declared;
    }
    let (name, own): (String, Vec<&Exercise>) = match &fault.item {
        None => (module_name(&fault.file).to_owned(), of_file().collect()),
        Some(item) => (item.clone(), of_file().filter(|exercise| exercise.items.contains(item)).collect()),
    };
    if !own.is_empty() {
        return own;
    }
    let has_exercises = !is_root && of_file().next().is_some();
    let users = users(&name, tree, has_exercises.then_some(fault.file.as_path()));
    let uses = |exercise: &&Exercise| {
        exercise.items.iter().any(|item| users.contains(&(exercise.file(), item.clone())))
    };
    let graded = |exercise: &&Exercise| topics.contains(&exercise.topic.as_str());
    let all = || chapter.exercises.iter();
    let first = all().filter(graded).find(uses).or_else(|| all().find(uses));
    // What can't even be read keeps nothing else from being compiled.
    let last = || all().find(graded).filter(|_| !tree.damaged.contains_key(&fault.file));
    let first = first.or_else(|| of_file().next()).or_else(last);
    first.into_iter().collect()
}

/// Whether a fault of the whole `file` is the exercise's: its module, that module's parts, or the crate's root.
fn has_file(exercise: &Exercise, file: &Path) -> bool {
    let parts = Path::new("src").join(&exercise.topic);
    file == exercise.file() || file.starts_with(&parts) || file == Path::new(ROOT)
}

/// The items (with their files) that name `name`, or name one that does; only those of `file`, if there is one.
fn users(name: &str, tree: &Tree, file: Option<&Path>) -> BTreeSet<(PathBuf, String)> {
    let mut unread: Vec<(PathBuf, String, &str)> = Vec::new();
    for (file, text) in tree.files.iter().filter(|(other, _)| file.is_none_or(|file| file == *other)) {
        let parts = parts(text).unwrap_or_default();
        unread.extend(parts.into_iter().map(|part| (file.clone(), part.item, &text[part.whole])));
    }
    let (mut users, mut names) = (BTreeSet::new(), vec![name.trim_end_matches('!').to_owned()]);
    while let Some(name) = names.pop() {
        let found: Vec<_> =
            unread.extract_if(.., |(_, _, text)| words(text).any(|word| word == name)).collect();
        for (file, item, _) in found {
            let name_of_item = item.trim_end_matches('!').to_owned();
            if users.insert((file, item)) && name_of_item != name {
                names.push(name_of_item);
            }
        }
    }
    users
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}
