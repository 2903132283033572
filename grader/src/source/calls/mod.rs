//! Who calls whom in a student's crate, as far as its text says: which functions a function reaches, and which names from outside
//! the crate it uses.
//!
//! Types are not known here. A function is found by its path, through `use` and modules; a method by its name, and where several
//! types have one of that name the caller decides which of them count. What that is good for is left to `grade`.

mod body;
mod names;
mod read;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use crate::source::parse::on_large_stack;
use names::Scope;

/// A module within the crate, from its root: `["generator", "arguments"]`.
pub type ModulePath = Vec<String>;

/// The calls of one crate.
#[derive(Debug, Default)]
pub struct Calls {
    bodies: Vec<Body>,
    scopes: BTreeMap<ModulePath, Scope>,
    /// What the crate calls itself.
    name: String,
    /// Whether a macro puts methods' names together.
    pastes_methods: bool,
}

/// A function, or something else whose text names others.
#[derive(Debug, Default)]
pub struct Body {
    /// The file below the crate's folder.
    pub file: PathBuf,
    /// The item it belongs to: the function, or the type whose method it is.
    pub item: String,
    /// The function's, method's or item's own name.
    pub name: String,
    /// Whether it is a function, a method, a macro, or something that has no body to call.
    pub kind: BodyKind,
    /// The first line, counted from 1.
    pub line: usize,
    /// The last line.
    pub end: usize,
    /// Whether it contains a `todo!()`.
    pub is_unfinished: bool,
    /// Whether it stands in a module within its file: no exercise's item does.
    pub is_nested: bool,
    module: ModulePath,
    uses: Vec<Use>,
    /// What is bound within: a name among these may be no function's.
    locals: BTreeSet<String>,
}

/// What a [`Body`] is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodyKind {
    /// A function.
    #[default]
    Function,
    /// A method or an associated function of a type of the crate.
    Method,
    /// One of a trait, or of a trait's implementation.
    TraitMethod,
    /// `macro_rules!`.
    Macro,
    /// A type, constant or static.
    Data,
    /// A trait.
    Trait,
}

/// A name in a body.
#[derive(Clone, Debug, PartialEq)]
struct Use {
    what: Reference,
    line: usize,
    /// It stands in a macro's tokens, where it can mean more than its place says.
    is_loose: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Reference {
    /// `x.name(…)`, and whether `x` is `self`.
    Method { name: String, on_self: bool },
    /// `a::b::name`, `name`.
    Path(Vec<String>),
}

/// How sure it is that one body uses another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// By its path, or because no other method has that name.
    Certain,
    /// One of several of that name, or through a trait.
    Possible,
}

impl Calls {
    /// Reads the `files` of the crate `name`. What does not parse is left out.
    pub fn of<'a>(name: &str, files: impl IntoIterator<Item = (&'a Path, &'a str)>) -> Self {
        let mut calls = Self { name: name.to_owned(), ..Self::default() };
        for (path, text) in files {
            on_large_stack(|| read::file(&mut calls, path, text));
        }
        calls
    }

    /// Reads an adapter, which becomes a module of the crate: what it calls for each exercise is a body called like it in
    /// `path`.
    pub fn add_adapter(&mut self, path: &Path, text: &str) {
        on_large_stack(|| read::adapter(self, path, text));
    }

    /// All bodies.
    pub fn bodies(&self) -> impl Iterator<Item = &Body> {
        self.bodies.iter()
    }

    /// Everything that the bodies for which `is_root` holds reach, they included, as far as `follows` goes along.
    pub fn reached(
        &self,
        is_root: impl Fn(&Body) -> bool,
        follows: impl Fn(&Body, Certainty) -> bool,
    ) -> Vec<&Body> {
        let mut found: Vec<usize> = (0..self.bodies.len()).filter(|&i| is_root(&self.bodies[i])).collect();
        let mut seen: BTreeSet<usize> = found.iter().copied().collect();
        let mut next = 0;
        while let Some(&i) = found.get(next) {
            next += 1;
            for (k, certainty) in self.used_by(i) {
                if !seen.contains(&k) && follows(&self.bodies[k], certainty) {
                    seen.insert(k);
                    found.push(k);
                }
            }
        }
        found.into_iter().map(|i| &self.bodies[i]).collect()
    }

    /// The first line on which `body` uses something called `name` that the crate does not define, and the path it is used by.
    pub fn borrows(&self, body: &Body, name: &str) -> Option<(usize, Vec<String>)> {
        body.uses.iter().find_map(|used| Some((used.line, self.outside(body, used, name)?)))
    }
}

#[cfg(test)]
mod tests;
