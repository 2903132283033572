//! Which data sets are there, and whether their files are right. Changes nothing.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::{
    Error, bytes,
    catalog::{Edition, Entry, Known},
};

/// What is known about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Not there.
    Absent,
    /// There, with the right SHA-256.
    Good,
    /// There, and no SHA-256 is known for it.
    Unknown,
    /// There, but not as it should be, or not readable.
    Bad(String),
}

/// An edition of a data set, and where it lies.
#[derive(Debug)]
pub struct Place {
    /// The edition that was looked for.
    pub edition: &'static Edition,
    /// Where its files are.
    pub folder: PathBuf,
}

/// The first edition that is in `root` with all its files and nothing wrong with them.
pub fn here(entry: &Entry, root: &Path) -> Option<Place> {
    let folders = || entry.folders.iter().map(|folder| root.join(folder));
    let whole = |edition: &Edition, folder: &Path| {
        let there = edition.files.iter().all(|known| folder.join(known.name).is_file());
        let good = |known| matches!(state(known, folder), State::Good | State::Unknown);
        there && edition.files.iter().all(good)
    };
    let places =
        entry.editions.iter().flat_map(|edition| folders().map(move |folder| Place { edition, folder }));
    places.into_iter().find(|place| whole(place.edition, &place.folder))
}

/// Whether a file in `folder` is right: as it is, or decompressed.
pub fn state(known: &Known, folder: &Path) -> State {
    let file = folder.join(known.name);
    if !file.is_file() {
        return State::Absent;
    }
    let Some(wanted) = known.sha256 else { return State::Unknown };
    let right = |found: Result<String, Error>| found.map(|found| (found == wanted, found));
    match right(sha256(&file)) {
        Ok((true, _)) => return State::Good,
        Ok((false, _)) => {}
        Err(error) => return State::Bad(error.to_string()),
    }
    match right(sha256_of_content(&file)) {
        Ok((true, _)) => State::Good,
        Ok((false, found)) => State::Bad(format!("SHA-256 {found} instead of {wanted}")),
        Err(error) => State::Bad(error.to_string()),
    }
}

/// SHA-256 of a file, in hexadecimal.
pub fn sha256(file: &Path) -> Result<String, Error> {
    let mut open = File::open(file).map_err(Error::reading(file))?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match open.read(&mut buffer).map_err(Error::reading(file))? {
            0 => return Ok(hex(hash)),
            n => hash.update(&buffer[..n]),
        }
    }
}

/// SHA-256 of what a file holds decompressed, in hexadecimal.
pub fn sha256_of_content(file: &Path) -> Result<String, Error> {
    Ok(sha256_of(&bytes::read(file)?))
}

pub(super) fn sha256_of(content: &[u8]) -> String {
    hex(Sha256::new_with_prefix(content))
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
