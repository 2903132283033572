//! Whether a student's files still have the public signatures of the stubs, which the course calls.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use crate::{
    cache::grader_identity,
    items::Module,
    paths::{Paths, write_whole},
    tree::{Tree, hash},
};

/// Files that still parse but whose public signatures differ from the stub's, each with a message for the student.
///
/// Parsing a chapter takes longer than an edit's exam: files that were found in order are remembered by their content.
pub fn changed(paths: &Paths, chapter: &str, tree: &Tree, stubs: &Tree) -> BTreeMap<PathBuf, String> {
    let memory = paths.work().join("signatures").join(chapter);
    let known: BTreeSet<String> =
        fs::read_to_string(&memory).unwrap_or_default().lines().map(str::to_owned).collect();
    let (grader, mut in_order, mut changed) = (grader_identity(), BTreeSet::new(), BTreeMap::new());
    for (file, stub) in &stubs.files {
        let text = tree.files.get(file).map(String::as_str).unwrap_or_default();
        let content = hash([&grader, stub.as_bytes(), text.as_bytes()]);
        let message = if known.contains(&content) { None } else { difference(stub, text) };
        match message {
            Some(message) => _ = changed.insert(file.clone(), message),
            None => _ = in_order.insert(content),
        }
    }
    if !in_order.is_subset(&known) {
        let lines: Vec<String> = in_order.into_iter().collect();
        // What could not be remembered is parsed again the next time.
        write_whole(&memory, lines.join("\n").as_bytes()).ok();
    }
    changed
}

/// What the student is told about the first difference.
fn difference(stub: &str, text: &str) -> Option<String> {
    let (Ok(stub), Ok(module)) = (Module::parse(stub), Module::parse(text)) else { return None };
    let (wanted, found) = (stub.signatures(), module.signatures());
    let name = wanted.keys().find(|name| found.get(*name) != wanted.get(*name))?;
    Some(message(name, &wanted[name], found.get(name)))
}

fn message(name: &str, wanted: &str, found: Option<&String>) -> String {
    let wanted = pretty(wanted);
    match found {
        Some(found) => format!(
            "`{name}` no longer has the signature that the course calls.\n  it was:\n{wanted}\n  and is:\n{}\n",
            pretty(found)
        ),
        None => format!("`{name}` is gone, and the course calls it. It was:\n{wanted}\n"),
    }
}

/// Tokens as rustfmt would lay them out, indented.
fn pretty(tokens: &str) -> String {
    let text = match syn::parse_file(tokens) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => tokens.to_owned(),
    };
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn tree(text: &str) -> Tree {
        Tree::of([("src/a.rs", text)])
    }

    #[test]
    fn a_changed_signature_is_found_every_time_and_an_equal_one_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::new(folder.path());
        let stubs = tree("pub fn f(x: f32) -> f32 { todo!() }");
        for _ in 0..2 {
            let bad = changed(&paths, "one", &tree("pub fn f(x: f64) -> f32 { 1.0 }"), &stubs);
            assert!(bad[Path::new("src/a.rs")].contains("no longer has the signature"));
            assert!(changed(&paths, "one", &tree("pub fn f(x: f32) -> f32 { x }"), &stubs).is_empty());
        }
        let memory = fs::read_to_string(paths.work().join("signatures/one")).unwrap();
        assert_eq!(memory.lines().count(), 1);
        let gone = changed(&paths, "one", &tree(""), &stubs);
        assert!(gone[Path::new("src/a.rs")].contains("`f` is gone"));
    }
}
