//! The types that cross the pipe: a [`Call`] goes to the probe, an [`Answer`] comes back, each in one frame.
//!
//! Nothing here knows what a right answer is; expected values never cross.

mod bench;
mod frame;
mod rule;
mod value;

pub use bench::{ALLOCATIONS, BYTES, COUNTS, NOTHING, OUTPUTS, TAPE};
pub use frame::{FrameError, HEADER, MAGIC, decode, decode_answer, encode, encode_call};
pub use rule::{Formula, hash, uniform};
pub use value::{Answer, Array, Call, Data, Value, Values};
