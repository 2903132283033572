//! Convolution with all its options, along one axis and two.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use toolkit::tensor::{Images, Matrix, Sequences, Vector};

/// What happens at the edges of the input, along every axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// Nothing is added: a window lies inside the input or not at all.
    Valid,
    /// As much is added as lets `⌈length / stride⌉` windows fit, so that stride 1 keeps the length: half of it before the
    /// input and half behind, and the odd one behind (TensorFlow's and Keras's convention).
    Same,
}

/// How a kernel is laid on its input: the same along every axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvOptions {
    /// Steps from one window to the next.
    pub stride: usize,
    /// What happens at the edges.
    pub padding: Padding,
    /// Steps from one element of the kernel to the next inside a window: 1 leaves no gaps.
    pub dilation: usize,
    /// Into how many groups the channels are split; each group is convolved on its own.
    pub groups: usize,
}

impl Default for ConvOptions {
    /// Keras's defaults: every window inside the input, no gaps, one group.
    fn default() -> Self {
        Self { stride: 1, padding: Padding::Valid, dilation: 1, groups: 1 }
    }
}

/// Why windows can't slide over an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WindowError {
    /// This number is 0: `"stride"`, `"dilation"`, `"groups"` or `"size"`.
    Zero(&'static str),
    /// The window (a kernel with its gaps) is longer than the input along some axis; both sizes, axis by axis.
    TooLarge {
        /// Lengths of the window.
        window: Vec<usize>,
        /// Lengths of the input.
        input: Vec<usize>,
    },
    /// The channels of kernel and input don't belong together.
    Channels {
        /// Channels of the input.
        input: usize,
        /// The kernel's last two axes, in and out.
        kernel: (usize, usize),
        /// Number of groups.
        groups: usize,
    },
}

impl fmt::Display for WindowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths = |axes: &[usize]| axes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" × ");
        match self {
            Self::Zero(what) => write!(f, "`{what}` is 0, and must be at least 1"),
            Self::TooLarge { window, input } => {
                let (window, input) = (lengths(window), lengths(input));
                write!(f, "a window of {window} does not fit into an input of {input}")
            }
            Self::Channels { input, kernel: (inputs, outputs), groups } => {
                write!(
                    f,
                    "a kernel from {inputs} to {outputs} channels, in {groups} groups, does not fit {input} channels"
                )
            }
        }
    }
}

impl Error for WindowError {}

/// [`strided_conv1d`](crate::sliding::strided_conv1d) with gaps between the kernel's elements, and with groups of channels.
///
/// ```text
/// y[n, p, o] = b[o] + Σₜ Σᵢ x[n, p·stride + t·dilation − before, i] · k[t, i, o]        x is 0 outside
///
/// window = dilation · (size − 1) + 1                   how far a kernel of `size` elements reaches
/// Valid:   places = ⌊(length − window) / stride⌋ + 1   before = 0
/// Same:    places = ⌈length / stride⌉                  before = ⌊missing / 2⌋
///          missing = max(0, (places − 1) · stride + window − length)
/// ```
///
/// Dilation and groups of 1 leave the padding, the stride and everything else as they are there.
///
/// Shapes: `x` (n, length, in), `kernel` (size, in / groups, out), `bias` (out,), `y` (n, places, out). With `groups` = G,
/// the input's channels and the output's are cut into G equal parts, in order, and part g of the output sees only part g of
/// the input: `i` above then counts inside that part. Nothing may be empty; another bias panics, as any broadcast does.
///
/// The gradient flows to `x`, `kernel` and `bias`.
///
/// Write it without the toolkit's own convolutions.
///
/// # Errors
/// A stride, dilation or number of groups of 0; `in` that is not groups times the kernel's, or `out` that groups does not
/// divide; with [`Padding::Valid`], a window that is longer than the input.
///
/// Source: slide “Convolution 1d”; Keras's `Conv1D`; Yu & Koltun 2016 (dilation); Krizhevsky et al. 2012 (groups).
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::conv::{ConvOptions, conv1d};
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![1.0, 4.0, 9.0, 16.0], (1, 4, 1));
/// // With one gap, the difference between an element and the next but one.
/// let kernel = dev.tensor_from_vec(vec![-1.0, 1.0], (2, 1, 1));
/// let gap = ConvOptions { dilation: 2, ..ConvOptions::default() };
/// let y = conv1d(x, &kernel, &dev.zeros_like(&(1,)), gap).unwrap();
/// assert_eq!(y.as_vec(), [8.0, 12.0]);
/// // Two channels, each with a kernel of its own: ten times the first, a hundred times the second.
/// let x = dev.tensor_from_vec(vec![1.0, 2.0, 3.0, 4.0], (1, 2, 2));
/// let kernel = dev.tensor_from_vec(vec![10.0, 100.0], (1, 1, 2));
/// let depthwise = ConvOptions { groups: 2, ..ConvOptions::default() };
/// let y = conv1d(x, &kernel, &dev.zeros_like(&(2,)), depthwise).unwrap();
/// assert_eq!(y.as_vec(), [10.0, 200.0, 30.0, 400.0]);
/// ```
pub fn conv1d<D: Device<f32>, T: Tape<f32, D>>(
    x: Sequences<D, T>,
    kernel: &Sequences<D>,
    bias: &Vector<D>,
    options: ConvOptions,
) -> Result<Sequences<D, T>, WindowError> {
    let ((n, length, inputs), (size, per_group, outputs)) = (*x.shape(), *kernel.shape());
    check(options, &[size], &[length], inputs, (per_group, outputs))?;
    let windows = windows(length, size, options);
    let places = windows.len();
    let indexes = windows.into_iter().flatten().map(|index| index.unwrap_or(length)).collect();
    let taken = take(x, indexes).reshape_like(&(n * places, size, inputs));
    let y = multiply(taken, kernel.retaped::<T>(), bias, options.groups);
    Ok(y.reshape_like(&(n, places, outputs)))
}

/// Convolution of images: [`conv1d`] along rows and columns at once.
///
/// ```text
/// y[n, p, q, o] = b[o] + Σᵣ Σₛ Σᵢ x[n, p·stride + r·dilation − above, q·stride + s·dilation − left, i] · k[r, s, i, o]
/// ```
///
/// Places and padding are those of [`conv1d`], for the height and the width each on its own, with the same options.
///
/// Shapes: `x` (n, height, width, in), `kernel` (height, width, in / groups, out), `bias` (out,), `y` (n, rows of places,
/// columns of places, out). Groups are those of [`conv1d`]; as many groups as channels make a *depthwise* convolution.
///
/// The gradient flows to `x`, `kernel` and `bias`.
///
/// Write it without the toolkit's own convolutions.
///
/// # Errors
/// Those of [`conv1d`]. A window that does not fit is named as height, then width, and so is the input.
///
/// Source: slide “Convolution 2d”; Keras's `Conv2D`; LeCun et al. 1998; Chellapilla, Puri & Simard 2006 (convolution as one
/// matrix product); Krizhevsky et al. 2012 (groups).
///
/// ```
/// use dfdx::prelude::*;
/// use special_layers::conv::{ConvOptions, conv2d};
/// let dev = Cpu::default();
/// // An image of 2 × 3 pixels, and a kernel of 1 × 2: each pixel minus its right neighbour.
/// let x = dev.tensor_from_vec(vec![1.0, 2.0, 4.0, 10.0, 20.0, 40.0], (1, 2, 3, 1));
/// let kernel = dev.tensor_from_vec(vec![1.0, -1.0], (1, 2, 1, 1));
/// let bias = dev.zeros_like(&(1,));
/// let y = conv2d(x.clone(), &kernel, &bias, ConvOptions::default()).unwrap();
/// assert_eq!(y.shape(), &(1, 2, 2, 1));
/// assert_eq!(y.as_vec(), [-1.0, -2.0, -10.0, -20.0]);
/// // With two gaps in between, it reaches over 4 columns.
/// let error = conv2d(x, &kernel, &bias, ConvOptions { dilation: 3, ..Default::default() }).unwrap_err();
/// assert_eq!(error.to_string(), "a window of 1 × 4 does not fit into an input of 2 × 3");
/// ```
pub fn conv2d<D: Device<f32>, T: Tape<f32, D>>(
    x: Images<D, T>,
    kernel: &Images<D>,
    bias: &Vector<D>,
    options: ConvOptions,
) -> Result<Images<D, T>, WindowError> {
    let ((n, h, w, inputs), (height, width, per_group, outputs)) = (*x.shape(), *kernel.shape());
    check(options, &[height, width], &[h, w], inputs, (per_group, outputs))?;
    let (rows, columns) = (windows(h, height, options), windows(w, width, options));
    let places = rows.len() * columns.len();
    // Pixels count row by row, and one more after the last is where a window looks that hangs over an edge.
    let mut indexes = Vec::with_capacity(places * height * width);
    for (row, column) in rows.iter().flat_map(|row| columns.iter().map(move |column| (row, column))) {
        for (r, c) in row.iter().flat_map(|r| column.iter().map(move |c| (r, c))) {
            indexes.push(r.zip(*c).map_or(h * w, |(r, c)| r * w + c));
        }
    }
    let taken = take(x.reshape_like(&(n, h * w, inputs)), indexes);
    let taken = taken.reshape_like(&(n * places, height * width, inputs));
    let kernel = kernel.retaped::<T>().reshape_like(&(height * width, per_group, outputs));
    let y = multiply(taken, kernel, bias, options.groups);
    Ok(y.reshape_like(&(n, rows.len(), columns.len(), outputs)))
}

/// How far a kernel of `size` elements reaches.
fn reach(size: usize, dilation: usize) -> usize {
    dilation * (size - 1) + 1
}

/// Whether the kernel, of these lengths and channels (in, out), can be laid on the input.
fn check(
    options: ConvOptions,
    kernel: &[usize],
    input: &[usize],
    inputs: usize,
    (per_group, outputs): (usize, usize),
) -> Result<(), WindowError> {
    let ConvOptions { stride, padding, dilation, groups } = options;
    for (number, what) in [(stride, "stride"), (dilation, "dilation"), (groups, "groups")] {
        if number == 0 {
            return Err(WindowError::Zero(what));
        }
    }
    if inputs != groups * per_group || outputs % groups != 0 {
        return Err(WindowError::Channels { input: inputs, kernel: (per_group, outputs), groups });
    }
    let window: Vec<usize> = kernel.iter().map(|&size| reach(size, dilation)).collect();
    if padding == Padding::Valid && window.iter().zip(input).any(|(window, input)| window > input) {
        return Err(WindowError::TooLarge { window, input: input.to_vec() });
    }
    Ok(())
}

/// The windows along one axis: for each element of the kernel the input's index there, `None` beyond the edges.
fn windows(length: usize, size: usize, options: ConvOptions) -> Vec<Vec<Option<usize>>> {
    let ConvOptions { stride, padding, dilation, .. } = options;
    let window = reach(size, dilation);
    let (places, before) = match padding {
        Padding::Valid => ((length - window) / stride + 1, 0),
        Padding::Same => {
            let places = length.div_ceil(stride);
            let missing = ((places - 1) * stride + window).saturating_sub(length);
            (places, missing / 2)
        }
    };
    let index = |place: usize, tap: usize| {
        (place * stride + tap * dilation).checked_sub(before).filter(|&i| i < length)
    };
    (0..places).map(|place| (0..size).map(|tap| index(place, tap)).collect()).collect()
}

/// The vectors at `indexes` along the middle axis, 0 at the index behind the last. A vector that is taken more than once
/// gets the gradients of all its copies added up: `gather` sees to that, `slice` would not.
fn take<D: Device<f32>, T: Tape<f32, D>>(x: Sequences<D, T>, indexes: Vec<usize>) -> Sequences<D, T> {
    let ((n, _, channels), count) = (*x.shape(), indexes.len());
    let zero: Sequences<D> = x.device().zeros_like(&(n, 1, channels));
    let indexes: Tensor<(usize,), usize, D> = x.device().tensor_from_vec(indexes, (count,));
    let padded = (x, zero.retaped::<T>()).concat_along(Axis::<1>);
    padded.gather(indexes.broadcast_like::<_, Axis<0>>(&(n, count)))
}

/// Every window times the kernel, plus the bias: (places, elements, in) and (elements, in / groups, out) give (places, out).
/// Each group is one matrix product, and all of them are one batch.
fn multiply<D: Device<f32>, T: Tape<f32, D>>(
    windows: Sequences<D, T>,
    kernel: Sequences<D, T>,
    bias: &Vector<D>,
    groups: usize,
) -> Matrix<D, T> {
    let ((places, size, _), (_, per_group, outputs)) = (*windows.shape(), *kernel.shape());
    let (terms, per_product) = (size * per_group, outputs / groups);
    let windows = windows
        .reshape_like(&(places, size, groups, per_group))
        .permute::<(usize, usize, usize, usize), Axes4<2, 0, 1, 3>>()
        .reshape_like(&(groups, places, terms));
    let kernel = kernel
        .reshape_like(&(terms, groups, per_product))
        .permute::<(usize, usize, usize), Axes3<1, 0, 2>>()
        .reshape_like(&(groups, terms, per_product));
    let y = windows.matmul(kernel).permute::<(usize, usize, usize), Axes3<1, 0, 2>>();
    let y = y.reshape_like(&(places, outputs));
    y + bias.retaped::<T>().broadcast_like::<_, Axis<0>>(&(places, outputs))
}
