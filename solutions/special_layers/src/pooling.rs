//! Pooling, and the way from feature maps back to vectors.

use std::ops::Range;

use dfdx::prelude::*;
use toolkit::tensor::{Images, Matrix, Sequences};

use crate::conv::{ConvOptions, Padding, WindowError, conv2d};

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
    let (n, length, c) = *x.shape();
    check(size, stride, padding, &[length])?;
    // A sequence is an image of one row.
    let (row, columns) = (windows(1, 1, 1, padding), windows(length, size, stride, padding));
    let y = largest(x.reshape_like(&(n, 1, length, c)), &row, &columns);
    Ok(y.reshape_like(&(n, columns.len(), c)))
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
    let (_, h, w, _) = *x.shape();
    check(size, stride, padding, &[h, w])?;
    Ok(largest(x, &windows(h, size, stride, padding), &windows(w, size, stride, padding)))
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
    let (n, h, w, c) = *x.shape();
    check(size, stride, padding, &[h, w])?;
    // A depthwise convolution whose kernel is all ones adds up every window. Of an image of ones it counts the pixels.
    let options = ConvOptions { stride, padding, dilation: 1, groups: c };
    let (kernel, bias) = (x.device().ones_like(&(size, size, 1, c)), x.device().zeros_like(&(c,)));
    let ones: Images<D> = x.device().ones_like(&(n, h, w, c));
    let counts = conv2d(ones, &kernel, &bias, options)?;
    Ok(conv2d(x, &kernel, &bias, options)? / counts)
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
    x.mean::<_, Axes2<1, 2>>()
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
    let (n, h, w, c) = *x.shape();
    x.reshape_like(&(n, h * w * c))
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
    let ((h, w, c), (_, outputs)) = (size, *weights.shape());
    let weights = weights.reshape_like(&(c, h * w, outputs));
    weights.permute::<_, Axes3<1, 0, 2>>().reshape_like(&(h * w * c, outputs))
}

/// Whether windows of `size` along every axis can slide over the input.
fn check(size: usize, stride: usize, padding: Padding, input: &[usize]) -> Result<(), WindowError> {
    for (number, what) in [(size, "size"), (stride, "stride")] {
        if number == 0 {
            return Err(WindowError::Zero(what));
        }
    }
    if padding == Padding::Valid && input.iter().any(|&length| size > length) {
        return Err(WindowError::TooLarge { window: vec![size; input.len()], input: input.to_vec() });
    }
    Ok(())
}

/// The windows along one axis, cut off at the edges: what padding would add is not there, so it can't win.
fn windows(length: usize, size: usize, stride: usize, padding: Padding) -> Vec<Range<usize>> {
    let (places, before) = match padding {
        Padding::Valid => ((length - size) / stride + 1, 0),
        Padding::Same => {
            let places = length.div_ceil(stride);
            let missing = ((places - 1) * stride + size).saturating_sub(length);
            (places, missing / 2)
        }
    };
    let window = |start: usize| start.saturating_sub(before)..(start + size - before).min(length);
    (0..places).map(|place| window(place * stride)).collect()
}

/// The largest pixel of each window, which is some rows and some columns.
///
/// A maximum is one of its inputs: find out which, and copy it. The gradient of a copy goes back to where it came from.
fn largest<D: Device<f32>, T: Tape<f32, D>>(
    x: Images<D, T>,
    rows: &[Range<usize>],
    columns: &[Range<usize>],
) -> Images<D, T> {
    let (n, h, w, c) = *x.shape();
    let values = x.as_vec();
    let larger = |best, next| if values[next] > values[best] { next } else { best };
    let mut winners = Vec::with_capacity(n * rows.len() * columns.len() * c);
    for image in 0..n {
        for (row, column) in rows.iter().flat_map(|row| columns.iter().map(move |column| (row, column))) {
            for channel in 0..c {
                let pixels = row.clone().flat_map(|r| column.clone().map(move |q| (r, q)));
                let indexes = pixels.map(|(r, q)| ((image * h + r) * w + q) * c + channel);
                winners.extend(indexes.reduce(larger));
            }
        }
    }
    let count = winners.len();
    let winners: Tensor<(usize,), usize, D> = x.device().tensor_from_vec(winners, (count,));
    let taken = x.reshape_like(&(n * h * w * c,)).gather(winners);
    taken.reshape_like(&(n, rows.len(), columns.len(), c))
}
