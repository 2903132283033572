//! The page as files: for a lecture, or to hand in. Without a script, since nothing renews it.

use std::path::Path;

use anyhow::Result;

use super::{STYLE, html::Html};
use crate::files::write_whole;

/// Writes `index.html` and `page.css` into `folder`, replacing what is there under these names and nothing else.
pub fn export(folder: &Path, title: &str, sheet: Html) -> Result<()> {
    let policy = "default-src 'none'; style-src 'self'; img-src data:";
    let head = Html::void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", policy)]);
    let main = Html::tag("main", &[("id", "sheet")], sheet);
    write_whole(&folder.join("page.css"), STYLE.as_bytes())?;
    write_whole(&folder.join("index.html"), document(title, head, main).as_bytes())
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
