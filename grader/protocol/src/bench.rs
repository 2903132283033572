//! The words of a bench: a call that does nothing, a wish for counts, and what the counts are called.
//!
//! No exercise, argument or output of the course is in brackets, so nothing can be mistaken for these.

/// The exercise that every probe has: takes any arguments, puts them on the device, and answers with as many zeros as
/// [`OUTPUTS`] says. What that takes, every call takes beside its work.
pub const NOTHING: &str = "(nothing)";
/// Argument of [`NOTHING`]: the number of elements of each output.
pub const OUTPUTS: &str = "(outputs)";
/// Argument that asks for the outputs below beside the exercise's own. They come from the child and are for information only.
pub const COUNTS: &str = "(counts)";
/// How often memory was allocated or an allocation grown.
pub const ALLOCATIONS: &str = "(allocations)";
/// Bytes that were allocated in all.
pub const BYTES: &str = "(bytes)";
/// Operations on the tape whose backward pass was asked for.
pub const TAPE: &str = "(tape)";
