//! Readings: what a check measures of the answers, before anybody says whether that is right.

use protocol::Array;
use serde::{Deserialize, Serialize};

/// What a check measures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reading {
    /// An output, as an array of double-precision numbers.
    Array(Array),
    /// A statistic of an output.
    Number(f64),
    /// Whether a comparison of two outputs, or of an output and a set of values, came out equal.
    Equal(bool),
    /// The function returned `Err` with this message.
    Refused(String),
    /// The function returned `Ok`, and what it contains is not asked.
    Accepted,
    /// There is no output of that name.
    Missing,
    /// The function panicked.
    Panicked,
    /// No answer.
    Dead,
    /// An output that is a text.
    Text(String),
    /// The output can't be put beside what it is to be compared with.
    Unlike {
        /// The answer's shape.
        got: Vec<usize>,
        /// The shape that it should have.
        want: Vec<usize>,
    },
    /// What is remembered of a long output: its shape, and elements from all over.
    Sample {
        /// The output's shape.
        shape: Vec<usize>,
        /// Some of its elements, evenly from the first to the last.
        elements: Vec<f64>,
    },
}

impl Reading {
    /// The reading with `most` elements at most: a sample of an output that has more.
    pub fn sampled(self, most: usize) -> Self {
        match self {
            Self::Array(array) if array.len() > most => {
                Self::Sample { elements: sample(&array.to_f64(), most), shape: array.shape }
            }
            reading => reading,
        }
    }
}

/// `count` of the values, evenly from the first to the last.
pub fn sample(values: &[f64], count: usize) -> Vec<f64> {
    (0..count).map(|i| values[i * (values.len() - 1) / (count - 1).max(1)]).collect()
}

/// Equal within `allowed`, or both NaN, or the same infinity.
pub fn near(got: f64, want: f64, allowed: f64) -> bool {
    (got.is_nan() && want.is_nan()) || got == want || (got - want).abs() <= allowed
}
