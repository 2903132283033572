//! What is remembered about one student: hints taken, attempts made and questions answered, in `.crash-course/state.toml`.
//!
//! The file lies outside `target/`, so that `cargo clean` does not forget it. It is written whole or not at all; one that
//! can't be understood is set aside and a new one begun. Verdicts are not in it: those follow from the sources.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::{
    files::write_whole,
    locking,
    paths::Paths,
    verdict::{Marks, Verdict},
};

const HEADER: &str = "# Hints taken, attempts made and questions answered, an exercise each. The grader writes this; delete it to start afresh.\n";

/// Everything that is remembered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// What is remembered of each exercise, by full id.
    #[serde(default)]
    exercises: BTreeMap<String, History>,
}

/// What is remembered of an exercise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Hints shown so far.
    #[serde(default)]
    pub hints: usize,
    /// Times that it was judged anew until it was solved; a change that it depends on counts as well as its own.
    #[serde(default)]
    pub attempts: usize,
    /// Whether it was ever solved.
    #[serde(default)]
    pub solved: bool,
    /// The answer that was given to its question, in words, for the answers of a later release may be others; empty where it
    /// was skipped, `None` where it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
}

/// A state, and where an unreadable one went.
#[derive(Debug, Default)]
pub struct StateFile {
    /// The state; empty where there was none.
    pub state: State,
    /// The new name of a file that could not be understood.
    pub set_aside: Option<PathBuf>,
}

impl State {
    /// What is remembered of the exercise called `full_id`.
    pub fn get(&self, full_id: &str) -> History {
        self.exercises.get(full_id).cloned().unwrap_or_default()
    }

    /// The same, to be changed.
    pub fn entry(&mut self, full_id: &str) -> &mut History {
        self.exercises.entry(full_id.to_owned()).or_default()
    }

    /// Of how many exercises something is remembered.
    pub fn len(&self) -> usize {
        self.exercises.len()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.exercises.is_empty()
    }

    /// Adds what is remembered elsewhere: of each number the larger one.
    pub fn merge(&mut self, other: Self) {
        for (id, there) in other.exercises {
            let here = self.entry(&id);
            here.hints = here.hints.max(there.hints);
            here.attempts = here.attempts.max(there.attempts);
            here.solved |= there.solved;
            here.said = here.said.take().or(there.said);
        }
    }

    /// Gives the record of an exercise to its new name, unless there is one already.
    pub fn rename(&mut self, former: &str, now: &str) {
        if let Some(record) = self.exercises.remove(former) {
            self.exercises.entry(now.to_owned()).or_insert(record);
        }
    }

    /// Counts an attempt for each of `ids`, which were judged just now, that was not solved before.
    pub fn note_attempts(&mut self, ids: &[String], graded: &Marks) {
        for id in ids {
            if graded.verdicts.get(id).is_some_and(is_attempt) && !self.get(id).solved {
                let record = self.entry(id);
                record.attempts += 1;
                record.solved = graded.is_passed(id);
            }
        }
    }
}

/// Changes the state while no other grader does, and hands back where an unreadable one went.
pub fn update(paths: &Paths, change: impl FnOnce(&mut State)) -> Result<Option<PathBuf>> {
    let _lock = lock(paths)?;
    let StateFile { mut state, set_aside } = load(paths)?;
    let before = state.clone();
    change(&mut state);
    state.exercises.retain(|_, record| *record != History::default());
    if state != before {
        let text = toml::to_string(&state).context("failed to write the state as TOML")?;
        write_whole(&file(paths), format!("{HEADER}{text}").as_bytes())?;
    }
    Ok(set_aside)
}

/// Reads the state. A file that is there but can't be read is an error; one that makes no sense is set aside.
pub fn load(paths: &Paths) -> Result<StateFile> {
    let path = file(paths);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(StateFile::default()),
        Err(error) => return Err(error).with_context(|| format!("failed to read `{}`", path.display())),
    };
    match toml::from_slice(&bytes) {
        Ok(state) => Ok(StateFile { state, set_aside: None }),
        Err(_) => Ok(StateFile { state: State::default(), set_aside: Some(set_aside(&path)?) }),
    }
}

/// Whether anything is remembered of one of these exercises. A state that makes no sense is left for [`load`].
pub fn knows_any<'a>(paths: &Paths, mut ids: impl Iterator<Item = &'a str>) -> bool {
    let text = fs::read_to_string(file(paths)).unwrap_or_default();
    let state: State = toml::from_str(&text).unwrap_or_default();
    ids.any(|id| state.exercises.contains_key(id))
}

/// What to tell the student about a file that was set aside.
pub fn set_aside_message(path: &Path) -> String {
    format!(
        "The record of hints, attempts and answers could not be understood; it is now `{}`, and a new one is begun.",
        path.display()
    )
}

/// Where the state lies.
pub fn file(paths: &Paths) -> PathBuf {
    folder(paths).join("state.toml")
}

fn folder(paths: &Paths) -> PathBuf {
    paths.personal()
}

fn lock(paths: &Paths) -> Result<File> {
    let path = folder(paths).join("state.lock");
    let open = || -> io::Result<File> {
        fs::create_dir_all(folder(paths))?;
        let file = File::create(&path)?;
        locking::lock(&file, || ())?;
        Ok(file)
    };
    open().with_context(|| format!("failed to lock `{}`", path.display()))
}

/// Renames a file that can't be understood, never over another one.
fn set_aside(path: &Path) -> Result<PathBuf> {
    let names = (1..).map(|n| path.with_file_name(format!("state.unreadable-{n}.toml")));
    let free = names.into_iter().find(|name| !name.exists()).context("every name is taken")?;
    fs::rename(path, &free).with_context(|| format!("failed to move `{}` aside", path.display()))?;
    Ok(free)
}

/// Whether somebody tried: what is untouched, waiting or the grader's own failure is no attempt.
pub(super) fn is_attempt(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Passed { .. } | Verdict::Broken { .. } | Verdict::TooMuch { .. } | Verdict::Failed(_) => {
            true
        }
        Verdict::NotStarted | Verdict::Waiting { .. } | Verdict::Internal { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_goes_with_a_new_name() {
        let mut state = State::default();
        state.entry("c/a").hints = 2;
        state.rename("c/a", "c/b");
        assert_eq!((state.get("c/a").hints, state.get("c/b").hints), (0, 2));
        state.entry("c/a").hints = 1;
        state.rename("c/a", "c/b");
        assert_eq!((state.get("c/a").hints, state.get("c/b").hints), (0, 2));
    }

    #[test]
    fn two_machines_records_are_one() {
        let (mut here, mut there) = (State::default(), State::default());
        *here.entry("c/a") = History { hints: 2, attempts: 1, ..History::default() };
        *there.entry("c/a") = History { hints: 1, attempts: 4, solved: true, said: Some("yes".to_owned()) };
        there.entry("c/b").hints = 1;
        here.merge(there);
        assert_eq!(
            here.get("c/a"),
            History { hints: 2, attempts: 4, solved: true, said: Some("yes".to_owned()) }
        );
        assert_eq!((here.get("c/b").hints, here.len()), (1, 2));
    }

    #[test]
    fn attempts_count_until_an_exercise_is_solved() {
        let passed = || Verdict::Passed { cases: 1, prints: None, results: Vec::new(), pictures: Vec::new() };
        let broken = || Verdict::Broken { message: String::new() };
        let mut state = State::default();
        for verdict in [Verdict::NotStarted, broken(), broken(), passed(), broken(), passed()] {
            let verdicts = [("c/a".to_owned(), verdict), ("c/cached".to_owned(), passed())].into();
            state.note_attempts(&["c/a".to_owned()], &Marks { verdicts, ..Marks::default() });
        }
        assert_eq!(state.get("c/a"), History { attempts: 3, solved: true, ..History::default() });
        assert_eq!(state.get("c/cached"), History::default());
    }
}
