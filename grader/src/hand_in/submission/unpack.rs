//! Reads what anybody may have handed in: an archive or a folder, of which nothing is written anywhere.
//!
//! Names that leave the archive, links, giants and bombs are refused one by one. Which of the rest is a source of the course is
//! left to the caller.

use std::{
    fs::{self, File},
    io::Read,
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use zip::{ZipArchive, read::ZipFile};

use crate::{clean::clean, source::tree::LARGEST_FILE};

/// More entries than any submission has: a mistake or an attack.
const MOST_ENTRIES: usize = 10_000;
/// Bytes of all files together.
const MOST_BYTES: u64 = 64 << 20;

/// Something that was handed in.
#[derive(Debug)]
pub struct Delivery {
    /// Its name: `lectures/tricks/src/relu.rs`. A folder around everything is taken off.
    pub name: String,
    /// What is in it.
    pub content: Content,
}

/// What is in a file that was handed in.
#[derive(Debug)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// Nothing that may be looked at; the reason ends a sentence.
    Refused(String),
}

/// Everything in an archive or below a folder's `lectures/`.
pub fn unpack(path: &Path) -> Result<Vec<Delivery>> {
    let kind = fs::metadata(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    if kind.is_dir() { unpack_folder(path) } else { unpack_archive(path) }
}

fn unpack_archive(path: &Path) -> Result<Vec<Delivery>> {
    let file = File::open(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    let mut archive = ZipArchive::new(file).with_context(|| {
        format!("`{}` is no zip archive, or not a whole one: ask for it again", path.display())
    })?;
    ensure!(
        archive.len() <= MOST_ENTRIES,
        "`{}` has {} entries; a submission has at most {MOST_ENTRIES}",
        path.display(),
        archive.len()
    );
    let (mut handed, mut total) = (Vec::new(), 0);
    for i in 0..archive.len() {
        let (name, content) = match archive.by_index(i) {
            Ok(entry) if entry.is_dir() => continue,
            Ok(mut entry) => (shown(entry.name_raw()), content_of(&mut entry)),
            Err(error) => {
                (format!("entry {}", i + 1), Content::Refused(format!("it can't be read ({error})")))
            }
        };
        if let Content::Bytes(bytes) = &content {
            total += bytes.len() as u64;
        }
        ensure!(total <= MOST_BYTES, "`{}` unpacks to more than {MOST_BYTES} bytes", path.display());
        handed.push(Delivery { name, content });
    }
    take_off_folder(&mut handed);
    Ok(handed)
}

fn content_of(entry: &mut ZipFile<'_, File>) -> Content {
    if let Some(why) = why_not(entry.name_raw()) {
        return Content::Refused(why.to_owned());
    }
    if entry.is_symlink() {
        return Content::Refused("it is a link".to_owned());
    }
    let mut bytes = Vec::new();
    // What an entry says about its own size is not believed.
    match entry.take(LARGEST_FILE + 1).read_to_end(&mut bytes) {
        Ok(_) => bounded(bytes),
        Err(error) => Content::Refused(format!("it is damaged ({error})")),
    }
}

fn bounded(bytes: Vec<u8>) -> Content {
    if bytes.len() as u64 > LARGEST_FILE {
        return Content::Refused(format!("it has more than {LARGEST_FILE} bytes"));
    }
    Content::Bytes(bytes)
}

/// Why an entry of this name is not taken.
fn why_not(name: &[u8]) -> Option<&'static str> {
    let Ok(name) = str::from_utf8(name) else { return Some("its name is not UTF-8 text") };
    let drive = name.as_bytes().get(1) == Some(&b':');
    if name.starts_with('/') || drive {
        Some("its path is absolute")
    } else if name.split('/').any(|part| part == "..") {
        Some("its path leads out of the submission")
    } else if name.contains('\\')
        || shown(name.as_bytes()) != name
        || name.split('/').any(|part| part.is_empty() || part == ".")
    {
        Some("its path is not a plain one")
    } else {
        None
    }
}

/// A name that may be printed: what somebody else chose must not steer a terminal.
fn shown(name: &[u8]) -> String {
    clean(&String::from_utf8_lossy(name)).replace(['\n', '\t'], "?").chars().take(200).collect()
}

/// Who zips a folder puts its name before every path.
fn take_off_folder(handed: &mut [Delivery]) {
    let within = |name: &str| name.split_once('/').is_some_and(|(_, rest)| rest.starts_with("lectures/"));
    let plain = handed.iter().any(|handed| handed.name.starts_with("lectures/"));
    let Some(first) = handed.iter().find(|handed| within(&handed.name)).filter(|_| !plain) else { return };
    let folder = first.name.split('/').next().unwrap_or_default().to_owned() + "/";
    for handed in handed {
        if let Some(rest) = handed.name.strip_prefix(&folder) {
            handed.name = rest.to_owned();
        }
    }
}

fn unpack_folder(path: &Path) -> Result<Vec<Delivery>> {
    let lectures = path.join("lectures");
    if !lectures.is_dir() {
        bail!(
            "`{}` has no folder `lectures`: name the folder that holds it, or an archive that `submit` wrote",
            path.display()
        );
    }
    let mut handed = Vec::new();
    for file in [super::RECEIPT, super::HISTORY] {
        if path.join(file).is_file() {
            handed.push(Delivery { name: file.to_owned(), content: read(&path.join(file)) });
        }
    }
    for chapter in sorted(&lectures)? {
        let source = lectures.join(&chapter).join("src");
        // A chapter's folder or sources that are a link lead out of what was handed in.
        if is_link(&lectures.join(&chapter)) || is_link(&source) {
            let content = Content::Refused("it is a link".to_owned());
            handed.push(Delivery { name: format!("lectures/{chapter}"), content });
        } else if source.is_dir() {
            walk(&source, &format!("lectures/{chapter}/src"), &mut handed)?;
        }
    }
    Ok(handed)
}

fn walk(folder: &Path, name: &str, handed: &mut Vec<Delivery>) -> Result<()> {
    for entry in sorted(folder)? {
        let (path, name) = (folder.join(&entry), format!("{name}/{entry}"));
        ensure!(handed.len() < MOST_ENTRIES, "`{}` holds more than {MOST_ENTRIES} files", folder.display());
        if shown(name.as_bytes()) != name {
            let content = Content::Refused("its path is not a plain one".to_owned());
            handed.push(Delivery { name: shown(name.as_bytes()), content });
        } else if is_link(&path) {
            handed.push(Delivery { name, content: Content::Refused("it is a link".to_owned()) });
        } else if path.is_dir() {
            walk(&path, &name, handed)?;
        } else {
            handed.push(Delivery { name, content: read(&path) });
        }
    }
    Ok(())
}

fn read(path: &Path) -> Content {
    let mut bytes = Vec::new();
    if !path.is_file() {
        return Content::Refused("it is not a file".to_owned());
    }
    let read = File::open(path).and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) => bounded(bytes),
        Err(error) => Content::Refused(format!("it can't be read ({error})")),
    }
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}

/// The names in a folder, those that are not UTF-8 made so.
fn sorted(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    let entries = entries.with_context(|| format!("failed to read `{}`", folder.display()))?;
    let mut names: Vec<String> =
        entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}
