//! Which verdicts an exercise had, one after the other, in `.crash-course/history.jsonl`: a line an attempt. Points do not depend on it,
//! and a line that makes no sense is passed over.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::state::is_attempt;
use crate::{
    files::write_whole,
    paths::Paths,
    verdict::{Marks, Verdict},
};

/// Lines that are kept.
const MOST: usize = 2000;
/// Who makes no attempt for so many seconds is not at work, as far as anybody knows.
const BREAK: u64 = 30 * 60;

/// A verdict at its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Seconds since 1970.
    pub when: u64,
    /// The exercise's full id.
    pub exercise: String,
    /// The verdict, in a word or two.
    pub verdict: String,
    /// Cases answered right.
    pub passed: usize,
    /// Cases in all; 0 where none was put to the program.
    pub cases: usize,
}

/// Notes what was judged just now and came out otherwise than the time before.
pub fn note(paths: &Paths, graded: &Marks) -> Result<()> {
    let mut all = load(paths);
    let (known, now) = (all.len(), seconds());
    for id in &graded.fresh {
        let Some(verdict) = graded.verdicts.get(id).filter(|verdict| is_attempt(verdict)) else { continue };
        let attempt = attempt(id, verdict, now);
        let last = all.iter().rev().find(|attempt| attempt.exercise == *id);
        if last.is_none_or(|last| Attempt { when: now, ..last.clone() } != attempt) {
            all.push(attempt);
        }
    }
    if all.len() == known {
        return Ok(());
    }
    let first = all.len().saturating_sub(MOST);
    let lines = all[first..].iter().map(|attempt| Ok(serde_json::to_string(attempt)? + "\n"));
    let text = lines.collect::<Result<String, serde_json::Error>>().context("failed to write the history")?;
    write_whole(&path(paths), text.as_bytes())
}

/// What is known of an exercise, the first first.
pub fn of(paths: &Paths, id: &str) -> Vec<Attempt> {
    load(paths).into_iter().filter(|attempt| attempt.exercise == id).collect()
}

/// Minutes at work, by chapter: from each attempt to the next, without breaks of more than half an hour.
pub fn minutes(paths: &Paths) -> BTreeMap<String, u64> {
    let mut seconds = BTreeMap::new();
    for pair in load(paths).windows(2) {
        let gap = pair[1].when.saturating_sub(pair[0].when);
        if let Some((chapter, _)) = pair[1].exercise.split_once('/').filter(|_| gap <= BREAK) {
            *seconds.entry(chapter.to_owned()).or_insert(0) += gap;
        }
    }
    seconds.into_iter().map(|(chapter, seconds)| (chapter, seconds / 60)).collect()
}

/// How long ago that was, in words.
pub fn ago(when: u64) -> String {
    let minutes = seconds().saturating_sub(when) / 60;
    match minutes {
        0 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..2880 => format!("{} h ago", minutes / 60),
        _ => format!("{} days ago", minutes / 1440),
    }
}

fn attempt(id: &str, verdict: &Verdict, when: u64) -> Attempt {
    let (passed, cases) = match verdict {
        Verdict::Passed { cases, .. } => (*cases, *cases),
        Verdict::Failed(failure) => (failure.passed, failure.cases),
        _ => (0, 0),
    };
    Attempt { when, exercise: id.to_owned(), verdict: verdict.word().to_owned(), passed, cases }
}

fn load(paths: &Paths) -> Vec<Attempt> {
    let text = fs::read_to_string(path(paths)).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn path(paths: &Paths) -> PathBuf {
    paths.personal().join("history.jsonl")
}

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// Gives the records of exercises to their new names.
pub fn rename(paths: &Paths, renamed: &[(String, String)]) -> Result<()> {
    let names: BTreeMap<&str, &str> = renamed.iter().map(|(former, now)| (&former[..], &now[..])).collect();
    let mut all = load(paths);
    let mut any = false;
    for attempt in &mut all {
        if let Some(now) = names.get(&attempt.exercise[..]) {
            (attempt.exercise, any) = ((*now).to_owned(), true);
        }
    }
    if !any {
        return Ok(());
    }
    let lines = all.iter().map(|attempt| Ok(serde_json::to_string(attempt)? + "\n"));
    let text = lines.collect::<Result<String, serde_json::Error>>().context("failed to write the history")?;
    write_whole(&path(paths), text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::{Failure, Kind};

    #[test]
    fn time_at_work_goes_from_attempt_to_attempt_and_leaves_breaks_out() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::new(folder.path());
        assert!(minutes(&paths).is_empty());
        let attempts = [(0, "c/a"), (600, "c/a"), (600 + BREAK + 1, "c/b"), (3000, "d/a"), (3600, "c/b")];
        let lines = attempts.map(|(when, exercise)| {
            let (exercise, verdict) = (exercise.to_owned(), "wrong".to_owned());
            serde_json::to_string(&Attempt { when, exercise, verdict, passed: 0, cases: 1 }).unwrap() + "\n"
        });
        write_whole(&path(&paths), lines.concat().as_bytes()).unwrap();
        assert_eq!(minutes(&paths), [("c".to_owned(), 20), ("d".to_owned(), 9)].into());
    }

    #[test]
    fn what_changes_is_noted_once() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::new(folder.path());
        let failed =
            |passed| Verdict::Failed(Box::new(Failure { passed, cases: 4, ..Failure::of(Kind::Wrong) }));
        for verdict in [Verdict::NotStarted, failed(1), failed(1), failed(2), failed(1)] {
            let verdicts = [("c/a".to_owned(), verdict)].into();
            note(&paths, &Marks { verdicts, fresh: vec!["c/a".to_owned()], ..Marks::default() }).unwrap();
        }
        let passed = |paths: &Paths, id: &str| of(paths, id).iter().map(|a| a.passed).collect::<Vec<_>>();
        assert_eq!(passed(&paths, "c/a"), [1, 2, 1]);
        rename(&paths, &[("c/a".to_owned(), "c/b".to_owned())]).unwrap();
        fs::write(path(&paths), fs::read_to_string(path(&paths)).unwrap() + "{nonsense\n").unwrap();
        assert_eq!((passed(&paths, "c/a"), passed(&paths, "c/b")), (vec![], vec![1, 2, 1]));
    }
}
