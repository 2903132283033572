//! The page: what is being worked on, in a browser on this machine, renewed at every save.
//!
//! `follow` finds the task, `sheet` (with `map`, `outcome` and `task`) and `now` say what there is to say about it, `draw` draws, `board` keeps it for browsers,
//! `server` hands it out, `export` writes it as files. What was written elsewhere is escaped in one place, `html`. Nothing here grades.

mod board;
mod draw;
mod export;
mod follow;
mod html;
mod live;
mod map;
mod now;
mod outcome;
mod prose;
mod server;
mod sheet;
mod task;

pub use board::{Board, Both, News, Part};
pub use export::{FIRST, Leaf, export, file_of};
pub use follow::Follow;
pub use html::Html;
pub use live::Live;
pub use map::overview;
pub use server::{Door, Response, answer, open};
pub use sheet::{View, sheet, trouble};

/// How it looks.
const STYLE: &str = include_str!("page.css");
/// What renews it.
const SCRIPT: &str = include_str!("page.js");
