//! The one place that starts processes: workers that answer requests, tools that run to completion.
//!
//! It moves bytes, enforces limits and leaves nothing running. What the bytes mean, which blame a
//! [`Death`] carries and every word a user reads around it are left to the callers. Isolation is that
//! of level `light`: process group, limits, clean environment; `confine` makes it strict. On macOS memory is not limited, CPU time
//! is not seen (the wall clock stands in) and a daemon that left its group is not found.
//!
//! A process started anywhere else is a stranger to [`sweep`] and is killed by it.

mod channel;
mod clock;
pub mod confine;
mod death;
mod group;
mod pipes;
mod prints;
mod registry;
mod room;
mod stopwatch;
mod sweep;
mod usage;
mod watchdog;
mod worker;

pub mod tool;

pub use death::Death;
pub use prints::Prints;
pub use room::Room;
pub use stopwatch::Cost;
pub use sweep::{before_interrupt, harden, on_interrupt, sweep};
pub use watchdog::{want_watchdog, watchdog_main};
pub use worker::{Limits, Worker};
