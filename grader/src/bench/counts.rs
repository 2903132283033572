//! Counts beside the times, which no noise disturbs: allocations, bytes, operations on the tape.
//!
//! They are the child's own words. They are shown, and nothing is concluded from them.

use anyhow::Result;
use protocol::{ALLOCATIONS, Answer, BYTES, COUNTS, Call, TAPE, Value};
use serde::Serialize;

use crate::{
    examine::{Examinee, probe::Probe},
    judge::Outcome,
};

/// What one call did, as its program says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Counts {
    /// Allocations, growing an old one counted.
    pub allocations: f64,
    /// Bytes that were allocated in all.
    pub bytes: f64,
    /// Operations on the tape; none where no gradient was asked for.
    pub tape_operations: Option<f64>,
}

/// Asks a program for the counts of `call`; the second call counts, since the first may fill what is kept for later.
pub fn count(examinee: Examinee, call: &Call) -> Result<Option<Counts>> {
    let mut call = call.clone();
    call.args.insert(COUNTS.to_owned(), Value::Flag(true));
    let mut probe = Probe::new(examinee);
    probe.time(&call)?;
    let (Outcome::Answered(Answer::Values(values)), _) = probe.time(&call)? else { return Ok(None) };
    let number = |name: &str| match values.get(name) {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    };
    let (Some(allocations), Some(bytes)) = (number(ALLOCATIONS), number(BYTES)) else { return Ok(None) };
    Ok(Some(Counts { allocations, bytes, tape_operations: number(TAPE) }))
}
