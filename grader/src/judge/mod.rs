//! Applies rules to answers. Pure: no files, no processes, no clock; the same answers always give the same findings.
//!
//! Every rule is applied in two steps. `measure` turns the answers into a [`Reading`](crate::verdict::Reading), `find_fault` compares the reading
//! with the rule. Readings are also what misconceptions are recognised by (see `diagnose`).

pub mod contrast;
pub mod gates;
pub mod losses;
mod derive;
mod reading;
pub mod symptoms;
mod subspace;

use hidden::{Case, Check};
use protocol::Answer;

pub use derive::shown;
pub use reading::{agree, as_array, is_strong, measure};

use crate::{
    messages::{answers, endings},
    verdict::{Fault, Kind},
};

/// What came of one call.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The probe answered.
    Answered(Answer),
    /// The probe died or was stopped.
    Died {
        /// Sort of death.
        kind: Kind,
        /// In a student's words.
        message: String,
    },
    /// An earlier call of the case, or too many earlier cases, ended the probe.
    NotRun,
}

/// The first fault of a case, if there is one. `outcomes` has one entry a call.
pub fn judge(case: &Case, outcomes: &[Outcome]) -> Option<Fault> {
    case.calls.iter().enumerate().find_map(|(call, _)| unanswered(case, call, outcomes)).or_else(|| {
        case.checks.iter().find_map(|check| {
            let message = find_fault(case, check, outcomes)?;
            Some(Fault { kind: Kind::Wrong, message })
        })
    })
}

/// A call that gave no values although a check wants some.
fn unanswered(case: &Case, call: usize, outcomes: &[Outcome]) -> Option<Fault> {
    match outcomes.get(call).unwrap_or(&Outcome::NotRun) {
        Outcome::Died { kind, message } => Some(Fault { kind: *kind, message: message.clone() }),
        Outcome::Answered(Answer::Panicked { message, location }) => {
            Some(answers::panic(case, call, message, location))
        }
        Outcome::Answered(Answer::Unsupported(message)) => {
            Some(Fault { kind: Kind::Protocol, message: endings::unsupported(message) })
        }
        Outcome::NotRun => Some(Fault { kind: Kind::Crash, message: endings::NOT_RUN.to_owned() }),
        Outcome::Answered(_) => None,
    }
}

/// What is wrong with the answers by one check, in a student's words.
pub fn find_fault(case: &Case, check: &Check, outcomes: &[Outcome]) -> Option<String> {
    let reading = measure(check, outcomes);
    answers::fault(case, check, &reading)
}
