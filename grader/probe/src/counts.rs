//! Counts of what a call did, which no noise disturbs: allocations, their bytes, operations on the tape.
//!
//! They are the child's own words: the grader shows them and concludes nothing from them. Without the feature `counts`
//! allocations are not counted.

use dfdx::prelude::*;
use protocol::{ALLOCATIONS, BYTES, COUNTS};

use crate::{Adapter, Dev, Fault, Inputs, Outputs};

#[cfg(feature = "counts")]
#[global_allocator]
static ALLOCATOR: &stats_alloc::StatsAlloc<std::alloc::System> = &stats_alloc::INSTRUMENTED_SYSTEM;

/// Calls the adapter, and adds the counts where the call asks for them.
pub fn counted(adapter: Adapter, inputs: &Inputs) -> Result<Outputs, Fault> {
    if !inputs.has(COUNTS) {
        return adapter(inputs);
    }
    let before = allocated();
    let outputs = adapter(inputs)?;
    let (Some((calls, bytes)), Some(before)) = (allocated(), before) else { return Ok(outputs) };
    Ok(outputs.number(ALLOCATIONS, (calls - before.0) as f64).number(BYTES, (bytes - before.1) as f64))
}

/// Allocations so far, and their bytes.
#[cfg(feature = "counts")]
fn allocated() -> Option<(usize, usize)> {
    let stats = ALLOCATOR.stats();
    Some((stats.allocations + stats.reallocations, stats.bytes_allocated))
}

#[cfg(not(feature = "counts"))]
fn allocated() -> Option<(usize, usize)> {
    None
}

/// The operations on a tape. dfdx keeps them to itself, but for their number in the tape's debug form.
pub fn operations(tape: &OwnedTape<f32, Dev>) -> Option<f64> {
    let text = format!("{tape:?}");
    let (_, rest) = text.split_once("num_operations: ")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Puts the call's arrays on the device and answers with zeros: what every call costs beside its work.
pub fn nothing(call: &Inputs) -> Result<Outputs, Fault> {
    let sizes = call.indexes(protocol::OUTPUTS)?;
    let inputs = call.every_array();
    std::hint::black_box(&inputs);
    let zeros = sizes.into_iter().enumerate().map(|(i, n)| (format!("{i}"), call.dev.zeros_like(&(n,))));
    Ok(zeros.fold(Outputs::new(), |outputs, (name, zeros): (_, crate::Plain<(usize,)>)| {
        outputs.tensor(&name, &zeros)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_on_a_tape_are_counted() {
        let dev = Dev::default();
        let x = dev.zeros_like(&(2, 3));
        let (_, tape) = (x.leaky_trace().relu() * 2.0).split_tape();
        assert_eq!(operations(&tape), Some(2.0));
    }
}
