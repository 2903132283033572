//! Cargo's messages, a line of JSON each: what was built, and what the compiler said about which places.
//!
//! Whose fault a message is, is left to `assemble`.

use std::path::PathBuf;

use serde::Deserialize;

use crate::messages::walls::{self, Told};

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
    /// What its labels and notes say.
    pub said: Vec<String>,
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
    /// From a line of cargo's; `None` where it is no message of the compiler's.
    pub fn read(line: &str) -> Option<Self> {
        match serde_json::from_str(line).ok()? {
            Message::Diagnosed { target, message } => Some(Self::new(target, message)),
            _ => None,
        }
    }

    /// What it means, where many students meet it.
    pub fn wall(&self) -> Option<Told> {
        walls::of_error(self.code.as_deref(), &self.message, &self.said)
    }

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
    Built { package_id: String, target: Target, executable: Option<PathBuf>, fresh: bool },
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
    #[serde(default)]
    text: Vec<Line>,
}

/// A line of source text.
#[derive(Deserialize)]
struct Line {
    text: String,
}

#[derive(Deserialize)]
struct Expansion {
    span: Span,
}

#[derive(Deserialize)]
pub(super) struct Target {
    pub name: String,
    #[serde(default)]
    kind: Vec<String>,
}

impl Target {
    /// Whether it is compiled only to say how the rest is.
    pub fn is_build_script(&self) -> bool {
        self.kind.iter().any(|kind| kind == "custom-build")
    }
}

impl Diagnostic {
    pub(super) fn new(target: Target, message: Rendering) -> Self {
        let said = message.said();
        let (primary, others): (Vec<Span>, Vec<Span>) =
            message.spans.into_iter().partition(|span| span.is_primary);
        let mut notes: Vec<(String, Place)> =
            others.into_iter().map(|span| (String::new(), span.into())).collect();
        for child in message.children {
            notes.extend(child.spans.into_iter().map(|span| (child.message.clone(), span.into())));
        }
        Self {
            target: target.name,
            message: message.message,
            code: message.code.map(|code| code.code),
            rendered: message.rendered.unwrap_or_default(),
            places: primary.into_iter().map(Place::from).collect(),
            notes,
            said,
        }
    }
}

impl Rendering {
    /// Its labels and notes, and the lines of source that it shows: "in `let y = x.exp();`". What a note points at is
    /// named with its file: "method defined here in `…/sum_to/mod.rs`". The last is all of them in one.
    fn said(&self) -> Vec<String> {
        let labels = self.spans.iter().filter_map(|span| span.label.clone());
        let lines = self.spans.iter().flat_map(|span| &span.text);
        let mut said: Vec<String> =
            labels.chain(lines.map(|line| format!("in `{}`", line.text.trim()))).collect();
        for child in &self.children {
            let files =
                child.spans.iter().map(|span| format!("{} in `{}`", child.message, span.file_name.display()));
            said.extend([child.message.clone()].into_iter().chain(files));
            said.extend(child.spans.iter().filter_map(|span| span.label.clone()));
        }
        said.push(said.join("; "));
        said
    }
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        let caller = span.expansion.map(|expansion| Box::new(expansion.span.into()));
        Self { file: span.file_name, byte: span.byte_start, caller }
    }
}
