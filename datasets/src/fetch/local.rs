//! A data set from a folder on this machine, for those without a network. Every file is checked before it gets its name.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::{
    Event,
    check::{here, sha256, sha256_of},
    unpack::unpack,
};
use crate::{
    Error, bytes,
    catalog::{Entry, Known},
};

/// Copies the best edition that `from` holds into `folder`: files below `from`, or the archive that would be downloaded.
pub(super) fn copy(
    entry: &Entry,
    from: &Path,
    folder: &Path,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(), Error> {
    if let Some(place) = here(entry, from) {
        for known in place.edition.files {
            put(&place.folder.join(known.name), folder, |part| right(known, part))?;
        }
        tell(Event::Note(format!("copied {}", place.edition.what)));
        return Ok(());
    }
    let mut archives = Vec::new();
    for file in entry.downloads {
        let found = beside(entry, from).map(|folder| folder.join(file.name)).find(|path| path.is_file());
        let found = found.ok_or_else(|| Error::Missing {
            file: from.join(file.name),
            way_out: format!("{} lies there neither whole nor as an archive; see {}", entry.name, entry.page),
        })?;
        archives.push((file, found));
    }
    for (file, found) in archives {
        let path = put(&found, folder, |part| {
            let sum = sha256(part)?;
            Ok((sum != file.sha256).then(|| format!("SHA-256 {sum} instead of {}", file.sha256)))
        })?;
        unpack(file.unpack, &path, entry, folder)?;
    }
    tell(Event::Note(format!("copied {}", entry.editions[0].what)));
    Ok(())
}

/// Folders in which files of the data set may lie.
fn beside<'a>(entry: &'a Entry, from: &'a Path) -> impl Iterator<Item = PathBuf> + 'a {
    entry.folders.iter().map(|folder| from.join(folder)).chain([from.to_owned()])
}

/// What is wrong with a copy that still has its provisional name.
fn right(known: &Known, part: &Path) -> Result<Option<String>, Error> {
    let Some(wanted) = known.sha256 else { return Ok(None) };
    let raw = fs::read(part).map_err(Error::reading(part))?;
    let sums = [sha256_of(&raw), sha256_of(&bytes::decompress(raw, Path::new(known.name))?)];
    Ok((!sums.iter().any(|sum| sum == wanted)).then(|| format!("not the file with SHA-256 {wanted}")))
}

/// Copies a file under a provisional name, asks `wrong` about it, and names it.
fn put(
    source: &Path,
    folder: &Path,
    wrong: impl Fn(&Path) -> Result<Option<String>, Error>,
) -> Result<PathBuf, Error> {
    let name = source.file_name().unwrap_or_default();
    let (path, mut part) = (folder.join(name), folder.join(name).into_os_string());
    part.push(".part");
    let part = PathBuf::from(part);
    let mut to = File::create(&part).map_err(Error::writing(&part))?;
    let mut open = File::open(source).map_err(Error::reading(source))?;
    io::copy(&mut open, &mut to).and_then(|_| to.sync_all()).map_err(Error::writing(&part))?;
    if let Some(reason) = wrong(&part)? {
        fs::remove_file(&part).map_err(Error::writing(&part))?;
        return Err(Error::malformed(source, reason));
    }
    fs::rename(&part, &path).map_err(Error::writing(&path))?;
    Ok(path)
}
