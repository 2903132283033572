//! Which part of a student's sources a message of the compiler blames.
//!
//! What to do about it is left to `rounds`.

use std::path::{Path, PathBuf};

use super::parts::Part;
use crate::{
    build::{
        compile::{Diagnostic, Place},
        stage::Stage,
    },
    source::tree::Tree,
};

/// A place in a student's file.
pub struct Spot {
    /// The student's file, relative to the chapter.
    pub file: PathBuf,
    /// Bytes from its start.
    pub byte: usize,
}

/// What one chapter's staged files are called by the compiler.
pub struct Blame<'a> {
    prefix: PathBuf,
    tree: &'a Tree,
}

impl<'a> Blame<'a> {
    /// For the sources `tree`, staged in `stage`.
    pub fn new(stage: &Stage, tree: &'a Tree) -> Self {
        Self { prefix: Path::new(&stage.source).join(&stage.chapter), tree }
    }

    /// The student's code that `error` is about. Code that a macro wrote is the caller's; what fails in a library while it is
    /// made fit for a caller is the caller's, whom the notes name.
    pub fn spot(&self, error: &Diagnostic) -> Option<Spot> {
        if let Some(spot) = error.places.iter().find_map(|place| self.outermost(place)) {
            return Some(spot);
        }
        error.notes.iter().find_map(|(_, place)| self.outermost(place)).or_else(|| self.named(error))
    }

    fn outermost(&self, place: &Place) -> Option<Spot> {
        let spot = |place: &Place| {
            let file = place.file.strip_prefix(&self.prefix).ok()?;
            self.tree.files.contains_key(file).then(|| Spot { file: file.to_owned(), byte: place.byte })
        };
        place.and_callers().filter_map(spot).last()
    }

    /// The student's function that was being made fit for a call of the course, which is all that the place shows.
    fn named(&self, error: &Diagnostic) -> Option<Spot> {
        let path = error.notes.iter().find_map(|(note, _)| instantiated(note))?;
        self.tree.files.iter().find_map(|(file, text)| {
            let module = file.file_stem()?.to_str()?;
            let name = path.strip_prefix(module)?.strip_prefix("::")?;
            let parts = super::parts::parts(text)?;
            let part: &Part = parts.iter().find(|part| part.body.is_some() && part.name == name)?;
            Some(Spot { file: file.clone(), byte: part.body.as_ref()?.start })
        })
    }
}

/// `activations::relu` from “the above error was encountered while instantiating `fn activations::relu::<…>`”.
fn instantiated(note: &str) -> Option<String> {
    let (_, rest) = note.split_once("while instantiating `fn ")?;
    let path = rest.split(['`', '<', '(']).next()?;
    Some(path.trim_end_matches("::").to_owned())
}
