//! What stands in a student's tree. Only looks.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use ignore::WalkBuilder;

use super::plan::CONFLICTS;

/// What stands at a path.
pub enum Inventory {
    /// Nothing.
    Nothing,
    /// A file with these bytes.
    File(Vec<u8>),
    /// Something else, in words.
    Odd(&'static str),
}

impl Inventory {
    /// A file's bytes.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::File(bytes) => Some(bytes),
            _ => None,
        }
    }
}

/// Looks at `path` below `root`.
///
/// # Errors
/// When a folder above it is a link or a file: what would be written there would go elsewhere, or nowhere.
pub fn standing(root: &Path, path: &str) -> Result<Inventory> {
    let above = Path::new(path).ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
    for folder in above {
        match fs::symlink_metadata(root.join(folder)) {
            Ok(metadata) if metadata.is_symlink() => {
                bail!(
                    "`{}` is a link, which can't be updated safely: put the folder itself there",
                    folder.display()
                )
            }
            Ok(metadata) if !metadata.is_dir() => {
                bail!(
                    "`{}` is no folder, and the new release has one: move yours elsewhere",
                    folder.display()
                )
            }
            _ => {}
        }
    }
    let place = root.join(path);
    match fs::symlink_metadata(&place) {
        Ok(metadata) if metadata.is_file() => {
            let bytes = fs::read(&place).with_context(|| format!("failed to read `{}`", place.display()))?;
            Ok(Inventory::File(bytes))
        }
        Ok(metadata) if metadata.is_symlink() => Ok(Inventory::Odd("a link")),
        Ok(_) => Ok(Inventory::Odd("a folder")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Inventory::Nothing),
        Err(error) => Err(error).with_context(|| format!("failed to look at `{}`", place.display())),
    }
}

/// The proposals of earlier updates, from the course's root.
pub fn proposals(root: &Path) -> Result<Vec<PathBuf>> {
    files(root, Path::new(CONFLICTS))
}

/// The files at or below `folder`, from `root` on; links are not followed.
pub fn files(root: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    if !root.join(folder).is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in
        WalkBuilder::new(root.join(folder)).standard_filters(false).sort_by_file_name(Ord::cmp).build()
    {
        let entry = entry.with_context(|| format!("failed to look into `{}`", folder.display()))?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            files.push(entry.path().strip_prefix(root).unwrap_or(entry.path()).to_owned());
        }
    }
    Ok(files)
}
