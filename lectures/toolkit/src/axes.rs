//! Changes of shape that dfdx's own operations make, for tensors of any rank. Students find them in [`crate::shape`].

use dfdx::prelude::*;

use crate::tape::{backward_from, differentiable};

/// Merges all axes but the last into one: images (n, h, w, c) become (n·h·w, c), a row for every pixel and a column for
/// every channel. A matrix stays what it is and a vector (c,) becomes one row (1, c).
///
/// The order of the elements does not change, so `reshape_like` with the old shape undoes it. Gradients flow through.
///
/// # Panics
/// When the last axis is empty, or when there is no axis at all.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let images: Tensor<(usize, usize, usize, usize), f32, _> = dev.zeros_like(&(2, 5, 4, 3));
/// assert_eq!(toolkit::shape::merge_leading_axes(images).shape(), &(40, 3));
/// ```
pub fn merge_leading_axes<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    x: Tensor<S, f32, D, T>,
) -> Tensor<(usize, usize), f32, D, T> {
    let columns = x.shape().concrete()[S::NUM_DIMS - 1];
    let rows = x.shape().num_elements() / columns;
    x.reshape_like(&(rows, columns))
}

/// `x.slice(ranges)` whose gradient is right on every device: dfdx 0.13 **overwrites** the input's gradient on the
/// CPU, so that overlapping slices, or a slice beside another use of the same tensor, lose a part of it.
///
/// # Panics
/// When a range reaches beyond its axis.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![1.0, 2.0, 3.0, 4.0], (4,));
/// let front = toolkit::shape::slice(x.leaky_trace(), (0..3,));
/// let back = toolkit::shape::slice(x.leaky_trace(), (1..4,));
/// let gradients = (front + back).sum::<Rank0, _>().backward();
/// assert_eq!(gradients.get(&x).as_vec(), [1.0, 2.0, 2.0, 1.0]);
/// ```
pub fn slice<S, R, D, T>(x: Tensor<S, f32, D, T>, ranges: R) -> Tensor<S::Sliced, f32, D, T>
where
    S: Shape + SliceShape<R>,
    R: Clone + 'static,
    D: Device<f32>,
    T: Tape<f32, D>,
{
    let again = ranges.clone();
    differentiable(
        x,
        move |x| x.slice(ranges),
        move |x, _, d_y| {
            // a slice is linear: its gradient is the same at 0, and there dfdx's has nothing to overwrite
            let origin: Tensor<S, f32, D> = x.device().zeros_like(x.shape());
            backward_from(origin.leaky_trace().slice(again), d_y).get(&origin)
        },
    )
}
