//! How a program ended, in a student's words.

use std::time::Duration;

use crate::{judge::Outcome, process::Death, verdict::Kind};

/// An answer that can't be read.
pub fn unreadable(why: &str) -> Outcome {
    let message = format!(
        "The program's answer can't be read: {why}. Does the code write to descriptors it did not open?"
    );
    Outcome::Died { kind: Kind::Protocol, message }
}

/// Many short naps are no better than a long one.
pub fn asleep_in_all(limit: Duration) -> Outcome {
    let message = format!("The calls slept for more than {limit:.1?} in all. Take the sleeping out.");
    Outcome::Died { kind: Kind::Stalled, message }
}

/// Deaths in a student's words.
pub fn died(death: &Death) -> Outcome {
    let (kind, message) = match death {
        Death::Exited(code) => (
            Kind::Crash,
            format!(
                "The code ended the whole program (exit code {code}) instead of returning. Take `std::process::exit` out."
            ),
        ),
        Death::Signalled { stack_overflow: true, .. } => (
            Kind::Crash,
            "The stack overflowed: a function calls itself without end, or a huge array lives on the stack."
                .to_owned(),
        ),
        Death::Signalled { out_of_memory: true, .. } => {
            (Kind::MemoryLimit, "The code asked for more memory than the exercise may use.".to_owned())
        }
        Death::Signalled { signal, .. } => {
            (Kind::Crash, format!("The program was ended by signal {signal} (it may have called `abort`)."))
        }
        Death::CpuLimit { limit } => (
            Kind::TimeLimit,
            format!("No answer after {limit:.1?} of computing: is there a loop that does not end?"),
        ),
        Death::WallLimit { limit } => (
            Kind::Stalled,
            format!(
                "No answer within {limit:.1?}, and nothing was being computed: does the code sleep, wait for input or wait for itself?"
            ),
        ),
        Death::PrintLimit { limit } => (
            Kind::PrintLimit,
            format!(
                "The code printed more than {} MB in one case. Take the prints out of the loop.",
                limit >> 20
            ),
        ),
        Death::DiskLimit { limit } => (
            Kind::DiskLimit,
            format!(
                "The code wrote more than {} MB into files; no exercise needs any. Take the writing out.",
                limit >> 20
            ),
        ),
        Death::AnswerTooLarge { .. } => {
            (Kind::Protocol, "The answer is far larger than it can be; is a shape wrong?".to_owned())
        }
        other => return unreadable(&other.to_string()),
    };
    Outcome::Died { kind, message }
}
