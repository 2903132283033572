//! What a classifier says, class by class: for classes of which some are rare.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use toolkit::tensor::Matrix;

/// Why labels don't fit the logits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelError {
    /// There are more or fewer labels than rows.
    Count {
        /// Rows of the logits.
        rows: usize,
        /// Labels.
        labels: usize,
    },
    /// A label is no class.
    NoClass {
        /// The label.
        label: usize,
        /// How many classes there are, counted from 0.
        classes: usize,
    },
}

impl fmt::Display for LabelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count { rows, labels } => write!(f, "there are {rows} rows of logits, and {labels} labels"),
            Self::NoClass { label, classes } => {
                write!(f, "the label {label} is none of the {classes} classes, which are counted from 0")
            }
        }
    }
}

impl Error for LabelError {}

/// How often which class was taken for which, and what follows from it.
///
/// A row for each class that an example *is* of, a column for each class that the classifier *says*:
///
/// ```text
///                    says 0   says 1
///      is 0            880       70         950 healthy
///      is 1             10       40          50 ill
/// ```
///
/// | quantity | of | in the table |
/// |---|---|---|
/// | accuracy | all | 920 of 1,000 are right |
/// | recall of class k | the examples that *are* k: row k | of the 50 ill, 40 are found |
/// | precision of class k | the examples that are *said* to be k: column k | of 110 who are called ill, 40 are |
/// | balanced accuracy | the classes | mean of the recalls, 80 % and 92.6 %: each class counts the same, however rare |
///
/// **0/0.** A class that is never said has nothing to be precise about, and a class that no example is of has nothing to be found:
/// there, precision and recall are set to 0. The balanced accuracy leaves classes that no example is of out of its mean.
///
/// Source: scikit-learn's `confusion_matrix`, `recall_score` and `precision_score` with `zero_division=0`, and
/// `balanced_accuracy_score`; Brodersen, Ong, Stephan & Buhmann 2010.
///
/// ```
/// use dfdx::prelude::*;
/// use regularization::confusion_matrix::ConfusionMatrix;
/// let logits = Cpu::default().tensor_from_vec(vec![2.0, 1.0, 0.0, 3.0, 5.0, -1.0, 1.0, 1.0], (4, 2));
/// let confusion = ConfusionMatrix::new(&logits, &[0, 0, 0, 1]).unwrap(); // says 0, 1, 0, and 0 where both are equal
/// assert_eq!(confusion.counts, [[2, 1], [1, 0]]);
/// assert_eq!(confusion.accuracy(), 0.5);
/// assert_eq!(confusion.recall(), [2.0 / 3.0, 0.0]);
/// assert_eq!(confusion.precision(), [2.0 / 3.0, 0.0]);
/// assert_eq!(confusion.balanced_accuracy(), 1.0 / 3.0);
/// assert!(ConfusionMatrix::new(&logits, &[0, 0, 0, 2]).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix {
    /// `counts[is][says]`: how many examples of class `is` were said to be of class `says`.
    pub counts: Vec<Vec<usize>>,
}

impl ConfusionMatrix {
    /// Counts what a classifier says. `logits` (n, classes) has a row for each example; the class with the largest number is said,
    /// the first of equal ones. The labels are the classes that the examples are of.
    ///
    /// # Errors
    /// When there are more or fewer labels than rows, and when a label is no class.
    pub fn new<D: Device<f32>>(logits: &Matrix<D>, labels: &[usize]) -> Result<Self, LabelError> {
        todo!()
    }

    /// The share of examples whose class was said.
    pub fn accuracy(&self) -> f64 {
        todo!()
    }

    /// Of the examples that *are* of a class, the share that is said to be: for each class.
    pub fn recall(&self) -> Vec<f64> {
        todo!()
    }

    /// Of the examples that are *said* to be of a class, the share that is: for each class.
    pub fn precision(&self) -> Vec<f64> {
        todo!()
    }

    /// The mean of the recalls of all classes that some example is of.
    pub fn balanced_accuracy(&self) -> f64 {
        todo!()
    }
}
