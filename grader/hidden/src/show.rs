//! What is shown to a student once an exercise is solved: numbers, texts, curves, images, maps. Drawing is the report's.

use serde::{Deserialize, Serialize};

use crate::Derived;

/// An output that is worth looking at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Show {
    /// What it is called: "test accuracy".
    pub name: String,
    /// Index of the call.
    pub call: usize,
    /// The output, and what is worked out of it.
    pub shown: Derived,
    /// In which way it is shown.
    pub how: How,
}

/// Ways to show an output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum How {
    /// A scalar, in the report.
    Number,
    /// A text, in the report.
    Text,
    /// A line of a plot; a single point is a dot.
    Line {
        /// The plot; lines of the same plot are drawn into one picture, whatever case they come from.
        plot: Plot,
        /// What holds the abscissae; 1, 2, 3, … where there is none.
        x: Option<Derived>,
    },
    /// An array (n, height, width) or (n, height, width, 3) as a sheet of n images, each from its darkest to its brightest.
    Images,
    /// An array (n, 2) as a map of points, some of which have a label.
    Points {
        /// A label for each point, or an empty one.
        labels: Vec<String>,
    },
}

/// The frame of a line plot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plot {
    /// What it shows; also the end of its file's name.
    pub title: String,
    /// The abscissa's name.
    pub x: String,
    /// The ordinate's name.
    pub y: String,
}

impl Plot {
    /// A plot of `y` over `x`.
    pub fn new(title: &str, x: &str, y: &str) -> Self {
        Self { title: title.to_owned(), x: x.to_owned(), y: y.to_owned() }
    }
}
