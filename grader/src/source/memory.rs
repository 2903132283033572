//! Texts that were found in order, remembered by their content from one run to the next: looking at a chapter again takes longer
//! than an edit's exam.

use std::{collections::BTreeSet, fs, path::PathBuf};

use crate::{
    files::{grader_identity, hash, write_whole},
    paths::Paths,
};

/// What one look at a chapter's texts remembers.
pub struct Memory {
    place: PathBuf,
    grader: Vec<u8>,
    known: BTreeSet<String>,
    in_order: BTreeSet<String>,
}

impl Memory {
    /// That of the look `what` at `chapter`.
    pub fn load(paths: &Paths, what: &str, chapter: &str) -> Self {
        let place = paths.work().join(what).join(chapter);
        let known = fs::read_to_string(&place).unwrap_or_default().lines().map(str::to_owned).collect();
        Self { place, grader: grader_identity(), known, in_order: BTreeSet::new() }
    }

    /// Whether these `texts` together are in order: as was found before, or as `look` finds.
    pub fn is_in_order(&mut self, texts: &[&str], look: impl FnOnce() -> bool) -> bool {
        let texts = texts.iter().map(|text| text.as_bytes());
        let content = hash([&self.grader[..]].into_iter().chain(texts));
        let is_in_order = self.known.contains(&content) || look();
        if is_in_order {
            self.in_order.insert(content);
        }
        is_in_order
    }

    /// Remembers what was in order this time. What can't be written is looked at again.
    pub fn save(self) {
        if !self.in_order.is_subset(&self.known) {
            let lines: Vec<String> = self.in_order.into_iter().collect();
            write_whole(&self.place, lines.join("\n").as_bytes()).ok();
        }
    }
}
