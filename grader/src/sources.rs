//! What of a student's sources can't be given to the compiler as it is, and what the student is told.
//!
//! `tree` says what can't be read, `nesting` what is too deep, `refuse` what would read another file. What doesn't compile is the
//! compiler's to say.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    compile::{Diagnostic, Place},
    parse::deep_place,
    refuse::{Macros, Refused, refused as refused_in},
    tree::Tree,
};

/// Files of `tree` for which the stub must stand in, each with a message. `place` is what the compiler calls the chapter's folder.
pub fn unusable(tree: &Tree, stubs: &Tree, place: &Path) -> BTreeMap<PathBuf, String> {
    let mut unusable = tree.damaged.clone();
    let is_gone = |file: &&PathBuf| !tree.all().any(|(there, _)| there == file.as_path());
    let gone = |file: &Path| format!("`{}` is gone: `reset` brings it back.\n", place.join(file).display());
    unusable.extend(stubs.files.keys().filter(is_gone).map(|file| (file.clone(), gone(file))));
    for (file, text) in written(tree, stubs) {
        if let Some((line, says)) = deep_place(text) {
            unusable.insert(file.clone(), format!("`{}:{line}` {says}.\n", place.join(file).display()));
        }
    }
    unusable
}

/// What in `tree` must not reach the compiler, as if the compiler had found it.
pub fn refused(tree: &Tree, stubs: &Tree, place: &Path) -> Vec<Diagnostic> {
    let macros = Macros::of(tree.files.values().map(String::as_str));
    let in_file = |(file, text): (&PathBuf, &String)| {
        let file = place.join(file);
        let diagnostic = move |Refused { line, byte, what }| Diagnostic {
            rendered: format!("{}:{line}: {}.", file.display(), what.says()),
            places: vec![Place { file: file.clone(), byte, caller: None }],
            ..Diagnostic::default()
        };
        refused_in(text, macros).into_iter().map(diagnostic)
    };
    written(tree, stubs).flat_map(in_file).collect()
}

/// What is not the course's.
fn written<'t>(tree: &'t Tree, stubs: &Tree) -> impl Iterator<Item = (&'t PathBuf, &'t String)> {
    tree.files.iter().filter(|(file, text)| stubs.files.get(*file) != Some(text))
}
