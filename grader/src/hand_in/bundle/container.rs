//! A folder or an archive as a list of files, read one by one; nothing of it is written anywhere.
//!
//! Names that leave the archive, links, giants and bombs are refused one by one. What the files are is left to others.

use std::{
    fs::{self, File},
    io::{Cursor, Read, Seek},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use flate2::read::GzDecoder;
use lzma_rust2::XzReader;
use zip::ZipArchive;

use super::names::{is_junk, is_junk_folder, shown, why_not};

/// Files that may be of interest in one container: more is a mistake or an attack.
const MOST_FILES: usize = 100_000;
/// Bytes that a compressed tar may unpack to. Unlike a zip it can't be read without.
const MOST_UNPACKED: u64 = 1 << 30;
/// Folders in folders.
const DEEPEST: usize = 64;

/// What is in a file that was handed in.
#[derive(Clone, Debug)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// Nothing that may be looked at; the reason ends a sentence.
    Refused(String),
}

/// A file's name and time.
#[derive(Clone, Debug)]
pub struct Label {
    /// Its path in the container, with slashes.
    pub name: String,
    /// When it was changed last, in seconds since 1970; 0 where that is not known.
    pub modified: i64,
    /// Why it is not read at all.
    refused: Option<String>,
}

/// What can be read by position.
trait Random: Read + Seek {}
impl<T: Read + Seek> Random for T {}

enum Store {
    Folder(PathBuf),
    /// With each name's index.
    Zip(Box<ZipArchive<Box<dyn Random>>>, Vec<usize>),
    Tar(Vec<Content>),
}

/// A folder or an archive.
pub struct Container {
    /// The files in it, junk left out.
    pub names: Vec<Label>,
    store: Store,
}

impl Container {
    /// Opens a folder or an archive on the disk.
    ///
    /// # Errors
    /// When there is none, or none that can be read.
    pub fn open(path: &Path) -> Result<Self> {
        let kind = fs::metadata(path).with_context(|| format!("failed to read `{}`", path.display()))?;
        if kind.is_dir() {
            return Self::of_folder(path);
        }
        // A pipe would be waited for.
        ensure!(kind.is_file(), "`{}` is neither a file nor a folder", path.display());
        let file = File::open(path).with_context(|| format!("failed to read `{}`", path.display()))?;
        Self::of_archive(Box::new(file)).with_context(|| format!("`{}`", path.display()))
    }

    /// Opens an archive that was read.
    ///
    /// # Errors
    /// When it is none, or damaged.
    pub fn of_bytes(bytes: Vec<u8>) -> Result<Self> {
        Self::of_archive(Box::new(Cursor::new(bytes)))
    }

    /// The content of file `i`; one of more than `limit` bytes is refused.
    pub fn content(&mut self, i: usize, limit: u64) -> Content {
        let named = &self.names[i];
        if let Some(why) = &named.refused {
            return Content::Refused(why.clone());
        }
        match &mut self.store {
            Store::Folder(folder) => read(&folder.join(&named.name), limit),
            Store::Zip(archive, places) => match archive.by_index(places[i]) {
                Ok(entry) => bounded(entry, limit),
                Err(error) => Content::Refused(format!("it can't be read ({error})")),
            },
            Store::Tar(contents) => match &contents[i] {
                Content::Bytes(bytes) => bounded(&bytes[..], limit),
                refused => refused.clone(),
            },
        }
    }

    fn of_folder(folder: &Path) -> Result<Self> {
        let mut names = Vec::new();
        walk(folder, "", 0, &mut names)?;
        Ok(Self { names, store: Store::Folder(folder.to_owned()) })
    }

    /// Which form it has is found by its first bytes: names lie.
    fn of_archive(mut source: Box<dyn Random>) -> Result<Self> {
        let mut head = Vec::new();
        source.by_ref().take(512).read_to_end(&mut head).context("can't be read")?;
        source.rewind().context("can't be read")?;
        match &head[..] {
            [] => bail!("is empty: ask for it again"),
            [b'P', b'K', ..] => Self::of_zip(source),
            [0x1f, 0x8b, ..] => Self::of_tar(GzDecoder::new(source)),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::of_tar(XzReader::new(source, false)),
            [b'7', b'z', 0xbc, 0xaf, ..] => bail!("is a 7z archive: ask for a zip"),
            [b'R', b'a', b'r', b'!', ..] => bail!("is a RAR archive: ask for a zip"),
            head if head.get(257..262) == Some(b"ustar") => Self::of_tar(source),
            _ => bail!("is no zip archive and no tar, or not a whole one: ask for it again"),
        }
    }

    fn of_zip(source: Box<dyn Random>) -> Result<Self> {
        let mut archive = ZipArchive::new(source)
            .map_err(|error| anyhow!("is no zip archive, or not a whole one ({error}): ask for it again"))?;
        let (mut names, mut places) = (Vec::new(), Vec::new());
        for i in 0..archive.len() {
            let named = match archive.by_index_raw(i) {
                Ok(entry) if entry.is_dir() => continue,
                Ok(entry) => {
                    let link = entry.is_symlink().then(|| "it is a link".to_owned());
                    let modified = entry.last_modified().map_or(0, seconds_of);
                    Label::new(entry.name_raw(), modified, link)
                }
                Err(error) => Label::new(
                    format!("entry {}", i + 1).as_bytes(),
                    0,
                    Some(format!("it can't be read ({error})")),
                ),
            };
            if !is_junk(&named.name) {
                names.push(named);
                places.push(i);
            }
            ensure!(names.len() <= MOST_FILES, "has more than {MOST_FILES} files");
        }
        Ok(Self { names, store: Store::Zip(Box::new(archive), places) })
    }

    fn of_tar(source: impl Read) -> Result<Self> {
        let mut archive = tar::Archive::new(source.take(MOST_UNPACKED));
        let (mut names, mut contents) = (Vec::new(), Vec::new());
        let damaged = "is no tar archive, or not a whole one: ask for it again";
        for entry in archive.entries().context(damaged)? {
            let entry = entry.context(damaged)?;
            let kind = entry.header().entry_type();
            let link = (kind.is_symlink() || kind.is_hard_link()).then(|| "it is a link".to_owned());
            let modified = entry.header().mtime().unwrap_or_default() as i64;
            let named = Label::new(&entry.path_bytes(), modified, link);
            if (kind.is_file() || named.refused.is_some()) && !is_junk(&named.name) {
                let wanted = named.refused.is_none() && super::is_wanted(&named.name);
                let nothing = Content::Refused("it was not read".to_owned());
                contents.push(if wanted { bounded(entry, super::LARGEST_ARCHIVE) } else { nothing });
                names.push(named);
            }
            ensure!(names.len() <= MOST_FILES, "has more than {MOST_FILES} files");
        }
        Ok(Self { names, store: Store::Tar(contents) })
    }
}

impl Label {
    /// What Windows' own compressor writes has backslashes.
    fn new(raw: &[u8], modified: i64, refused: Option<String>) -> Self {
        let name = String::from_utf8_lossy(raw).replace('\\', "/");
        let name = name.strip_prefix("./").unwrap_or(&name);
        let refused = refused.or_else(|| why_not(name, raw).map(str::to_owned));
        Self { name: shown(name), modified, refused }
    }
}

fn walk(folder: &Path, above: &str, depth: usize, names: &mut Vec<Label>) -> Result<()> {
    let entries = fs::read_dir(folder).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) if depth > 0 => {
            names.push(Label { name: above.to_owned(), modified: 0, refused: Some(unread(&error)) });
            return Ok(());
        }
        Err(error) => return Err(error).with_context(|| format!("failed to read `{}`", folder.display())),
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let file = entry.file_name();
        let raw = [above.as_bytes(), file.as_encoded_bytes()].concat();
        let kind = entry.file_type();
        if kind.as_ref().is_ok_and(|kind| kind.is_dir()) && depth < DEEPEST {
            if !is_junk_folder(&file.to_string_lossy()) {
                let below = format!("{}/", String::from_utf8_lossy(&raw));
                walk(&entry.path(), &below, depth + 1, names)?;
            }
            continue;
        }
        let is_file = kind.as_ref().is_ok_and(|kind| kind.is_file());
        let is_link = kind.is_ok_and(|kind| kind.is_symlink());
        let why = if is_link { "it is a link" } else { "it is not a file" };
        let modified = entry.metadata().ok().and_then(|metadata| metadata.modified().ok());
        let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let modified = modified.map_or(0, |time| time.as_secs() as i64);
        let named = Label::of_disk(&raw, modified, (!is_file).then(|| why.to_owned()));
        if !is_junk(&named.name) {
            names.push(named);
        }
        ensure!(names.len() <= MOST_FILES, "`{}` holds more than {MOST_FILES} files", folder.display());
    }
    Ok(())
}

impl Label {
    /// Of a file on the disk, where a backslash is a character like any other, and none that a source has.
    fn of_disk(raw: &[u8], modified: i64, refused: Option<String>) -> Self {
        let name = String::from_utf8_lossy(raw);
        let why = why_not(&name, raw).or(name.contains('\\').then_some("its path is not a plain one"));
        let refused = refused.or_else(|| why.map(str::to_owned));
        // One that is read is opened by its name.
        let name = if refused.is_none() { name.into_owned() } else { shown(&name) };
        Self { name, modified, refused }
    }
}

fn read(path: &Path, limit: u64) -> Content {
    match File::open(path) {
        Ok(file) => bounded(file, limit),
        Err(error) => Content::Refused(unread(&error)),
    }
}

fn unread(error: &std::io::Error) -> String {
    format!("it can't be read ({error})")
}

/// What an entry says about its own size is not believed.
fn bounded(source: impl Read, limit: u64) -> Content {
    let mut bytes = Vec::new();
    match source.take(limit + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > limit => Content::Refused(format!("it has more than {limit} bytes")),
        Ok(_) => Content::Bytes(bytes),
        Err(error) => Content::Refused(format!("it is damaged ({error})")),
    }
}

/// Of a time without a zone, as zips have it: good for telling which of two is newer.
fn seconds_of(time: zip::DateTime) -> i64 {
    let days = i64::from(time.year()) * 372 + i64::from(time.month()) * 31 + i64::from(time.day());
    ((days * 24 + i64::from(time.hour())) * 60 + i64::from(time.minute())) * 60 + i64::from(time.second())
}
