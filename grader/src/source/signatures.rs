//! Whether a student's files still have the public signatures of the stubs, which the course calls.

use std::path::{Path, PathBuf};

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

/// A difference of so many words and signs is named.
const SHORT: usize = 12;

/// An item that no longer is as the course calls it.
#[derive(Debug)]
pub struct SignatureChange {
    /// Where it stands, from the chapter's folder.
    pub file: PathBuf,
    /// Which item or `impl` block of the stub it is.
    pub key: String,
    /// What the student is told.
    pub message: String,
}

/// Public items of files that still parse whose signatures differ from the stub's. `place` is what the compiler calls
/// the chapter's folder.
///
/// Files that were found in order are remembered.
pub fn changed(paths: &Paths, place: &Path, tree: &Tree, stubs: &Tree) -> Vec<SignatureChange> {
    let chapter = place.file_name().unwrap_or_default().to_string_lossy();
    let (mut memory, mut changed) = (Memory::load(paths, "signatures", &chapter), Vec::new());
    for (file, stub) in &stubs.files {
        let text = tree.files.get(file).map(String::as_str).unwrap_or_default();
        let mut found = Vec::new();
        memory.is_in_order(&[stub, text], || {
            found = differences(&place.join(file), stub, text);
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
fn differences(place: &Path, stub: &str, text: &str) -> Vec<(String, String)> {
    let (Ok(stub), Ok(module)) = (Module::parse(stub), Module::parse(text)) else { return Vec::new() };
    let (wanted, found, lines) = (stub.signatures(), module.signatures(), module.lines());
    let is_there = |key: &String, wanted: &String| {
        found.get(key) == Some(wanted)
            // A block of the student's own may have come before it.
            || found.iter().any(|(other, found)| head(other) == head(key) && found == wanted)
    };
    let differ = wanted.iter().filter(|(key, wanted)| !is_there(key, wanted));
    let place = |key: &String| match lines.get(key) {
        Some(line) => format!("{}:{line}", place.display()),
        None => place.display().to_string(),
    };
    differ.map(|(key, wanted)| (key.clone(), message(key, &place(key), wanted, found.get(key)))).collect()
}

/// What `impl` blocks of one type and trait have in common.
fn head(key: &str) -> &str {
    key.split(" #").next().unwrap_or(key)
}

fn message(key: &str, place: &str, wanted: &str, found: Option<&String>) -> String {
    let name = head(key).split_whitespace().collect::<Vec<_>>().join(" ");
    match found {
        Some(found) => {
            let difference = difference(wanted, found);
            sources::changed(&name, place, difference, [&pretty(wanted), &pretty(found)])
        }
        None => sources::missing(&name, place, &pretty(wanted)),
    }
}

/// What stood there and what stands there now, where that is short: from the first word that differs to the last.
fn difference(wanted: &str, found: &str) -> Option<[String; 2]> {
    let (wanted, found) = (words(wanted), words(found));
    let begin = wanted.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let (wanted, found) = (&wanted[begin..], &found[begin..]);
    let end = wanted.iter().rev().zip(found.iter().rev()).take_while(|(a, b)| a == b).count();
    let middle = [&wanted[..wanted.len() - end], &found[..found.len() - end]];
    middle.iter().all(|words| words.len() <= SHORT).then(|| middle.map(together))
}

/// Names, numbers and signs, one by one.
fn words(text: &str) -> Vec<&str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '\'';
    let (mut words, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        let end = match rest {
            _ if is_name(first) => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
            _ if rest.starts_with("::") || rest.starts_with("->") => 2,
            _ => first.len_utf8(),
        };
        let (word, others) = rest.split_at(end);
        words.push(word);
        rest = others.trim_start();
    }
    words
}

/// Words and signs as one writes them.
fn together(words: &[&str]) -> String {
    words.iter().fold(String::new(), |text, word| {
        let alone = text.is_empty()
            || [",", ";", ":", "<", ">", "(", ")", "::", "."].contains(word)
            || text.ends_with(['<', '(', '&', '.'])
            || text.ends_with("::");
        if alone { text + word } else { format!("{text} {word}") }
    })
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
        assert!(differences(Path::new("a.rs"), stub, written).is_empty());
    }

    #[test]
    fn a_changed_signature_is_found_every_time_and_an_equal_one_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::new(folder.path());
        let stubs = tree("pub fn f(x: f32) -> f32 { todo!() }");
        for _ in 0..2 {
            let bad =
                changed(&paths, Path::new("lectures/one"), &tree("pub fn f(x: f64) -> f32 { 1.0 }"), &stubs);
            assert!(bad.len() == 1 && bad[0].key == "f", "{bad:?}");
            let says = "that the course calls: in lectures/one/src/a.rs:1 `f64` stands where `f32` was.";
            assert!(bad[0].message.contains(says), "{}", bad[0].message);
            assert!(
                changed(&paths, Path::new("lectures/one"), &tree("pub fn f(x: f32) -> f32 { x }"), &stubs)
                    .is_empty()
            );
        }
        let memory = fs::read_to_string(paths.work().join("signatures/one")).unwrap();
        assert_eq!(memory.lines().count(), 1);
        let gone = changed(&paths, Path::new("lectures/one"), &tree(""), &stubs);
        assert!(gone[0].message.contains("`f` is gone"));
    }
    #[test]
    fn what_differs_is_named_where_it_is_short() {
        let of = |wanted, found| difference(wanted, found);
        let both = |wanted: &str, found: &str| Some([wanted.to_owned(), found.to_owned()]);
        assert_eq!(
            of("fn f < T : Tape < f32 , D > > ( )", "fn f < T : Tape < f32 , D > + Clone > ( )"),
            both("", "+ Clone")
        );
        assert_eq!(of("( x : & Tensor < S > )", "( x : Tensor < S > )"), both("&", ""));
        assert_eq!(of("( ) -> Vec < f32 >", "( ) -> Vec < f64 >"), both("f32", "f64"));
        assert_eq!(of("fn f ( )", &format!("fn f ({} )", " a".repeat(20))), None);
    }
}
