//! Windows of a series, and a split of the series by time: into training, validation and a test part that lies untouched.

use std::{error::Error, fmt, ops::Range};

use dfdx::prelude::*;
use toolkit::tensor::{Matrix, Sequences};

/// How long a window is, and how far ahead its target lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Steps in a window.
    pub length: usize,
    /// From the window's last step to its target; 1 is the very next step.
    pub horizon: usize,
}

/// Windows of a series, in the order of time, and what is to be predicted from each.
#[derive(Clone, Debug)]
pub struct Windows<D: Device<f32>> {
    /// What a model sees: (windows, length, features).
    pub inputs: Sequences<D>,
    /// What it is to say: (windows, features).
    pub targets: Matrix<D>,
}

/// Windows of the past to learn from, of what came then to choose by, and of what came last to judge by, once.
#[derive(Clone, Debug)]
pub struct TimeSplit<D: Device<f32>> {
    /// Of the first steps.
    pub training: Windows<D>,
    /// Of the steps after them.
    pub validation: Windows<D>,
    /// Of the last steps.
    pub test: Windows<D>,
}

/// Why there are no windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowError {
    /// A window has no steps, or a target is no step ahead of its window.
    Empty(Span),
    /// A part of the series is shorter than one window with its target.
    TooShort {
        /// Steps of the part.
        steps: usize,
        /// Steps that a window takes together with its target.
        needed: usize,
    },
}

impl fmt::Display for WindowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty(Span { length, horizon }) => {
                write!(f, "length and horizon must be at least 1, and they are {length} and {horizon}")
            }
            Self::TooShort { steps, needed } => {
                write!(f, "a part of {steps} steps is too short: a window and its target take {needed}")
            }
        }
    }
}

impl Error for WindowError {}

/// All windows of the steps `part` of a series, and their targets.
///
/// `series` (steps, features) has a row for each step. Window i holds `length` steps in a row, from step `part.start` + i on;
/// its target is the step that comes `horizon` steps after the window's last one. Each window starts one step after the one
/// before, and there are as many as fit: inputs *and target* lie within `part`, which lies within the series.
///
/// ```text
/// part 2..8 of a series, length 3, horizon 2              steps    0 1 2 3 4 5 6 7 8 9
///                                                      window 0        ■ ■ ■   ▲
///                                                      window 1          ■ ■ ■   ▲
/// ```
///
/// # Errors
/// When `length` or `horizon` is 0, and when not a single window with its target fits into `part`.
///
/// ```
/// use dfdx::prelude::*;
/// use regularization::time_windows::{Span, time_windows};
/// let series = Cpu::default().tensor_from_vec((0..10).map(|step| step as f32).collect(), (10, 1));
/// let windows = time_windows(&series, 2..8, Span { length: 3, horizon: 2 }).unwrap();
/// assert_eq!(windows.inputs.shape(), &(2, 3, 1));
/// assert_eq!(windows.inputs.as_vec(), [2.0, 3.0, 4.0, 3.0, 4.0, 5.0]);
/// assert_eq!(windows.targets.as_vec(), [6.0, 7.0]);
/// let message = time_windows(&series, 2..6, Span { length: 3, horizon: 2 }).unwrap_err().to_string();
/// assert_eq!(message, "a part of 4 steps is too short: a window and its target take 5");
/// ```
pub fn time_windows<D: Device<f32>>(
    series: &Matrix<D>,
    part: Range<usize>,
    span: Span,
) -> Result<Windows<D>, WindowError> {
    todo!()
}

/// Splits a series by time and cuts each part into windows by itself.
///
/// The last `test` steps are the test part, the `validation` steps before them the validation part, and all steps before those
/// the training part. No window reaches from one part into the next, neither with its inputs nor with its target: of the steps
/// of the test part nothing is seen before the test.
///
/// # Errors
/// As for [`time_windows`], when any of the three parts is too short; a training part has 0 steps where the others take more than
/// there are.
///
/// Source: Hyndman & Athanasopoulos, *Forecasting: Principles and Practice*, “Training and test sets”.
///
/// ```
/// use dfdx::prelude::*;
/// use regularization::time_windows::{Span, split_by_time};
/// let series = Cpu::default().tensor_from_vec((0..10).map(|step| step as f32).collect(), (10, 1));
/// let split = split_by_time(&series, Span { length: 2, horizon: 1 }, 3, 3).unwrap(); // steps 0..4, 4..7 and 7..10
/// assert_eq!(split.training.inputs.as_vec(), [0.0, 1.0, 1.0, 2.0]);
/// assert_eq!(split.training.targets.as_vec(), [2.0, 3.0]);
/// assert_eq!(split.validation.inputs.as_vec(), [4.0, 5.0]);
/// assert_eq!(split.test.targets.as_vec(), [9.0]);
/// ```
pub fn split_by_time<D: Device<f32>>(
    series: &Matrix<D>,
    span: Span,
    validation: usize,
    test: usize,
) -> Result<TimeSplit<D>, WindowError> {
    todo!()
}
