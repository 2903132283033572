//! What a stub says of an exercise: its signatures and docs, as they were sealed, whatever a student's file holds just now.

use std::{collections::BTreeMap, fs, ops::Range};

use anyhow::{Context, Result};
use grader::{
    course::{Course, Exercise, stubs},
    paths::Paths,
    source::{
        items::{Module, parse_ours},
        tree::Tree,
    },
};
use pulldown_cmark::{BrokenLink, CowStr, Event, Options, Parser, Tag};

/// The body of what is still to be written.
const BODY: &str = " {\n        todo!()\n    }";

/// The sealed stubs of all chapters.
pub struct Stubs(BTreeMap<String, Tree>);

/// A public item that a student writes.
#[derive(Debug, PartialEq, Eq)]
pub struct Face {
    /// As Rust, without its docs; a type with the signatures of its methods.
    pub signature: String,
    /// As Markdown.
    pub docs: String,
}

impl Stubs {
    /// Reads them.
    pub fn load(course: &Course) -> Result<Self> {
        let paths = Paths::new(&course.root);
        let stubs = course
            .chapters
            .iter()
            .map(|chapter| Ok((chapter.name.clone(), stubs::load(&paths, &chapter.name)?)));
        stubs.collect::<Result<_>>().map(Self)
    }

    /// The faces of an exercise's items in the order of its `exercises.toml`.
    pub fn faces(&self, exercise: &Exercise) -> Result<Vec<Face>> {
        let file = exercise.file();
        let text = self.0.get(&exercise.chapter).and_then(|tree| tree.files.get(&file));
        let text = text.with_context(|| format!("`{}` has no stub", exercise.full_id()))?;
        let module = parse_ours(text, &exercise.full_id())?;
        Ok(exercise.items.iter().map(|item| face(text, &module, item)).collect())
    }
}

/// The line of an exercise's first item in the file that a student edits; 1 where it can't be found.
pub fn line(course: &Course, exercise: &Exercise) -> usize {
    let file = Paths::new(&course.root).lecture(&exercise.chapter).join(exercise.file());
    let module = fs::read_to_string(file).ok().and_then(|text| Module::parse(&text).ok());
    module.and_then(|module| module.line(exercise.items.first()?)).unwrap_or(1)
}

fn face(text: &str, module: &Module, item: &str) -> Face {
    let items = [item.to_owned()];
    let ranges = module.ranges(&items);
    let body = module.body(&items);
    let is_function =
        |range: &&Range<usize>| text[(**range).clone()].lines().any(|line| line.starts_with("pub fn "));
    let (mut pieces, mut docs) = (Vec::new(), Vec::new());
    for range in &ranges {
        let end = body.as_ref().filter(|_| is_function(&range)).map_or(range.end, |body| body.start);
        let (said, code): (Vec<&str>, Vec<&str>) =
            text[range.start..end].lines().partition(|line| line.starts_with("///"));
        docs.extend(said.into_iter().map(|line| line.strip_prefix("/// ").unwrap_or(&line[3..])));
        pieces.push(code.join("\n").trim_end().replace(BODY, ";"));
    }
    Face { signature: pieces.join("\n\n"), docs: readable(&docs.join("\n")) }
}

/// Docs as a page shows them: without links into the crate, which only rustdoc can follow; with headings as bold words; with
/// `rust` for code that says nothing else.
fn readable(docs: &str) -> String {
    let docs = code_named(docs);
    // Brackets without a name in code are brackets: an interval, for example.
    let mut broken = |link: BrokenLink| {
        link.reference.starts_with('`').then_some((CowStr::Borrowed(""), CowStr::Borrowed("")))
    };
    let parser = Parser::new_with_broken_link_callback(&docs, Options::ENABLE_TABLES, Some(&mut broken));
    let (mut text, mut done) = (String::new(), 0);
    for (event, range) in parser.into_offset_iter() {
        let replaced = match event {
            Event::Start(Tag::Link { dest_url, .. }) if !dest_url.contains("://") => {
                let link = &docs[range.clone()];
                link[1..].split(']').next().unwrap_or(link).to_owned()
            }
            Event::Start(Tag::Heading { .. }) => {
                format!("**{}**\n\n", docs[range.clone()].trim_start_matches('#').trim())
            }
            _ => continue,
        };
        if range.start < done {
            continue;
        }
        text = text + &docs[done..range.start] + &replaced;
        done = range.end;
    }
    text + &docs[done..]
}

/// Rustdoc takes unnamed code for Rust.
fn code_named(docs: &str) -> String {
    let mut inside = false;
    let named = docs.lines().map(|line| {
        let fence = line.trim_start();
        let begins = fence.starts_with("```") && !inside;
        inside ^= fence.starts_with("```");
        if begins && fence == "```" { format!("{line}rust") } else { line.to_owned() }
    });
    named.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, item: &str) -> Face {
        face(text, &Module::parse(text).unwrap(), item)
    }

    #[test]
    fn a_function_ends_before_its_body() {
        let text = "/// Adds.\n///\n/// # Errors\n/// See [`g`](crate::g) and [`h`].\n\
            pub fn f(\n    x: f32,\n) -> f32 {\n    todo!()\n}\n";
        let face = of(text, "f");
        assert_eq!(face.signature, "pub fn f(\n    x: f32,\n) -> f32");
        assert_eq!(face.docs, "Adds.\n\n**Errors**\n\nSee `g` and `h`.");
    }

    #[test]
    fn a_type_keeps_the_docs_of_its_methods() {
        let text = "/// A thing.\npub struct S;\n\nimpl S {\n    /// New.\n    \
            pub fn new() -> Self {\n        todo!()\n    }\n}\n";
        let face = of(text, "S");
        assert_eq!(face.signature, "pub struct S;\n\nimpl S {\n    /// New.\n    pub fn new() -> Self;\n}");
        assert_eq!(face.docs, "A thing.");
    }

    #[test]
    fn code_is_rust_unless_it_says_otherwise() {
        assert_eq!(code_named("```\na\n```\n```text\nb\n```"), "```rust\na\n```\n```text\nb\n```");
    }
}
