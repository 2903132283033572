//! One started child, the leader of its own process group, from birth to reaping.
//!
//! The leader stays a zombie until its group has been killed: only a pid that is still held can't
//! have been given to somebody else. What the child says is left to its owner.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};

use rustix::io::retry_on_intr;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
use rustix::process::{kill_process, kill_process_group, waitid};

use super::registry;

/// A running child and everything that stays in its process group. Dropping it ends it.
pub(super) struct Group {
    child: Child,
    pid: Pid,
    /// Readable once the child has exited; absent where the system has no such descriptor.
    exit: Option<OwnedFd>,
    status: Option<ExitStatus>,
}

impl Group {
    /// Builds the command and starts it, both under the registry's lock: where descriptors can't be made
    /// close-on-exec atomically (macOS), another thread's child would inherit what `command` opens.
    pub fn start(command: impl FnOnce() -> io::Result<Command>) -> io::Result<Group> {
        let mut registry = registry::lock();
        registry.start_watchdog();
        let child = command()?.process_group(0).spawn()?;
        let pid = Pid::from_child(&child);
        registry.add(pid);
        Ok(Group { child, pid, exit: exit_descriptor(pid), status: None })
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    pub fn pid(&self) -> Pid {
        self.pid
    }

    pub fn exit(&self) -> Option<BorrowedFd<'_>> {
        self.exit.as_ref().map(AsFd::as_fd)
    }

    /// Whether the leader has exited. Does not reap it.
    pub fn exited(&self) -> bool {
        self.status.is_some() || has_exited(self.pid)
    }

    /// Kills the group, waits for its leader and reaps it. The status is the leader's own when it had
    /// already exited.
    pub fn end(&mut self) -> io::Result<ExitStatus> {
        if let Some(status) = self.status {
            return Ok(status);
        }
        kill(self.pid);
        let seen = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        // Outside the lock: a process that holds a GPU can take long to die.
        _ = retry_on_intr(|| waitid(WaitId::Pid(self.pid), seen));
        let mut registry = registry::lock();
        registry.remove(self.pid);
        let status = self.child.wait();
        self.status = Some(*status.as_ref().unwrap_or(&ExitStatus::default()));
        status
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        _ = self.end();
    }
}

/// Kills a child of ours that has not been reaped, and its group. The child by its own pid too: it may
/// have moved to another group.
pub(super) fn kill(pid: Pid) {
    _ = kill_process_group(pid, Signal::KILL);
    _ = kill_process(pid, Signal::KILL);
}

/// Whether a child of ours is dead, reaped or not.
pub(super) fn has_exited(pid: Pid) -> bool {
    let peek = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
    !matches!(retry_on_intr(|| waitid(WaitId::Pid(pid), peek)), Ok(None))
}

#[cfg(target_os = "linux")]
fn exit_descriptor(pid: Pid) -> Option<OwnedFd> {
    rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()).ok()
}

#[cfg(not(target_os = "linux"))]
fn exit_descriptor(_: Pid) -> Option<OwnedFd> {
    None
}
