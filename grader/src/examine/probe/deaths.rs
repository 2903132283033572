//! How a program ended: what sort of failure that is. The words are `messages`'s.

use std::time::Duration;

use crate::{
    judge::Outcome,
    messages::{endings, limits},
    process::Death,
    verdict::Kind,
};

/// An answer that can't be read.
pub fn unreadable(why: &str) -> Outcome {
    Outcome::Died { kind: Kind::Protocol, message: endings::unreadable(why) }
}

/// Many short naps.
pub fn asleep_in_all(limit: Duration) -> Outcome {
    Outcome::Died { kind: Kind::Stalled, message: limits::naps(limit) }
}

/// What a death comes to.
pub fn died(death: &Death) -> Outcome {
    let (kind, message) = match *death {
        Death::Exited(code) => (Kind::Crash, endings::exited(code)),
        Death::Signalled { stack_overflow: true, .. } => (Kind::Crash, endings::STACK.to_owned()),
        Death::Signalled { out_of_memory: true, .. } => {
            (Kind::MemoryLimit, limits::PROGRAM_MEMORY.to_owned())
        }
        Death::Signalled { signal, .. } => (Kind::Crash, endings::signalled(signal)),
        Death::CpuLimit { limit } => (Kind::TimeLimit, limits::time(limit)),
        Death::WallLimit { limit } => (Kind::Stalled, limits::idle(limit)),
        Death::PrintLimit { limit } => (Kind::PrintLimit, limits::prints(limit)),
        Death::DiskLimit { limit } => (Kind::DiskLimit, limits::disk(limit)),
        Death::AnswerTooLarge { .. } => (Kind::Protocol, endings::TOO_LARGE.to_owned()),
        Death::BadFrame(_) => return unreadable(&death.to_string()),
    };
    Outcome::Died { kind, message }
}
