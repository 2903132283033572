//! The lectures' figures: each is a function that draws numbers of our own solutions and bundled data as SVG.
//!
//! `chapters` has the figures, a file a topic; the other modules are what they are drawn with. Nothing here trains: what takes longer
//! than a moment is read from `traces/`, which `cargo run -p figures -- --trace` makes again.

pub mod cells;
pub mod chapters;
pub mod compare;
pub mod diagram;
pub mod numbers;
pub mod pictures;
pub mod plot;
pub mod sheet;
pub mod traces;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::sheet::Sheet;

/// A figure of a lecture.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// The file is called so, and ends in `.svg`.
    pub name: &'static str,
    /// The lecture that shows it.
    pub chapter: &'static str,
    /// What it shows, for those who don't see it.
    pub alt: &'static str,
    /// The sentence below it: what to see.
    pub caption: &'static str,
    /// Draws it.
    pub draw: fn() -> Result<Sheet>,
}

impl Figure {
    /// Its SVG text.
    ///
    /// # Errors
    /// When its data or its trace can't be read.
    pub fn svg(&self) -> Result<String> {
        let sheet = (self.draw)().with_context(|| format!("failed to draw `{}`", self.name))?;
        Ok(sheet.finish(self.alt, self.caption))
    }

    /// Where it lies.
    pub fn file(&self) -> PathBuf {
        lectures().join(self.chapter).join("figures").join(format!("{}.svg", self.name))
    }
}

/// The folder of the lectures.
pub fn lectures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
