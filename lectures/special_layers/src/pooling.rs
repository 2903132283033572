//! Pooling, and the way from feature maps back to vectors.

use dfdx::prelude::*;
use toolkit::tensor::{Images, Matrix, Sequences};

use crate::conv::{Padding, WindowError};

/// The largest element of every window of a sequence, each channel for itself.
///
/// ```text
/// y[n, p, c] = max of x[n, i, c] over p·stride − before ≤ i < p·stride − before + size, as far as there is an x
///
/// Valid:   places = ⌊(length − size) / stride⌋ + 1   before = 0
/// Same:    places = ⌈length / stride⌉                before = ⌊missing / 2⌋
///          missing = max(0, (places − 1) · stride + size − length)
/// ```
///
/// What padding adds never wins, however negative x is: think of −∞, not of 0. What is left at the end when the stride does
/// not divide the rest is dropped with [`Padding::Valid`].
///
/// Shapes: `x` (n, length, c), `y` (n, places, c). Nothing may be empty.
///
/// The gradient of each place flows to the element that won there, and adds up where one wins in several windows. Of equal
/// elements the first gets it, or all of them the same share; either will do. (dfdx's `max` gives *each* of them all of it.)
///
/// Write it without the toolkit's own `max_pool2d`.
///
/// # Errors
/// A size or stride of 0; with [`Padding::Valid`], a window that is longer than the input.
///
/// Source: slide “Max-pooling 1d”; Keras's `MaxPooling1D`; Scherer, Müller & Behnke 2010.
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::{conv::Padding, pooling::max_pool1d};
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![-5.0, -1.0, -2.0, -4.0, -3.0], (1, 5, 1));
/// // The fifth element is left over, or has a window of its own.
/// assert_eq!(max_pool1d(x.clone(), 2, 2, Padding::Valid).unwrap().as_vec(), [-1.0, -2.0]);
/// assert_eq!(max_pool1d(x, 2, 2, Padding::Same).unwrap().as_vec(), [-1.0, -2.0, -3.0]);
/// ```
pub fn max_pool1d<D: Device<f32>, T: Tape<f32, D>>(
    x: Sequences<D, T>,
    size: usize,
    stride: usize,
    padding: Padding,
) -> Result<Sequences<D, T>, WindowError> {
    todo!()
}

/// The largest pixel of every window of `size` × `size` pixels, each channel for itself: [`max_pool1d`] along rows and
/// columns at once.
///
/// Shapes: `x` (n, h, w, c), `y` (n, rows of places, columns of places, c). Nothing may be empty.
///
/// Padding, gradient and ties are those of [`max_pool1d`].
///
/// Write it without the toolkit's own `max_pool2d`.
///
/// # Errors
/// Those of [`max_pool1d`]. A window that does not fit is named as height, then width, and so is the input.
///
/// Source: slide “Max-pooling 2d”; Keras's `MaxPooling2D`; Scherer, Müller & Behnke 2010.
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::{conv::Padding, pooling::max_pool2d};
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![1.0, 2.0, 3.0, 6.0, 5.0, 4.0], (1, 2, 3, 1));
/// let y = max_pool2d(x.clone(), 2, 1, Padding::Valid).unwrap();
/// assert_eq!((y.shape(), y.as_vec()), (&(1, 1, 2, 1), vec![6.0, 5.0]));
/// let error = max_pool2d(x, 3, 1, Padding::Valid).unwrap_err();
/// assert_eq!(error.to_string(), "a window of 3 × 3 does not fit into an input of 2 × 3");
/// ```
pub fn max_pool2d<D: Device<f32>, T: Tape<f32, D>>(
    x: Images<D, T>,
    size: usize,
    stride: usize,
    padding: Padding,
) -> Result<Images<D, T>, WindowError> {
    todo!()
}

/// The mean of every window of `size` × `size` pixels, each channel for itself.
///
/// Windows and shapes are those of [`max_pool2d`]. Padding is never counted: at an edge the mean is that of the pixels that
/// are there, and a constant image stays what it is. The gradient of each place is shared evenly by those pixels.
///
/// Write it without the toolkit's own `avg_pool2d`.
///
/// # Errors
/// Those of [`max_pool2d`].
///
/// Source: Keras's `AveragePooling2D`; LeCun et al. 1998 (“subsampling”).
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::{conv::Padding, pooling::average_pool};
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![1.0, 2.0, 6.0, 3.0, 4.0, 8.0], (1, 2, 3, 1));
/// // The second window hangs over the right edge: only its left column is there.
/// let y = average_pool(x, 2, 2, Padding::Same).unwrap();
/// assert_eq!((y.shape(), y.as_vec()), (&(1, 1, 2, 1), vec![2.5, 7.0]));
/// ```
pub fn average_pool<D: Device<f32>, T: Tape<f32, D>>(
    x: Images<D, T>,
    size: usize,
    stride: usize,
    padding: Padding,
) -> Result<Images<D, T>, WindowError> {
    todo!()
}

/// The mean of each channel over the whole image: what is left of a map is how much there is of its feature, and not where.
///
/// Shapes: `x` (n, h, w, c), `y` (n, c), whatever the image's size. The gradient is shared evenly by all pixels.
///
/// Source: slide “VGG-16”, with global average pooling; Keras's `GlobalAveragePooling2D`; Lin, Chen & Yan 2014.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// // An image of two pixels and two channels.
/// let x = dev.tensor_from_vec(vec![1.0, 10.0, 3.0, 20.0], (1, 1, 2, 2));
/// let y = special_layers::pooling::global_average_pool(x);
/// assert_eq!((y.shape(), y.as_vec()), (&(1, 2), vec![2.0, 15.0]));
/// ```
pub fn global_average_pool<D: Device<f32>, T: Tape<f32, D>>(x: Images<D, T>) -> Matrix<D, T> {
    todo!()
}

/// Feature maps as vectors, for a dense layer to follow: each image row by row, in a row pixel by pixel, in a pixel channel
/// by channel.
///
/// ```text
/// y[n, (row · w + column) · c + channel] = x[n, row, column, channel]
/// ```
///
/// Shapes: `x` (n, h, w, c), `y` (n, h · w · c). The gradient goes the same way back.
///
/// PyTorch's images are channels first, (n, c, h, w), so that its `flatten` lists one whole channel after the other: the
/// same numbers in another order, see [`from_channels_first`].
///
/// Source: slide “Flatten”; Keras's `Flatten`.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// // An image of two pixels and two channels.
/// let x = dev.tensor_from_vec(vec![1.0, 10.0, 3.0, 20.0], (1, 1, 2, 2));
/// let y = special_layers::pooling::flatten(x);
/// assert_eq!((y.shape(), y.as_vec()), (&(1, 4), vec![1.0, 10.0, 3.0, 20.0])); // PyTorch: 1, 3, 10, 20
/// ```
pub fn flatten<D: Device<f32>, T: Tape<f32, D>>(x: Images<D, T>) -> Matrix<D, T> {
    todo!()
}

/// The weights of a dense layer that was trained behind a channels-first flatten, with their rows in the order of
/// [`flatten`]: a network from PyTorch then computes here what it computed there.
///
/// ```text
/// y[(row · w + column) · c + channel, o] = weights[(channel · h + row) · w + column, o]
/// ```
///
/// Shapes: `size` is (h, w, c), `weights` and `y` are (h · w · c, out); weights of other maps panic. No gradient: this
/// happens once, when weights are loaded.
///
/// Source: slide “Flatten”; PyTorch's `flatten`.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// // Two pixels, two channels, one output: the rows belong to channel 0 of both pixels, then to channel 1 of both.
/// let weights = dev.tensor_from_vec(vec![1.0, 3.0, 10.0, 20.0], (4, 1));
/// let y = special_layers::pooling::from_channels_first(weights, (1, 2, 2));
/// assert_eq!(y.as_vec(), [1.0, 10.0, 3.0, 20.0]);
/// ```
pub fn from_channels_first<D: Device<f32>>(weights: Matrix<D>, size: (usize, usize, usize)) -> Matrix<D> {
    todo!()
}
