//! A small window slides along a sequence: convolution along one axis, as long as nothing has gaps or groups.

use dfdx::prelude::*;
use toolkit::tensor::{Sequences, Vector};

use crate::conv::{Padding, WindowError};

/// The slides' convolution: at every place the same small dense layer, applied to the window that begins there.
///
/// ```text
/// y[n, p, o] = b[o] + Σₜ Σᵢ x[n, p + t, i] · k[t, i, o]          places = length − size + 1
/// ```
///
/// The sums run over the elements t of the kernel and the channels i of the input. The kernel is not flipped: deep
/// learning's convolution is the mathematicians' cross-correlation.
///
/// Shapes: `x` (n, length, in), `kernel` (size, in, out), `bias` (out,), `y` (n, places, out). Nothing may be empty; another
/// bias panics, as any broadcast does.
///
/// The gradient flows to `x`, `kernel` and `bias`.
///
/// Write it without the toolkit's own convolutions.
///
/// # Errors
/// A kernel for another number of channels ([`WindowError::Channels`], with one group); a kernel that is longer than the input
/// ([`WindowError::TooLarge`]).
///
/// Source: slide “Convolution 1d”; LeCun et al. 1989 (weight sharing).
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::sliding::sliding_window;
/// let dev = Cpu::default();
/// // The slides' example: one sequence of ten elements with one channel each, and one kernel of four elements.
/// let x = dev.tensor_from_vec(vec![1.0, 4.0, -1.0, 0.0, 2.0, -2.0, 1.0, 3.0, 3.0, 1.0], (1, 10, 1));
/// let kernel = dev.tensor_from_vec(vec![1.0, 2.0, 0.0, -1.0], (4, 1, 1));
/// let bias = dev.zeros_like(&(1,));
/// let y = sliding_window(x, &kernel, &bias).unwrap();
/// assert_eq!(y.as_vec(), [9.0, 0.0, 1.0, 3.0, -5.0, -3.0, 6.0]);
/// ```
pub fn sliding_window<D: Device<f32>, T: Tape<f32, D>>(
    x: Sequences<D, T>,
    kernel: &Sequences<D>,
    bias: &Vector<D>,
) -> Result<Sequences<D, T>, WindowError> {
    check_channels(&x, kernel)?;
    check_length(&x, kernel)?;
    Ok(slide(x, kernel, bias, 1))
}

/// [`sliding_window`] with longer steps from window to window, and, where wanted, zeros around the input.
///
/// ```text
/// y[n, p, o] = b[o] + Σₜ Σᵢ x[n, p·stride + t − before, i] · k[t, i, o]        x is 0 outside
///
/// Valid:   places = ⌊(length − size) / stride⌋ + 1     before = 0
/// Same:    places = ⌈length / stride⌉                  before = ⌊missing / 2⌋
///          missing = max(0, (places − 1) · stride + size − length)
/// ```
///
/// With [`Padding::Valid`], elements at the end may be left over that no window reaches. With [`Padding::Same`], as many zeros are
/// missing as the windows need, the odd one is added behind, and a kernel may be longer than the input.
///
/// Shapes, gradients and what is left out are those of [`sliding_window`].
///
/// Write it without the toolkit's own convolutions.
///
/// # Errors
/// A stride of 0 (`WindowError::Zero("stride")`); a kernel for another number of channels; with [`Padding::Valid`], a kernel that is
/// longer than the input.
///
/// Source: slide “Convolution 1d”; the arguments `strides` and `padding` of Keras's `Conv1D`.
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::{conv::Padding, sliding::strided_conv1d};
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![1.0, 4.0, 9.0, 16.0], (1, 4, 1));
/// // The difference between an element and the one after it, plus 100.
/// let kernel = dev.tensor_from_vec(vec![-1.0, 1.0], (2, 1, 1));
/// let bias = dev.tensor_from_vec(vec![100.0], (1,));
/// let valid = strided_conv1d(x.clone(), &kernel, &bias, 2, Padding::Valid).unwrap();
/// assert_eq!(valid.as_vec(), [103.0, 107.0]);
/// // The one zero that is missing for a fourth place goes behind the input.
/// let same = strided_conv1d(x, &kernel, &bias, 1, Padding::Same).unwrap();
/// assert_eq!(same.as_vec(), [103.0, 105.0, 107.0, 84.0]);
/// ```
pub fn strided_conv1d<D: Device<f32>, T: Tape<f32, D>>(
    x: Sequences<D, T>,
    kernel: &Sequences<D>,
    bias: &Vector<D>,
    stride: usize,
    padding: Padding,
) -> Result<Sequences<D, T>, WindowError> {
    if stride == 0 {
        return Err(WindowError::Zero("stride"));
    }
    check_channels(&x, kernel)?;
    let (length, size) = (x.shape().1, kernel.shape().0);
    let missing = match padding {
        Padding::Valid => {
            check_length(&x, kernel)?;
            0
        }
        Padding::Same => ((length.div_ceil(stride) - 1) * stride + size).saturating_sub(length),
    };
    let before = missing / 2;
    Ok(slide(framed(x, before, missing - before), kernel, bias, stride))
}

/// Whether the kernel is one for the input's channels.
fn check_channels<D: Device<f32>, T: Tape<f32, D>>(
    x: &Sequences<D, T>,
    kernel: &Sequences<D>,
) -> Result<(), WindowError> {
    let ((_, _, input), (_, inputs, outputs)) = (*x.shape(), *kernel.shape());
    if input == inputs {
        Ok(())
    } else {
        Err(WindowError::Channels { input, kernel: (inputs, outputs), groups: 1 })
    }
}

/// Whether the kernel fits into the input.
fn check_length<D: Device<f32>, T: Tape<f32, D>>(
    x: &Sequences<D, T>,
    kernel: &Sequences<D>,
) -> Result<(), WindowError> {
    let (length, size) = (x.shape().1, kernel.shape().0);
    if size <= length {
        Ok(())
    } else {
        Err(WindowError::TooLarge { window: vec![size], input: vec![length] })
    }
}

/// Sequences with so many vectors of zeros before them and behind.
fn framed<D: Device<f32>, T: Tape<f32, D>>(
    x: Sequences<D, T>,
    before: usize,
    behind: usize,
) -> Sequences<D, T> {
    let ((n, _, channels), dev) = (*x.shape(), x.device().clone());
    let zeros = |count: usize| -> Sequences<D> { dev.zeros_like(&(n, count, channels)) };
    // A tensor without elements can't be joined to another.
    let x = if before > 0 { (zeros(before).retaped::<T>(), x).concat_along(Axis::<1>) } else { x };
    if behind > 0 { (x, zeros(behind).retaped::<T>()).concat_along(Axis::<1>) } else { x }
}

/// Every window of the input, copied into a row of a matrix, times the kernel, plus the bias.
fn slide<D: Device<f32>, T: Tape<f32, D>>(
    x: Sequences<D, T>,
    kernel: &Sequences<D>,
    bias: &Vector<D>,
    stride: usize,
) -> Sequences<D, T> {
    let ((n, length, inputs), (size, _, outputs)) = (*x.shape(), *kernel.shape());
    let places = (length - size) / stride + 1;
    let (rows, terms, count) = (n * places, size * inputs, places * size);
    let indexes = (0..places).flat_map(|place| (0..size).map(move |tap| place * stride + tap)).collect();
    let indexes: Tensor<(usize,), usize, D> = x.device().tensor_from_vec(indexes, (count,));
    // A vector lies in several windows: `gather` adds up the gradients of all its copies, `slice` would not.
    let windows = x.gather(indexes.broadcast_like::<_, Axis<0>>(&(n, count)));
    let kernel = kernel.retaped::<T>().reshape_like(&(terms, outputs));
    let sums = windows.reshape_like(&(rows, terms)).matmul(kernel);
    let y = sums + bias.retaped::<T>().broadcast_like::<_, Axis<0>>(&(rows, outputs));
    y.reshape_like(&(n, places, outputs))
}
