//! Leaving nothing behind: orphans come to us and are ended, and so is everything when the user interrupts.
//!
//! A process started on purpose is never touched by a sweep, nor are its descendants while it lives: they
//! are its children, not ours. Without subreapers (macOS) a sweep finds nothing and does nothing.

use std::io;
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

use super::group::{has_exited, kill};
use super::registry::{self, Registry};
use super::room::remove;
use super::tool::is_conversing;

use crate::exit::Exit;

/// A swarm that forks faster than it can be killed is left to stricter isolation after this long.
const PATIENCE: Duration = Duration::from_secs(2);

/// Makes orphans our children, and our memory unreadable to them. Once, before anything is started.
pub fn harden() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_child_subreaper, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
        set_child_subreaper(Some(rustix::process::getpid()))?;
        registry::lock().adopt(children());
    }
    Ok(())
}

/// Ends every orphan that has become our child: daemons that left the process group of a worker.
pub fn sweep() {
    until_done(|| strangers(&registry::lock()) == 0);
}

/// What is done first when somebody interrupts.
static FAREWELL: OnceLock<fn()> = OnceLock::new();

/// From now on this is done before an interrupt ends everything, such as giving a terminal back.
pub fn before_interrupt(farewell: fn()) {
    FAREWELL.get_or_init(|| farewell);
}

/// On Ctrl-C, SIGTERM or SIGHUP: kills what was started, sweeps, exits with code 130. Once. While a tool talks with the user,
/// Ctrl-C is the tool's.
pub fn on_interrupt() -> io::Result<()> {
    ctrlc::set_handler(|| {
        if is_conversing() {
            return;
        }
        FAREWELL.get().iter().for_each(|farewell| farewell());
        // Held to the end: nothing new may start, and nobody may report the deaths as a student's.
        let registry = registry::lock();
        registry.started().for_each(kill);
        until_done(|| registry.started().all(has_exited));
        until_done(|| strangers(&registry) == 0);
        registry.rooms().for_each(remove);
        std::process::exit(Exit::Interrupted.code().into());
    })
    .map_err(io::Error::other)
}

fn until_done(mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() && began.elapsed() < PATIENCE {
        sleep(Duration::from_micros(200));
    }
}

/// Kills the children that we did not start, reaps those that are dead, and says how many there were. More
/// can follow: their own children become ours when they die.
fn strangers(registry: &Registry) -> usize {
    // The kernel's list of children can miss one while others die, hence the second look.
    let is_at_rest = || (0..2).all(|_| knows_all_children(registry));
    if !registry.adopts() || is_childless() || is_at_rest() {
        return 0;
    }
    let strangers = children().filter(|&child| !registry.knows(child));
    strangers
        .map(|stranger| {
            _ = kill_process(stranger, Signal::KILL);
            _ = waitpid(Some(stranger), WaitOptions::NOHANG);
        })
        .count()
}

/// Told by one call: searching all processes takes milliseconds.
fn is_childless() -> bool {
    use rustix::process::{WaitId, WaitIdOptions, waitid};
    let peek = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
    matches!(waitid(WaitId::All, peek), Err(rustix::io::Errno::CHILD))
}

/// Whether the kernel lists our children, and all of them are known.
#[cfg(target_os = "linux")]
fn knows_all_children(registry: &Registry) -> bool {
    let known =
        |child: &str| child.parse().ok().and_then(Pid::from_raw).is_some_and(|pid| registry.knows(pid));
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return false };
    threads.flatten().all(|thread| {
        std::fs::read_to_string(thread.path().join("children"))
            .is_ok_and(|children| children.split_ascii_whitespace().all(known))
    })
}

#[cfg(not(target_os = "linux"))]
fn knows_all_children(_: &Registry) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn children() -> impl Iterator<Item = Pid> {
    use super::usage::Stat;
    let us = std::process::id() as i32;
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(move |entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let stat = std::fs::read(entry.path().join("stat")).ok()?;
        Pid::from_raw(pid).filter(|_| Stat::parse(&stat).is_some_and(|stat| stat.parent == us))
    })
}

#[cfg(not(target_os = "linux"))]
fn children() -> impl Iterator<Item = Pid> {
    std::iter::empty()
}
