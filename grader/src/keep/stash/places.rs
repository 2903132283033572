//! Where everything of the stash lies, and which stashes there are. Moves nothing of the student's.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use time::{OffsetDateTime, macros::format_description};

use super::{
    contents::{Contents, FILE, Origin, is_ours},
    disk, evidence,
};
use crate::{
    files::read_toml,
    paths::{PERSONAL, Paths, UPDATE_JOURNAL},
};

/// The name under which `update` keeps what it replaces, beside those of chapters.
pub const UPDATE: &str = "update";

/// A stash.
#[derive(Debug)]
pub struct Deposit {
    /// Where it lies, the payload and what it says about itself.
    pub folder: PathBuf,
    /// What was moved into it.
    pub payload: PathBuf,
    /// What it says about itself; `None` if that was deleted or can't be read.
    pub contents: Option<Contents>,
}

/// The places below the course's root.
pub struct Places {
    paths: Paths,
}

impl Places {
    pub fn new(paths: &Paths) -> Self {
        Self { paths: paths.clone() }
    }

    pub fn root(&self) -> &Path {
        self.paths.root()
    }

    /// `.crash-course`.
    pub fn top(&self) -> PathBuf {
        self.root().join(PERSONAL)
    }

    /// There while an exchange is under way.
    pub fn journal(&self) -> PathBuf {
        self.top().join("journal.toml")
    }

    /// There while many files change.
    pub fn batch(&self) -> PathBuf {
        self.top().join(UPDATE_JOURNAL)
    }

    /// The grader's program while its sources change.
    pub fn rescue(&self) -> PathBuf {
        self.scratch().join("grader")
    }

    /// What is about to be put in, or to be deleted: copies of ours, never the only copy of anything.
    pub fn scratch(&self) -> PathBuf {
        self.top().join("scratch")
    }

    /// Where what shall stand at `target` is prepared.
    pub fn incoming(&self, target: &Path) -> PathBuf {
        self.scratch().join("incoming").join(target.file_name().unwrap_or_default())
    }

    pub fn lecture(&self, chapter: &str) -> PathBuf {
        self.paths.lecture(chapter)
    }

    /// The student's source folder.
    pub fn source(&self, chapter: &str) -> PathBuf {
        self.lecture(chapter).join("src")
    }

    pub fn solution(&self, chapter: &str) -> PathBuf {
        self.paths.solution(chapter).join("src")
    }

    /// As the journal names it, so that a course that was moved elsewhere can still be recovered.
    pub fn relative(&self, path: &Path) -> PathBuf {
        path.strip_prefix(self.root()).unwrap_or(path).to_owned()
    }

    pub fn shown(&self, path: &Path) -> String {
        self.relative(path).display().to_string()
    }

    /// Makes a dated folder that says what is about to come into it.
    pub fn new_stash(&self, contents: &Contents) -> Result<PathBuf> {
        let format = format_description!("[year]-[month]-[day]T[hour]-[minute]-[second]Z");
        let stamp = OffsetDateTime::now_utc().format(format).context("failed to write the date")?;
        let above = self.top().join("stash").join(&contents.chapter);
        disk::make_folder(&above)?;
        let mut names = (1..).map(|n| above.join(format!("{stamp}-{n:02}")));
        let folder = names.find(|folder| !disk::exists(folder)).context("too many stashes in a second")?;
        disk::make_folder(&folder)?;
        contents.write(&folder)?;
        Ok(folder)
    }

    /// The stashes of `chapter` that hold something, oldest first.
    pub fn stashes(&self, chapter: &str) -> Result<Vec<Deposit>> {
        let mut stashes = Vec::new();
        for folder in disk::names(&self.top().join("stash").join(chapter))? {
            if let Some(payload) = disk::names(&folder)?.into_iter().find(|path| !is_ours(path)) {
                let contents = read_toml(&folder.join(FILE)).ok();
                stashes.push(Deposit { folder, payload, contents });
            }
        }
        Ok(stashes)
    }

    /// The stash in which the student's files wait for the solutions to go.
    ///
    /// # Errors
    /// When what a stash said about itself is lost, and its files leave open whether it is that one.
    pub fn waiting(&self, chapter: &str) -> Result<Option<Deposit>> {
        let is_waiting =
            |kept: &Deposit| kept.contents.as_ref().is_some_and(|contents| contents.kind == Origin::Yours);
        let mut stashes = self.stashes(chapter)?;
        if let Some(at) = stashes.iter().rposition(is_waiting) {
            return Ok(Some(stashes.swap_remove(at)));
        }
        // A whole source folder is stashed by nothing but a swap.
        stashes.retain(|kept| kept.contents.is_none() && kept.payload.ends_with("src"));
        match stashes.pop() {
            Some(kept) => evidence::waits(self, chapter, &kept).map(|waits| waits.then_some(kept)),
            None => Ok(None),
        }
    }

    /// Removes what is ours and of no more use: the scratch folder, and stashes from which all is gone. To be
    /// called when no journal is there.
    pub fn tidy(&self) -> Result<()> {
        disk::delete(&self.scratch())?;
        for chapter in disk::names(&self.top().join("stash"))? {
            for folder in disk::names(&chapter)? {
                if folder.is_dir() && disk::names(&folder)?.iter().all(|path| is_ours(path)) {
                    disk::delete(&folder)?;
                }
            }
        }
        Ok(())
    }

    /// What stashed things say about where they come from.
    pub fn read_contents(&self, payload: &Path) -> Result<Contents> {
        read_toml(&payload.parent().unwrap_or(payload).join(FILE))
    }

    /// A place for something to be deleted.
    pub fn trash(&self) -> PathBuf {
        self.scratch().join("trash")
    }

    /// Whether anything stands at a place that a journal names.
    pub fn has(&self, relative: &Path) -> bool {
        fs::symlink_metadata(self.root().join(relative)).is_ok()
    }
}
