//! Verdicts by content: what was judged once is not run again until something that it depends on changes.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::{
    course::Exercise,
    examine::snapshot,
    files::{grader_identity, hash, write_whole},
    paths::Paths,
    source::{imports::Imports, tree::Tree},
    verdict::Verdict,
};

/// The verdicts of earlier runs.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Cache {
    entries: BTreeMap<String, Entry>,
    /// Whether verdicts on other contents of the same exercise are kept beside each other.
    #[serde(skip)]
    of_a_class: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    key: String,
    /// As if nothing that it uses could be wrong: what waits is found anew from these.
    verdict: Verdict,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    uses: Vec<String>,
}

impl Cache {
    /// Loads the cache; one that is missing or can't be read is empty, since it can always be made again.
    pub fn load(paths: &Paths) -> Self {
        fs::read(path(paths)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// An empty one for a class, in which many hand in the same exercise, and some the same text. Never written down.
    pub fn of_a_class() -> Self {
        Self { entries: BTreeMap::new(), of_a_class: true }
    }

    /// The verdict on `exercise` for this content, and which exercises it uses.
    pub fn get(&self, exercise: &Exercise, key: &str) -> Option<(&Verdict, &[String])> {
        let entry = self.entries.get(&self.name(exercise, key)).filter(|entry| entry.key == key)?;
        Some((&entry.verdict, &entry.uses))
    }

    fn name(&self, exercise: &Exercise, key: &str) -> String {
        if self.of_a_class { format!("{} {key}", exercise.full_id()) } else { exercise.full_id() }
    }

    /// Whether `exercise` was solved when it was last judged, whatever has changed since.
    pub fn was_passed(&self, exercise: &Exercise) -> bool {
        self.entries.get(&exercise.full_id()).is_some_and(|entry| entry.verdict.is_passed())
    }

    /// Remembers a verdict and which exercises it uses, whatever these are worth. The grader's own failures are not remembered; what
    /// waits only for a class, where it was looked up whether what it waits for is as it was.
    pub fn put(&mut self, exercise: &Exercise, key: String, verdict: &Verdict, uses: &[String]) {
        let is_kept = match verdict {
            Verdict::Internal { .. } => false,
            Verdict::Waiting { .. } => self.of_a_class,
            _ => true,
        };
        if is_kept {
            let name = self.name(exercise, &key);
            self.entries.insert(name, Entry { key, verdict: verdict.clone(), uses: uses.to_vec() });
        }
    }

    /// Writes the cache back.
    pub fn save(&self, paths: &Paths) -> Result<()> {
        let bytes = serde_json::to_vec(self).context("failed to write the cache of verdicts")?;
        write_whole(&path(paths), &bytes)
    }
}

fn path(paths: &Paths) -> std::path::PathBuf {
    paths.work().join("verdicts.json")
}

/// What all verdicts of a chapter depend on beside the student's sources.
pub struct ChapterKey {
    hash: String,
}

impl ChapterKey {
    /// Reads it once a run. The grader stands for itself with its file's size and time, for the oracles too.
    pub fn read(paths: &Paths, chapter: &str, device: &str) -> Result<Self> {
        let mut parts = vec![device.as_bytes().to_vec(), grader_identity()];
        for file in ["Cargo.lock", "Cargo.toml", "rust-toolchain.toml"] {
            parts.push(read(&paths.root().join(file))?);
        }
        for folder in [Path::new("grader/probe"), Path::new("grader/protocol"), Path::new("lectures/toolkit")]
        {
            parts.push(Tree::read(&paths.root().join(folder))?.fingerprint_all().into_bytes());
        }
        for file in ["stubs.zip", "misconceptions", "suppositions"] {
            parts.push(fs::read(paths.sealed(chapter, file)).unwrap_or_default());
        }
        Ok(Self { hash: hash(parts.iter().map(Vec::as_slice)) })
    }

    /// The key of an exercise's verdict.
    pub fn key(&self, paths: &Paths, exercise: &Exercise, imports: &Imports) -> Result<String> {
        let adapter = format!("grader/probe/{}/src/bin/{}.rs", exercise.chapter, exercise.topic);
        let golden = format!("grader/golden/{}/{}.json", exercise.chapter, exercise.id);
        let own = [
            self.hash.as_bytes().to_vec(),
            read(&paths.root().join(adapter))?,
            fs::read(paths.root().join(golden)).unwrap_or_default(),
            fs::read(snapshot::file(paths, exercise)).unwrap_or_default(),
            format!("{exercise:?}").into_bytes(),
            imports.fingerprint(&exercise.file()).into_bytes(),
        ];
        Ok(hash(own.iter().map(Vec::as_slice)))
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("failed to read `{}`", path.display()))
}
