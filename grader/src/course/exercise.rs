//! An exercise, as its table in `exercises.toml` says.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Deserialize;

use super::Question;

/// Points show the effort.
pub const MINUTES_A_POINT: u32 = 20;

/// What a student writes for points.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// The chapter it belongs to.
    #[serde(skip)]
    pub chapter: String,
    /// Its name inside the chapter.
    pub id: String,
    /// The public items that the student writes; the one called like the exercise if none are listed.
    #[serde(default)]
    pub items: Vec<String>,
    /// A line that says what it is about.
    pub title: String,
    /// The module (`src/<topic>.rs`) that it is written in, which is also its probe's name.
    pub topic: String,
    /// Points for a solved exercise: one for each [`MINUTES_A_POINT`] begun.
    pub points: u32,
    /// Minutes that it takes somebody who knows some Rust and meets the subject for the first time.
    #[serde(default)]
    pub minutes: u32,
    /// Exercises (of the same chapter, or `chapter/id`) that it builds on; they are graded before it.
    #[serde(default)]
    pub needs: Vec<String>,
    /// What would leave nothing to write: functions, methods and types that come ready-made. `toolkit::relu` is the toolkit's,
    /// a bare name dfdx's.
    #[serde(default)]
    pub not_with: Vec<String>,
    /// Exercises (as in `needs`) whose layers it can be trained on in place of the toolkit's, where it is a capstone.
    #[serde(default)]
    pub mine: Vec<String>,
    /// Slide, notebook or paper.
    pub source: String,
    /// From a nudge to almost the answer.
    pub hints: Vec<String>,
    /// Whether its images are (image, row, column, channel), as files have them, and not as networks do: for pictures.
    #[serde(default)]
    pub channels_last: bool,
    /// What to guess before its first run, where that teaches something.
    pub question: Option<Question>,
    /// CPU seconds for one call.
    #[serde(default = "two")]
    pub time_limit: f64,
    /// MiB of memory for the process.
    #[serde(default = "gibibyte")]
    pub memory_limit: u64,
    /// Sizes to be timed at, the smallest first; none where speed doesn't matter.
    #[serde(default)]
    pub bench: Vec<hidden::sized::Sizes>,
    /// Why there is no snapshot, where there is none.
    pub no_snapshot: Option<String>,
    /// What it was called in earlier releases: work, hints and attempts come along when a student updates.
    #[serde(default)]
    pub renamed_from: Vec<String>,
}

impl Exercise {
    /// `chapter/id`.
    pub fn full_id(&self) -> String {
        format!("{}/{}", self.chapter, self.id)
    }

    /// The source file below the chapter's folder.
    pub fn file(&self) -> PathBuf {
        Path::new("src").join(format!("{}.rs", self.topic))
    }

    /// Whether `name` is its file: from the course's folder, from one below it, or in full; a line behind it is no matter.
    pub fn lies_in(&self, name: &str) -> bool {
        let is_line = |line: &str| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
        let mut name = name;
        while let Some((before, _)) = name.rsplit_once(':').filter(|(_, line)| is_line(line)) {
            name = before;
        }
        let (name, file) = (Path::new(name), Path::new("lectures").join(&self.chapter).join(self.file()));
        let name = name.strip_prefix(".").unwrap_or(name);
        name.extension().is_some_and(|extension| extension == "rs")
            && (file.ends_with(name) || name.ends_with(&file))
    }

    /// CPU time for one call.
    pub fn time(&self) -> Duration {
        Duration::from_secs_f64(self.time_limit)
    }
}

fn two() -> f64 {
    2.0
}

fn gibibyte() -> u64 {
    1024
}
