//! Takes the files that an edition needs out of an archive whose checksum was right.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use flate2::read::GzDecoder;
use tar::Archive;
use zip::ZipArchive;

use super::check::sha256;
use crate::{
    Error,
    catalog::{Entry, Known, Unpack},
};

/// Unpacks the first edition of `entry` from `archive` into `folder` and removes the archive. Only the files of the edition are
/// taken, by their bare names: nothing can land outside of `folder`.
pub(super) fn unpack(how: Unpack, archive: &Path, entry: &Entry, folder: &Path) -> Result<(), Error> {
    let files = entry.editions[0].files;
    match how {
        Unpack::Keep => return Ok(()),
        Unpack::TarGz => tar_gz(archive, files, folder)?,
        Unpack::Zip => zip(archive, files, folder)?,
    }
    if let Some(lost) = files.iter().find(|known| !folder.join(known.name).is_file()) {
        return Err(Error::malformed(archive, format!("{} is not in it", lost.name)));
    }
    fs::remove_file(archive).map_err(Error::writing(archive))
}

fn tar_gz(archive: &Path, files: &[Known], folder: &Path) -> Result<(), Error> {
    let damaged = |error: io::Error| Error::malformed(archive, format!("a damaged archive ({error})"));
    let open = File::open(archive).map_err(Error::reading(archive))?;
    let mut unpacked = Archive::new(GzDecoder::new(open));
    for member in unpacked.entries().map_err(damaged)? {
        let mut member = member.map_err(damaged)?;
        let path = member.path().map_err(damaged)?.into_owned();
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(known) = files.iter().find(|known| Some(known.name) == name) {
            put(&mut member, known, archive, folder)?;
        }
    }
    Ok(())
}

fn zip(archive: &Path, files: &[Known], folder: &Path) -> Result<(), Error> {
    let damaged = |error| Error::malformed(archive, format!("a damaged archive ({error})"));
    let open = File::open(archive).map_err(Error::reading(archive))?;
    let mut unpacked = ZipArchive::new(open).map_err(damaged)?;
    for i in 0..unpacked.len() {
        let mut member = unpacked.by_index(i).map_err(damaged)?;
        let bare = member.name().rsplit('/').next().unwrap_or_default();
        if let Some(known) = files.iter().find(|known| known.name == bare) {
            put(&mut member, known, archive, folder)?;
        }
    }
    Ok(())
}

/// Writes a file under a provisional name, checks it, and names it.
fn put(content: &mut dyn Read, known: &Known, archive: &Path, folder: &Path) -> Result<(), Error> {
    let (path, part) = (folder.join(known.name), folder.join(format!("{}.part", known.name)));
    let mut to = File::create(&part).map_err(Error::writing(&part))?;
    io::copy(content, &mut to).map_err(|error| {
        Error::malformed(archive, format!("{} cannot be taken out of it ({error})", known.name))
    })?;
    to.sync_all().map_err(Error::writing(&part))?;
    let found = sha256(&part)?;
    if known.sha256.is_some_and(|wanted| wanted != found) {
        fs::remove_file(&part).map_err(Error::writing(&part))?;
        return Err(Error::malformed(archive, format!("{} in it has the wrong SHA-256 {found}", known.name)));
    }
    fs::rename(&part, &path).map_err(Error::writing(&path))
}
