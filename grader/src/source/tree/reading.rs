//! Reads a chapter's sources from the disk. Whatever can't be read as a source is noted with what to do about it, and the rest is
//! read: no file of a student's ends a run.

use std::{
    fs::{self, DirEntry, File},
    io::Read,
    path::{Path, PathBuf},
};

use super::{LARGEST_FILE, ROOT, Tree, is_hidden};
use crate::messages::sources;

/// Folders in folders. No lecture has more than two; a disk may hold thousands.
const DEEPEST: usize = 32;

/// Reads `folder/src/**/*.rs`.
pub fn read(folder: &Path) -> Tree {
    let mut reader = Reader { folder, tree: Tree::default() };
    if folder.join("src").is_dir() {
        reader.read_below(Path::new("src"), 0);
        if !reader.tree.all().any(|(path, _)| Path::new(ROOT).starts_with(path)) {
            reader.gone(Path::new(ROOT));
        }
    } else {
        reader.gone(Path::new("src"));
    }
    reader.tree
}

struct Reader<'a> {
    folder: &'a Path,
    tree: Tree,
}

impl Reader<'_> {
    fn read_below(&mut self, relative: &Path, depth: usize) {
        let names = fs::read_dir(self.folder.join(relative)).and_then(Iterator::collect);
        let names: Vec<DirEntry> = match names {
            _ if depth > DEEPEST => return self.damage(relative, "lies in too many folders"),
            Ok(names) => names,
            Err(error) => return self.damage(relative, &sources::unreadable(&error)),
        };
        for entry in names.into_iter().filter(|entry| !is_hidden(Path::new(&entry.file_name()))) {
            let path = relative.join(entry.file_name());
            let is_source = path.extension().is_some_and(|extension| extension == "rs");
            match entry.file_type() {
                Ok(kind) if kind.is_symlink() => self.follow(&path, is_source),
                Ok(kind) if kind.is_dir() && !is_source => self.read_below(&path, depth + 1),
                Ok(kind) if kind.is_file() && is_source => self.take(&path, &self.folder.join(&path)),
                Ok(_) if is_source => self.damage(&path, "is no file: give it another name"),
                Err(error) => self.damage(&path, &sources::unreadable(&error)),
                Ok(_) => {}
            }
        }
    }

    /// Reads the file that a link leads to, where that lies in the student's own folder.
    fn follow(&mut self, path: &Path, is_source: bool) {
        let link = self.folder.join(path);
        let shown =
            fs::read_link(&link).map_or_else(|_| String::new(), |to| format!(" to `{}`", to.display()));
        let own = [self.folder.to_owned(), self.folder.join("src")];
        let is_own = |place: &Path| own.iter().flat_map(fs::canonicalize).any(|own| place.starts_with(own));
        match fs::canonicalize(&link) {
            Ok(place) if place.is_dir() => self.damage(path, &sources::linked_folder(&shown)),
            _ if !is_source => {}
            Ok(place) if !is_own(&place) => self.damage(path, &sources::linked_outside(&shown)),
            Ok(place) => self.take(path, &place),
            Err(error) => {
                self.damage(path, &sources::linked_nowhere(&shown, &error));
            }
        }
    }

    fn take(&mut self, path: &Path, place: &Path) {
        match read_text(place) {
            Ok(text) => _ = self.tree.files.insert(path.to_owned(), text),
            Err(why) => self.damage(path, &why),
        }
    }

    fn damage(&mut self, path: &Path, why: &str) {
        self.note(path, path, why);
    }

    /// The crate's root, or the folder that it is in.
    fn gone(&mut self, place: &Path) {
        let (shown, chapter) = self.shown(place);
        self.tree.damaged.insert(PathBuf::from(ROOT), sources::gone(&shown, &chapter));
    }

    fn note(&mut self, path: &Path, place: &Path, why: &str) {
        let (shown, _) = self.shown(place);
        self.tree.damaged.insert(path.to_owned(), sources::of_file(&shown, why));
    }

    /// `place` as the student sees it, `lectures/tricks/src/relu.rs`, and the chapter's name.
    fn shown(&self, place: &Path) -> (String, String) {
        let mut last = self.folder.iter().rev();
        let (chapter, above) = (last.next().unwrap_or_default(), last.next().unwrap_or_default());
        let shown = PathBuf::from(above).join(chapter).join(place);
        (shown.display().to_string(), chapter.to_string_lossy().into_owned())
    }
}

fn read_text(place: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = File::open(place).and_then(|file| file.take(LARGEST_FILE + 1).read_to_end(&mut bytes));
    read.map_err(|error| sources::unreadable(&error))?;
    text_of(bytes)
}

/// The text in a source file.
///
/// # Errors
/// Why it holds none; what is said goes on after the file's name.
pub fn text_of(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(sources::too_large(LARGEST_FILE));
    }
    if is_utf16(&bytes) {
        return Err(sources::UTF16.to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let (good, bad) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
        let line = 1 + good.iter().filter(|&&byte| byte == b'\n').count();
        let byte = bad.first().copied().unwrap_or_default();
        sources::not_utf8(line, byte)
    })
}

/// By its mark, or by the zeros that stand at every other place of a text in Latin letters.
fn is_utf16(bytes: &[u8]) -> bool {
    let zeros = bytes.iter().take(1024).filter(|&&byte| byte == 0).count();
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || 4 * zeros > bytes.len().min(1024)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A chapter's folder with a sound `lib.rs` and `a.rs`, and with `name` as `put` makes it.
    fn damage(name: &str, put: impl FnOnce(&Path)) -> Option<String> {
        let course = tempfile::tempdir().unwrap();
        let chapter = course.path().join("lectures/tricks");
        fs::create_dir_all(chapter.join("src")).unwrap();
        ["lib.rs", "a.rs"].iter().for_each(|name| fs::write(chapter.join("src").join(name), "// é").unwrap());
        put(&chapter.join("src").join(name));
        let tree = Tree::of_student(&chapter);
        assert_eq!(tree.files.get(Path::new("src/a.rs")).map(String::as_str), Some("// é"));
        assert!(tree.damaged.len() <= 1, "{:?}", tree.damaged);
        assert!(!tree.damaged.is_empty() || Tree::read(&chapter).is_ok());
        let says = tree.damaged.into_iter().next();
        says.map(|(path, says)| {
            assert_eq!((path, tree.files.len()), (Path::new("src").join(name), 2), "{says}");
            assert_eq!(Tree::read(&chapter).unwrap_err().to_string(), says);
            assert!(says.starts_with(&format!("`lectures/tricks/src/{name}` ")), "{says}");
            says
        })
    }

    #[track_caller]
    fn assert_says(says: Option<String>, parts: &[&str]) {
        let says = says.unwrap();
        assert!(parts.iter().all(|part| says.contains(part)), "{says}");
    }

    fn bytes(bytes: &[u8]) -> impl FnOnce(&Path) {
        move |path| fs::write(path, bytes).unwrap()
    }

    #[test]
    fn hidden_files_are_no_sources() {
        assert_eq!(damage("._a.rs", bytes(b"\x00\x05\x16\x07\xff")), None);
        assert_eq!(damage(".#a.rs", |path| symlink("me@host.17", path).unwrap()), None);
        assert_eq!(
            damage(".git", |path| {
                fs::create_dir(path).unwrap();
                fs::write(path.join("b.rs"), b"\xff").unwrap();
            }),
            None
        );
        assert!(is_hidden(Path::new("src/._a.rs")) && !is_hidden(Path::new("./src/a.rs")));
    }

    #[test]
    fn what_is_no_text_is_named_with_the_line_and_the_remedy() {
        assert_says(damage("b.rs", bytes(b"fn f() {}\n// caf\xe9\n")), &["line 2", "0xe9", "UTF-8"]);
        let utf16 =
            |mark: &[u8]| [mark, &"fn f() {}\n".bytes().flat_map(|b| [b, 0]).collect::<Vec<u8>>()].concat();
        for mark in [&b"\xff\xfe"[..], b""] {
            assert_says(damage("b.rs", bytes(&utf16(mark))), &["UTF-16", "save it as UTF-8"]);
        }
        let huge = vec![b' '; LARGEST_FILE as usize + 1];
        assert_says(damage("b.rs", bytes(&huge)), &["more than 1048576 bytes"]);
        assert_eq!(damage("b.rs", bytes("\u{feff}fn f() {}".as_bytes())), None);
    }

    #[test]
    fn what_is_no_file_is_named() {
        assert_says(damage("b.rs", |path| fs::create_dir(path).unwrap()), &["is no file"]);
        assert_says(
            damage("b.rs", |path| symlink("nowhere.rs", path).unwrap()),
            &["link", "nowhere.rs", "leads nowhere"],
        );
        assert_says(
            damage("parts", |path| symlink("..", path).unwrap()),
            &["a folder", "put the folder itself there"],
        );
        assert!(read_text(Path::new("/")).unwrap_err().contains("can't be read"));
    }

    #[test]
    fn a_link_is_followed_within_the_chapter_and_named_where_it_leaves_it() {
        let elsewhere = tempfile::tempdir().unwrap();
        let secret = elsewhere.path().join("secret.rs");
        fs::write(&secret, "answer").unwrap();
        assert_says(
            damage("b.rs", |path| symlink(&secret, path).unwrap()),
            &["secret.rs", "outside the chapter"],
        );
        let course = tempfile::tempdir().unwrap();
        let chapter = course.path().join("tricks");
        fs::create_dir_all(chapter.join("src")).unwrap();
        fs::write(chapter.join("root.rs"), "pub mod a;").unwrap();
        symlink("../root.rs", chapter.join("src/lib.rs")).unwrap();
        assert_eq!(Tree::read(&chapter).unwrap().files[Path::new(ROOT)], "pub mod a;");
        // Who keeps all sources elsewhere has all of them followed.
        let moved = elsewhere.path().join("mine");
        fs::rename(chapter.join("src"), &moved).unwrap();
        fs::remove_file(moved.join("lib.rs")).unwrap();
        fs::write(moved.join("a.rs"), "").unwrap();
        symlink("a.rs", moved.join("lib.rs")).unwrap();
        symlink(&moved, chapter.join("src")).unwrap();
        assert_eq!(Tree::read(&chapter).unwrap().files.len(), 2);
    }

    #[test]
    fn a_missing_root_and_a_missing_folder_are_named() {
        let course = tempfile::tempdir().unwrap();
        let chapter = course.path().join("lectures/tricks");
        let says = |chapter: &Path| Tree::of_student(chapter).damaged[Path::new(ROOT)].clone();
        assert!(says(&chapter).starts_with("`lectures/tricks/src` is gone"));
        fs::create_dir_all(chapter.join("src")).unwrap();
        assert!(says(&chapter).starts_with("`lectures/tricks/src/lib.rs` is gone"));
    }
}
