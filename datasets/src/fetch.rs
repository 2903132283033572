//! Brings full data sets to this machine, from the network or from a folder, and checks what is there. Decoding is left to
//! the loaders.
//!
//! A file gets its name only when its SHA-256 is right: until then it is called `….part`, which no loader reads.

mod attempt;
mod check;
mod download;
mod local;
mod unpack;

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

pub use check::{State, here, sha256, sha256_of_content, state};
pub use download::{Policy, download};

use crate::{
    Error,
    catalog::{Download, Entry, Unpack},
};

/// What happens while fetching, for whoever watches.
#[derive(Debug)]
pub enum Event<'a> {
    /// So many bytes of a file are here.
    Progress {
        /// The file that is downloaded.
        file: &'a str,
        /// Bytes here.
        done: u64,
        /// Bytes in all.
        of: u64,
    },
    /// Something worth a line: a retry, another mirror.
    Note(String),
}

/// Fetches a data set into `root`; what is complete there is left alone. From `from` when it is given, otherwise from the network.
/// Returns the folder.
pub fn fetch(
    entry: &Entry,
    root: &Path,
    from: Option<&Path>,
    policy: &Policy,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<PathBuf, Error> {
    let folder = root.join(entry.folders[0]);
    if let Some(place) = here(entry, root) {
        tell(Event::Note(format!("{} is there already: {}", entry.name, place.edition.what)));
        return Ok(place.folder);
    }
    fs::create_dir_all(&folder).map_err(Error::writing(&folder))?;
    let _lock = lock(&folder)?;
    if let Some(from) = from {
        local::copy(entry, from, &folder, tell)?;
        return Ok(folder);
    }
    for file in entry.downloads {
        let got = got_already(entry, file, &folder);
        let path = if got { folder.join(file.name) } else { download(file, &folder, policy, tell)? };
        unpack::unpack(file.unpack, &path, entry, &folder)?;
    }
    Ok(folder)
}

/// Whether a file of an interrupted fetch is complete.
fn got_already(entry: &Entry, file: &Download<'_>, folder: &Path) -> bool {
    let known = entry.editions[0].files.iter().find(|known| known.name == file.name);
    file.unpack == Unpack::Keep && known.is_some_and(|known| state(known, folder) == State::Good)
}

/// Held while a folder is written, so that two commands do not write the same file.
fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(".lock");
    let file = File::create(&path).map_err(Error::writing(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Busy { folder: folder.to_owned() }),
        Err(TryLockError::Error(error)) => Err(Error::writing(&path)(error)),
    }
}
