//! Watching grades every save once, none twice, and survives whatever a save does to files.

use std::{
    cell::{Cell, RefCell},
    fs,
    path::Path,
    sync::mpsc::{self, Receiver, channel},
    time::Duration,
};

use anyhow::{Context, Result, anyhow};
use grader::commands::watch::{fingerprint, repeat, watcher};

/// Runs the loop on events that came before it began and end with it. Round `n`, counted from 1, does `grade(n)`;
/// returns how many rounds there were and what was complained about.
fn rounds(events: usize, content: &Cell<u32>, grade: impl Fn(usize) -> Result<()>) -> (usize, Vec<String>) {
    let (count, complaints) = (Cell::new(0), RefCell::new(Vec::new()));
    let count_and_grade = || {
        count.set(count.get() + 1);
        grade(count.get())
    };
    let complain = |error: &anyhow::Error| complaints.borrow_mut().push(format!("{error:#}"));
    repeat(&queued(events), Duration::ZERO, || content.get(), count_and_grade, complain);
    (count.get(), complaints.into_inner())
}

fn queued(events: usize) -> Receiver<()> {
    let (sender, receiver) = channel();
    (0..events).for_each(|_| sender.send(()).expect("a receiver"));
    receiver
}

fn unreadable() -> Result<()> {
    fs::read("/no/such/file").map(drop).context("failed to read `relu.rs`")
}

#[test]
fn a_save_during_a_run_is_graded_again() {
    let content = Cell::new(0);
    let save_once = |round| {
        content.set(if round == 1 { 7 } else { content.get() });
        Ok(())
    };
    assert_eq!(rounds(0, &content, save_once).0, 2);
    // Also when the event for it comes later.
    content.set(0);
    assert_eq!(rounds(1, &content, save_once).0, 2);
}

#[test]
fn events_without_a_change_are_not_graded() {
    assert_eq!(rounds(5, &Cell::new(0), |_| Ok(())).0, 1);
}

#[test]
fn a_burst_of_events_is_one_round() {
    let (sender, events) = channel();
    let (sender, looks, count) = (RefCell::new(Some(sender)), Cell::new(0), Cell::new(0));
    // Before the first round, after it, and before waiting the content is 0. Then comes a save with three events.
    let look = || {
        looks.set(looks.get() + 1);
        if looks.get() == 3 {
            let sender = sender.take().expect("a sender");
            (0..3).for_each(|_| sender.send(()).expect("a receiver"));
        }
        u32::from(looks.get() > 3)
    };
    let grade = || {
        count.set(count.get() + 1);
        Ok(())
    };
    repeat(&events, Duration::from_millis(1), look, grade, |error| panic!("{error:#}"));
    assert_eq!(count.get(), 2);
}

#[test]
fn an_error_is_shown_and_watching_goes_on() {
    let content = Cell::new(0);
    let grade = |round| match round {
        1 => Err(anyhow!("`exercises.toml` is not what it should be")),
        _ => Ok(()),
    };
    assert_eq!(rounds(0, &content, grade).1, ["`exercises.toml` is not what it should be"]);
    let saved_meanwhile = |round| {
        content.set(1);
        grade(round)
    };
    assert_eq!(rounds(0, &content, saved_meanwhile), (2, Vec::new()));
}

#[test]
fn a_file_that_is_missing_for_a_moment_is_read_again() {
    let content = Cell::new(0);
    assert_eq!(rounds(0, &content, |round| if round == 1 { unreadable() } else { Ok(()) }), (2, Vec::new()));
}

#[test]
fn a_file_that_stays_missing_is_told_once() {
    let (count, complaints) = rounds(3, &Cell::new(0), |_| unreadable());
    assert_eq!((count, complaints.len()), (3, 1));
    assert!(complaints[0].starts_with("failed to read `relu.rs`"), "{complaints:?}");
}

#[test]
fn sources_and_lists_of_exercises_count_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::create_dir_all(path("tricks/src")).expect("a folder");
    let changes = |name: &str, text: &str| {
        let before = fingerprint(folder.path());
        fs::write(path(name), text).expect("a file");
        fingerprint(folder.path()) != before
    };
    assert!(changes("tricks/src/relu.rs", "1"));
    assert!(changes("tricks/src/relu.rs", "2"));
    assert!(!changes("tricks/src/relu.rs", "2"));
    assert!(changes("tricks/exercises.toml", "1"));
    for dropping in ["relu.rs~", ".relu.rs.swp", ".#relu.rs", "#relu.rs#", "4913", "notes.md"] {
        assert!(!changes(&format!("tricks/src/{dropping}"), "1"), "{dropping}");
    }
    let before = fingerprint(folder.path());
    fs::rename(path("tricks/src/relu.rs~"), path("tricks/src/relu.rs")).expect("a rename");
    assert_ne!(fingerprint(folder.path()), before);
    fs::remove_file(path("tricks/src/relu.rs")).expect("a file");
    assert_ne!(fingerprint(folder.path()), before);
    // A link counts as what it leads to.
    std::os::unix::fs::symlink("../notes.txt", path("tricks/src/linked.rs")).expect("a link");
    assert!(changes("tricks/notes.txt", "1") && changes("tricks/notes.txt", "2"));
}

/// Writes a file and waits for the event.
fn is_seen(folder: &Path, poll: bool) -> bool {
    let (sender, events) = mpsc::channel();
    let _watcher = watcher(folder, poll, sender).expect("a watcher");
    fs::write(folder.join("relu.rs"), format!("{poll}")).expect("a file");
    events.recv_timeout(Duration::from_secs(20)).is_ok()
}

#[test]
fn both_kinds_of_watcher_see_a_save() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(is_seen(folder.path(), false));
    assert!(is_seen(folder.path(), true));
}
