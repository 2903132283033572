//! What is taken out of a submission at one place, and the text that is left.

use std::{
    cmp::Reverse,
    ops::Range,
    path::{Path, PathBuf},
};

use super::{
    parts::{Part, replaced},
    words::Words,
};

/// How much is taken out at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// A function's body.
    Body,
    /// An item.
    Whole,
    /// A file.
    File,
}

/// What is to be taken out at one place.
#[derive(Clone)]
pub struct Step {
    pub file: PathBuf,
    /// The part; `None` is the file.
    pub key: Option<String>,
    /// The item's path as a student writes it, or the file's.
    pub name: String,
    pub item: String,
    pub extent: Extent,
    pub range: Range<usize>,
    pub stand_in: String,
    pub message: Words,
}

impl Step {
    pub fn of_file(file: &Path, message: Words) -> Self {
        let (file, name, item, stand_in) = (file.to_owned(), String::new(), String::new(), String::new());
        Self { file, key: None, name, item, extent: Extent::File, range: 0..0, stand_in, message }
    }

    pub fn of_part(file: &Path, part: &Part, extent: Extent, stand_in: String, message: Words) -> Self {
        let (key, name, item) = (Some(part.key.clone()), part.name.clone(), part.item.clone());
        let body = part.body.as_ref().filter(|_| extent == Extent::Body);
        let range = body.unwrap_or(&part.whole).clone();
        Self { file: file.to_owned(), key, name, item, extent, range, stand_in, message }
    }

    /// Takes out as much as either, and says what both say.
    pub fn join(&mut self, other: Self) {
        let mut message = std::mem::take(&mut self.message);
        message.add(other.message.clone());
        if other.extent > self.extent {
            *self = other;
        }
        self.message = message;
    }
}

/// `text` without what `steps` take out. What lies in something larger goes with it.
pub fn without(text: &str, steps: &[&Step]) -> String {
    let mut steps = steps.to_vec();
    steps.sort_by_key(|step| (step.range.start, Reverse(step.range.end)));
    let mut end = 0;
    steps.retain(|step| {
        let is_outermost = step.range.start >= end;
        end = end.max(step.range.end);
        is_outermost
    });
    // From the last, so that what comes before keeps its place.
    steps.iter().rev().fold(text.to_owned(), |text, step| replaced(&text, &step.range, &step.stand_in))
}
