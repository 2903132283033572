//! Gradescope's autograder: an archive with `setup.sh` and `run_autograder` at its root (docs/specs.md, January 2025), and the students'
//! tree beside them. Neither solutions nor the programs that write cases are in it, since students' code runs where it lies.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

use anyhow::{Context, Result};
use ignore::WalkBuilder;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{TreeSize, release};
use crate::{course::Course, events::Listener};

const SETUP: &str = include_str!("setup.sh");
const RUN: &str = include_str!("run_autograder");
/// Where the tree lies in the archive.
const COURSE: &str = "course";

/// Makes the students' tree of `course` and packs it for Gradescope into `file`.
///
/// # Errors
/// When the tree can't be made, or the archive not be written.
pub fn pack(course: &Course, file: &Path, events: &dyn Listener) -> Result<TreeSize> {
    let folder = tempfile::tempdir().context("failed to make a folder for the release")?;
    let tree = folder.path().join(COURSE);
    let extent = release(course, &tree, events)?;
    pack_tree(&tree, file)?;
    Ok(extent)
}

/// Packs a students' tree into `file`, whole or not at all.
///
/// # Errors
/// When it can't be read or written.
pub fn pack_tree(tree: &Path, file: &Path) -> Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("failed to make `{}`", folder.display()))?;
    let mut draft = tempfile::Builder::new().prefix(".release-").tempfile_in(folder)?;
    write(tree, draft.as_file_mut()).with_context(|| format!("failed to write `{}`", file.display()))?;
    draft.persist(file).with_context(|| format!("failed to write `{}`", file.display()))?;
    Ok(())
}

fn write(tree: &Path, file: &mut File) -> Result<()> {
    let mut zip = ZipWriter::new(file);
    for (name, text) in [("setup.sh", SETUP), ("run_autograder", RUN)] {
        // The executable bit is lost by archives of other systems, and then nothing runs.
        zip.start_file(name, SimpleFileOptions::default().unix_permissions(0o755))?;
        zip.write_all(text.as_bytes())?;
    }
    let mut files: Vec<_> =
        WalkBuilder::new(tree).standard_filters(false).build().collect::<Result<_, _>>()?;
    files.retain(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    files.sort_by(|a, b| a.path().cmp(b.path()));
    for entry in files {
        let name = entry.path().strip_prefix(tree).unwrap_or(entry.path()).to_string_lossy();
        zip.start_file(format!("{COURSE}/{name}"), SimpleFileOptions::default().unix_permissions(0o644))?;
        io::copy(&mut File::open(entry.path())?, &mut zip)?;
    }
    zip.finish()?;
    Ok(())
}
