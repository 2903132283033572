//! Data made from a seed: no download, any amount, and the same on every machine.
//!
//! It is easier than the real thing, but its truth is known: the factors behind ratings, the analogies in a corpus.

mod additions;
mod digits;
mod mackey_glass;
mod ratings;
mod shapes;
mod words;

pub use additions::{Additions, additions};
pub use digits::{Digits, digits};
pub use mackey_glass::mackey_glass;
pub use ratings::{Planted, planted_ratings};
pub use shapes::shapes;
pub use words::{Words, planted_words};
