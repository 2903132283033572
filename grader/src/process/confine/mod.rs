//! Strict isolation: what a process of somebody else's may reach, and everything else refused by the kernel.
//!
//! Linux' landlock keeps files (and, where the kernel knows how, signals and connections), seccomp keeps the rest: no network, no
//! process, no signal to anybody, nothing that outlives it. Neither needs a privilege, and both hold for root. A process can only
//! confine itself, so this program is started once more as a `launcher`, confines itself and becomes the program. What may be
//! reached is decided by the callers; where the system knows no such thing, that is an error and never a weaker mode.

#[cfg(target_os = "linux")]
mod calls;
mod launcher;

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
}

/// What workers and compilers may reach.
struct Confinement {
    launcher: PathBuf,
    workers: Reach,
    compilers: Reach,
}

static CONFINEMENT: OnceLock<Confinement> = OnceLock::new();

/// From now on every worker reaches only `workers` and the room that it is given, every compiler of what students wrote only
/// `compilers`. `launcher` is a program that calls [`launcher_main`] first.
///
/// # Errors
/// When this machine can't do that, with the reason. Then nothing is confined.
pub fn confine(launcher: PathBuf, workers: Reach, compilers: Reach) -> io::Result<()> {
    works(&launcher)?;
    _ = CONFINEMENT.set(Confinement { launcher, workers, compilers });
    Ok(())
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
fn works(launcher: &Path) -> io::Result<()> {
    let reach =
        Reach { run: [system(), vec!["/bin".into(), "/usr/bin".into()]].concat(), ..Reach::default() };
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
