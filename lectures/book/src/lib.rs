//! The book: every lecture of `lectures/` as a page to read in a browser, from the same text that a forge shows.
//!
//! - `pages`: which lectures there are, and what their pages are called
//! - `markdown`: a lecture's text as mdBook wants it; `formulas`, `anchors`, `links` and `tasks` do a part of it each
//! - `stub`: an exercise's signatures and docs, read out of its sealed stub
//! - `render`: mdBook's part, and where the result is put
//!
//! It says nothing of its own: a sentence that a reader should see belongs into a lecture, a stub or an `exercises.toml`.
//! Nothing in it fetches anything, and nothing in its pages does.

pub mod anchors;
pub mod formulas;
pub mod links;
pub mod markdown;
pub mod pages;
pub mod render;
pub mod stub;
pub mod tasks;

use std::collections::BTreeMap;

use anyhow::Result;
use grader::course::Course;

use crate::{formulas::Formulas, links::Editor, pages::Page, stub::Stubs};

/// What is known of the whole book while a page of it is made.
pub struct Book<'c> {
    /// The course that it is about.
    pub course: &'c Course,
    /// Its pages in reading order.
    pub pages: Vec<Page>,
    /// What opens source files.
    pub editor: Editor,
    formulas: Formulas,
    stubs: Stubs,
    /// The anchors of each page, by its `source`.
    anchors: BTreeMap<String, Vec<String>>,
}

impl<'c> Book<'c> {
    /// Reads the lectures of `course`.
    ///
    /// # Errors
    /// When a lecture or a chapter's stubs can't be read.
    pub fn new(course: &'c Course, editor: Editor) -> Result<Self> {
        let pages = pages::all(course)?;
        let anchors =
            |page: &Page| anchors::headings(&page.text).into_iter().map(|heading| heading.anchor).collect();
        let anchors = pages.iter().map(|page| (page.source.clone(), anchors(page))).collect();
        Ok(Self { course, pages, editor, formulas: Formulas::new()?, stubs: Stubs::load(course)?, anchors })
    }
}

/// The code of all lectures, as `build.rs` collects it: `cargo test` compiles and runs it.
#[cfg(doctest)]
mod code {
    include!(concat!(env!("OUT_DIR"), "/code.rs"));
}
