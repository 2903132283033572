//! What can be wrong with a file. Every message names the file, the record in it, the reason, and the way out.

use std::{
    io,
    path::{Path, PathBuf},
};

/// A data set that could not be loaded or fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No such file.
    #[error("{} is missing: {way_out}", file.display())]
    Missing {
        /// Where it was looked for.
        file: PathBuf,
        /// How to get it.
        way_out: String,
    },
    /// A full-size data set that is in none of the folders where it may lie.
    #[error(
        "the full data set `{name}` is not on this machine (looked in {looked}): run `cargo run -p datasets -- fetch {name}`, or \
         set CRASH_COURSE_DATA to a folder that holds it"
    )]
    NotHere {
        /// The data set, as the command calls it.
        name: &'static str,
        /// The folders that were looked into.
        looked: String,
    },
    /// The operating system refused.
    #[error("{} cannot be {doing}: {source}; check its permissions and the space on the disk", file.display())]
    Io {
        /// The file or folder.
        file: PathBuf,
        /// "read" or "written".
        doing: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// The whole file is not what it should be.
    #[error("{}: {reason}; restore it (`cargo run -p datasets -- verify` checks every file, `fetch` brings fresh ones)", file.display())]
    Malformed {
        /// The file that was read.
        file: PathBuf,
        /// What does not fit, in a few words.
        reason: String,
    },
    /// One record of a file is not what it should be.
    #[error(
        "{}, {record}: {reason}; correct this record, or restore the file (`cargo run -p datasets -- verify` checks every file)",
        file.display()
    )]
    Record {
        /// The file that was read.
        file: PathBuf,
        /// Which one, counted as a person would find it.
        record: String,
        /// What does not fit, in a few words.
        reason: String,
    },
    /// Another process writes the same data set.
    #[error("{} is being written by another `fetch`: wait for its end, then run this again", folder.display())]
    Busy {
        /// The data set's folder.
        folder: PathBuf,
    },
    /// No mirror gave the right file.
    #[error(
        "{file} could not be fetched: {}; try again later (what came is kept and continued), or fetch it by hand and run \
         `cargo run -p datasets -- fetch NAME --from FOLDER`",
        tried.join("; ")
    )]
    NotFetched {
        /// The file that was read.
        file: String,
        /// Each address with what went wrong there.
        tried: Vec<String>,
    },
}

impl Error {
    pub(crate) fn malformed(file: &Path, reason: impl Into<String>) -> Self {
        Self::Malformed { file: file.to_owned(), reason: reason.into() }
    }

    pub(crate) fn record(file: &Path, record: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Record { file: file.to_owned(), record: record.into(), reason: reason.into() }
    }

    pub(crate) fn reading(file: &Path) -> impl Fn(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::NotFound => Self::Missing {
                file: file.to_owned(),
                way_out: "restore it, or `cargo run -p datasets -- list` says how to get each data set"
                    .into(),
            },
            _ => Self::Io { file: file.to_owned(), doing: "read", source },
        }
    }

    pub(crate) fn writing(file: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::Io { file: file.to_owned(), doing: "written", source }
    }
}
