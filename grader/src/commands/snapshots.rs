//! Snapshots of layer outputs: recording compares golden values and solutions with them, reviewing is insta's own tool.
//!
//! The comparison is the test `grader/tests/snapshots.rs`; this file only starts it and counts what it left.

use std::{env, ffi::OsString, fs, path::Path};

use anyhow::{Context, Result};
use serde_json::json;

use super::{PROGRAM, Session};
use crate::{cli::Snapshots, course::Exercise, exit::Exit, process::tool};
use crate::{
    events::Event,
    report::{put_json, putln, tell},
};

/// Names the exercises that the test looks at.
const WANTED: &str = "CRASH_COURSE_SNAPSHOTS";
const FOLDER: &str = "grader/snapshots";

/// Records or reviews.
pub fn snapshots(session: &Session, action: &Snapshots) -> Result<Exit> {
    super::refuse_without_authors("snapshots")?;
    match action {
        Snapshots::Record { ids } => record(session, ids),
        Snapshots::Review => review(session),
    }
}

/// Runs the test so that every difference becomes a pending snapshot, and none a failure.
fn record(session: &Session, ids: &[String]) -> Result<Exit> {
    let wanted: Vec<String> = session.selected(ids)?.into_iter().map(Exercise::full_id).collect();
    let root = &session.course.root;
    session.events.hear(Event::Comparing);
    let set = [("INSTA_UPDATE", "new"), ("INSTA_FORCE_PASS", "1"), ("INSTA_OUTPUT", "none")];
    let mut environment: Vec<(OsString, OsString)> =
        env::vars_os().filter(|(name, _)| !name.to_string_lossy().starts_with("INSTA_")).collect();
    environment.extend(set.map(|(name, value)| (name.into(), value.into())));
    environment.push((WANTED.into(), wanted.join(",").into()));
    let arguments = ["test", "--package=grader", "--test=snapshots", "--quiet"];
    let mut said = String::new();
    let mut errors = String::new();
    let status = tool::run(
        cargo(),
        &arguments,
        root,
        environment,
        &mut |line| said += &format!("{line}\n"),
        &mut |line| errors += &format!("{line}\n"),
    );
    session.events.hear(Event::Finished);
    let status = status.context("failed to start cargo")?;
    let pending = pending(&root.join(FOLDER))?;
    if session.common.json {
        put_json(&json!({ "format": 1, "compared": status.success(), "pending": pending }));
    } else if status.success() {
        putln!("{}", summary(session, &pending));
    }
    if status.success() {
        return Ok(Exit::Done);
    }
    tell(format!("{errors}{said}").trim_end());
    Ok(Exit::Broken)
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
