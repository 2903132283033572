//! Changes of shape that work for tensors of any rank.

use dfdx::prelude::*;

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
