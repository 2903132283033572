//! A second process that does nothing until the grader is gone, and then ends what the grader had started.
//!
//! A grader that is killed (SIGKILL, out of memory) can't clean up, and what it started can't be relied on to notice: cargo
//! would die with it where the system offers that, and the compilers that cargo started would go on for half a minute. The
//! watchdog reads a pipe of which only the grader holds the other end. It is this program once more, under another name.

use std::{
    collections::BTreeSet,
    env,
    ffi::{OsStr, OsString},
    io::{self, PipeWriter, Read, Write},
    os::unix::{
        ffi::{OsStrExt, OsStringExt},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread::sleep,
    time::Duration,
};

use rustix::process::{Pid, RawPid};

use super::{group::kill, room::remove};

/// What the watchdog is called in lists of processes: not what the grader is, so that who ends all graders by name spares it.
const NAME: &str = "crash-course-watchdog";
/// The same for lists that have fifteen letters.
const SHORT_NAME: &std::ffi::CStr = c"crash-watchdog";

/// Until the killed are dead and write no more.
const ATTEMPTS: usize = 50;
const PAUSE: Duration = Duration::from_millis(20);

static WANTED: AtomicBool = AtomicBool::new(false);

/// From now on the first process that is started brings a watchdog with it. For programs that call [`watchdog_main`] first.
pub fn want_watchdog() {
    WANTED.store(true, Ordering::Relaxed);
}

/// What a program must do first: if it was started as a watchdog, be one, to the end.
pub fn watchdog_main() -> Option<ExitCode> {
    if env::args_os().next().as_deref() != Some(OsStr::new(NAME)) {
        return None;
    }
    _ = rustix::thread::set_name(SHORT_NAME);
    let mut charges = Charges::default();
    charges.listen(io::stdin());
    charges.end();
    Some(ExitCode::SUCCESS)
}

/// The grader's end of the pipe.
pub(super) struct Watchdog {
    child: Child,
    pipe: PipeWriter,
}

impl Watchdog {
    /// Starts one where one is wanted. That there can be none is no reason not to grade.
    pub fn start() -> Option<Watchdog> {
        if !WANTED.swap(false, Ordering::Relaxed) {
            return None;
        }
        let start = || {
            let (reader, pipe) = io::pipe()?;
            // It must never keep us waiting.
            rustix::io::ioctl_fionbio(&pipe, true)?;
            let mut command = Command::new(env::current_exe()?);
            // A group of its own: Ctrl-C on the terminal is for the grader.
            command.arg0(NAME).current_dir("/").env_clear().process_group(0);
            command.stdin(reader).stdout(Stdio::null()).stderr(Stdio::null());
            io::Result::Ok(Watchdog { child: command.spawn()?, pipe })
        };
        start().ok()
    }

    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Tells it what it has to end, or no longer has to.
    pub fn tell(&mut self, note: Note) {
        _ = self.pipe.write_all(&note.bytes());
    }
}

/// What the grader tells: a letter, a number or a path, and a zero.
#[derive(Clone, Copy)]
pub(super) enum Note<'a> {
    Started(Pid),
    Ended(Pid),
    Room(&'a Path),
    NoRoom(&'a Path),
}

impl Note<'_> {
    fn bytes(self) -> Vec<u8> {
        let number = |pid: Pid| OsString::from(pid.as_raw_pid().to_string());
        let (letter, text) = match self {
            Note::Started(pid) => (b'+', number(pid)),
            Note::Ended(pid) => (b'-', number(pid)),
            Note::Room(path) => (b'r', path.into()),
            Note::NoRoom(path) => (b'x', path.into()),
        };
        [&[letter], text.as_bytes(), &[0]].concat()
    }
}

/// What the watchdog has to end.
#[derive(Debug, Default, PartialEq)]
struct Charges {
    groups: BTreeSet<RawPid>,
    rooms: BTreeSet<PathBuf>,
}

impl Charges {
    /// Reads notes until the other end is closed.
    fn listen(&mut self, mut pipe: impl Read) {
        let (mut chunk, mut unread) = ([0; 4096], Vec::new());
        loop {
            match pipe.read(&mut chunk) {
                Ok(0) => return,
                Ok(length) => unread.extend_from_slice(&chunk[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
            while let Some(end) = unread.iter().position(|&byte| byte == 0) {
                let note: Vec<u8> = unread.drain(..=end).collect();
                self.note(&note[..end]);
            }
        }
    }

    fn note(&mut self, note: &[u8]) {
        let Some((letter, text)) = note.split_first() else { return };
        let number = || str::from_utf8(text).ok()?.parse::<RawPid>().ok();
        let path = || PathBuf::from(OsString::from_vec(text.to_vec()));
        match letter {
            b'+' => self.groups.extend(number()),
            b'-' => _ = number().map(|pid| self.groups.remove(&pid)),
            b'r' => _ = self.rooms.insert(path()),
            b'x' => _ = self.rooms.remove(&path()),
            _ => {}
        }
    }

    fn end(&self) {
        self.groups.iter().filter_map(|&pid| Pid::from_raw(pid)).for_each(kill);
        for _ in 0..ATTEMPTS {
            self.rooms.iter().for_each(|room| remove(room));
            if self.rooms.iter().all(|room| !room.exists()) {
                break;
            }
            sleep(PAUSE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_is_no_charge_any_more() {
        let pid = |raw| Pid::from_raw(raw).unwrap();
        let (kept, gone) = (Path::new("/tmp/with\nnewline"), Path::new("/tmp/gone"));
        let notes = [
            Note::Started(pid(7)),
            Note::Room(gone),
            Note::Started(pid(70)),
            Note::Room(kept),
            Note::NoRoom(gone),
            Note::Ended(pid(7)),
        ];
        let bytes: Vec<u8> = notes.into_iter().flat_map(Note::bytes).collect();
        let mut charges = Charges::default();
        // The grader may be killed in the middle of a note.
        charges.listen(bytes.chain(&b"-7"[..]));
        assert_eq!(charges, Charges { groups: [70].into(), rooms: [kept.to_owned()].into() });
    }
}
