//! Strict isolation: what a process of somebody else's may reach, and everything else refused by the kernel.
//!
//! Linux' landlock keeps files (and, where the kernel knows how, signals and connections), or else namespaces do (`spaces`); seccomp
//! keeps the rest (`calls`): no network, no process, no signal to anybody, nothing that outlives it. None needs a privilege, and all
//! hold for root. A process can only confine itself, so this program is started once more as a `launcher`, confines itself and
//! becomes the program. What may be reached is decided by the callers; where the system knows no such thing, that is an error and
//! never a weaker mode.

#[cfg(target_os = "linux")]
mod calls;
mod launcher;
#[cfg(target_os = "linux")]
mod spaces;

use std::{
    env, io,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use serde::{Deserialize, Serialize};

use super::tool;

pub use launcher::{FAILED, launcher_main};

/// What stands before what may be reached, when this program is started as a launcher.
pub const FLAG: &str = "--confined-to";

/// What keeps files away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Walls {
    /// Rules of the kernel's about files, from Linux 5.13 on.
    #[default]
    Landlock,
    /// A root of its own, where everybody may have namespaces.
    Namespaces,
}

/// What a process may reach.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Files and folders that it may read, and run programs of.
    pub run: Vec<PathBuf>,
    /// That it may read.
    pub read: Vec<PathBuf>,
    /// That it may read and write.
    pub write: Vec<PathBuf>,
    /// Whether it may start processes: a compiler needs a linker.
    pub starts_processes: bool,
    /// What keeps the rest away.
    #[serde(default)]
    pub walls: Walls,
}

/// What workers and compilers may reach.
struct Confinement {
    launcher: PathBuf,
    workers: Reach,
    compilers: Reach,
}

static CONFINEMENT: OnceLock<Confinement> = OnceLock::new();

/// From now on every worker reaches only `workers` and the room that it is given, every compiler of what students wrote only
/// `compilers`, by the first of `walls` that works here, which is returned. `launcher` is a program that calls [`launcher_main`]
/// first.
///
/// # Errors
/// When this machine can't do that, with the reasons. Then nothing is confined.
pub fn confine(launcher: PathBuf, walls: &[Walls], workers: Reach, compilers: Reach) -> io::Result<Walls> {
    let mut reasons = Vec::new();
    for &walls in walls {
        match works(&launcher, walls) {
            Ok(()) => {
                let (workers, compilers) = (Reach { walls, ..workers }, Reach { walls, ..compilers });
                _ = CONFINEMENT.set(Confinement { launcher, workers, compilers });
                return Ok(walls);
            }
            Err(error) => reasons.push(error.to_string()),
        }
    }
    Err(io::Error::other(reasons.join("; ")))
}

/// Whether what others wrote is confined.
pub fn is_confined() -> bool {
    CONFINEMENT.get().is_some()
}

/// Where programs that every process needs lie: the loader and its libraries.
pub fn system() -> Vec<PathBuf> {
    ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/nix/store"]
        .map(PathBuf::from)
        .into()
}

/// Starts `program` as a worker, confined if workers are.
pub(super) fn worker(program: &Path, room: &Path) -> Command {
    let Some(Confinement { launcher, workers, .. }) = CONFINEMENT.get() else { return Command::new(program) };
    let mut reach = workers.clone();
    reach.run.push(program.to_owned());
    reach.write.push(room.to_owned());
    let mut command = Command::new(launcher);
    command.arg(FLAG).arg(text(&reach)).arg(program);
    command
}

/// The launcher and what a compiler may reach beside `write` and `read`, as words of a command line; `None` where none is confined.
pub fn compiler(read: &[PathBuf], write: &[PathBuf]) -> Option<(String, String)> {
    let Confinement { launcher, compilers, .. } = CONFINEMENT.get()?;
    let mut reach = compilers.clone();
    reach.read.extend(read.iter().cloned());
    reach.write.extend(write.iter().cloned());
    Some((launcher.to_string_lossy().into_owned(), text(&reach)))
}

fn text(reach: &Reach) -> String {
    serde_json::to_string(reach).unwrap_or_default()
}

/// Tries it on a program that does nothing.
fn works(launcher: &Path, walls: Walls) -> io::Result<()> {
    let run = [system(), vec!["/bin".into(), "/usr/bin".into()]].concat();
    let reach = Reach { run, walls, ..Reach::default() };
    let mut words = String::new();
    let arguments = [FLAG.to_owned(), text(&reach), "/bin/true".to_owned()];
    let mut hear = |line: &str| words.push_str(line);
    let path = env::var_os("PATH").map(|path| ("PATH", path));
    let status = tool::run(launcher, &arguments, Path::new("/"), path, &mut |_| (), &mut hear)?;
    if status.success() {
        return Ok(());
    }
    Err(io::Error::other(if words.is_empty() { format!("the launcher ended with {status}") } else { words }))
}
