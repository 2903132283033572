//! What of a student's sources can't be given to the compiler as it is, and what the student is told.
//!
//! `tree` says what can't be read, `nesting` what is too deep, `refuse` what would read another file. What doesn't compile is the
//! compiler's to say.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    build::compile::{Diagnostic, Place},
    messages::sources::gone,
    paths::Paths,
    source::{
        memory::Memory,
        parse::deep_place,
        refuse::{Macros, Refusal, refused as refused_in},
        tree::{Tree, module_name},
    },
};

/// Files of `tree` for which the stub must stand in, each with a message. `place` is what the compiler calls the chapter's folder.
pub fn unusable(paths: &Paths, tree: &Tree, stubs: &Tree, place: &Path) -> BTreeMap<PathBuf, String> {
    let is_used = |file: &Path| stubs.files.contains_key(file) || is_declared(tree, file);
    let damaged = tree.damaged.iter().filter(|(file, _)| is_used(file));
    let mut unusable: BTreeMap<PathBuf, String> =
        damaged.map(|(file, message)| (file.clone(), message.clone())).collect();
    let is_gone = |file: &&PathBuf| !tree.all().any(|(there, _)| there == file.as_path());
    let chapter = place.file_name().unwrap_or_default().to_string_lossy();
    let why = |file: &Path| {
        let folder = tree.damaged.iter().find(|(folder, _)| file.starts_with(folder));
        folder
            .map_or_else(|| gone(&place.join(file).display().to_string(), &chapter), |(_, says)| says.clone())
    };
    unusable.extend(stubs.files.keys().filter(is_gone).map(|file| (file.clone(), why(file))));
    let mut memory = Memory::load(paths, "nesting", &chapter);
    for (file, text) in written(tree, stubs) {
        memory.is_in_order(&[text], || {
            let found = deep_place(text);
            let says = |(line, says)| format!("`{}:{line}` {says}.\n", place.join(file).display());
            unusable.extend(found.iter().cloned().map(|found| (file.clone(), says(found))));
            found.is_none()
        });
    }
    memory.save();
    unusable
}

/// What in `tree` must not reach the compiler, as if the compiler had found it.
pub fn refused(tree: &Tree, stubs: &Tree, place: &Path) -> Vec<Diagnostic> {
    let macros = Macros::of(tree.files.values().map(String::as_str));
    let in_file = |(file, text): (&PathBuf, &String)| {
        let file = place.join(file);
        let diagnostic = move |Refusal { line, byte, what }| Diagnostic {
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

/// Whether some file declares the module that `file`, or a folder in its place, would be. What no file does is not compiled.
fn is_declared(tree: &Tree, file: &Path) -> bool {
    let name = module_name(file);
    let declares = |text: &String| {
        let between = |c: char| !c.is_alphanumeric() && c != '_';
        let words: Vec<&str> = text.split(between).filter(|word| !word.is_empty()).collect();
        words.windows(2).any(|pair| pair == ["mod", name])
    };
    tree.files.values().any(declares)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unusable_of(tree: &Tree) -> Vec<String> {
        let stubs = Tree::of([("src/lib.rs", "pub mod a;"), ("src/a.rs", "")]);
        let folder = tempfile::tempdir().unwrap();
        let look = || unusable(&Paths::new(folder.path()), tree, &stubs, Path::new("lectures/one"));
        // What was found in order once is so the next time, and nothing else is.
        assert_eq!(look(), look());
        look().into_values().collect()
    }

    #[test]
    fn a_damaged_file_counts_where_it_is_the_courses_or_declared() {
        let mut tree = Tree::of([("src/lib.rs", "pub mod a; mod  mine;"), ("src/a.rs", "")]);
        tree.damaged.insert("src/notes.rs".into(), "notes".to_owned());
        tree.damaged.insert("src/mine.rs".into(), "mine".to_owned());
        assert_eq!(unusable_of(&tree), ["mine"]);
        tree.files.remove(Path::new("src/a.rs"));
        tree.damaged.insert("src/a.rs".into(), "a".to_owned());
        assert_eq!(unusable_of(&tree), ["a", "mine"]);
    }

    #[test]
    fn what_lies_in_a_damaged_folder_is_not_called_gone() {
        let mut tree = Tree::of([("src/lib.rs", "")]);
        tree.damaged.insert("src".into(), "a link".to_owned());
        assert_eq!(unusable_of(&tree), ["a link"]);
        tree.files.clear();
        assert_eq!(unusable_of(&tree), ["a link", "a link"]);
    }

    #[test]
    fn what_is_gone_or_too_deep_is_named() {
        let deep = format!("\nfn f() {{ {} }}", "{".repeat(1000) + &"}".repeat(1000));
        let says = unusable_of(&Tree::of([("src/a.rs", deep)]));
        assert!(says[0].starts_with("`lectures/one/src/a.rs:2` is nested more than"), "{says:?}");
        assert!(says[1].starts_with("`lectures/one/src/lib.rs` is gone"), "{says:?}");
    }
}
