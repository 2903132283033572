//! How an exchange can end without an answer, in plain words.
//!
//! The kinds stay apart so that blame can; whose fault each one is, is decided elsewhere. The words about
//! stack and memory come from what the child printed: they explain a signal and prove nothing.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use rustix::process::Signal;

/// Why a worker gave no answer. The worker is dead in every case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Death {
    /// It ended by itself, with this exit code; zero is no better than any other.
    #[error("it exited with code {0} instead of answering")]
    Exited(i32),
    /// It was ended by a signal that was not ours.
    #[error("{}", words(*signal, *stack_overflow, *out_of_memory))]
    Signalled {
        /// The number of the signal.
        signal: i32,
        /// It complained of a stack overflow.
        stack_overflow: bool,
        /// It complained of an allocation that failed.
        out_of_memory: bool,
    },
    /// It computed for too long.
    #[error("it computed for more than {} s", .limit.as_secs_f64())]
    CpuLimit {
        /// The limit in seconds of this exchange.
        limit: Duration,
    },
    /// It waited for too long: asleep, in a deadlock, or on an overloaded machine.
    #[error("it gave no answer within {} s, and hardly computed", .limit.as_secs_f64())]
    WallLimit {
        /// The limit in seconds of this exchange.
        limit: Duration,
    },
    /// It printed too much.
    #[error("it printed more than {limit} bytes")]
    PrintLimit {
        /// The limit in bytes.
        limit: u64,
    },
    /// It wrote too much to the disk.
    #[error("it wrote more than {limit} bytes")]
    DiskLimit {
        /// The limit in bytes.
        limit: u64,
    },
    /// It announced an answer that is too large; none of that was read.
    #[error("its answer is larger than {limit} bytes")]
    AnswerTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// It wrote something that is not one answer to one request.
    #[error("its answer is malformed: {0}")]
    BadFrame(String),
}

impl Death {
    /// What an exit means; `complaint` is what the child wrote to stderr, `disk` how large its files could get.
    pub(super) fn of(status: ExitStatus, complaint: &str, disk: Option<u64>) -> Death {
        let Some(signal) = status.signal() else {
            return Death::Exited(status.code().unwrap_or_default());
        };
        if let (true, Some(limit)) = (signal == Signal::XFSZ.as_raw(), disk) {
            return Death::DiskLimit { limit };
        }
        let crashed = [Signal::ABORT, Signal::SEGV, Signal::BUS].iter().any(|s| s.as_raw() == signal);
        Death::Signalled {
            signal,
            stack_overflow: crashed && complaint.contains("has overflowed its stack"),
            out_of_memory: crashed && failed_allocation(complaint),
        }
    }
}

/// Whether the standard library's last words are there: `memory allocation of 10 bytes failed`.
fn failed_allocation(complaint: &str) -> bool {
    complaint
        .split("memory allocation of ")
        .skip(1)
        .any(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(" bytes failed"))
}

fn words(signal: i32, stack_overflow: bool, out_of_memory: bool) -> String {
    let name = name(signal);
    match (stack_overflow, out_of_memory) {
        (true, _) => format!("it overflowed its stack (signal {name})"),
        (_, true) => format!("it ran out of memory (signal {name})"),
        _ => format!("it was ended by signal {name}"),
    }
}

fn name(signal: i32) -> String {
    let name = match Signal::from_named_raw(signal) {
        Some(Signal::ABORT) => "SIGABRT",
        Some(Signal::SEGV) => "SIGSEGV",
        Some(Signal::BUS) => "SIGBUS",
        Some(Signal::ILL) => "SIGILL",
        Some(Signal::FPE) => "SIGFPE",
        Some(Signal::TRAP) => "SIGTRAP",
        Some(Signal::SYS) => "SIGSYS",
        Some(Signal::KILL) => "SIGKILL",
        Some(Signal::TERM) => "SIGTERM",
        _ => return signal.to_string(),
    };
    format!("{signal}, {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_count_only_beside_a_crash() {
        let complaint = "memory allocation of 12 bytes failed";
        let abort = Death::of(ExitStatus::from_raw(6), complaint, None);
        assert_eq!(abort, Death::Signalled { signal: 6, stack_overflow: false, out_of_memory: true });
        assert_eq!(abort.to_string(), "it ran out of memory (signal 6, SIGABRT)");
        let killed = Death::of(ExitStatus::from_raw(9), complaint, None);
        assert_eq!(killed, Death::Signalled { signal: 9, stack_overflow: false, out_of_memory: false });
        assert_eq!(Death::of(ExitStatus::from_raw(3 << 8), complaint, None), Death::Exited(3));
    }

    #[test]
    fn a_half_complaint_is_none() {
        assert!(!failed_allocation("memory allocation of the tensor failed"));
    }
}
