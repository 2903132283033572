//! Keeps what a student wrote. Whatever stands where a command wants to write is first moved, by rename, into a dated
//! folder `.crash-course/stash/<chapter>/<when>-<n>/`: outside `target/`, where `cargo clean` would take it along.
//!
//! `exchange` moves things under a journal and completes or undoes what was interrupted, `batch` does so with many files,
//! `disk` does the single steps, `contents` says what a stash holds, `evidence` tells where that is lost, `builds` makes cargo look again. What is written, and every word that a user
//! reads about a success, is left to the commands.

mod batch;
mod builds;
mod contents;
mod disk;
mod evidence;
mod exchange;
mod places;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{PROGRAM, files::read_toml, locking, paths::Paths};
use batch::Batch;
pub use batch::{Change, Content};
use contents::entries;
pub use contents::{Contents, Entry, Origin};
use exchange::Exchange;
use places::Places;
pub use places::{Deposit, UPDATE};

/// The stash, open for one grader at a time; nothing in it is half done.
pub struct Stash {
    places: Places,
    /// What was completed or undone when it was opened.
    pub recovered: Option<Recovery>,
    _lock: File,
}

/// What was completed or undone after an interruption.
#[derive(Debug)]
pub struct Recovery {
    /// In a sentence.
    pub says: String,
    /// Whether the course, and with it the grader, is another one now.
    pub is_other_course: bool,
}

/// Completes or undoes what an interrupted grader left. Costs a look at two files when all is well.
pub fn recover(paths: &Paths) -> Result<Option<Recovery>> {
    let places = Places::new(paths);
    let is_interrupted = disk::exists(&places.journal()) || disk::exists(&places.batch());
    if is_interrupted { Ok(Stash::open(paths)?.recovered) } else { Ok(None) }
}

/// The files of `chapter` in lectures/ that are the solutions' to the byte, and not so in the sealed stubs: `stubs` by path.
pub fn solutions_among(paths: &Paths, chapter: &str, stubs: &BTreeMap<PathBuf, String>) -> Vec<PathBuf> {
    let read = |folder: PathBuf, file: &Path| fs::read(folder.join(file)).ok();
    let is_solution = |file: &Path, stub: &str| {
        let solution = read(paths.solution(chapter), file).filter(|solution| solution != stub.as_bytes());
        solution.is_some() && read(paths.lecture(chapter), file) == solution
    };
    stubs.iter().filter(|(file, stub)| is_solution(file, stub)).map(|(file, _)| file.clone()).collect()
}

/// The journals that make no sense, so that nobody can complete what they are of.
pub fn unreadable_journals(paths: &Paths) -> Vec<PathBuf> {
    let places = Places::new(paths);
    let (journal, batch) = (places.journal(), places.batch());
    let mut unreadable = Vec::new();
    if disk::exists(&journal) && read_toml::<Exchange>(&journal).is_err() {
        unreadable.push(journal);
    }
    if disk::exists(&batch) && read_toml::<Batch>(&batch).is_err() {
        unreadable.push(batch);
    }
    unreadable
}

/// The grader's program as it was before an update, as long as one is under way.
pub fn rescue(paths: &Paths) -> PathBuf {
    Places::new(paths).rescue()
}

/// The stashes of `chapter`, oldest first.
pub fn list(paths: &Paths, chapter: &str) -> Result<Vec<Deposit>> {
    Places::new(paths).stashes(chapter)
}

/// The stash in which the student's files wait while the solutions of `chapter` are in.
///
/// No mark of its own says so, which could be wrong after an interruption: the files are there, or they are not.
pub fn waiting(paths: &Paths, chapter: &str) -> Result<Option<Deposit>> {
    Places::new(paths).waiting(chapter)
}

impl Stash {
    /// Waits until no other grader moves anything, then completes or undoes what one left unfinished.
    pub fn open(paths: &Paths) -> Result<Self> {
        let places = Places::new(paths);
        disk::make_folder(&places.top())?;
        let path = places.top().join("lock");
        let lock = File::create(&path).with_context(|| format!("failed to open `{}`", path.display()))?;
        locking::lock(&lock, || ()).with_context(|| format!("failed to lock `{}`", path.display()))?;
        let recovered = match batch::recover(&places)? {
            Some((says, is_other_course)) => Some(Recovery { says, is_other_course }),
            None => exchange::recover(&places)?.map(|says| Recovery { says, is_other_course: false }),
        };
        places.tidy()?;
        Ok(Self { places, recovered, _lock: lock })
    }

    /// Puts the solutions of `chapter` into its lecture and returns where the student's files are now.
    pub fn put_in(&self, chapter: &str) -> Result<PathBuf> {
        let (target, solutions) = (self.places.source(chapter), self.places.solution(chapter));
        ensure!(self.places.waiting(chapter)?.is_none(), "the solutions of `{chapter}` are in already");
        ensure!(
            is_folder(&target)?,
            "`{}` is missing, so there is nothing of yours to keep: bring it back, then swap",
            self.places.shown(&target)
        );
        ensure!(
            is_folder(&solutions)?,
            "there is no `{}`: this copy of the course came without solutions for `{chapter}`",
            self.places.shown(&solutions)
        );
        let incoming = self.places.incoming(&target);
        let command = format!("solutions in {chapter}");
        self.prepared(|| {
            disk::copy(&solutions, &incoming)?;
            let mut contents = Contents::of(chapter, Origin::Yours, &command, &target)?;
            contents.solutions = entries(&incoming)?;
            self.places.new_stash(&contents)
        })
        .and_then(|stash| self.exchange(Origin::Yours, chapter, command, &target, &incoming, &stash))
    }

    /// Brings the student's files of `chapter` back and returns where the edits made to the solutions are, if there are any.
    pub fn take_out(&self, chapter: &str) -> Result<Option<PathBuf>> {
        let Some(kept) = self.places.waiting(chapter)? else {
            bail!("the solutions of `{chapter}` are not in");
        };
        let (target, command) = (self.places.source(chapter), format!("solutions out {chapter}"));
        if !is_folder(&target)? {
            disk::rename(&kept.payload, &target)?;
            builds::forget(self.places.root(), chapter)?;
            self.places.tidy()?;
            return Ok(None);
        }
        let stash = self
            .prepared(|| self.places.new_stash(&Contents::of(chapter, Origin::Edits, &command, &target)?))?;
        let outgoing = self.exchange(Origin::Edits, chapter, command, &target, &kept.payload, &stash)?;
        Ok(disk::exists(&outgoing).then_some(outgoing))
    }

    /// Gives `file` of `chapter` the text `text` and returns where the old one is, if there was one.
    pub fn replace(
        &self,
        chapter: &str,
        file: &Path,
        text: &str,
        command: String,
    ) -> Result<Option<PathBuf>> {
        ensure!(
            self.places.waiting(chapter)?.is_none(),
            "the solutions of `{chapter}` are in, your files are in a stash; `{PROGRAM} solutions out {chapter}` brings them back first"
        );
        let source = self.places.source(chapter);
        if !is_folder(&source)? {
            disk::make_folder(&source)?;
        }
        let target = self.places.lecture(chapter).join(file);
        let mode = mode_of_file(&target)?;
        let incoming = self.places.incoming(&target);
        let prepared = self.prepared(|| {
            disk::write(&incoming, text.as_bytes(), mode)?;
            let stash = || self.places.new_stash(&Contents::of(chapter, Origin::Old, &command, &target)?);
            mode.map(|_| stash()).transpose()
        })?;
        match prepared {
            Some(stash) => self.exchange(Origin::Old, chapter, command, &target, &incoming, &stash).map(Some),
            None => {
                disk::make_folder(target.parent().unwrap_or(&target))?;
                disk::rename(&incoming, &target)?;
                self.places.tidy().map(|()| None)
            }
        }
    }

    /// Makes all changes or none and returns the folder with what stood in their places, if anything did.
    ///
    /// `ready` is told once everything lies beside its place, and nothing of the student's has moved yet.
    pub fn change_all(
        &self,
        command: &str,
        changes: Vec<Change>,
        ready: impl FnOnce(),
    ) -> Result<Option<PathBuf>> {
        let batch = self.prepared(|| Batch::prepare(&self.places, command, changes))?;
        ready();
        batch.run(&self.places)
    }

    /// Nothing of the student's has moved while `prepare` runs; when it fails, what it made is cleared away.
    fn prepared<T>(&self, prepare: impl FnOnce() -> Result<T>) -> Result<T> {
        disk::make_folder(&self.places.scratch())?;
        prepare().inspect_err(|_| {
            // The disk may be full: making room may help, failing to must not hide why.
            let _ = self.places.tidy();
        })
    }

    fn exchange(
        &self,
        kind: Origin,
        chapter: &str,
        command: String,
        target: &Path,
        incoming: &Path,
        stash: &Path,
    ) -> Result<PathBuf> {
        let outgoing = stash.join(target.file_name().unwrap_or_default());
        let exchange = Exchange {
            kind,
            chapter: chapter.to_owned(),
            command,
            target: self.places.relative(target),
            incoming: self.places.relative(incoming),
            outgoing: self.places.relative(&outgoing),
        };
        exchange.run(&self.places)?;
        Ok(outgoing)
    }
}

/// Whether a folder is there; a link or a file in its place is refused.
fn is_folder(path: &Path) -> Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(true),
        Ok(metadata) if metadata.is_symlink() => {
            bail!(
                "`{}` is a link, which can't be swapped safely: put the folder itself there",
                path.display()
            )
        }
        Ok(_) => bail!("`{}` is not a folder", path.display()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).with_context(|| format!("failed to look at `{}`", path.display())),
    }
}

/// The permissions of a file, `None` where there is none; a link or a folder in its place is refused.
fn mode_of_file(path: &Path) -> Result<Option<u32>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Some(contents::mode(&metadata))),
        Ok(_) => bail!("`{}` is a link or a folder: put a file there", path.display()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("failed to look at `{}`", path.display())),
    }
}
