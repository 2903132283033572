//! Whether a student's files still have the public signatures of the stubs, which the course calls.

use std::path::PathBuf;

use crate::{
    messages::sources,
    paths::Paths,
    source::{
        items::Module,
        memory::Memory,
        parse::{on_large_stack, parse},
        tree::Tree,
    },
};

/// An item that no longer is as the course calls it.
#[derive(Debug)]
pub struct SignatureChange {
    /// Its file.
    pub file: PathBuf,
    /// Which item or `impl` block of the stub it is.
    pub key: String,
    /// What the student is told.
    pub message: String,
}

/// Public items of files that still parse whose signatures differ from the stub's.
///
/// Files that were found in order are remembered.
pub fn changed(paths: &Paths, chapter: &str, tree: &Tree, stubs: &Tree) -> Vec<SignatureChange> {
    let (mut memory, mut changed) = (Memory::load(paths, "signatures", chapter), Vec::new());
    for (file, stub) in &stubs.files {
        let text = tree.files.get(file).map(String::as_str).unwrap_or_default();
        let mut found = Vec::new();
        memory.is_in_order(&[stub, text], || {
            found = differences(stub, text);
            found.is_empty()
        });
        let file = || file.clone();
        changed.extend(found.into_iter().map(|(key, message)| SignatureChange {
            file: file(),
            key,
            message,
        }));
    }
    memory.save();
    changed
}

/// The items that differ, each with what the student is told about it.
fn differences(stub: &str, text: &str) -> Vec<(String, String)> {
    let (Ok(stub), Ok(module)) = (Module::parse(stub), Module::parse(text)) else { return Vec::new() };
    let (wanted, found) = (stub.signatures(), module.signatures());
    let is_there = |key: &String, wanted: &String| {
        found.get(key) == Some(wanted)
            // A block of the student's own may have come before it.
            || found.iter().any(|(other, found)| head(other) == head(key) && found == wanted)
    };
    let differ = wanted.iter().filter(|(key, wanted)| !is_there(key, wanted));
    differ.map(|(key, wanted)| (key.clone(), message(key, wanted, found.get(key)))).collect()
}

/// What `impl` blocks of one type and trait have in common.
fn head(key: &str) -> &str {
    key.split(" #").next().unwrap_or(key)
}

fn message(key: &str, wanted: &str, found: Option<&String>) -> String {
    let name = head(key).split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted = pretty(wanted);
    match found {
        Some(found) => sources::changed(&name, &wanted, &pretty(found)),
        None => sources::missing(&name, &wanted),
    }
}

/// Tokens as rustfmt would lay them out, indented.
fn pretty(tokens: &str) -> String {
    let text = match parse(tokens) {
        Ok(file) => on_large_stack(|| prettyplease::unparse(&file)),
        Err(_) => tokens.to_owned(),
    };
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn tree(text: &str) -> Tree {
        Tree::of([("src/a.rs", text)])
    }

    #[test]
    fn a_block_of_the_students_own_changes_no_signature() {
        let stub = "impl S { pub fn f(&self) { todo!() } }";
        let written = "impl S { fn own(&self) {} } impl S { pub fn f(&self) { self.own() } }";
        assert!(differences(stub, written).is_empty());
    }

    #[test]
    fn a_changed_signature_is_found_every_time_and_an_equal_one_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::new(folder.path());
        let stubs = tree("pub fn f(x: f32) -> f32 { todo!() }");
        for _ in 0..2 {
            let bad = changed(&paths, "one", &tree("pub fn f(x: f64) -> f32 { 1.0 }"), &stubs);
            assert!(bad.len() == 1 && bad[0].key == "f", "{bad:?}");
            assert!(bad[0].message.contains("no longer has the signature"));
            assert!(changed(&paths, "one", &tree("pub fn f(x: f32) -> f32 { x }"), &stubs).is_empty());
        }
        let memory = fs::read_to_string(paths.work().join("signatures/one")).unwrap();
        assert_eq!(memory.lines().count(), 1);
        let gone = changed(&paths, "one", &tree(""), &stubs);
        assert!(gone[0].message.contains("`f` is gone"));
    }
}
