//! What can be seen of a case that went wrong: plain data. Drawing it is the page's.

use hidden::{Distribution, Plot};
use protocol::Array;

use super::Line;

/// Something to look at.
#[derive(Clone, Debug, PartialEq)]
pub enum Sight {
    /// An answer beside the one that is wanted.
    Beside(Beside),
    /// Numbers of which only some properties are known.
    Draws(Draws),
    /// Lines that came out, right or wrong.
    Curves {
        /// Title and names of the axes.
        plot: Plot,
        /// Yours and what is expected, in one frame.
        lines: Vec<Line>,
    },
}

/// An answer beside the one that is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// What it is, in words: "the gradient with respect to `x`".
    pub name: String,
    /// An argument that looks like it, and its name.
    pub given: Option<(String, Array)>,
    /// What is wanted.
    pub want: Array,
    /// What came.
    pub got: Array,
    /// How far off an element may be.
    pub allowed: f64,
}

/// Numbers of which a statistic or the bounds are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Draws {
    /// What they are, in words.
    pub name: String,
    /// As they came out, in their order.
    pub values: Vec<f64>,
    /// A statistic of them, by name and value; where there is none, each number is what is bounded.
    pub statistic: Option<(String, f64)>,
    /// From where to where that may lie.
    pub allowed: (f64, f64),
    /// What they should be distributed like.
    pub expected: Option<Distribution>,
}
