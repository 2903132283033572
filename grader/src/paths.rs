//! Where the grader keeps what it makes: everything lies under `target/grader/`, out of the student's way.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::Result;
use tempfile::Builder;

use crate::device::Device;

/// The folders and files below the course's root.
#[derive(Clone, Debug)]
pub struct Paths {
    root: PathBuf,
}

impl Paths {
    /// For the course below `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The course's root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// `target/grader`.
    pub fn work(&self) -> PathBuf {
        self.root.join("target/grader")
    }

    /// The staged workspace of the sources called `source`.
    pub fn stage(&self, source: &str) -> PathBuf {
        self.work().join("stage").join(source)
    }

    /// Where cargo builds probes for a device: a folder each, or either's build would replace the other's programs.
    pub fn build(&self, device: Device) -> PathBuf {
        self.work().join(match device {
            Device::Cpu => "build",
            Device::Cuda => "build-cuda",
        })
    }

    /// A chapter's folder under `lectures/`.
    pub fn lecture(&self, chapter: &str) -> PathBuf {
        self.root.join("lectures").join(chapter)
    }

    /// A chapter's folder under `solutions/`.
    pub fn solution(&self, chapter: &str) -> PathBuf {
        self.root.join("solutions").join(chapter)
    }

    /// A chapter's sealed file, e.g. `stubs.zip`.
    pub fn sealed(&self, chapter: &str, file: &str) -> PathBuf {
        self.root.join("grader/sealed").join(format!("{chapter}.{file}"))
    }
}

/// Writes `bytes` to `path` whole or not at all, making its folder.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        // As any new file: readable by whom the user's mask lets.
        let permissions = Permissions::from_mode(0o666);
        let mut file = Builder::new().permissions(permissions).tempfile_in(folder)?;
        io::Write::write_all(&mut file, bytes)?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => anyhow::anyhow!("{}", full_disk(path)),
        _ => anyhow::Error::new(error).context(format!("failed to write `{}`", path.display())),
    })
}

/// What to say where there is no space left for `path`.
pub fn full_disk(path: &Path) -> String {
    let existing = path.ancestors().find(|place| place.is_dir()).unwrap_or(path);
    let free = rustix::fs::statvfs(existing).map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) >> 20);
    let free = free.map(|free| format!(" ({free} MiB are free)")).unwrap_or_default();
    format!(
        "the disk is full: there is no space left for `{}`{free}. Make room, or delete `target`, which can be built again",
        path.display()
    )
}

/// As [`write_whole`], leaving the file alone (and its time as it is) where it has these bytes already.
pub fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    match fs::read(path) {
        Ok(old) if old == bytes => Ok(()),
        _ => write_whole(path, bytes),
    }
}
