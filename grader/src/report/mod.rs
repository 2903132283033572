//! Everything that is printed, drawn or written about verdicts. Judges nothing.

mod advice;
mod body;
mod fit;
mod pictures;
pub mod export;
mod grading;
mod letters;
mod list;
mod mine;
mod place;
mod print;
mod progress;
mod screen;
mod sketch;
mod news;
mod style;
mod terminal;
mod timings;

pub use advice::advice;
pub use fit::link_below;
pub use grading::{Facts, Grading, Paper};
pub use mine::{mine, mine_json, not_mine};
pub use news::News;
pub use pictures::draw;
pub use place::place;
pub use print::{
    OutputError, lines, paint, plural, printed, put_json, tell, write_out, write_raw, write_whole_lines,
};
pub(crate) use print::{put, putln};
pub use progress::{Progress, listener};
pub use screen::{Screen, is_ci, is_dumb};
pub use sketch::{sketch, sketch_within};
pub use style::Style;
pub use terminal::{Again, Terminal, is_to_fix, next_task, summary};
pub use timings::{quick as timing, timings};
