//! A receipt: which sources were handed in, when, and what the student's own grader thought of them.
//!
//! It proves nothing, since a student can write one too; it tells an instructor what was changed on the way. Points come from
//! grading anew.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::Remark;
use crate::{
    clean::clean,
    course::{VERSION, numbers},
    files::sha256,
    source::tree::Tree,
};

/// The form of receipts that this grader writes and reads.
const FORMAT: u32 = 1;

/// What was handed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    format: u32,
    /// The version of the course that it was made with.
    pub version: String,
    /// When: UTC, as in RFC 3339.
    pub made: String,
    /// What the student's grader said.
    pub points: Points,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<Omission>,
    #[serde(default)]
    file: Vec<File>,
}

/// What should have been handed in and could not be, with a sentence that says why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Omission {
    path: String,
    says: String,
}

/// Points by the cases that students have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Points {
    /// Earned.
    pub earned: u32,
    /// To be had.
    pub of: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct File {
    path: String,
    bytes: usize,
    sha256: String,
}

impl Receipt {
    /// For these sources.
    pub fn new(trees: &BTreeMap<String, Tree>, points: Points, made: String) -> Self {
        let file = files(trees).map(|(path, text)| File { path, bytes: text.len(), sha256: sha256(text) });
        let left_out = paths(trees, |tree| &tree.damaged);
        let left_out = left_out.map(|(path, says)| Omission { path, says: says.trim().to_owned() });
        let (file, left_out) = (file.collect(), left_out.collect());
        Self { format: FORMAT, version: VERSION.to_owned(), made, points, left_out, file }
    }

    /// Reads one.
    pub fn parse(text: &str) -> Result<Self> {
        let receipt: Self = toml::from_str(text).context("it is not what it should be")?;
        ensure!(receipt.format == FORMAT, "its format is {}, and this grader knows {FORMAT}", receipt.format);
        Ok(receipt.cleaned())
    }

    /// Anybody may have written it.
    fn cleaned(mut self) -> Self {
        let texts = [&mut self.version, &mut self.made].into_iter();
        let left_out = self.left_out.iter_mut().flat_map(|left_out| [&mut left_out.path, &mut left_out.says]);
        let files = self.file.iter_mut().flat_map(|file| [&mut file.path, &mut file.sha256]);
        texts.chain(left_out).chain(files).for_each(|text| *text = clean(text));
        self
    }

    /// What should have been handed in and could not be: a sentence each.
    pub fn left_out(&self) -> Vec<&str> {
        self.left_out.iter().map(|left_out| left_out.says.as_str()).collect()
    }

    /// Whether the student was told that `path` is not among what was handed in.
    pub fn knows_missing(&self, path: &str) -> bool {
        self.left_out.iter().any(|left_out| left_out.path == path)
    }

    /// As text.
    pub fn text(&self) -> Result<String> {
        toml::to_string(self).context("failed to write the receipt")
    }

    /// In which way sources and version differ from what it was written for.
    pub fn differences(&self, trees: &BTreeMap<String, Tree>) -> Vec<Remark> {
        let mut findings = Vec::new();
        if self.version != VERSION {
            findings.push(version_differs(&self.version));
        }
        findings.extend(
            self.left_out
                .iter()
                .map(|Omission { says, .. }| format!("not handed in, as the student knew: {says}")),
        );
        let mut handed: BTreeMap<String, &str> = files(trees).collect();
        for File { path, sha256: wanted, .. } in &self.file {
            match handed.remove(path) {
                Some(text) if sha256(text) == *wanted => {}
                Some(_) => findings.push(format!("`{path}` was changed after the receipt was written")),
                None => findings.push(format!("`{path}` is on the receipt and missing")),
            }
        }
        findings.extend(handed.keys().map(|path| format!("`{path}` is not on the receipt")));
        findings
    }
}

/// What an instructor can do depends on who is behind.
fn version_differs(theirs: &str) -> Remark {
    let graded = format!(
        "made with version {theirs} of the course, graded with version {VERSION}: exercises may have changed"
    );
    if numbers(theirs) < numbers(VERSION) {
        format!("{graded}; the student can `update` and submit again")
    } else {
        format!("{graded}; this course is older than the student's, so grade it with version {theirs}")
    }
}

/// The sources by their path in the course (`lectures/tricks/src/relu.rs`).
pub fn files(trees: &BTreeMap<String, Tree>) -> impl Iterator<Item = (String, &str)> {
    paths(trees, |tree| &tree.files)
}

fn paths(
    trees: &BTreeMap<String, Tree>,
    which: fn(&Tree) -> &BTreeMap<PathBuf, String>,
) -> impl Iterator<Item = (String, &str)> {
    trees.iter().flat_map(move |(chapter, tree)| {
        let path = move |file: &Path| format!("lectures/{chapter}/{}", file.to_string_lossy());
        which(tree).iter().map(move |(file, text)| (path(file), text.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &str)]) -> BTreeMap<String, Tree> {
        [("tricks".to_owned(), Tree::of(files.iter().copied()))].into()
    }

    #[test]
    fn every_difference_is_found() {
        let handed = sources(&[("src/a.rs", "a"), ("src/b.rs", "b")]);
        let made = "2026-01-01T00:00:00Z".to_owned();
        let receipt = Receipt::new(&handed, Points { earned: 1, of: 2 }, made);
        let read = Receipt::parse(&receipt.text().unwrap()).unwrap();
        assert_eq!(read, receipt);
        assert_eq!(read.differences(&handed), [""; 0]);

        let changed = read.differences(&sources(&[("src/a.rs", "A"), ("src/c.rs", "c")]));
        assert_eq!(changed.len(), 3);
        assert!(changed[0].contains("`lectures/tricks/src/a.rs` was changed"), "{changed:?}");
        assert!(changed[1].contains("b.rs` is on the receipt and missing"), "{changed:?}");
        assert!(changed[2].contains("c.rs` is not on the receipt"), "{changed:?}");
        let older = Receipt { version: "0.0.1".to_owned(), ..read };
        let said = older.differences(&handed).remove(0);
        assert!(said.contains("version 0.0.1") && said.contains("can `update` and submit again"), "{said}");
        let newer = Receipt { version: "99.0.0".to_owned(), ..older };
        assert!(newer.differences(&handed)[0].contains("grade it with version 99.0.0"));
    }
}
