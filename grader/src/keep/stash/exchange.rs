//! Two renames that happen both or not at all: what stands in lectures/ goes to a stash, something else takes its place.
//!
//! The journal holds where from and where to, and no step: which rename is done shows in what is where, and can't
//! disagree with it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::{
    builds,
    contents::{Contents, Origin, entries},
    disk, evidence,
    places::Places,
};
use crate::{PROGRAM, files::read_toml};

/// An exchange, and the journal of it. Paths are relative to the course's root.
#[derive(Serialize, Deserialize)]
pub struct Exchange {
    /// Why `outgoing` is stashed.
    pub kind: Origin,
    pub chapter: String,
    /// What the user typed.
    pub command: String,
    /// The place in lectures/.
    pub target: PathBuf,
    /// What shall stand there.
    pub incoming: PathBuf,
    /// Where that what stands there goes.
    pub outgoing: PathBuf,
}

impl Exchange {
    /// Carries it out; after an error everything is where it was.
    pub fn run(&self, places: &Places) -> Result<()> {
        let text = toml::to_string(self).context("failed to write the journal")?;
        let renamed = disk::write(&places.journal(), text.as_bytes(), None)
            .and_then(|()| self.rename(places, &self.target, &self.outgoing))
            .and_then(|()| self.rename(places, &self.incoming, &self.target));
        match renamed {
            Ok(()) => self.finish(places),
            Err(error) => {
                self.undo(places)?;
                Err(error)
            }
        }
    }

    fn rename(&self, places: &Places, from: &Path, to: &Path) -> Result<()> {
        disk::rename(&places.root().join(from), &places.root().join(to))
    }

    /// Both renames are done. Can itself be interrupted and done again.
    fn finish(&self, places: &Places) -> Result<()> {
        let outgoing = places.root().join(&self.outgoing);
        if self.kind == Origin::Edits {
            builds::forget(places.root(), &self.chapter)?;
            let is_untouched = match places.read_contents(&places.root().join(&self.incoming)) {
                Ok(kept) => entries(&outgoing).is_ok_and(|now| now == kept.solutions),
                Err(_) => evidence::same_files(&outgoing, &places.solution(&self.chapter)),
            };
            if is_untouched {
                disk::make_folder(&places.scratch())?;
                disk::rename(&outgoing, &places.trash())?;
            }
        }
        if disk::exists(&outgoing) {
            self.list_again(places, &outgoing)?;
        }
        disk::delete(&places.journal())?;
        places.tidy()
    }

    /// An editor may have saved between listing and moving: what counts is what was moved.
    fn list_again(&self, places: &Places, outgoing: &Path) -> Result<()> {
        let (mut contents, now) = (places.read_contents(outgoing)?, entries(outgoing)?);
        if contents.files != now {
            contents.files = now;
            contents.write(outgoing.parent().unwrap_or(outgoing))?;
        }
        Ok(())
    }

    /// The second rename is not done: takes the first one back.
    fn undo(&self, places: &Places) -> Result<()> {
        if places.has(&self.outgoing) && !places.has(&self.target) {
            self.rename(places, &self.outgoing, &self.target).with_context(|| {
                format!("what stood in `{}` is safe in `{}`", self.target.display(), self.outgoing.display())
            })?;
        }
        disk::delete(&places.journal())?;
        places.tidy()
    }

    /// Completes or undoes it after an interruption, and says which.
    fn recover(&self, places: &Places) -> Result<String> {
        let command = format!("an interrupted `{PROGRAM} {}`", self.command);
        let (out, target) = (self.outgoing.display(), self.target.display());
        match (places.has(&self.outgoing), places.has(&self.incoming), places.has(&self.target)) {
            (false, true, _) => {
                self.undo(places)?;
                Ok(format!("{command} had not moved anything yet and was undone; `{target}` is as it was"))
            }
            (true, true, false) => {
                self.rename(places, &self.incoming, &self.target)?;
                self.finish(places)?;
                Ok(format!("{command} was completed; {}", self.whereabouts(places)))
            }
            (true, true, true) => {
                let found = self.clear_target(places)?;
                self.rename(places, &self.incoming, &self.target)?;
                self.finish(places)?;
                let found = places.shown(&found);
                Ok(format!(
                    "{command} was completed; what had been written to `{target}` since is in `{found}`"
                ))
            }
            (_, false, true) => {
                self.finish(places)?;
                Ok(format!("{command} was completed; {}", self.whereabouts(places)))
            }
            (true, false, false) => {
                self.undo(places)?;
                Ok(format!("{command} was undone; what was in `{out}` is in `{target}` again"))
            }
            (false, false, false) => {
                self.undo(places)?;
                Ok(format!(
                    "{command} left nothing to move, and `{target}` is missing; look into the stashes"
                ))
            }
        }
    }

    fn whereabouts(&self, places: &Places) -> String {
        let what = match self.kind {
            Origin::Edits => "what you edited in the solutions",
            _ => "what stood there",
        };
        if places.has(&self.outgoing) {
            format!("{what} is in `{}`", self.outgoing.display())
        } else {
            format!("your files are in `{}` again", self.target.display())
        }
    }

    /// Something was made where our second rename belongs; it is the student's too.
    fn clear_target(&self, places: &Places) -> Result<PathBuf> {
        let target = places.root().join(&self.target);
        let stash = places.new_stash(&Contents::of(&self.chapter, Origin::Found, &self.command, &target)?)?;
        let found = stash.join(target.file_name().unwrap_or_default());
        disk::rename(&target, &found)?;
        Ok(found)
    }
}

/// What is said where a journal makes no sense.
pub fn unreadable(places: &Places, journal: &Path) -> String {
    format!(
        "`{}` can't be read, so what was interrupted can't be completed; nothing is lost: `{PROGRAM} doctor` says where \
         everything is and what to do",
        places.shown(journal)
    )
}

/// Completes or undoes what the journal, if there is one, says was under way.
pub fn recover(places: &Places) -> Result<Option<String>> {
    let journal = places.journal();
    if !disk::exists(&journal) {
        return Ok(None);
    }
    let exchange: Exchange = read_toml(&journal).with_context(|| unreadable(places, &journal))?;
    exchange.recover(places).map(Some)
}
