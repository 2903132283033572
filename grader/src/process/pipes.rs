//! Reading from children without ever blocking on one: the non-blocking stream and the wait between reads.
//!
//! Nobody here waits for the end of a stream: an orphan can hold the other end for ever.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionbio;

/// How long a wait lasts when nothing happens: the resolution of the limits.
pub(super) const TICK: Duration = Duration::from_millis(20);

/// How long leftovers of a dead child are read, and how long a silent one may take to die.
pub(super) const GRACE: Duration = Duration::from_millis(200);

/// What a pipe holds, so that one read usually empties it.
const CHUNK: usize = 64 * 1024;

/// The reading end of a pipe, until the other end closes.
pub(super) struct Stream(Option<File>);

impl Stream {
    pub fn new(pipe: impl Into<OwnedFd>) -> io::Result<Stream> {
        let pipe = pipe.into();
        ioctl_fionbio(&pipe, true)?;
        Ok(Stream(Some(File::from(pipe))))
    }

    pub fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.0.as_ref().map(AsFd::as_fd)
    }

    /// Hands on one chunk of what has arrived; `false` when there was nothing.
    pub fn read_some(&mut self, mut each: impl FnMut(&[u8])) -> bool {
        let Some(pipe) = &mut self.0 else { return false };
        let mut chunk = [0; CHUNK];
        match pipe.read(&mut chunk) {
            Ok(0) => self.0 = None,
            Ok(length) => {
                each(&chunk[..length]);
                return true;
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(_) => self.0 = None,
        }
        false
    }
}

/// Repeats `step` until it finds nothing more, for at most [`GRACE`]: an orphan can write for ever.
pub(super) fn drain(mut step: impl FnMut() -> bool) {
    let began = Instant::now();
    while step() && began.elapsed() < GRACE {}
}

/// Waits until something happens on one of the descriptors, or for `tick`.
pub(super) fn wait<'a>(fds: impl IntoIterator<Item = (Option<BorrowedFd<'a>>, PollFlags)>, tick: Duration) {
    let mut fds: Vec<_> =
        fds.into_iter().filter_map(|(fd, flags)| Some(PollFd::from_borrowed_fd(fd?, flags))).collect();
    let limit = Timespec { tv_sec: 0, tv_nsec: tick.subsec_nanos().into() };
    match poll(&mut fds, Some(&limit)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        // Out of kernel memory, say: everything is read without blocking anyway, so only go slower.
        Err(_) => std::thread::sleep(tick),
    }
}
