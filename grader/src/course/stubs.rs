//! The sealed stubs: a chapter's sources as students first get them, kept where no edit of theirs reaches.
//!
//! They stand in for modules that don't compile, tell untouched exercises from started ones, and are what `reset` brings back.

use std::{
    fs::File,
    io::{Cursor, Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{files::write_if_changed, paths::Paths, source::tree::Tree};

const FILE: &str = "stubs.zip";

/// Loads the stubs of `chapter`.
pub fn load(paths: &Paths, chapter: &str) -> Result<Tree> {
    let path = paths.sealed(chapter, FILE);
    unpack(&path).with_context(|| format!("failed to read the sealed stubs in `{}`", path.display()))
}

/// Reads what [`pack`] made.
pub fn unpack(path: &Path) -> Result<Tree> {
    let mut archive = ZipArchive::new(File::open(path)?)?;
    let mut tree = Tree::default();
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i)?;
        let mut text = String::new();
        entry.read_to_string(&mut text)?;
        tree.files.insert(PathBuf::from(entry.name()), text);
    }
    Ok(tree)
}

/// Seals `tree` as the stubs of `chapter`.
pub fn seal(paths: &Paths, chapter: &str, tree: &Tree) -> Result<()> {
    let path = paths.sealed(chapter, FILE);
    write_if_changed(&path, &pack(tree).with_context(|| format!("failed to pack `{}`", path.display()))?)
}

/// A tree as an archive. The same tree gives the same bytes: no clock enters it.
pub fn pack(tree: &Tree) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in &tree.files {
        archive.start_file(path.to_string_lossy(), options)?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}
