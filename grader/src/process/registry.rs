//! Which children are ours on purpose, so that everything else that became our child can be ended.
//!
//! The lock also serialises starting and reaping: a child is never seen between its birth and its
//! entry here, and a pid leaves only together with the process that held it. What the watchdog must know it is
//! told here. Kills nothing itself.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, RawPid};

use super::watchdog::{Note, Watchdog};

/// The children of this process that are known by name.
pub(super) struct Registry {
    started: BTreeSet<RawPid>,
    /// Children that this process already had before it was hardened: a shell that started a daemon and
    /// then became the grader by `exec` leaves such; they are somebody else's.
    inherited: BTreeSet<RawPid>,
    /// Whether orphans become our children. Until then an unknown child is not ours to kill.
    adopts: bool,
    rooms: BTreeSet<PathBuf>,
    watchdog: Option<Watchdog>,
}

static REGISTRY: Mutex<Registry> = Mutex::new(Registry {
    started: BTreeSet::new(),
    inherited: BTreeSet::new(),
    adopts: false,
    rooms: BTreeSet::new(),
    watchdog: None,
});

/// Locks the registry. A panic elsewhere can't leave it half changed, so poison is ignored.
pub(super) fn lock() -> MutexGuard<'static, Registry> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Registry {
    pub fn add(&mut self, pid: Pid) {
        self.started.insert(pid.as_raw_pid());
        self.tell(Note::Started(pid));
    }

    /// Its group has been killed, and it is about to be reaped.
    pub fn remove(&mut self, pid: Pid) {
        self.started.remove(&pid.as_raw_pid());
        self.tell(Note::Ended(pid));
    }

    /// A folder that must not stay.
    pub fn keep_room(&mut self, folder: &Path) {
        self.rooms.insert(folder.to_owned());
        self.tell(Note::Room(folder));
    }

    /// It is gone.
    pub fn forget_room(&mut self, folder: &Path) {
        self.rooms.remove(folder);
        self.tell(Note::NoRoom(folder));
    }

    pub fn rooms(&self) -> impl Iterator<Item = &Path> {
        self.rooms.iter().map(PathBuf::as_path)
    }

    /// Starts the watchdog if need be: before the first that it must know of.
    pub fn start_watchdog(&mut self) {
        self.watchdog = self.watchdog.take().or_else(Watchdog::start);
    }

    fn tell(&mut self, note: Note) {
        self.start_watchdog();
        self.watchdog.iter_mut().for_each(|watchdog| watchdog.tell(note));
    }

    pub fn started(&self) -> impl Iterator<Item = Pid> {
        self.started.iter().filter_map(|&raw| Pid::from_raw(raw))
    }

    /// From now on orphans arrive here; the children of this moment that we did not start are spared.
    #[cfg(target_os = "linux")]
    pub fn adopt(&mut self, children: impl Iterator<Item = Pid>) {
        if !self.adopts {
            self.inherited = children.map(Pid::as_raw_pid).collect();
            self.adopts = true;
        }
    }

    pub fn adopts(&self) -> bool {
        self.adopts
    }

    pub fn knows(&self, pid: Pid) -> bool {
        let raw = pid.as_raw_pid();
        let is_watchdog = self.watchdog.as_ref().is_some_and(|watchdog| watchdog.pid() == pid);
        is_watchdog || self.started.contains(&raw) || self.inherited.contains(&raw)
    }
}
