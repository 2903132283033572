//! Merge layers: many inputs, one output.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use toolkit::tensor::Sequences;

/// Inputs that can't be merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeError {
    /// There is nothing to merge.
    NoInputs,
    /// An input's shape does not go with the first one's.
    Shapes {
        /// The first input's shape.
        first: Vec<usize>,
        /// The other input's shape.
        other: Vec<usize>,
    },
    /// There is no such axis to merge along.
    Axis {
        /// The axis that was asked for.
        axis: usize,
    },
    /// The length of this axis is a part of the tensors' type, and the result's would be another.
    Fixed {
        /// The axis that was asked for.
        axis: usize,
    },
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoInputs => write!(f, "there are no inputs to merge"),
            Self::Shapes { first, other } => {
                write!(f, "can't merge an input of shape {first:?} with {other:?}")
            }
            Self::Axis { axis } => write!(f, "can't merge along axis {axis}"),
            Self::Fixed { axis } => write!(f, "the length of axis {axis} is fixed by its type"),
        }
    }
}

impl Error for MergeError {}

/// The sum of all inputs, element by element: `y = x₀ + x₁ + …`
///
/// Any shape, one input or more, each with a tape of its own; the result has one tape that knows them all. A single input
/// is its own sum.
///
/// The inputs must be different tensors, because dfdx can't differentiate an operation on a tensor and itself: to merge `x`
/// with `x`, make a new tensor of one of them, `x.retaped::<T>() * 1.0`.
///
/// # Errors
/// Without inputs, and for the first input whose shape is not that of the first.
///
/// Source: slide “Merge layers”; Keras's `add`.
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::merge::merge_add;
/// let dev = Cpu::default();
/// let inputs = vec![dev.tensor([1.0, 2.0]), dev.tensor([10.0, 20.0]), dev.tensor([0.5, 0.5])];
/// assert_eq!(merge_add(inputs).unwrap().array(), [11.5, 22.5]);
///
/// let row = |length| dev.ones_like(&(1, length));
/// let refused: String = merge_add(vec![row(2), row(3)]).unwrap_err().to_string();
/// assert_eq!(refused, "can't merge an input of shape [1, 2] with [1, 3]");
/// ```
pub fn merge_add<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    inputs: Vec<Tensor<S, f32, D, T>>,
) -> Result<Tensor<S, f32, D, T>, MergeError> {
    todo!()
}

/// The first input minus the second, element by element: `y = a − b`
///
/// Any shape.
///
/// # Errors
/// When the shapes differ.
///
/// Source: slide “Merge layers”; Keras's `subtract`, which takes exactly two inputs too.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let y = special_layers::merge::merge_subtract(dev.tensor([5.0, 1.0]), dev.tensor([2.0, 4.0]));
/// assert_eq!(y.unwrap().array(), [3.0, -3.0]);
/// ```
pub fn merge_subtract<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    a: Tensor<S, f32, D, T>,
    b: Tensor<S, f32, D, T>,
) -> Result<Tensor<S, f32, D, T>, MergeError> {
    todo!()
}

/// The product of all inputs, element by element: `y = x₀ · x₁ · …`
///
/// Inputs and errors as for [`merge_add`]. The gradient of each is the product of the others: a mask or a gate.
///
/// Source: slide “Merge layers”; Keras's `multiply`.
///
/// ```
/// use dfdx::prelude::*;
/// let inputs = [[2.0, 3.0], [5.0, 0.0], [0.5, 7.0]].map(|x| Cpu::default().tensor(x)).to_vec();
/// assert_eq!(special_layers::merge::merge_multiply(inputs).unwrap().array(), [5.0, 0.0]);
/// ```
pub fn merge_multiply<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    inputs: Vec<Tensor<S, f32, D, T>>,
) -> Result<Tensor<S, f32, D, T>, MergeError> {
    todo!()
}

/// The mean of all n inputs, element by element: `y = (x₀ + x₁ + …) / n`
///
/// Inputs and errors as for [`merge_add`].
///
/// Source: slide “Merge layers”; Keras's `average`.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let inputs = vec![dev.tensor([0.0, 3.0]), dev.tensor([3.0, 3.0]), dev.tensor([9.0, 3.0])];
/// assert_eq!(special_layers::merge::merge_average(inputs).unwrap().array(), [4.0, 3.0]);
/// ```
pub fn merge_average<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    inputs: Vec<Tensor<S, f32, D, T>>,
) -> Result<Tensor<S, f32, D, T>, MergeError> {
    todo!()
}

/// The largest of all inputs, element by element: `y = max(x₀, x₁, …)`
///
/// Inputs and errors as for [`merge_add`]. The gradient goes to the input that is the largest. Where several are, they
/// share it; in which proportion is left open, but the shares sum to one.
///
/// Source: slide “Merge layers”; Keras's `maximum`.
///
/// ```
/// use dfdx::prelude::*;
/// let inputs = [[-1.0, 3.0], [-2.0, 4.0], [-3.0, 0.0]].map(|x| Cpu::default().tensor(x)).to_vec();
/// assert_eq!(special_layers::merge::merge_maximum(inputs).unwrap().array(), [-1.0, 4.0]);
/// ```
pub fn merge_maximum<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    inputs: Vec<Tensor<S, f32, D, T>>,
) -> Result<Tensor<S, f32, D, T>, MergeError> {
    todo!()
}

/// All inputs one behind the other along an axis.
///
/// ```text
/// along axis 0:   1 2  and  5 6   make   1 2        along axis 1:   1 2 5 6
///                 3 4       7 8          3 4                        3 4 7 8
///                                        5 6
///                                        7 8
/// ```
///
/// Any shape whose sizes are known at run time, and any axis, counted from 0. The lengths along that axis may differ, and
/// add up; all others are the same. One input or more, each with a tape of its own, and different tensors as for
/// [`merge_add`]. No axis has length 0.
///
/// # Errors
/// Without inputs, for an axis that there is not, and for the first input that differs from the first in another axis.
/// [`MergeError::Fixed`] where the type `S` does not allow the new length.
///
/// Source: slide “Merge layers”; Keras's `concatenate`.
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::merge::merge_concatenate;
/// let dev = Cpu::default();
/// let (a, b) = (dev.tensor_from_vec(vec![1.0, 2.0], (2, 1)), dev.tensor_from_vec(vec![3.0, 4.0, 5.0, 6.0], (2, 2)));
/// let wide = merge_concatenate(vec![a.clone(), b.clone()], 1).unwrap();
/// assert_eq!((*wide.shape(), wide.as_vec()), ((2, 3), vec![1.0, 3.0, 4.0, 2.0, 5.0, 6.0]));
/// assert!(merge_concatenate(vec![a, b], 0).is_err());
/// ```
pub fn merge_concatenate<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    inputs: Vec<Tensor<S, f32, D, T>>,
    axis: usize,
) -> Result<Tensor<S, f32, D, T>, MergeError> {
    todo!()
}

/// Dot products of all vectors of `a` with all vectors of `b`, example by example.
///
/// ```text
/// y[n, p, q] = Σₖ a[n, p, k] · b[n, q, k]                        axes (2, 2)
/// ```
///
/// Shapes: three axes, the first is the batch. The vectors lie along the axes `axes` of `a` and of `b`, each 1 or 2; where
/// it is 1, read a[n, k, p] above, or b[n, k, q]. The result is (n, p, q) with the lengths of the two axes that are left:
/// for vectors (n, 1, k) it is (n, 1, 1). The inputs are different tensors, as for [`merge_add`].
///
/// With `normalize` every vector is divided by its length first, so that y is the cosine of the angle between the two:
///
/// ```text
/// v / √max(Σₖ vₖ², ε),    ε = 1e-12
/// ```
///
/// ε keeps a vector of zeros what it is, and its gradient finite.
///
/// # Errors
/// For an axis other than 1 and 2; when the batches or the lengths of the vectors differ.
///
/// Source: slide “Merge layers”; Keras's `dot`. The recommender's score of a user and a film is one.
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::merge::merge_dot;
/// let dev = Cpu::default();
/// let vector = |x, y| dev.tensor_from_vec(vec![x, y], (1, 1, 2));
/// let dot = |normalize| merge_dot(vector(3.0, 4.0), vector(2.0, 0.0), (2, 2), normalize).unwrap().as_vec()[0];
/// assert_eq!(dot(false), 6.0);
/// assert!((dot(true) - 0.6).abs() < 1e-6); // 6 / (5 · 2)
/// ```
pub fn merge_dot<D: Device<f32>, T: Tape<f32, D>>(
    a: Sequences<D, T>,
    b: Sequences<D, T>,
    axes: (usize, usize),
    normalize: bool,
) -> Result<Sequences<D, T>, MergeError> {
    todo!()
}
