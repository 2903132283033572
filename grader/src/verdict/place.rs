//! Places: where elements stand, and how arrangements and shapes differ from what is wanted.

use serde::{Deserialize, Serialize};

/// Where wanted numbers are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrangement {
    /// Axes exchanged, and read in the wanted shape.
    Permuted(Vec<usize>),
    /// Reversed along an axis.
    Reversed(usize),
    /// Moved along an axis by so many, around the edge.
    Rolled(usize, isize),
    /// Moved along an axis by so many; what comes in is something else.
    Shifted(usize, isize),
    /// Index along an axis: which wanted one stands at each.
    Taken(usize, Vec<usize>),
    /// The same numbers in another order, in each row.
    InRows,
    /// The same numbers in another order.
    Shuffled,
}

/// Elements that have something in common.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Where what is wanted compares so with a number.
    Wanted(Comparison),
    /// Where an argument does.
    Argument(String, Comparison),
    /// At an index along an axis, from its start.
    At(usize, usize),
    /// At the last index along an axis.
    Last(usize),
    /// From an index along an axis on.
    From(usize, usize),
    /// Before the last index along an axis.
    BeforeLast(usize),
    /// In one of several parts of equal length along an axis: axis, part, parts.
    Part(usize, usize, usize),
    /// At the edges of the last two axes, or of two axes before the last.
    Edges(usize, usize),
    /// On the diagonal of the last two axes.
    Diagonal,
    /// Beside the diagonal.
    OffDiagonal,
    /// At every odd index along an axis.
    Odd(usize),
    /// At every even index along an axis.
    Even(usize),
    /// In some whole entries along an axis, and not in others.
    Entries(usize),
}

/// How a number compares with another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Less.
    Below(f64),
    /// Greater.
    Above(f64),
    /// Equal.
    Is(f64),
    /// Greater in size.
    Beyond(f64),
    /// Less in size, and not 0.
    Within(f64),
    /// Infinite or NaN.
    NotFinite,
}

/// In which way a shape differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reshape {
    /// Axes in another order: the wanted axis that stands at each place.
    Permuted(Vec<usize>),
    /// An axis of the wanted ones is not there.
    Lost(usize),
    /// An axis of length 1 more.
    Kept(usize),
    /// All in one axis.
    Flat,
    /// A wanted axis is longer or shorter by so many.
    Longer(usize, isize),
    /// An argument's shape.
    Argument(String),
    /// The length of one axis differs.
    Axis(usize),
    /// Another number of axes: by how many more.
    Rank(isize),
    /// As many elements in another shape.
    Elements,
}
