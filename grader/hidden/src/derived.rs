//! Quantities that are derived from raw outputs before a rule is applied to them: errors, shares, differences. The grader works
//! them out, never the process that runs student code, so that nobody has to believe a score.

use protocol::Array;
use serde::{Deserialize, Serialize};

use crate::{Statistic, Tensor, case::to_array};

/// An output and what is worked out of it, step by step. A plain name is the output as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Derived {
    /// Name of the output.
    pub output: String,
    /// From the output to the quantity.
    pub steps: Vec<Step>,
}

/// One step from an output to what is judged or shown. Arrays are row-major, and a row is a run along the last axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Step {
    /// Less the other, element by element: arrays of the same shape, or a single number.
    Minus(Operand),
    /// Times the other, likewise.
    Times(Operand),
    /// Over the other, likewise.
    Over(Operand),
    /// One number for each run of as many elements as there are weights: Σ weight · element. What is left over is left out.
    Dot(Vec<f64>),
    /// √(mean (y − against)²) / deviation, one number: with the deviation of the truth it is 1 for those who always say the mean.
    Error {
        /// What would be right.
        against: Array,
        /// In what the error is measured.
        deviation: f64,
    },
    /// The share of rows whose largest number stands at the row's label; the first of equal ones counts.
    Accuracy(Vec<usize>),
    /// The share of elements that are equal to these.
    Equal(Array),
    /// One number that sums up all.
    Statistic(Statistic),
    /// Each row from its smallest number up.
    Sorted,
    /// Rows and columns of a matrix exchanged; what has more axes is a matrix of the first one and all others.
    Transposed,
    /// Of each entry along the first axis the number of the first one that is equal to it.
    Entries,
    /// The logarithm to base 10 of each element.
    Log10,
    /// How large a part of the elements is 0, 1, …, up to so many.
    Shares(usize),
    /// A matrix with a column of ones more.
    BesideOnes,
    /// XᵀX / n of n rows.
    SecondMoments,
    /// Something known beforehand in place of the output: what stands beside it in a picture.
    Known(Array),
}

/// The other side of a [`Step`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Operand {
    /// Another output of the same call.
    Output(String),
    /// Known beforehand.
    Known(Array),
}

impl Step {
    /// The array that is known beforehand, where the step has one.
    pub fn known(&mut self) -> Option<&mut Array> {
        match self {
            Self::Minus(Operand::Known(array))
            | Self::Times(Operand::Known(array))
            | Self::Over(Operand::Known(array))
            | Self::Error { against: array, .. }
            | Self::Equal(array)
            | Self::Known(array) => Some(array),
            _ => None,
        }
    }
}

impl From<&str> for Derived {
    fn from(output: &str) -> Self {
        Self { output: output.to_owned(), steps: Vec::new() }
    }
}

impl From<&String> for Derived {
    fn from(output: &String) -> Self {
        output.as_str().into()
    }
}

impl From<&str> for Operand {
    fn from(output: &str) -> Self {
        Self::Output(output.to_owned())
    }
}

impl From<&Tensor> for Operand {
    fn from(known: &Tensor) -> Self {
        Self::Known(to_array(known))
    }
}

impl From<f64> for Operand {
    fn from(known: f64) -> Self {
        Self::Known(Array::f64(&[], vec![known]))
    }
}

impl Derived {
    /// The output `name`, from which steps lead on.
    pub fn of(name: &str) -> Self {
        name.into()
    }

    /// What is known beforehand; there has to be an output `name` beside it.
    pub fn known(name: &str, known: &Tensor) -> Self {
        Self::of(name).step(Step::Known(to_array(known)))
    }

    /// One step more.
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Less `other`.
    pub fn minus(self, other: impl Into<Operand>) -> Self {
        self.step(Step::Minus(other.into()))
    }

    /// Times `other`.
    pub fn times(self, other: impl Into<Operand>) -> Self {
        self.step(Step::Times(other.into()))
    }

    /// Over `other`.
    pub fn over(self, other: impl Into<Operand>) -> Self {
        self.step(Step::Over(other.into()))
    }

    /// Σ weight · element of each run of elements.
    pub fn dot(self, weights: &[f64]) -> Self {
        self.step(Step::Dot(weights.to_vec()))
    }

    /// The normalised root-mean-square error against `truth`, of the standard deviation `deviation`.
    pub fn error(self, truth: &Tensor, deviation: f64) -> Self {
        self.step(Step::Error { against: to_array(truth), deviation })
    }

    /// The share of rows with the largest number at their label.
    pub fn accuracy(self, labels: &[usize]) -> Self {
        self.step(Step::Accuracy(labels.to_vec()))
    }

    /// The share of elements that are these.
    pub fn equal(self, to: &Tensor) -> Self {
        self.step(Step::Equal(to_array(to)))
    }

    /// The statistic, one number.
    pub fn statistic(self, statistic: Statistic) -> Self {
        self.step(Step::Statistic(statistic))
    }

    /// With all rows sorted.
    pub fn sorted(self) -> Self {
        self.step(Step::Sorted)
    }
}
