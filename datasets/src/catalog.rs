//! What can be had in full, from where, under which terms, and how each file is recognised.

mod entries;

pub use entries::ENTRIES;

/// A data set.
#[derive(Debug)]
pub struct Entry {
    /// As the command calls it.
    pub name: &'static str,
    /// One line about the data, as `list` prints it.
    pub title: &'static str,
    /// Terms of use.
    pub licence: &'static str,
    /// Its page.
    pub page: &'static str,
    /// Folders in which it may lie, below a folder of data sets. It is fetched into the first.
    pub folders: &'static [&'static str],
    /// The forms in which it exists; the best comes first.
    pub editions: &'static [Edition],
    /// What has to be downloaded for the first edition.
    pub downloads: &'static [Download<'static>],
}

/// A form of a data set: complete when all its files are there.
#[derive(Debug)]
pub struct Edition {
    /// What it holds.
    pub what: &'static str,
    /// The files that make it up, with their checksums.
    pub files: &'static [Known],
}

/// A file of an edition.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The file's name below the dataset's folder.
    pub name: &'static str,
    /// SHA-256 of the file or of what it holds decompressed; `None` when no trustworthy one is public.
    pub sha256: Option<&'static str>,
}

/// A file to be downloaded.
#[derive(Clone, Copy, Debug)]
pub struct Download<'a> {
    /// The name under which it is kept while it is downloaded.
    pub name: &'a str,
    /// Where it is, the best address first.
    pub urls: &'a [&'a str],
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: &'a str,
    /// What becomes of it.
    pub unpack: Unpack,
}

/// What becomes of a downloaded file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpack {
    /// It is used as it is.
    Keep,
    /// The first edition's files are taken out of a gzipped tar archive, which is then removed.
    TarGz,
    /// The first edition's files are taken out of a zip archive, which is then removed.
    Zip,
}

/// The data set of this name.
pub fn entry(name: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.name == name)
}
