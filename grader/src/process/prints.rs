//! What a worker prints: both streams read, counted, and kept only at their head and tail.
//!
//! Never parsed, so nothing printed can pass for an answer. Escape sequences are passed on as they are:
//! whoever shows the text must make it harmless.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};

use super::pipes::{Stream, drain};

/// Excerpt of each stream, once from its start and once up to its end.
const KEEP: usize = 16 * 1024;

/// Chunks read from a stream in one go: someone who prints without end must not keep us from the clock.
const BURST: usize = 16;

/// What a worker printed, as text; where bytes are missing a line says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prints {
    /// What went to stdout.
    pub stdout: String,
    /// What went to stderr.
    pub stderr: String,
    /// How many bytes of the two were not kept.
    pub dropped: u64,
}

/// The reading ends of a child's stdout and stderr.
pub(super) struct Capture {
    stdout: (Stream, Excerpt),
    stderr: (Stream, Excerpt),
    printed: u64,
    /// What of stdout nobody has heard yet; of much, its end.
    unheard: Vec<u8>,
}

impl Capture {
    pub fn new(stdout: impl Into<OwnedFd>, stderr: impl Into<OwnedFd>) -> io::Result<Capture> {
        Ok(Capture {
            stdout: (Stream::new(stdout)?, Excerpt::default()),
            stderr: (Stream::new(stderr)?, Excerpt::default()),
            printed: 0,
            unheard: Vec::new(),
        })
    }

    pub fn fds(&self) -> [Option<BorrowedFd<'_>>; 2] {
        [self.stdout.0.fd(), self.stderr.0.fd()]
    }

    /// Bytes printed since the last [`Capture::take`].
    pub fn printed(&self) -> u64 {
        self.printed
    }

    /// Reads what has arrived, up to a bound.
    pub fn read(&mut self) {
        for _ in 0..BURST {
            if !self.read_some() {
                break;
            }
        }
    }

    /// Reads what a dead child has left.
    pub fn read_last(&mut self) {
        drain(|| self.read_some());
    }

    pub fn take(&mut self) -> Prints {
        self.printed = 0;
        self.unheard.clear();
        let (stdout, stderr) = (std::mem::take(&mut self.stdout.1), std::mem::take(&mut self.stderr.1));
        Prints { stdout: stdout.text(), stderr: stderr.text(), dropped: stdout.dropped + stderr.dropped }
    }

    /// The whole lines of stdout that came since this was last asked; of very many, the last.
    pub fn new_lines(&mut self) -> Option<String> {
        let end = self.unheard.iter().rposition(|byte| *byte == b'\n')?;
        let rest = self.unheard.split_off(end + 1);
        let lines = std::mem::replace(&mut self.unheard, rest);
        Some(String::from_utf8_lossy(&lines).into_owned())
    }

    /// The end of stderr, where last words are.
    pub fn complaint(&self) -> String {
        self.stderr.1.text()
    }

    fn read_some(&mut self) -> bool {
        let Capture { stdout, stderr, printed, unheard } = self;
        let (stream, kept) = stdout;
        let some = stream.read_some(|bytes| {
            *printed += bytes.len() as u64;
            kept.push(bytes);
            unheard.extend(bytes);
            let excess = unheard.len().saturating_sub(KEEP);
            unheard.drain(..excess);
        });
        let (stream, kept) = stderr;
        let some_more = stream.read_some(|bytes| {
            *printed += bytes.len() as u64;
            kept.push(bytes);
        });
        some || some_more
    }
}

/// The head and the tail of a stream of any length.
#[derive(Default)]
struct Excerpt {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    dropped: u64,
}

impl Excerpt {
    fn push(&mut self, bytes: &[u8]) {
        let (head, rest) = bytes.split_at(bytes.len().min(KEEP - self.head.len()));
        self.head.extend(head);
        let (skipped, last) = rest.split_at(rest.len().saturating_sub(KEEP));
        self.tail.extend(last);
        let excess = self.tail.len().saturating_sub(KEEP);
        self.tail.drain(..excess);
        self.dropped += (skipped.len() + excess) as u64;
    }

    fn text(&self) -> String {
        let tail: Vec<u8> = self.tail.iter().copied().collect();
        if self.dropped == 0 {
            return String::from_utf8_lossy(&[self.head.as_slice(), &tail].concat()).into_owned();
        }
        let (head, tail) = (String::from_utf8_lossy(&self.head), String::from_utf8_lossy(&tail));
        // The cut may run through a character; half of one tells nobody anything.
        let (head, tail) = (head.trim_end_matches('\u{fffd}'), tail.trim_start_matches('\u{fffd}'));
        format!("{head}\n[... {} bytes left out ...]\n{tail}", self.dropped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_is_kept_whole() {
        let mut kept = Excerpt::default();
        "größer ".as_bytes().iter().for_each(|&byte| kept.push(&[byte]));
        kept.push(&[b'x'; KEEP]);
        assert_eq!(kept.text(), format!("größer {}", "x".repeat(KEEP)));
        assert_eq!(kept.dropped, 0);
    }

    #[test]
    fn much_keeps_its_head_and_its_tail_and_counts_the_rest() {
        for pieces in [1, 7, 1000, 100_000] {
            let all: Vec<u8> = (0..100_000).map(|i| b'a' + (i % 26) as u8).collect();
            let mut kept = Excerpt::default();
            all.chunks(all.len().div_ceil(pieces)).for_each(|piece| kept.push(piece));
            assert_eq!(kept.head, all[..KEEP]);
            assert!(kept.tail.iter().eq(&all[all.len() - KEEP..]));
            assert_eq!(kept.dropped as usize, all.len() - 2 * KEEP);
        }
    }

    #[test]
    fn new_lines_are_whole_and_told_once() {
        use std::io::{Write, pipe};
        let ((out, mut print), (err, _complain)) = (pipe().unwrap(), pipe().unwrap());
        let mut capture = Capture::new(out, err).unwrap();
        let mut told = |text: &str| {
            print.write_all(text.as_bytes()).unwrap();
            capture.read();
            capture.new_lines()
        };
        assert_eq!(told("epoch 1"), None);
        assert_eq!(
            told(": loss 2\nepoch 2: loss 1\nep").as_deref(),
            Some("epoch 1: loss 2\nepoch 2: loss 1\n")
        );
        assert_eq!(told("och 3\n").as_deref(), Some("epoch 3\n"));
        assert!(told(&"x\n".repeat(KEEP)).is_some_and(|lines| lines.len() <= KEEP));
    }

    #[test]
    fn a_cut_leaves_no_half_characters() {
        let mut kept = Excerpt::default();
        kept.push("€".repeat(KEEP).as_bytes());
        assert!(!kept.text().contains('\u{fffd}'));
    }
}
