//! Writes what a student hands in as one zip archive, whole or not at all.

use std::{
    collections::BTreeMap,
    io::{Cursor, Write},
    path::Path,
};

use anyhow::{Context, Result, ensure};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{HISTORY, RECEIPT, Receipt, receipt::files};
use crate::{files::write_whole, source::tree::Tree};

/// Packs sources, receipt and history into a new archive at `path`.
///
/// # Errors
/// When something is at `path` already, or can't be written there.
pub fn pack(
    path: &Path,
    trees: &BTreeMap<String, Tree>,
    receipt: &Receipt,
    history: Option<&str>,
) -> Result<()> {
    ensure!(!path.exists(), "`{}` exists already and was left as it is: name another file", path.display());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, text: &str| -> Result<()> {
        archive.start_file(name, options)?;
        Ok(archive.write_all(text.as_bytes())?)
    };
    let fill = || -> Result<()> {
        add(RECEIPT, &receipt.text()?)?;
        if let Some(history) = history {
            add(HISTORY, history)?;
        }
        files(trees).try_for_each(|(name, text)| add(&name, text))
    };
    let mut fill = fill;
    fill().with_context(|| format!("failed to pack `{}`", path.display()))?;
    let bytes =
        archive.finish().with_context(|| format!("failed to pack `{}`", path.display()))?.into_inner();
    write_whole(path, &bytes)
}
