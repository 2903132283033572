//! The form of `class.toml`. What its values may be is checked elsewhere.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// What an exercise earns.
    pub credit: Option<Credit>,
    /// Factors of points, by chapter or exercise.
    #[serde(default)]
    pub weights: BTreeMap<String, f64>,
    /// What comes on top.
    pub bonus: Option<Bonus>,
    /// When it is due.
    pub due: Option<Due>,
    /// What counts of several.
    pub attempts: Option<Attempts>,
}

/// What an exercise earns.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// Whether parts count.
    #[serde(default)]
    pub partial: bool,
}

/// What comes on top.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bonus {
    /// Chapters and exercises.
    #[serde(default)]
    pub of: Vec<String>,
    /// Points that they may add.
    pub at_most: Option<f64>,
}

/// When it is due, and what being late costs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// For everybody.
    pub at: toml::Value,
    /// What holds for times that name no zone.
    pub utc_offset: Option<String>,
    /// Days that cost nothing.
    #[serde(default)]
    pub late_days: u32,
    /// Folders of results of earlier assignments, whose late days are of the same store.
    #[serde(default)]
    pub before: Vec<PathBuf>,
    /// What every further day costs.
    #[serde(default)]
    pub percent_a_day: f64,
    /// Days after which nothing is earned.
    pub closed_after: Option<u32>,
    /// Later times for some, by any of their names.
    #[serde(default)]
    pub extensions: BTreeMap<String, toml::Value>,
}

/// What counts of several.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempts {
    /// Which one.
    #[serde(default)]
    pub count: Counting,
}

/// Which of several attempts counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Counting {
    /// The one that was sent last.
    #[default]
    Newest,
    /// The one that earns most; of equals the one that was sent last. All are graded.
    Best,
}
