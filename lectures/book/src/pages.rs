//! Which lectures become pages, in reading order, and what the pages are called.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use grader::course::Course;

/// A lecture's text and its place in the book.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its file below `lectures/`, with slashes.
    pub source: String,
    /// The file that mdBook gets, from which the page has its name: `tricks/index.md` becomes `tricks/index.html`.
    pub path: PathBuf,
    /// What the table of contents calls it.
    pub title: String,
    /// The number of a chapter.
    pub number: Option<u32>,
    /// The lecture as it is written.
    pub text: String,
}

impl Page {
    /// The page's file in the book, with slashes.
    pub fn html(&self) -> String {
        self.path.with_extension("html").to_string_lossy().into_owned()
    }
}

/// All pages: about the course, its chapters, and what stands beside them.
pub fn all(course: &Course) -> Result<Vec<Page>> {
    let mut pages = vec![page(course, "README.md", None, None)?];
    for (number, chapter) in (0..).zip(&course.chapters) {
        let source = format!("{}/README.md", chapter.name);
        pages.push(page(course, &source, Some(chapter.title.clone()), Some(number))?);
    }
    for source in ["saved.md", "toolkit/README.md"] {
        pages.push(page(course, source, None, None)?);
    }
    Ok(pages)
}

fn page(course: &Course, source: &str, title: Option<String>, number: Option<u32>) -> Result<Page> {
    let file = course.root.join("lectures").join(source);
    let text = fs::read_to_string(&file).with_context(|| format!("failed to read `{}`", file.display()))?;
    let heading = text.lines().find_map(|line| line.strip_prefix("# "));
    let title = title.unwrap_or_else(|| heading.unwrap_or(source).to_owned());
    Ok(Page { source: source.to_owned(), path: place(source), title, number, text })
}

/// A folder's README is the page that one gets for the folder.
fn place(source: &str) -> PathBuf {
    let source = Path::new(source);
    if source.ends_with("README.md") { source.with_file_name("index.md") } else { source.to_owned() }
}
