//! Names in archives and folders: which may be taken, which nobody cares about.

use crate::clean::clean;

/// Folders of systems and tools, in which there is nothing that a student wrote.
const JUNK_FOLDERS: &[&str] =
    &["__MACOSX", "target", "node_modules", "$RECYCLE.BIN", "System Volume Information"];
/// Files that systems leave behind.
const JUNK: &[&str] = &["Thumbs.db", "desktop.ini", "Desktop.ini"];

/// Whether a system or a tool left the file behind: not worth a word.
pub fn is_junk(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or_default();
    file.starts_with("._") || file == ".DS_Store" || JUNK.contains(&file) || parts.any(is_junk_folder)
}

/// The same of a folder's name.
pub fn is_junk_folder(name: &str) -> bool {
    JUNK_FOLDERS.contains(&name) || name.starts_with(".git")
}

/// Why a file of this name is not taken.
pub fn why_not(name: &str, raw: &[u8]) -> Option<&'static str> {
    if str::from_utf8(raw).is_err() {
        return Some("its name is not UTF-8 text");
    }
    let drive = name.as_bytes().get(1) == Some(&b':');
    if name.starts_with('/') || drive {
        Some("its path is absolute")
    } else if name.split('/').any(|part| part == "..") {
        Some("its path leads out of the submission")
    } else if shown(name) != name || name.split('/').any(|part| part.is_empty() || part == ".") {
        Some("its path is not a plain one")
    } else {
        None
    }
}

/// A name that may be printed: what somebody else chose must not steer a terminal.
pub fn shown(name: &str) -> String {
    clean(name).replace(['\n', '\t'], "?").chars().take(300).collect()
}
