//! `restore`: what `submit` packed comes into this copy of the course: sources, hints, attempts and answers.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::{
    Session,
    solutions::{open, shown},
};
use crate::{
    clean::clean,
    exit::Exit,
    grade::Grader,
    hand_in::{bundle, submission::Submission},
    keep::state::{self, State},
    report::{put_json, putln},
};

/// Brings back what `archive` holds. What stands in its way goes to a stash.
pub fn restore(session: &Session, archive: &Path) -> Result<Exit> {
    let mut parcels = bundle::open(session.course, archive)?.parcels;
    let place = archive.display();
    ensure!(parcels.len() < 2, "`{place}` holds {} submissions: name one that `submit` wrote", parcels.len());
    let parcel = parcels.pop().with_context(|| format!("there is nothing of the course in `{place}`"))?;
    let submitted = Submission::of(session.course, parcel.files);
    let grader = Grader::new(session.course, session.events)?;
    let stash = open(&grader.paths)?;
    let (mut back, mut kept) = (Vec::new(), Vec::new());
    for (chapter, tree) in &submitted.trees {
        for (file, text) in &tree.files {
            let target = grader.paths.lecture(chapter).join(file);
            if fs::read(&target).is_ok_and(|now| now == text.as_bytes()) {
                continue;
            }
            let old = stash.replace(chapter, file, text, format!("restore {}", archive.display()))?;
            kept.extend(old.map(|old| shown(&grader.paths, &old)));
            back.push(shown(&grader.paths, &target));
        }
    }
    let remembered = submitted.history.as_deref().map(|history| remember(session, history)).transpose()?;
    if session.common.json {
        let findings = &submitted.findings;
        put_json(&json!({ "format": 1, "back": back, "stashed": kept, "findings": findings }));
        return Ok(Exit::Done);
    }
    match &back[..] {
        [] => putln!("nothing to do: lectures/ says the same already"),
        back => putln!("brought back: {}", back.join(", ")),
    }
    if !kept.is_empty() {
        putln!("what stood there is in {}", kept.join(", "));
    }
    if let Some(count) = remembered {
        putln!("hints, attempts and answers of {count} exercises are remembered here, too");
    }
    for finding in &submitted.findings {
        putln!("{} {}", session.style.bad("note:"), clean(finding));
    }
    Ok(Exit::Done)
}

/// Adds a history to the one that is here; of how many exercises it is.
fn remember(session: &Session, history: &str) -> Result<usize> {
    let other: State = toml::from_str(history).context("the archive's history can't be read")?;
    let count = other.len();
    state::update(&session.paths, |state| state.merge(other))?;
    Ok(count)
}
