//! What the kernel says about a process (parent, CPU time) and the limits that the kernel keeps for us.
//!
//! Never what the process says about itself. Judging the numbers is left to the caller.

use std::io;
use std::time::Duration;

use rustix::process::Pid;

/// Reads the CPU time of one process again and again, all threads together.
pub(super) struct CpuMeter(#[cfg(target_os = "linux")] Option<std::fs::File>);

impl CpuMeter {
    #[cfg(target_os = "linux")]
    pub fn new(pid: Pid) -> CpuMeter {
        CpuMeter(std::fs::File::open(format!("/proc/{pid}/stat")).ok())
    }

    /// `None` where the system does not tell, and once the process has been reaped.
    #[cfg(target_os = "linux")]
    pub fn read(&self) -> Option<Duration> {
        use std::os::unix::fs::FileExt;
        let mut text = [0; 512];
        let length = self.0.as_ref()?.read_at(&mut text, 0).ok()?;
        Some(Stat::parse(&text[..length])?.cpu)
    }

    #[cfg(not(target_os = "linux"))]
    pub fn new(_: Pid) -> CpuMeter {
        CpuMeter()
    }

    #[cfg(not(target_os = "linux"))]
    pub fn read(&self) -> Option<Duration> {
        None
    }
}

/// Whether no thread of the process wants a processor or waits for a disk. Where the system does not tell, none sleeps.
#[cfg(target_os = "linux")]
pub(super) fn sleeps(pid: Pid) -> bool {
    states(pid).is_some_and(|states| states.iter().all(|&state| state == b'S'))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn sleeps(_: Pid) -> bool {
    false
}

/// Whether some thread of the process waits for a processor or has one; none does that was stopped. Where the system does not
/// tell, none.
#[cfg(target_os = "linux")]
pub(super) fn is_runnable(pid: Pid) -> bool {
    states(pid).is_some_and(|states| states.contains(&b'R'))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn is_runnable(_: Pid) -> bool {
    false
}

/// The letters of all threads' states.
#[cfg(target_os = "linux")]
fn states(pid: Pid) -> Option<Vec<u8>> {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let state =
        |thread: std::fs::DirEntry| std::fs::read(thread.path().join("stat")).ok().as_deref().and_then(state);
    Some(threads.flatten().filter_map(state).collect())
}

/// The letter of a thread's state.
#[cfg(any(target_os = "linux", test))]
fn state(text: &[u8]) -> Option<u8> {
    let after_name = text.iter().rposition(|&byte| byte == b')')? + 1;
    text.get(after_name + 1).copied()
}

/// What we use of `/proc/<pid>/stat`.
#[cfg(any(target_os = "linux", test))]
pub(super) struct Stat {
    pub parent: rustix::process::RawPid,
    cpu: Duration,
}

#[cfg(any(target_os = "linux", test))]
impl Stat {
    /// A clock tick in `/proc`: Linux fixed what user space sees at 100 a second, whatever the kernel's own.
    const TICK: Duration = Duration::from_millis(10);

    pub fn parse(text: &[u8]) -> Option<Stat> {
        // The second field is the program's own name in brackets: it may hold spaces and brackets.
        let after_name = text.iter().rposition(|&byte| byte == b')')? + 1;
        let fields = str::from_utf8(&text[after_name..]).ok()?;
        let field = |number: usize| fields.split_ascii_whitespace().nth(number - 3);
        let ticks = |number: usize| field(number)?.parse::<u32>().ok();
        Some(Stat { parent: field(4)?.parse().ok()?, cpu: Self::TICK * ticks(14)?.checked_add(ticks(15)?)? })
    }
}

/// No core dumps, at most `memory` bytes of data and `disk` bytes in each file that is written. To be called before the child
/// runs foreign code.
///
/// RLIMIT_DATA and not RLIMIT_AS: 64 honest threads reserve a gibibyte of addresses that they never touch.
#[cfg(target_os = "linux")]
pub(super) fn limit(pid: Pid, memory: Option<u64>, disk: Option<u64>) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, prlimit};
    let at_most = |bytes| Rlimit { current: Some(bytes), maximum: Some(bytes) };
    prlimit(Some(pid), Resource::Core, at_most(0))?;
    for (resource, limit) in [(Resource::Data, memory), (Resource::Fsize, disk)] {
        let Some(limit) = limit else { continue };
        // Ours is the child's too; only root may go beyond it.
        let allowed = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        prlimit(Some(pid), resource, at_most(limit.min(allowed)))?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn limit(_: Pid, _: Option<u64>, _: Option<u64>) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_shift_the_fields() {
        let text = b"7 (a) R 1 (b) c) S 42 7 7 0 -1 4194560 1 0 0 0 150 50 0 0 20 0 1 0 9\n";
        let stat = Stat::parse(text).unwrap();
        assert_eq!((stat.parent, stat.cpu, state(text)), (42, Duration::from_secs(2), Some(b'S')));
    }

    #[test]
    fn half_a_line_is_no_figure() {
        assert!(Stat::parse(b"7 (a) S 42 7").is_none());
    }
}
