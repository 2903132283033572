//! Where a lecture's links lead in the book: to a page, to a figure beside it, to a source file, or outside.

use std::{
    env,
    path::{Component, Path, PathBuf},
};

use clap::ValueEnum;

use crate::pages::Page;

/// What opens a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Editor {
    /// The browser
    File,
    /// Visual Studio Code
    Vscode,
    /// Nothing: its path is only named
    None,
}

impl Editor {
    /// VS Code for who types into its terminal.
    pub fn guessed() -> Self {
        let is_vscode = env::var_os("TERM_PROGRAM").is_some_and(|program| program == "vscode");
        if is_vscode { Self::Vscode } else { Self::File }
    }

    /// The address that opens a line of a file.
    pub fn address(self, file: &Path, line: usize) -> Option<String> {
        let path = encoded(&file.to_string_lossy());
        match self {
            Self::File => Some(format!("file://{path}")),
            Self::Vscode => Some(format!("vscode://file{path}:{line}")),
            Self::None => None,
        }
    }
}

/// A path in an address, without what Markdown and HTML would stumble over.
fn encoded(path: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(byte);
    path.bytes()
        .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An address outside of the course.
    Outside,
    /// A lecture's page, by its `source`, and the anchor on it.
    Page(String, Option<String>),
    /// Another file or folder of the course, relative to `lectures/`.
    File(PathBuf),
}

/// What the link `destination` of the lecture `source` leads to.
pub fn target(source: &str, destination: &str, pages: &[Page]) -> Target {
    if destination.contains("://") || destination.starts_with("mailto:") {
        return Target::Outside;
    }
    let (path, anchor) = match destination.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor.to_owned())),
        None => (destination, None),
    };
    if path.is_empty() {
        return Target::Page(source.to_owned(), anchor);
    }
    let file = plain(&Path::new(source).with_file_name("").join(path));
    match pages.iter().find(|page| Path::new(&page.source) == file) {
        Some(page) => Target::Page(page.source.clone(), anchor),
        None => Target::File(file),
    }
}

/// A path without `.` and, where something stands before it, `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => _ = plain.pop(),
            part => plain.push(part),
        }
        plain
    })
}

/// The way from one page to another.
pub fn between(from: &Page, to: &Page) -> String {
    let up = "../".repeat(from.path.components().count() - 1);
    format!("{up}{}", to.html())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_followed_from_its_lecture() {
        let file = |path: &str| Target::File(PathBuf::from(path));
        assert_eq!(target("rnn/README.md", "src/lstm.rs", &[]), file("rnn/src/lstm.rs"));
        assert_eq!(target("rnn/README.md", "../toolkit/./src/lib.rs", &[]), file("toolkit/src/lib.rs"));
        assert_eq!(target("README.md", "https://docs.rs/x#y", &[]), Target::Outside);
        let here = Target::Page("README.md".to_owned(), Some("a".to_owned()));
        assert_eq!(target("README.md", "#a", &[]), here);
    }

    #[test]
    fn an_editor_gets_the_line() {
        let file = Path::new("/my course/relu.rs");
        assert_eq!(Editor::Vscode.address(file, 7).unwrap(), "vscode://file/my%20course/relu.rs:7");
        assert_eq!(Editor::File.address(file, 7).unwrap(), "file:///my%20course/relu.rs");
        assert_eq!(Editor::None.address(file, 7), None);
    }
}
