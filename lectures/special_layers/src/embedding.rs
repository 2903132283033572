//! Embeddings: a vector for every index.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use toolkit::tensor::Matrix;

/// Shapes of indexes, and the shapes of what [`embedding`] looks up for them: a vector in the place of each index.
pub trait IndexShape: Shape {
    /// This shape with one axis more, the last.
    type Vectors: Shape;

    /// This shape with `width` behind it.
    fn vectors(&self, width: usize) -> Self::Vectors;
}

impl IndexShape for () {
    type Vectors = (usize,);

    fn vectors(&self, width: usize) -> Self::Vectors {
        (width,)
    }
}

impl IndexShape for (usize,) {
    type Vectors = (usize, usize);

    fn vectors(&self, width: usize) -> Self::Vectors {
        (self.0, width)
    }
}

impl IndexShape for (usize, usize) {
    type Vectors = (usize, usize, usize);

    fn vectors(&self, width: usize) -> Self::Vectors {
        (self.0, self.1, width)
    }
}

impl IndexShape for (usize, usize, usize) {
    type Vectors = (usize, usize, usize, usize);

    fn vectors(&self, width: usize) -> Self::Vectors {
        (self.0, self.1, self.2, width)
    }
}

/// An index beyond the end of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexOutOfRange {
    /// The index.
    pub index: usize,
    /// How many rows the table has.
    pub rows: usize,
}

impl fmt::Display for IndexOutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no row {} in a table of {} rows, counted from 0", self.index, self.rows)
    }
}

impl Error for IndexOutOfRange {}

/// An embedding layer: puts a learned vector in the place of each index (of a word, a user, a film).
///
/// ```text
/// y[…, :] = table[indexes[…], :]
/// ```
///
/// Shapes: `table` (rows, width) has a vector in every row; `indexes` may have any shape, such as (n,), or (n, steps) for
/// sentences, and `y` has one axis more, (n, width) or (n, steps, width). Indexes count from 0, may repeat, and there may be
/// none: (0,) gives (0, width). At least one row, and a width of at least 1.
///
/// The gradient flows to the table. A row's is the **sum** of the gradients of all places where it was put, and zero for a
/// row that was not looked up:
///
/// ```text
/// d_table[i, :] = Σ d_y[…, :] over all … with indexes[…] = i
/// ```
///
/// It is the same as a dense layer without biases on one-hot vectors, but nobody multiplies by all those zeros.
///
/// Write it without the toolkit's own `embedding`.
///
/// # Errors
/// For the first index that is not below `rows`.
///
/// Source: slide “Embeddings and word2vec”; Keras's `Embedding`.
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::embedding::embedding;
/// let dev = Cpu::default();
/// let table = dev.tensor_from_vec(vec![0.0, 0.5, 1.0, 1.5, 2.0, 2.5], (3, 2));
/// let indexes = dev.tensor_from_vec(vec![2, 0, 2], (3,));
/// let y = embedding(table.leaky_trace(), &indexes).unwrap();
/// assert_eq!((*y.shape(), y.as_vec()), ((3, 2), vec![2.0, 2.5, 0.0, 0.5, 2.0, 2.5]));
/// let gradients = y.sum::<Rank0, _>().backward();
/// assert_eq!(gradients.get(&table).as_vec(), [1.0, 1.0, 0.0, 0.0, 2.0, 2.0]);
///
/// let refused = embedding(table, &dev.tensor_from_vec(vec![0, 3], (2,))).unwrap_err();
/// assert_eq!((refused.index, refused.rows), (3, 3));
/// ```
pub fn embedding<I: IndexShape, D: Device<f32>, T: Tape<f32, D>>(
    table: Matrix<D, T>,
    indexes: &Tensor<I, usize, D>,
) -> Result<Tensor<I::Vectors, f32, D, T>, IndexOutOfRange> {
    todo!()
}
