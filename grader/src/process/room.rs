//! A folder for a while: empty at first, and gone afterwards with all that was written into it, also when we are killed.
//!
//! A worker's working directory is one, so that a student's relative paths lead nowhere else. It bounds nothing by
//! itself: whoever owns a room asks how full it is.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::Path,
};

use tempfile::TempDir;

use super::registry;

/// Nobody needs to know more exactly how much lies in a room with more files than this.
const MANY: usize = 10_000;

/// A folder that is removed when this is dropped, and by the watchdog if we don't live so long.
#[derive(Debug)]
pub struct Room(Option<TempDir>);

impl Room {
    /// An empty folder below the system's folder for temporary files.
    pub fn new() -> io::Result<Room> {
        // Under the lock, so that an interrupt comes before the folder or after it is known.
        let mut registry = registry::lock();
        let folder = tempfile::Builder::new().prefix("crash-course-").tempdir()?;
        registry.keep_room(folder.path());
        Ok(Room(Some(folder)))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.as_ref().map_or(Path::new("/"), TempDir::path)
    }

    /// Whether more than `limit` bytes lie in it.
    pub(super) fn holds_more_than(&self, limit: u64) -> bool {
        let (mut bytes, mut files, mut folders) = (0, 0, vec![self.path().to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let Ok(metadata) = entry.metadata() else { continue };
                (bytes, files) = (bytes + metadata.len(), files + 1);
                if bytes > limit || files > MANY {
                    return true;
                }
                if metadata.is_dir() {
                    folders.push(entry.path());
                }
            }
        }
        false
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if let Some(folder) = self.0.take() {
            let path = folder.keep();
            remove(&path);
            registry::lock().forget_room(&path);
        }
    }
}

/// Removes a folder, also one in which somebody has locked folders.
pub(super) fn remove(path: &Path) {
    if fs::remove_dir_all(path).is_err() {
        unlock(path);
        _ = fs::remove_dir_all(path);
    }
}

fn unlock(folder: &Path) {
    _ = fs::set_permissions(folder, Permissions::from_mode(0o700));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            unlock(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_empty_and_goes_with_everything_in_it() {
        let room = Room::new().unwrap();
        let path = room.path().to_owned();
        assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
        fs::create_dir_all(path.join("a/b")).unwrap();
        fs::write(path.join("a/b/c"), "text").unwrap();
        fs::set_permissions(path.join("a/b"), Permissions::from_mode(0o000)).unwrap();
        drop(room);
        assert!(!path.exists());
    }

    #[test]
    fn what_lies_deep_counts_too() {
        let room = Room::new().unwrap();
        assert!(!room.holds_more_than(0));
        fs::create_dir(room.path().join("deep")).unwrap();
        fs::write(room.path().join("deep/file"), vec![0; 1 << 20]).unwrap();
        assert!(room.holds_more_than(1 << 20) && !room.holds_more_than(2 << 20));
    }
}
