//! Saves below `lectures/`: what tells them, and what counts as one.
//!
//! What tells a save is the files' content: events only say when to look. So a save during a run is seen after it, and
//! whatever else an editor leaves behind is not. Beside the events, content is looked at from time to time all the same: a
//! save through `mmap` raises none, nor does one on some networks.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender},
    time::{Duration, Instant},
};

use anyhow::{Context, Error, Result};
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use crate::{
    files::hash,
    report::{OutputError, tell},
};

/// A save is over when nothing has happened for this long: editors write a second file and rename it.
pub const QUIET: Duration = Duration::from_millis(50);
/// A burst that goes on for longer than this is looked at all the same.
const LONGEST_BURST: u32 = 20;
/// Rounds in a row that may fail because a file can't be read, before that is shown.
const PATIENCE: usize = 3;
/// How often files are compared where the system can't tell of saves.
const POLL: Duration = Duration::from_millis(300);
/// How often content is looked at beside the events.
pub const SLOW: Duration = Duration::from_secs(3);

/// Grades, and grades again after every change of `fingerprint`, for which it looks after each round and each event.
/// Ends when nobody is left who could send events, or standard output is lost. A failed round that nothing followed is told to `complain`.
pub fn repeat<F: PartialEq>(
    events: &Receiver<()>,
    quiet: Duration,
    mut fingerprint: impl FnMut() -> F,
    mut grade: impl FnMut() -> Result<()>,
    mut complain: impl FnMut(&Error),
) {
    let mut unreadable = 0;
    loop {
        let before = fingerprint();
        let graded = grade();
        // Nobody is left to show anything to.
        if graded.as_ref().is_err_and(Error::is::<OutputError>) {
            return;
        }
        unreadable = if graded.as_ref().is_err_and(is_unreadable) { unreadable + 1 } else { 0 };
        // Somebody saved meanwhile, or is in the middle of it.
        if fingerprint() != before || (1..PATIENCE).contains(&unreadable) {
            settle(events, quiet);
            continue;
        }
        if let Err(error) = &graded {
            complain(error);
        }
        unreadable = 0;
        while fingerprint() == before {
            match events.recv_timeout(SLOW) {
                Ok(()) => settle(events, quiet),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}

/// Waits until no event has come for `quiet`.
pub fn settle(events: &Receiver<()>, quiet: Duration) {
    let began = Instant::now();
    while began.elapsed() <= quiet * LONGEST_BURST {
        if events.recv_timeout(quiet).is_err() {
            return;
        }
    }
}

/// Whether a file was missing or not readable, as it is for a moment while it is being saved.
fn is_unreadable(error: &Error) -> bool {
    error.chain().any(|cause| cause.is::<io::Error>())
}

/// A hash of every file below `folder` that counts. One that can't be read now differs from itself later on.
pub fn fingerprint(folder: &Path) -> String {
    let mut files = Vec::new();
    collect(folder, &mut files);
    files.sort();
    let read = files.iter().map(|path| (path.as_os_str().as_encoded_bytes(), fs::read(path)));
    let parts: Vec<(&[u8], Vec<u8>)> = read
        .map(|(path, text)| (path, text.unwrap_or_else(|error| error.to_string().into_bytes())))
        .collect();
    hash(parts.iter().flat_map(|(path, text)| [*path, text]))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && name != "target" && !name.starts_with('.') => collect(&path, files),
            Ok(kind) if !kind.is_dir() && counts(&name) && path.is_file() => files.push(path),
            _ => {}
        }
    }
}

/// Sources and lists of exercises; not what editors leave behind (`.relu.rs.swp`, `.#relu.rs`, `#relu.rs#`, `relu.rs~`).
fn counts(name: &str) -> bool {
    let is_source = name.ends_with(".rs") || name == "exercises.toml" || name == "course.toml";
    is_source && !name.starts_with(['.', '#'])
}

/// Starts watching `folder`: an event for everything that happens below it, as the system tells it or, where it can't
/// or `poll` is wanted, by comparing files from time to time. Ends when it is dropped.
pub fn watcher(folder: &Path, poll: bool, events: Sender<()>) -> Result<Box<dyn Watcher>> {
    if !poll {
        let listen = listener(events.clone());
        let native = RecommendedWatcher::new(listen, Config::default()).and_then(|mut watcher| {
            watcher.watch(folder, RecursiveMode::Recursive)?;
            Ok(watcher)
        });
        match native {
            Ok(watcher) => return Ok(Box::new(watcher)),
            Err(error) => {
                tell(&format!("The system does not tell of saves ({error}); looking for them instead."));
            }
        }
    }
    // By content: by time it would miss the second of two saves within a second.
    let config =
        Config::default().with_poll_interval(POLL).with_compare_contents(true).with_follow_symlinks(false);
    let polling = PollWatcher::new(listener(events), config).and_then(|mut watcher| {
        watcher.watch(folder, RecursiveMode::Recursive)?;
        Ok(watcher)
    });
    Ok(Box::new(polling.with_context(|| format!("failed to watch `{}`", folder.display()))?))
}

/// Passes events on, but not those of reading: the grader reads, and would wake itself for ever.
fn listener(events: Sender<()>) -> impl Fn(notify::Result<Event>) + Send + 'static {
    move |event| {
        if !event.is_ok_and(|event| matches!(event.kind, EventKind::Access(_))) {
            _ = events.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use notify::event::{AccessKind, AccessMode, DataChange, ModifyKind};

    use super::*;

    #[test]
    fn reading_wakes_nobody_and_errors_do() {
        let (sender, events) = mpsc::channel();
        let listen = listener(sender);
        listen(Ok(Event::new(EventKind::Access(AccessKind::Open(AccessMode::Read)))));
        assert_eq!(events.try_iter().count(), 0);
        listen(Ok(Event::new(EventKind::Modify(ModifyKind::Data(DataChange::Any)))));
        listen(Err(notify::Error::generic("events were lost")));
        assert_eq!(events.try_iter().count(), 2);
    }
}
