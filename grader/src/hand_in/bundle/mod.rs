//! Whatever instructors get from students, as a list of parcels: archives, folders, archives in archives, a download of a whole
//! class, nested however people nest it.
//!
//! `container` reads one folder or archive, `names` says which names are taken, `parcels` finds the sources of the course in
//! them. Who sent a parcel is found by `class::senders`; what is in it is read by `submission`. Nothing is written anywhere.

mod container;
mod names;
mod parcels;

use std::path::Path;

use anyhow::Result;

use crate::{course::Course, source::tree::LARGEST_FILE};
use container::Container;
use parcels::{Finder, parcels};

pub use container::Content;

/// The receipt's name in an archive.
pub const RECEIPT: &str = "receipt.toml";
/// The history's name in an archive: the student's state, as it is.
pub const HISTORY: &str = "history.toml";
/// How archives' names end; some of these are only recognised, to be named.
const ARCHIVES: &[&str] = &[".zip", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar", ".7z", ".rar"];
/// Bytes of an archive within another, which is unpacked in memory.
const LARGEST_ARCHIVE: u64 = 256 << 20;
/// Bytes of everything in one parcel.
const MOST_BYTES: u64 = 16 << 20;
/// Files in one parcel.
const MOST_FILES: usize = 10_000;
/// Archives in archives.
const DEEPEST: usize = 4;
/// What is read beside sources, receipts and archives: Gradescope's list of who handed in what.
pub const SUBMITTERS: &str = "submission_metadata.yml";

/// Something that was handed in.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its name below the parcel: `lectures/tricks/src/relu.rs`.
    pub name: String,
    /// What is in it.
    pub content: Content,
}

/// What belongs together: one student's one attempt, as far as places tell.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// Where it was within what was given, folder by folder and archive by archive; empty where all of it is one parcel.
    pub within: String,
    /// The newest file's time, in seconds; 0 where none has one.
    pub modified: i64,
    /// What is in it.
    pub files: Vec<Delivery>,
    /// Whether it is single files, which may not be all that was sent.
    pub is_loose: bool,
    bytes: u64,
}

impl Parcel {
    /// One with nothing in it.
    pub fn empty(within: String) -> Self {
        Self { within, modified: 0, files: Vec::new(), is_loose: false, bytes: 0 }
    }
}

/// Everything of use in a place.
#[derive(Debug, Default)]
pub struct Bundle {
    /// What may be graded.
    pub parcels: Vec<Parcel>,
    /// Places without anything of the course, each with the reason.
    pub useless: Vec<(String, String)>,
    /// Gradescope's list of submitters, if there is one.
    pub submitters: Option<String>,
}

/// Reads a folder or an archive with everything in it.
///
/// # Errors
/// When there is nothing at `place`, or nothing that can be read.
pub fn open(course: &Course, place: &Path) -> Result<Bundle> {
    let mut finder = Finder::new(course);
    finder.look_into(Container::open(place)?, "", 0);
    Ok(parcels(finder))
}

/// Whether a file is of any interest.
fn is_wanted(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    name.ends_with(".rs") || is_archive(name) || is_paper(file) || file == SUBMITTERS
}

/// Whether it is what `submit` adds to the sources.
fn is_paper(file: &str) -> bool {
    file == RECEIPT || file == HISTORY
}

/// The length of an archive's ending, 0 where the name has none.
pub fn archive_ending(name: &str) -> usize {
    let name = name.to_lowercase();
    let ending = ARCHIVES.iter().find(|ending| name.ends_with(**ending));
    ending.map_or(0, |ending| ending.len())
}

/// Whether a file is called as an archive is.
fn is_archive(name: &str) -> bool {
    archive_ending(name) > 0
}

/// What lies at `within` in a place, in one name.
pub fn joined(place: &str, within: &str) -> String {
    if within.is_empty() { place.to_owned() } else { format!("{place}/{within}") }
}

/// The most bytes that a file of this name may have.
fn limit_of(name: &str) -> u64 {
    if is_archive(name) || name.ends_with(SUBMITTERS) { LARGEST_ARCHIVE } else { LARGEST_FILE }
}
