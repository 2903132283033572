//! The page as files: for a lecture, or to hand in. Without a script, since nothing renews it.

use std::path::Path;

use anyhow::Result;

use super::{STYLE, html::Html};
use crate::files::write_whole;

/// The file that a folder's reader opens first.
pub const FIRST: &str = "index.html";

/// A file of the folder.
pub struct Leaf {
    /// What it is called.
    pub file: String,
    /// What a browser calls it.
    pub title: String,
    /// What is on it.
    pub sheet: Html,
}

/// What an exercise's file is called where each has one.
pub fn file_of(id: &str) -> String {
    format!("{}.html", id.replace('/', "-"))
}

/// Writes these and `page.css` into `folder`, replacing what is there under these names and nothing else.
pub fn export(folder: &Path, leaves: Vec<Leaf>) -> Result<()> {
    write_whole(&folder.join("page.css"), STYLE.as_bytes())?;
    for Leaf { file, title, sheet } in leaves {
        let policy = "default-src 'none'; style-src 'self'; img-src data:";
        let head = Html::void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", policy)]);
        let main = Html::tag("main", &[("id", "sheet")], sheet);
        write_whole(&folder.join(file), document(&title, head, main).as_bytes())?;
    }
    Ok(())
}

/// A whole document.
pub fn document(title: &str, head: Html, body: Html) -> String {
    let head = Html::own(
        "<meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>",
    )
    .and(Html::own("<link rel=\"icon\" href=\"data:,\"/><link rel=\"stylesheet\" href=\"page.css\"/>"))
    .and(Html::own("<meta name=\"color-scheme\" content=\"light dark\"/>"))
    .and(Html::said("title", "", title))
    .and(head);
    let html = Html::tag("head", &[], head).and(Html::tag("body", &[], body));
    format!("<!doctype html>\n{}\n", Html::tag("html", &[("lang", "en")], html).into_string())
}
