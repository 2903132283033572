//! What an answer must obey: the vocabulary of hidden checks, as data. Applying it is the judge's.

use protocol::Array;
use serde::{Deserialize, Serialize};

use crate::Budget;

/// A rule for one output (or, for [`Rule::Refuses`], for the whole answer).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Rule {
    /// Same shape, and every element within the budget; NaN and ±∞ exactly where they are wanted.
    Close {
        /// The oracle's values, in double precision.
        want: Array,
        /// How far off an element may be.
        budget: Budget,
    },
    /// As `Close`, for any one of several answers: ties that may be broken either way.
    CloseToAny {
        /// The acceptable answers.
        wants: Vec<Array>,
        /// How far off an element may be.
        budget: Budget,
    },
    /// The function returns `Err`, and its message contains each of these words (upper and lower case alike).
    Refuses {
        /// Words that the message must contain: the name or number that is wrong.
        mentions: Vec<String>,
    },
    /// This shape, whatever the elements.
    Shape {
        /// The wanted shape.
        shape: Vec<usize>,
    },
    /// A statistic of all elements lies in `low..=high`.
    Statistic {
        /// Which one.
        statistic: Statistic,
        /// Smallest acceptable value.
        low: f64,
        /// Largest acceptable value.
        high: f64,
    },
    /// Every element lies in `low..=high`; NaN does not.
    Within {
        /// Smallest acceptable element.
        low: f64,
        /// Largest acceptable element.
        high: f64,
    },
    /// Exactly these elements, in any order.
    Permutation {
        /// The elements.
        of: Vec<f64>,
    },
    /// Bit for bit the same as an output of another call of this case.
    SameAs {
        /// The other call's index.
        call: usize,
        /// Its output.
        output: String,
    },
    /// Not the same as an output of another call of this case.
    DiffersFrom {
        /// The other call's index.
        call: usize,
        /// Its output.
        output: String,
    },
    /// As many columns as `basis` has, and they span the same space, up to an angle.
    Spans {
        /// The space, as the columns of a matrix.
        basis: Array,
        /// The largest acceptable angle: that of the principal angles, or a little more.
        degrees: f64,
    },
    /// A text, letter by letter.
    Text {
        /// The text.
        want: String,
    },
}

/// A number that sums up an array.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Statistic {
    /// Arithmetic mean.
    Mean,
    /// Standard deviation, dividing by n.
    Std,
    /// Smallest element.
    Min,
    /// Largest element.
    Max,
    /// Last element of the flattened array: where a curve ends.
    Last,
    /// How many elements there are.
    Count,
    /// The sum of all elements.
    Sum,
    /// Euclidean norm, √(Σ x²).
    Norm,
    /// How many different elements there are.
    Distinct,
    /// The share of the elements that are exactly this number.
    Share {
        /// The number.
        of: f64,
    },
    /// The standard deviation of the means of every so many elements, one after the other.
    StdOfMeans {
        /// How many elements have a mean in common.
        each: usize,
    },
    /// Kolmogorov–Smirnov distance to a distribution: the largest gap between the two cumulative distributions.
    /// A sample of n stays below 2.0/√n in 99.93 % of draws.
    DistanceTo(Distribution),
}

/// A distribution to compare samples with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Distribution {
    /// Normal with this mean and standard deviation.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        std: f64,
    },
    /// Normal cut off at `mean ± cut`, with `std` before the cut.
    TruncatedNormal {
        /// Mean.
        mean: f64,
        /// Standard deviation before the cut.
        std: f64,
        /// Where it is cut, as a distance from the mean.
        cut: f64,
    },
    /// Uniform on `low..high`.
    Uniform {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
}
