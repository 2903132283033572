//! Where the grader keeps what it makes: everything lies under `target/grader/`, out of the student's way.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::device::Device;

/// What belongs to the student and is no source; `cargo clean` leaves it alone.
pub const PERSONAL: &str = ".crash-course";

/// Packages beside the chapters that nobody writes in.
const GIVEN: [&str; 3] = ["lectures/book", "lectures/figures", "lectures/toolkit"];

/// Whether a path from the course's root, with slashes, lies in a package that stands beside the chapters and is no chapter.
pub fn is_given(path: &str) -> bool {
    GIVEN.iter().any(|folder| path.strip_prefix(folder).is_some_and(|below| below.starts_with('/')))
}

/// The variable that names another place for what the grader makes: machines that share a course build side by side by it.
pub const WORK: &str = "CRASH_COURSE_WORK";

/// The journal of an update.
pub const UPDATE_JOURNAL: &str = "update.toml";

/// The folders and files below the course's root.
#[derive(Clone, Debug)]
pub struct Paths {
    root: PathBuf,
    work: PathBuf,
}

impl Paths {
    /// For the course below `root`.
    pub fn new(root: &Path) -> Self {
        let work = env::var_os(WORK).map_or_else(|| root.join("target/grader"), PathBuf::from);
        Self { root: root.to_owned(), work }
    }

    /// The course's root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// `target/grader`, or what [`WORK`] says.
    pub fn work(&self) -> PathBuf {
        self.work.clone()
    }

    /// The staged workspace of the sources called `source`.
    pub fn stage(&self, source: &str) -> PathBuf {
        self.work().join("stage").join(source)
    }

    /// Where cargo builds probes for a device: a folder each, or either's build would replace the other's programs.
    pub fn build(&self, device: Device) -> PathBuf {
        self.work().join(match device {
            Device::Cpu => "build",
            Device::Cuda => "build-cuda",
        })
    }

    /// A chapter's folder under `lectures/`.
    pub fn lecture(&self, chapter: &str) -> PathBuf {
        self.root.join("lectures").join(chapter)
    }

    /// A chapter's folder under `solutions/`.
    pub fn solution(&self, chapter: &str) -> PathBuf {
        self.root.join("solutions").join(chapter)
    }

    /// A chapter's sealed file, e.g. `stubs.zip`.
    pub fn sealed(&self, chapter: &str, file: &str) -> PathBuf {
        self.root.join("grader/sealed").join(format!("{chapter}.{file}"))
    }

    /// `.crash-course`: what belongs to the student and is no source.
    pub fn personal(&self) -> PathBuf {
        self.root.join(PERSONAL)
    }

    /// There while an update is under way: the lectures may not be whole.
    pub fn update_journal(&self) -> PathBuf {
        self.personal().join(UPDATE_JOURNAL)
    }
}
