//! What a call carries and what an answer carries: named arrays, numbers and words.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Named values, in the order of their names.
pub type Values = BTreeMap<String, Value>;

/// One call of one function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The exercise's name inside its chapter, e.g. `relu`.
    pub exercise: String,
    /// Which of the student's functions is called: the exercise's own, which has its name, or another one, or several in a row
    /// as `stack + train`. Words behind it tell ways to call it apart: `dropout many times`.
    pub function: String,
    /// The arguments by name.
    pub args: Values,
}

impl Call {
    /// A call of the exercise's own function.
    pub fn own(exercise: &str, args: Values) -> Self {
        Self { exercise: exercise.to_owned(), function: exercise.to_owned(), args }
    }

    /// Whether the function called is another one than the exercise's own.
    pub fn is_of_another(&self) -> bool {
        self.function != self.exercise
    }
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// The function returned; its outputs and gradients by name.
    Values(Values),
    /// The function returned `Err`, with this message.
    Refused(String),
    /// The function panicked.
    Panicked {
        /// The panic's message.
        message: String,
        /// `file:line:column`, where known.
        location: String,
    },
    /// The probe can't do this call on this device or at all: the course's fault or the machine's.
    Unsupported(String),
}

/// A value with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// A dense array, row-major.
    Array(Array),
    /// A scalar.
    Number(f64),
    /// A size, an index or a seed.
    Count(u64),
    /// A switch.
    Flag(bool),
    /// A text: a name, a mode, a sentence.
    Text(String),
}

/// A dense row-major array.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Array {
    /// Length along each axis; empty for a scalar.
    pub shape: Vec<usize>,
    /// The elements; their number is the product of `shape`.
    pub data: Data,
}

/// The elements of an [`Array`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Data {
    /// Single precision.
    F32(Vec<f32>),
    /// Double precision.
    F64(Vec<f64>),
    /// Indexes and labels.
    Index(Vec<u64>),
}

impl Array {
    /// A single-precision array.
    pub fn f32(shape: &[usize], data: Vec<f32>) -> Self {
        Self { shape: shape.to_vec(), data: Data::F32(data) }
    }

    /// A double-precision array.
    pub fn f64(shape: &[usize], data: Vec<f64>) -> Self {
        Self { shape: shape.to_vec(), data: Data::F64(data) }
    }

    /// An array of indexes.
    pub fn index(shape: &[usize], data: Vec<u64>) -> Self {
        Self { shape: shape.to_vec(), data: Data::Index(data) }
    }

    /// The elements in double precision.
    pub fn to_f64(&self) -> Vec<f64> {
        match &self.data {
            Data::F32(v) => v.iter().map(|&x| f64::from(x)).collect(),
            Data::F64(v) => v.clone(),
            Data::Index(v) => v.iter().map(|&x| x as f64).collect(),
        }
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        match &self.data {
            Data::F32(v) => v.len(),
            Data::F64(v) => v.len(),
            Data::Index(v) => v.len(),
        }
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether `shape` describes as many elements as there are. Arrays from a child must be asked this first.
    pub fn is_consistent(&self) -> bool {
        let product = self.shape.iter().try_fold(1usize, |product, &n| product.checked_mul(n));
        product == Some(self.len())
    }
}
