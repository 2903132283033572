//! What a stash holds, as `contents.toml` in it lists it: files with sizes, hashes and permissions.

use std::{
    fs::{self, File, Metadata},
    io::{self, BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::disk;

/// The file in each stash that says what is in it.
pub const FILE: &str = "contents.toml";

/// Whether a path in a stash is [`FILE`], or the half of it that an interruption left.
pub fn is_ours(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == FILE || name == "contents.new")
}

/// Why something was stashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The student's files, as long as the solutions are in.
    Yours,
    /// Edits made while the solutions were in.
    Edits,
    /// A file as it was before `reset` or `update`.
    Old,
    /// What stood in the way when an interrupted command was completed.
    Found,
}

/// The contents of a stash.
#[derive(Debug, Serialize, Deserialize)]
pub struct Contents {
    /// The chapter that it comes from.
    pub chapter: String,
    /// Why it is here.
    pub kind: Origin,
    /// The command that moved it here.
    pub command: String,
    /// When, as RFC 3339 writes it.
    pub when: String,
    /// Every file and folder that was moved in, with size, hash and permissions.
    pub files: Vec<Entry>,
    /// The solutions that took its place: what still equals them on the way out is nobody's work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub solutions: Vec<Entry>,
}

/// A file, a folder or a link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its path below the stash; a folder's ends with a slash.
    pub path: String,
    /// Permissions, octal.
    pub mode: String,
    /// Bytes.
    pub size: u64,
    /// Of a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// What a link points to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<PathBuf>,
}

impl Contents {
    /// Describes what stands at `path`.
    pub fn of(chapter: &str, kind: Origin, command: &str, path: &Path) -> Result<Self> {
        Self::new(chapter, kind, command, entries(path)?)
    }

    /// Lists `files`.
    pub fn new(chapter: &str, kind: Origin, command: &str, files: Vec<Entry>) -> Result<Self> {
        let when = OffsetDateTime::now_utc().replace_nanosecond(0).context("failed to round the time")?;
        Ok(Self {
            chapter: chapter.to_owned(),
            kind,
            command: command.to_owned(),
            when: when.format(&Rfc3339).context("failed to write the date")?,
            files,
            solutions: Vec::new(),
        })
    }

    /// Writes it into a stash.
    pub fn write(&self, stash: &Path) -> Result<()> {
        let text = toml::to_string(self).context("failed to write the contents of a stash")?;
        disk::write(&stash.join(FILE), text.as_bytes(), None)
    }
}

/// Everything at and below `path`, sorted by path.
pub fn entries(path: &Path) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    collect(path, Path::new(path.file_name().unwrap_or_default()), &mut entries)?;
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(entries)
}

fn collect(path: &Path, name: &Path, entries: &mut Vec<Entry>) -> Result<()> {
    let entry = describe(path, name).with_context(|| format!("failed to read `{}`", path.display()))?;
    let is_folder = entry.path.ends_with('/');
    entries.push(entry);
    if is_folder {
        for inner in disk::names(path)? {
            collect(&inner, &name.join(inner.file_name().unwrap_or_default()), entries)?;
        }
    }
    Ok(())
}

fn describe(path: &Path, name: &Path) -> io::Result<Entry> {
    let metadata = fs::symlink_metadata(path)?;
    let slash = if metadata.is_dir() { "/" } else { "" };
    Ok(Entry {
        path: format!("{}{slash}", name.display()),
        mode: format!("{:o}", mode(&metadata)),
        size: if metadata.is_file() { metadata.len() } else { 0 },
        sha256: metadata.is_file().then(|| sha256(path)).transpose()?,
        link: metadata.is_symlink().then(|| fs::read_link(path)).transpose()?,
    })
}

/// Who may read, write and run a file, as Unix has it.
pub fn mode(metadata: &Metadata) -> u32 {
    metadata.permissions().mode() & 0o7777
}

fn sha256(path: &Path) -> io::Result<String> {
    let mut sha = Sha256::new();
    let mut file = BufReader::new(File::open(path)?);
    loop {
        let part = file.fill_buf()?;
        if part.is_empty() {
            break;
        }
        sha.update(part);
        let read = part.len();
        file.consume(read);
    }
    Ok(sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
