//! Everything that is printed, drawn or written about verdicts. Judges nothing.

mod advice;
mod body;
mod pictures;
pub mod export;
mod grading;
mod place;
mod print;
mod progress;
mod sketch;
mod style;
mod terminal;
mod timings;

pub use advice::advice;
pub use grading::{Facts, Grading, Paper};
pub use pictures::draw;
pub use place::place;
pub use print::{OutputError, plural, printed, put_json, tell, write_out, write_raw};
pub(crate) use print::{put, putln};
pub use progress::{Progress, listener};
pub use sketch::sketch;
pub use style::Style;
pub use terminal::{Terminal, summary};
pub use timings::{quick as timing, timings};
