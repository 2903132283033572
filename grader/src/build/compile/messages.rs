//! Cargo's messages, a line of JSON each: what was built, and what the compiler said about which places.
//!
//! Whose fault a message is, is left to `assemble`.

use std::path::PathBuf;

use serde::Deserialize;

use crate::build::stage::LECTURE_DEPENDENCIES;

/// A message of the compiler.
#[derive(Clone, Debug, Default)]
pub struct Diagnostic {
    /// The program or library that it was found in.
    pub target: String,
    /// Its first sentence.
    pub message: String,
    /// Its code, such as `E0308`, or the name of the lint.
    pub code: Option<String>,
    /// As cargo would show it on a terminal, colours included.
    pub rendered: String,
    /// The places that it points at above all.
    pub places: Vec<Place>,
    /// The places that its notes point at, each with the note.
    pub notes: Vec<(String, Place)>,
}

/// A place in a source file.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file, as the compiler names it.
    pub file: PathBuf,
    /// Bytes from the file's start.
    pub byte: usize,
    /// Where the macro was called that wrote the code there.
    pub caller: Option<Box<Place>>,
}

impl Place {
    /// This place, the call of the macro that wrote it, the call of the macro that wrote that, …
    pub fn and_callers(&self) -> impl Iterator<Item = &Place> {
        std::iter::successors(Some(self), |place| place.caller.as_deref())
    }
}

impl Diagnostic {
    /// Adds what the compiler said in a message of its own about the error before it.
    pub fn add_note(&mut self, note: Diagnostic) {
        self.rendered += &note.rendered;
        self.notes.extend(note.places.into_iter().map(|place| (note.message.clone(), place)));
        self.notes.extend(note.notes);
    }
}

/// What cargo says in a line.
#[derive(Deserialize)]
#[serde(tag = "reason")]
pub(super) enum Message {
    #[serde(rename = "compiler-message")]
    Diagnosed { target: Target, message: Rendering },
    #[serde(rename = "compiler-artifact")]
    Built { target: Target, executable: Option<PathBuf>, fresh: bool },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
pub(super) struct Rendering {
    #[serde(default)]
    rendered: Option<String>,
    message: String,
    pub level: String,
    pub code: Option<Code>,
    spans: Vec<Span>,
    #[serde(default)]
    children: Vec<Rendering>,
}

#[derive(Deserialize)]
pub(super) struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Span {
    file_name: PathBuf,
    byte_start: usize,
    is_primary: bool,
    label: Option<String>,
    expansion: Option<Box<Expansion>>,
}

#[derive(Deserialize)]
struct Expansion {
    span: Span,
}

#[derive(Deserialize)]
pub(super) struct Target {
    pub name: String,
}

impl Diagnostic {
    pub(super) fn new(target: Target, message: Rendering) -> Self {
        let (primary, others): (Vec<Span>, Vec<Span>) =
            message.spans.into_iter().partition(|span| span.is_primary);
        let unlinked =
            others.iter().chain(&primary).filter_map(|span| span.label.as_deref()).find_map(unlinked);
        let said_of_crates = unlinked.map(crates_there_are).unwrap_or_default();
        let mut notes: Vec<(String, Place)> =
            others.into_iter().map(|span| (String::new(), span.into())).collect();
        for child in message.children {
            notes.extend(child.spans.into_iter().map(|span| (child.message.clone(), span.into())));
        }
        let rendered = message.rendered.unwrap_or_default() + &said_of_crates;
        Self {
            target: target.name,
            message: message.message,
            code: message.code.map(|code| code.code),
            rendered,
            places: primary.into_iter().map(Place::from).collect(),
            notes,
        }
    }
}

/// The crate that a label misses.
fn unlinked(label: &str) -> Option<&str> {
    label.split_once("unlinked crate `")?.1.split('`').next()
}

fn crates_there_are(name: &str) -> String {
    let crates = LECTURE_DEPENDENCIES.map(|name| format!("`{name}`")).join(", ");
    format!(
        "If `{name}` is to be a crate: what you write is compiled with `std`, {crates} and no other. What a chapter's \
         Cargo.toml names beside these is for your editor alone.\n"
    )
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        let caller = span.expansion.map(|expansion| Box::new(expansion.span.into()));
        Self { file: span.file_name, byte: span.byte_start, caller }
    }
}
