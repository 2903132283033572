//! Snapshots of layer outputs: recording compares golden values and solutions with them, reviewing is insta's own tool.
//!
//! A first snapshot is written where golden values and solution agree: there is nothing to look at. Any other difference becomes
//! pending, beside the snapshot, as insta has it.

use std::{env, ffi::OsString, fs, path::Path};

use anyhow::{Context, Result};
use serde_json::json;

use super::{PROGRAM, Session};
use crate::{
    cli::Snapshots,
    course::Exercise,
    events::Event,
    examine::snapshot,
    exit::Exit,
    files::write_whole,
    grade::{
        Grader,
        snapshots::{Standing, standings},
    },
    paths::Paths,
    process::tool,
    report::{put_json, putln, tell},
};

const FOLDER: &str = "grader/snapshots";

/// Records or reviews.
pub fn snapshots(session: &Session, action: &Snapshots) -> Result<Exit> {
    super::refuse_without_authors("snapshots")?;
    match action {
        Snapshots::Record { ids } => record(session, ids),
        Snapshots::Review => review(session),
    }
}

/// Writes first snapshots, and makes every other difference pending.
fn record(session: &Session, ids: &[String]) -> Result<Exit> {
    let selected = session.selected(ids)?;
    let grader = Grader::new(session.course, session.events)?;
    let (mut recorded, mut unanswered) = (Vec::new(), Vec::new());
    session.events.hear(Event::Comparing);
    for chapter in &session.course.chapters {
        let of_chapter = selected.iter().copied().filter(|exercise| exercise.chapter == chapter.name);
        let wanted: Vec<&Exercise> = of_chapter.collect();
        for standing in standings(&grader, chapter, &wanted)? {
            let id = standing.exercise.full_id();
            if let Err(message) = &standing.answer {
                unanswered.push(format!("the solution of `{id}` gives no answer: {message}"));
            }
            if keep(&grader.paths, &standing)? {
                recorded.push(id);
            }
        }
    }
    session.events.hear(Event::Finished);
    let pending = pending(&session.course.root.join(FOLDER))?;
    let compared = unanswered.is_empty();
    if session.common.json {
        put_json(&json!({ "format": 1, "compared": compared, "recorded": recorded, "pending": pending }));
    } else {
        recorded
            .iter()
            .for_each(|id| putln!("{} recorded the first snapshot of {id}", session.style.good("✓")));
        if compared {
            putln!("{}", summary(session, &pending));
        }
    }
    unanswered.iter().for_each(|line| tell(line));
    Ok(if compared { Exit::Done } else { Exit::Broken })
}

/// Puts on the disk what follows from how an exercise stands; whether that is its first snapshot.
fn keep(paths: &Paths, standing: &Standing) -> Result<bool> {
    let file = snapshot::file(paths, standing.exercise);
    let pending = file.with_extension("snap.new");
    let is_first = standing.recorded.is_none() && standing.is_solved();
    let document = |text: &str| snapshot::document(&standing.golden, text);
    if is_first {
        write_whole(&file, document(&standing.golden.text()).as_bytes())?;
    }
    match standing.in_doubt().filter(|_| !is_first) {
        Some(text) => write_whole(&pending, document(&text).as_bytes())?,
        // What was pending is settled.
        None if pending.is_file() => {
            fs::remove_file(&pending).with_context(|| format!("failed to remove `{}`", pending.display()))?
        }
        None => {}
    }
    Ok(is_first)
}

fn summary(session: &Session, pending: &[String]) -> String {
    if pending.is_empty() {
        return format!(
            "{} no snapshot is pending: golden values, snapshots and solutions agree",
            session.style.good("✓")
        );
    }
    let names: String = pending.iter().map(|name| format!("\n  {FOLDER}/{name}")).collect();
    let review = session.style.command(&format!("{PROGRAM} snapshots review"));
    let count = if pending.len() == 1 {
        "1 snapshot is".to_owned()
    } else {
        format!("{} snapshots are", pending.len())
    };
    format!("{count} pending:{names}\n  look at them: {review}")
}

/// The pending snapshots' files.
fn pending(folder: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(|| format!("failed to read `{}`", folder.display()))?,
    };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut pending: Vec<String> = names.filter(|name| name.ends_with(".snap.new")).collect();
    pending.sort();
    Ok(pending)
}

/// Hands the terminal over to `cargo insta review`, or says where to get it.
fn review(session: &Session) -> Result<Exit> {
    let root = &session.course.root;
    let version = tool::run(cargo(), &["insta", "--version"], root, env::vars_os(), &mut |_| {}, &mut |_| {});
    if !version.context("failed to start cargo")?.success() {
        let pending = pending(&root.join(FOLDER))?.len();
        putln!("Reviewing needs cargo-insta, which is not installed. {pending} pending. Get it once:");
        putln!("  {}", session.style.command("cargo install cargo-insta"));
        putln!("then run `{PROGRAM} snapshots review` again.");
        return Ok(Exit::Broken);
    }
    let error = tool::become_tool(cargo(), &["insta", "review"], root);
    Err(error).context("failed to start `cargo insta review`")
}

fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
