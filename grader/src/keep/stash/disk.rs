//! Single steps on the disk, each of which leaves the old or the new, also after a power cut. None replaces anything
//! that it did not make itself.
//!
//! In debug builds `GRADER_ABORT_AFTER=n` aborts the grader after the n-th step: for the tests, which interrupt
//! it everywhere.

use std::{
    env,
    fs::{self, File, Permissions},
    io::{self, ErrorKind, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::abort,
    sync::atomic::{AtomicUsize, Ordering},
};

use anyhow::{Context, Result, bail};

/// Whether anything is there, be it a link to nothing.
pub fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Moves `from` to `to`, where nothing may be.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    step();
    rename_to_nothing(from, to)
        .with_context(|| format!("failed to move `{}` to `{}`", from.display(), to.display()))?;
    sync_folder_of(from);
    sync_folder_of(to);
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn rename_to_nothing(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Not every file system can promise it.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => rename_checked(from, to),
        done => Ok(done?),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn rename_to_nothing(from: &Path, to: &Path) -> io::Result<()> {
    rename_checked(from, to)
}

fn rename_checked(from: &Path, to: &Path) -> io::Result<()> {
    if exists(to) { Err(ErrorKind::AlreadyExists.into()) } else { fs::rename(from, to) }
}

/// Makes a folder and those above it.
pub fn make_folder(path: &Path) -> Result<()> {
    if !path.is_dir() {
        step();
        fs::create_dir_all(path).with_context(|| format!("failed to make `{}`", path.display()))?;
        sync_folder_of(path);
    }
    Ok(())
}

/// Writes a file of ours whole or not at all, with these permissions, replacing an older one of ours.
pub fn write(path: &Path, bytes: &[u8], mode: Option<u32>) -> Result<()> {
    let new = path.with_extension("new");
    let write = || -> io::Result<()> {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        step();
        let mut file = File::create(&new)?;
        file.write_all(bytes)?;
        mode.map(|mode| file.set_permissions(Permissions::from_mode(mode))).transpose()?;
        file.sync_all()?;
        step();
        fs::rename(&new, path)
    };
    let written = write();
    if written.is_err() {
        // What can't be written is no use half written; that it failed is what matters.
        let _ = fs::remove_file(&new);
    }
    written.with_context(|| format!("failed to write `{}`", path.display()))?;
    sync_folder_of(path);
    Ok(())
}

/// Copies a folder of ours to where nothing is, and waits until it is on the disk. The copy can be written to.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    let metadata =
        fs::symlink_metadata(from).with_context(|| format!("failed to read `{}`", from.display()))?;
    if metadata.is_dir() {
        make_folder(to)?;
        for inner in names(from)? {
            copy(&inner, &to.join(inner.file_name().unwrap_or_default()))?;
        }
        return sync(to).with_context(|| format!("failed to write `{}`", to.display()));
    }
    if !metadata.is_file() {
        bail!("`{}` is neither a file nor a folder, so it can't be copied", from.display());
    }
    step();
    let writable = Permissions::from_mode(metadata.permissions().mode() | 0o200);
    let copied = fs::copy(from, to).and_then(|_| fs::set_permissions(to, writable)).and_then(|()| sync(to));
    copied.with_context(|| format!("failed to copy `{}` to `{}`", from.display(), to.display()))
}

/// Deletes what is ours, with everything below it. That nothing is there is fine.
pub fn delete(path: &Path) -> Result<()> {
    let Ok(metadata) = fs::symlink_metadata(path) else { return Ok(()) };
    if metadata.is_dir() {
        for inner in names(path)? {
            delete(&inner)?;
        }
        return remove_folder(path);
    }
    step();
    fs::remove_file(path).with_context(|| format!("failed to delete `{}`", path.display()))
}

/// Removes a folder that is empty.
pub fn remove_folder(path: &Path) -> Result<()> {
    step();
    fs::remove_dir(path).with_context(|| format!("failed to remove `{}`", path.display()))
}

/// Removes the empty folders at and below `path`.
pub fn prune(path: &Path) -> Result<()> {
    if !path.is_dir() {
        return Ok(());
    }
    for inner in names(path)? {
        prune(&inner)?;
    }
    if names(path)?.is_empty() { remove_folder(path) } else { Ok(()) }
}

/// What is in a folder, sorted; nothing where there is no folder.
pub fn names(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = || -> io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
    };
    match read() {
        Ok(mut paths) => {
            paths.sort();
            Ok(paths)
        }
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(Vec::new())
        }
        Err(error) => Err(error).with_context(|| format!("failed to read `{}`", folder.display())),
    }
}

fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Some file systems can't; the step itself is done all the same, and its order is kept by those that matter.
fn sync_folder_of(path: &Path) {
    let _ = path.parent().map(sync);
}

fn step() {
    static STEPS: AtomicUsize = AtomicUsize::new(0);
    if cfg!(debug_assertions)
        && let Ok(last) = env::var("GRADER_ABORT_AFTER")
        && last.parse() == Ok(STEPS.fetch_add(1, Ordering::Relaxed))
    {
        abort();
    }
}
