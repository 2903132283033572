//! Many files that change all or not at all: what stands at each place goes to one stash, something else takes its place.
//!
//! As with an exchange the journal holds no step: how far it came shows in what is where. After an interruption it is
//! completed; only where what shall come in is gone, too, is it undone.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::{
    contents::{Contents, Origin, entries, mode},
    disk,
    exchange::unreadable,
    places::{Places, UPDATE},
};
use crate::{
    PROGRAM,
    files::{read_toml, sha256},
};

/// What shall be at a place.
#[derive(Debug)]
pub struct Change {
    /// The place, from the course's root.
    pub target: PathBuf,
    /// What shall stand there; nothing where the place shall be empty.
    pub content: Option<Content>,
}

/// What shall stand at a place.
#[derive(Debug)]
pub enum Content {
    /// A copy of this file.
    Copy(PathBuf),
    /// This text, with the permissions of what stands there now.
    Text(String),
}

/// Changes under way, and the journal of them. Paths are relative to the course's root.
#[derive(Serialize, Deserialize)]
pub struct Batch {
    command: String,
    stash: PathBuf,
    moves: Vec<Move>,
}

#[derive(Serialize, Deserialize)]
struct Move {
    target: PathBuf,
    /// The hash of what comes in, if something does.
    comes: Option<String>,
    /// Whether something stood there that goes to the stash.
    goes: bool,
}

impl Batch {
    /// Makes everything ready beside its place. Nothing of the student's has moved yet.
    pub fn prepare(places: &Places, command: &str, changes: Vec<Change>) -> Result<Self> {
        let mut batch = Self { command: command.to_owned(), stash: PathBuf::new(), moves: Vec::new() };
        let mut stashed = Vec::new();
        for Change { target, content } in changes {
            let (place, incoming) = (places.root().join(&target), incoming(places, &target));
            let metadata = fs::symlink_metadata(&place).ok();
            disk::make_folder(incoming.parent().unwrap_or(&incoming))?;
            match &content {
                Some(Content::Copy(from)) => disk::copy(from, &incoming)?,
                Some(Content::Text(text)) => {
                    disk::write(&incoming, text.as_bytes(), metadata.as_ref().map(mode))?
                }
                None => {}
            }
            let comes = content.is_some().then(|| hash(&incoming)).transpose()?;
            stashed.extend(metadata.is_some().then(|| entries(&place)).transpose()?.into_iter().flatten());
            batch.moves.push(Move { target, comes, goes: metadata.is_some() });
        }
        if batch.moves.iter().any(|change| is_program(&change.target)) {
            keep_grader(places)?;
        }
        batch.stash =
            places.relative(&places.new_stash(&Contents::new(UPDATE, Origin::Old, command, stashed)?)?);
        Ok(batch)
    }

    /// Carries it out; after an error everything is where it was. Returns where what stood there is now, if anything did.
    pub fn run(&self, places: &Places) -> Result<Option<PathBuf>> {
        let text = toml::to_string(self).context("failed to write the journal")?;
        let written = disk::write(&places.batch(), text.as_bytes(), None);
        written.and_then(|()| self.complete(places)).or_else(|error| self.undo(places).and(Err(error)))
    }

    fn complete(&self, places: &Places) -> Result<Option<PathBuf>> {
        for change in &self.moves {
            self.carry_out(places, change)?;
        }
        let stashed = self.stashed(places);
        if disk::exists(&stashed) {
            let contents: Contents = places.read_contents(&stashed)?;
            Contents { files: entries(&stashed)?, ..contents }.write(stashed.parent().unwrap_or(&stashed))?;
        }
        for change in self.moves.iter().filter(|change| change.comes.is_none()) {
            remove_empty_folders(places, &change.target);
        }
        disk::delete(&places.batch())?;
        places.tidy()?;
        Ok(Some(stashed).filter(|stashed| disk::exists(stashed)))
    }

    /// Can be interrupted and done again.
    fn carry_out(&self, places: &Places, change: &Move) -> Result<()> {
        let (target, incoming) = (places.root().join(&change.target), incoming(places, &change.target));
        let outgoing = self.stashed(places).join(&change.target);
        let comes = change.comes.is_some() && disk::exists(&incoming);
        if disk::exists(&target) && (comes || change.comes.is_none()) {
            if change.goes && !disk::exists(&outgoing) {
                disk::make_folder(outgoing.parent().unwrap_or(&outgoing))?;
                disk::rename(&target, &outgoing)?;
            } else if comes {
                self.clear(places, &change.target)?;
            }
        }
        if comes {
            disk::make_folder(target.parent().unwrap_or(&target))?;
            disk::rename(&incoming, &target)?;
        }
        Ok(())
    }

    /// Something was made where ours belongs; it is the student's.
    fn clear(&self, places: &Places, target: &Path) -> Result<()> {
        let place = places.root().join(target);
        let contents = Contents::new(UPDATE, Origin::Found, &self.command, entries(&place)?)?;
        let found = places.new_stash(&contents)?.join("files").join(target);
        disk::make_folder(found.parent().unwrap_or(&found))?;
        disk::rename(&place, &found)
    }

    fn undo(&self, places: &Places) -> Result<()> {
        for change in self.moves.iter().rev() {
            let (target, incoming) = (places.root().join(&change.target), incoming(places, &change.target));
            let outgoing = self.stashed(places).join(&change.target);
            let is_out = change.goes && disk::exists(&outgoing);
            let is_in = change.comes.is_some() && !disk::exists(&incoming) && disk::exists(&target);
            if is_in && (is_out || !change.goes) {
                let is_ours = hash(&target).ok() == change.comes;
                if is_ours {
                    disk::make_folder(incoming.parent().unwrap_or(&incoming))?;
                    disk::rename(&target, &incoming)?;
                } else if is_out {
                    self.clear(places, &change.target)?;
                }
            }
            if is_out && !disk::exists(&target) {
                disk::rename(&outgoing, &target)?;
            }
        }
        disk::prune(&self.stashed(places))?;
        disk::delete(&places.batch())?;
        places.tidy()
    }

    /// Whether everything that is still to come in is there.
    fn is_whole(&self, places: &Places) -> bool {
        self.moves.iter().all(|change| {
            let is_in = || {
                disk::exists(&places.root().join(&change.target))
                    && (!change.goes || disk::exists(&self.stashed(places).join(&change.target)))
            };
            change.comes.is_none() || disk::exists(&incoming(places, &change.target)) || is_in()
        })
    }

    fn stashed(&self, places: &Places) -> PathBuf {
        places.root().join(&self.stash).join("files")
    }
}

/// Completes or undoes what the journal, if there is one, says was under way; whether the course is another one now.
pub fn recover(places: &Places) -> Result<Option<(String, bool)>> {
    let journal = places.batch();
    if !disk::exists(&journal) {
        return Ok(None);
    }
    let batch: Batch = read_toml(&journal).with_context(|| unreadable(places, &journal))?;
    let command = format!("an interrupted `{PROGRAM} {}`", batch.command);
    if !batch.is_whole(places) {
        batch.undo(places)?;
        return Ok(Some((format!("{command} was undone; everything is as it was"), false)));
    }
    let stashed = batch.complete(places)?;
    let place = stashed.map(|place| format!("; what stood there before is in `{}`", places.shown(&place)));
    Ok(Some((format!("{command} was completed{}", place.unwrap_or_default()), true)))
}

fn incoming(places: &Places, target: &Path) -> PathBuf {
    places.scratch().join("incoming").join(target)
}

fn hash(path: &Path) -> Result<String> {
    Ok(sha256(fs::read(path).with_context(|| format!("failed to read `{}`", path.display()))?))
}

/// Whether the grader is built from it.
fn is_program(target: &Path) -> bool {
    let is_manifest = target.file_name().is_some_and(|name| name == "Cargo.toml" || name == "Cargo.lock");
    is_manifest
        || target.extension().is_some_and(|extension| extension == "rs") && !target.starts_with("lectures")
}

/// Halfway through, cargo may not be able to build the grader that completes it.
fn keep_grader(places: &Places) -> Result<()> {
    let this = env::current_exe().context("failed to find the grader's program")?;
    let kept = places.rescue();
    disk::delete(&kept)?;
    fs::hard_link(&this, &kept)
        .or_else(|_| fs::copy(&this, &kept).map(|_| ()))
        .context("failed to keep the grader's program")
}

/// What is not empty stays; nobody misses the others.
fn remove_empty_folders(places: &Places, target: &Path) {
    let above = target.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    for folder in above {
        if fs::remove_dir(places.root().join(folder)).is_err() {
            return;
        }
    }
}
