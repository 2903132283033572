//! What an answer must obey: the vocabulary of hidden checks, as data. Applying it is the judge's.

use protocol::Array;
use serde::{Deserialize, Serialize};

use crate::{Budget, Statistic};

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
