//! Our end of the socket that carries requests out and answers in: framing, as hostile as bytes can be.
//!
//! Checks the magic number and the length before anything is allocated, and that there is one answer and no
//! more. Nonce and payload are the caller's business.

use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::event::PollFlags;

use super::death::Death;

/// `CC01`, the first four bytes of a frame; then the payload's length as u32, then the nonce as u64, all
/// little-endian. Stated here again because this module is to know no more than this of the protocol.
const MAGIC: [u8; 4] = *b"CC01";
const HEADER: usize = 16;

const CHUNK: usize = 64 * 1024;

/// The grader's end of the socket.
pub(super) struct Channel {
    socket: UnixStream,
    closed: Option<Instant>,
}

impl Channel {
    pub fn new(socket: UnixStream) -> io::Result<Channel> {
        socket.set_nonblocking(true)?;
        Ok(Channel { socket, closed: None })
    }

    /// What to wait for; nothing once the child has closed its end, as that would be always ready.
    pub fn interest(&self, sending: bool) -> (Option<BorrowedFd<'_>>, PollFlags) {
        let flags = if sending { PollFlags::IN | PollFlags::OUT } else { PollFlags::IN };
        (self.closed.is_none().then(|| self.socket.as_fd()), flags)
    }

    /// For how long the child has had its end closed.
    pub fn closed_for(&self) -> Option<Duration> {
        self.closed.map(|since| since.elapsed())
    }

    /// Sends what the child will take now. That it takes nothing is no fault yet.
    pub fn send(&mut self, unsent: &mut &[u8]) {
        while !unsent.is_empty() && self.closed.is_none() {
            match self.socket.write(unsent) {
                Ok(length) => *unsent = &unsent[length..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                // Nothing can be the answer to a request that can't be read.
                Err(_) => self.closed = Some(Instant::now()),
            }
        }
    }

    /// Reads what has arrived; `true` once `answer` is complete.
    pub fn receive(&mut self, answer: &mut Answer) -> Result<bool, Death> {
        let mut chunk = [0; CHUNK];
        while self.closed.is_none() {
            match self.socket.read(&mut chunk) {
                Ok(0) => self.closed = Some(Instant::now()),
                Ok(length) => answer.extend(&chunk[..length])?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                // ECONNRESET: the child closed its end with a request in it unread.
                Err(_) => self.closed = Some(Instant::now()),
            }
        }
        answer.is_complete()
    }
}

/// One answer as it grows.
pub(super) struct Answer {
    bytes: Vec<u8>,
    /// Largest payload.
    limit: usize,
}

impl Answer {
    pub fn new(limit: usize) -> Answer {
        Answer { bytes: Vec::new(), limit }
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn extend(&mut self, bytes: &[u8]) -> Result<(), Death> {
        self.bytes.extend_from_slice(bytes);
        self.is_complete().map(drop)
    }

    fn is_complete(&self) -> Result<bool, Death> {
        let Answer { bytes, limit } = self;
        let start = bytes.len().min(MAGIC.len());
        if bytes[..start] != MAGIC[..start] {
            return Err(Death::BadFrame("it does not start as a frame does".into()));
        }
        let Some((&[_, _, _, _, a, b, c, d], _)) = bytes.split_first_chunk::<8>() else { return Ok(false) };
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        if length > *limit {
            return Err(Death::AnswerTooLarge { limit: *limit });
        }
        if bytes.len() > HEADER + length {
            return Err(Death::BadFrame("more bytes follow the answer".into()));
        }
        Ok(bytes.len() == HEADER + length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grown(bytes: &[u8]) -> Result<bool, Death> {
        let mut answer = Answer::new(4);
        bytes.iter().try_for_each(|&byte| answer.extend(&[byte]))?;
        answer.is_complete()
    }

    #[test]
    fn a_frame_is_complete_at_its_last_byte() {
        let frame = b"CC01\x02\0\0\0nonce678hi";
        assert_eq!(grown(frame), Ok(true));
        (0..frame.len()).for_each(|end| assert_eq!(grown(&frame[..end]), Ok(false), "{end}"));
    }

    #[test]
    fn faults_are_seen_as_early_as_can_be() {
        assert!(matches!(grown(b"CC02"), Err(Death::BadFrame(_))));
        assert!(matches!(grown(b"h"), Err(Death::BadFrame(_))));
        assert_eq!(grown(b"CC01\x05\0\0\0"), Err(Death::AnswerTooLarge { limit: 4 }));
        assert!(matches!(grown(b"CC01\0\0\0\0nonce678+"), Err(Death::BadFrame(_))));
    }
}
