//! Where a class's results lie: `run.toml` with what all have in common, and a sheet a student below `sheets/`.
//!
//! Each file is written whole and renamed, so that a run that was killed has lost at most the student that it was at.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::sheet::{FORMAT, Sheet};
use crate::files::{read_toml, sha256, write_whole};

const RUN: &str = "run.toml";
const SHEETS: &str = "sheets";
const ATTEMPTS: &str = "attempts";
const BEFORE: &str = "before";

/// What all of a class have in common.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    format: u32,
    /// The seed of everybody's cases.
    pub seed: u64,
    /// The chapter that was graded, if not all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chapter: Option<String>,
}

/// A folder of results.
pub struct Folder {
    place: PathBuf,
}

impl Folder {
    /// The one at `place`, which may not be there yet.
    pub fn at(place: &Path) -> Self {
        Self { place: place.to_owned() }
    }

    /// What the run that began here is about; begins it with `seed` where none did.
    ///
    /// # Errors
    /// When it was begun with another seed or another chapter.
    pub fn begin(&self, seed: Option<u64>, chapter: Option<&str>, fresh: impl Fn() -> u64) -> Result<Run> {
        let path = self.place.join(RUN);
        if path.is_file() {
            let run = self.run()?;
            let place = self.place.display();
            ensure!(
                seed.is_none_or(|seed| seed == run.seed),
                "`{place}` was begun with --seed {}: give no seed, or another folder",
                run.seed
            );
            ensure!(
                chapter == run.chapter.as_deref(),
                "`{place}` was begun with {}: give the same, or another folder",
                run.chapter
                    .as_ref()
                    .map_or_else(|| "all chapters".to_owned(), |name| format!("--chapter {name}"))
            );
            return Ok(run);
        }
        let run =
            Run { format: FORMAT, seed: seed.unwrap_or_else(fresh), chapter: chapter.map(str::to_owned) };
        let text = toml::to_string(&run).context("failed to write down what the run is about")?;
        write_whole(&path, text.as_bytes())?;
        Ok(run)
    }

    /// What the run here is about.
    ///
    /// # Errors
    /// When there is none.
    pub fn run(&self) -> Result<Run> {
        let path = self.place.join(RUN);
        ensure!(
            path.is_file(),
            "`{}` holds no results: `grade … --out {}` makes them",
            self.place.display(),
            self.place.display()
        );
        let run: Run = read_toml(&path)?;
        ensure!(run.format == FORMAT, "`{}` is of another version of the grader", path.display());
        Ok(run)
    }

    /// The sheet of the student called `key`; `None` where there is none that can be read.
    pub fn sheet(&self, key: &str) -> Option<Sheet> {
        let bytes = fs::read(self.path(key)).ok()?;
        serde_json::from_slice(&bytes).ok().filter(Sheet::is_known)
    }

    /// The sheet of one of several attempts, by the hash of what was graded.
    pub fn attempt(&self, key: &str, sha256: &str) -> Option<Sheet> {
        let bytes = fs::read(self.attempt_path(key, sha256)).ok()?;
        serde_json::from_slice(&bytes).ok().filter(Sheet::is_known)
    }

    /// Writes the sheet of one of several attempts.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn put_attempt(&self, sheet: &Sheet) -> Result<()> {
        let text = serde_json::to_vec_pretty(sheet).context("failed to write a sheet")?;
        write_whole(&self.attempt_path(&sheet.student.key, &sheet.sha256), &text)
    }

    /// Keeps every sheet as it is now, to be compared with. Given the same `change` once more, what was kept stays.
    ///
    /// # Errors
    /// When they can't be copied.
    pub fn keep_before(&self, change: &str) -> Result<()> {
        let (kept, draft) = (self.place.join(BEFORE), self.place.join(".before"));
        let name = |place: &Path| place.join("change");
        if fs::read_to_string(name(&kept)).is_ok_and(|known| known == change) {
            return Ok(());
        }
        let copy = || -> std::io::Result<()> {
            // A draft is what was being made when the machine went down.
            let _ = fs::remove_dir_all(&draft);
            fs::create_dir_all(&draft)?;
            for entry in fs::read_dir(self.place.join(SHEETS))? {
                let entry = entry?;
                fs::copy(entry.path(), draft.join(entry.file_name()))?;
            }
            fs::write(name(&draft), change)?;
            let _ = fs::remove_dir_all(&kept);
            fs::rename(&draft, &kept)
        };
        copy().with_context(|| format!("failed to keep the sheets in `{}`", kept.display()))
    }

    /// The sheets that were kept.
    ///
    /// # Errors
    /// When one can't be read.
    pub fn before(&self) -> Result<Vec<Sheet>> {
        Self::read_all(&self.place.join(BEFORE))
    }

    /// Every sheet, by the students' keys.
    ///
    /// # Errors
    /// When one can't be read: a class with somebody missing is no result.
    pub fn sheets(&self) -> Result<Vec<Sheet>> {
        self.run()?;
        Self::read_all(&self.place.join(SHEETS))
    }

    fn read_all(folder: &Path) -> Result<Vec<Sheet>> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(_) => return Ok(Vec::new()),
        };
        let mut sheets = Vec::new();
        for entry in entries {
            let path = entry.with_context(|| format!("failed to read `{}`", folder.display()))?.path();
            // What was being written when the machine went down has no name yet.
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let bytes = fs::read(&path).with_context(|| format!("failed to read `{}`", path.display()))?;
            let sheet: Sheet = serde_json::from_slice(&bytes).with_context(|| {
                format!("`{}` is damaged: remove it and grade again, only it is graded", path.display())
            })?;
            ensure!(sheet.is_known(), "`{}` is of another version of the grader", path.display());
            sheets.push(sheet);
        }
        sheets.sort_by(|a, b| a.student.key.cmp(&b.student.key));
        Ok(sheets)
    }

    /// Writes a sheet.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn put(&self, sheet: &Sheet) -> Result<()> {
        let text = serde_json::to_vec_pretty(sheet).context("failed to write a sheet")?;
        write_whole(&self.path(&sheet.student.key), &text)
    }

    fn attempt_path(&self, key: &str, sha256: &str) -> PathBuf {
        let name = format!("{}.json", sha256.get(..16).unwrap_or(sha256));
        self.place.join(ATTEMPTS).join(file_name(key)).join(name)
    }

    fn path(&self, key: &str) -> PathBuf {
        self.place.join(SHEETS).join(file_name(key) + ".json")
    }
}

/// A name for a file: readable, and no two keys have one.
pub fn file_name(key: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.@".contains(c) { c } else { '_' };
    let name: String = key.chars().map(plain).take(60).collect();
    let is_whole = name == key && !name.starts_with('.');
    if is_whole { name } else { format!("{}-{}", name.trim_start_matches('.'), &sha256(key)[..8]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_students_share_a_file_and_none_leaves_the_folder() {
        assert_eq!(file_name("ada@x.org"), "ada@x.org");
        let names = ["../../x", "a b", "a_b", "é", "è", ".hidden", &"x".repeat(99), &"x".repeat(98)];
        let files: std::collections::BTreeSet<String> = names.iter().map(|name| file_name(name)).collect();
        assert_eq!(files.len(), names.len());
        assert!(files.iter().all(|file| !file.contains('/') && !file.starts_with('.')), "{files:?}");
    }

    #[test]
    fn a_run_goes_on_as_it_was_begun() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::at(place.path());
        assert!(folder.sheets().unwrap_err().to_string().contains("holds no results"));
        let run = folder.begin(None, Some("tricks"), || 7).unwrap();
        assert_eq!(folder.begin(None, Some("tricks"), || 8).unwrap(), run);
        let says = |seed, chapter| folder.begin(seed, chapter, || 8).unwrap_err().to_string();
        assert!(says(Some(3), Some("tricks")).contains("--seed 7"));
        assert!(says(None, None).contains("--chapter tricks"));
        fs::create_dir_all(place.path().join(SHEETS)).unwrap();
        fs::write(folder.path("ada"), "{").unwrap();
        assert!(folder.sheet("ada").is_none());
        assert!(folder.sheets().unwrap_err().to_string().contains("ada.json` is damaged"));
    }
}
