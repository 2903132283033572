//! What of a student's sources can't be given to the compiler as it is, and what the student is told.
//!
//! `tree` says what can't be read. What doesn't compile is the compiler's to say.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::tree::Tree;

/// Files of `tree` for which the stub must stand in, each with a message. `place` is what the compiler calls the chapter's folder.
pub fn unusable(tree: &Tree, stubs: &Tree, place: &Path) -> BTreeMap<PathBuf, String> {
    let mut unusable = tree.damaged.clone();
    for file in stubs.files.keys() {
        if !tree.all().any(|(there, _)| there == file) {
            let shown = place.join(file);
            unusable
                .insert(file.clone(), format!("`{}` is gone: `reset` brings it back.\n", shown.display()));
        }
    }
    unusable
}
