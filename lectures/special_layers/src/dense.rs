//! Dense layers, and the table that counts what they hold.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use toolkit::tensor::{Matrix, Vector};

/// A layer of a network, as far as its size goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Weighted sums of the numbers along the last axis, each with a bias.
    Dense {
        /// How many sums.
        units: usize,
    },
    /// A convolution of images with stride 1 and no padding; each filter has a bias.
    Conv2d {
        /// How many filters.
        filters: usize,
        /// Height and width of each.
        kernel: (usize, usize),
    },
    /// The largest of each window; windows neither overlap nor stick out of the image.
    MaxPool2d {
        /// Height and width of a window, at least 1.
        size: (usize, usize),
    },
    /// One long vector of whatever comes.
    Flatten,
    /// Zeros at random places while training.
    Dropout,
    /// A nonlinearity, element by element.
    Activation,
    /// A vector for each index.
    Embedding {
        /// How many different indexes there are.
        rows: usize,
        /// The length of a vector.
        width: usize,
    },
    /// A long short-term memory, which reads a sequence step by step (chapter 5; here only its size counts): four gates,
    /// each with weights for the input, weights for the state, and biases.
    Lstm {
        /// The length of the state.
        units: usize,
        /// Whether the state after every step is the output, or only that after the last.
        return_sequences: bool,
    },
    /// A vector, made into a sequence by saying it again and again.
    RepeatVector {
        /// How often.
        times: usize,
    },
}

impl Layer {
    /// What stands in the first column of [`sequential_summary`]'s table.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Dense { .. } => "Dense",
            Self::Conv2d { .. } => "Conv2d",
            Self::MaxPool2d { .. } => "MaxPool2d",
            Self::Flatten => "Flatten",
            Self::Dropout => "Dropout",
            Self::Activation => "Activation",
            Self::Embedding { .. } => "Embedding",
            Self::Lstm { .. } => "Lstm",
            Self::RepeatVector { .. } => "RepeatVector",
        }
    }
}

/// A layer can't take what the layer before it gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoesNotFit {
    /// The layer.
    pub layer: Layer,
    /// The shape that comes to it, without the batch.
    pub input: Vec<usize>,
}

impl fmt::Display for DoesNotFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} can't take an input of shape {:?}", self.layer.name(), self.input)
    }
}

impl Error for DoesNotFit {}

/// A dense layer: every output is a weighted sum of all inputs, plus a bias.
///
/// ```text
/// y = x · W + b            y[n, j] = Σᵢ x[n, i] · W[i, j] + b[j]
/// ```
///
/// Shapes: `x` (n, in), `weight` (in, out) and `bias` (out,) give (n, out). This is Keras's order of the weights; PyTorch
/// keeps them as (out, in). There is no activation in it. At least one example; shapes that don't fit panic, as any
/// matrix product does.
///
/// The gradient flows to all three.
///
/// Write it without the toolkit's own `linear`.
///
/// Source: slide “Playing Lego”; Keras's `Dense`.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![1.0, 2.0], (1, 2));
/// let weight = dev.tensor_from_vec(vec![1.0, 10.0, 100.0, 0.0, 1.0, -1.0], (2, 3));
/// let bias = dev.tensor_from_vec(vec![0.5, 0.0, 0.0], (3,));
/// let y = special_layers::dense::dense(x, &weight, &bias);
/// assert_eq!(y.as_vec(), [1.5, 12.0, 98.0]);
/// ```
pub fn dense<D: Device<f32>, T: Tape<f32, D>>(
    x: Matrix<D, T>,
    weight: &Matrix<D>,
    bias: &Vector<D>,
) -> Matrix<D, T> {
    todo!()
}

/// The table that Keras's `summary()` prints of a model: a row for each layer, with the shape of its output and the number
/// of its parameters.
///
/// ```text
/// layer                  input        output                                  parameters
/// Dense                  (…, i)       (…, units)                              (i + 1) · units
/// Conv2d                 (h, w, c)    (h − kh + 1, w − kw + 1, filters)       (kh · kw · c + 1) · filters
/// MaxPool2d              (h, w, c)    (⌊h / height⌋, ⌊w / width⌋, c)          0
/// Flatten                any          (the product of all,)                   0
/// Dropout, Activation    any          the input's                             0
/// Embedding              any          (…, width): an axis more at the end     rows · width
/// Lstm                   (steps, i)   (steps, units) or only (units,)         4 · (i + units + 1) · units
/// RepeatVector           (i,)         (times, i)                              0
/// ```
///
/// `input` is the shape of one example; the batch is not counted. `…` stands for any number of axes: a dense layer uses the
/// same weights at every place, which for a sequence is Keras's `TimeDistributed(Dense(…))`.
///
/// The text, letter by letter: each line is `{:<20}{:<24}{:>12}` of Rust's `format!` and a line break. The columns are the
/// [`Layer::name`], the shape as Python writes it with `None` for the batch, and the number without any separators. Above
/// the rows a line of titles and one of 56 hyphens; below them 56 hyphens again, and the total. No layers, no rows.
///
/// ```text
/// Layer               Output shape                  Params
/// --------------------------------------------------------
/// Dense               (None, 512)                   401920
/// Activation          (None, 512)                        0
/// Dense               (None, 10)                      5130
/// --------------------------------------------------------
/// Total                                             407050
/// ```
///
/// That is the notebook's MLP, from 784 pixels. Count its other models too:
///
/// | model | input | layers | parameters |
/// |---|---|---|---|
/// | MNIST, convolutions | (28, 28, 1) | 2 × `Conv2d` (32 filters, 3×3), `MaxPool2d` (2×2), `Flatten`, `Dense` 128 and 10 | 600,810 |
/// | cats and dogs | (150, 150, 3) | `Conv2d` (3×3) of 32, 32 and 64 filters, a `MaxPool2d` (2×2) after each, `Flatten`, `Dense` 64 and 1 | 1,212,513 |
/// | addition | (7, 12) | `Lstm` 128, `RepeatVector` 4, `Lstm` 128 that returns sequences, `Dense` 12 | 205,324 |
///
/// # Errors
/// Of the first layer that does not fit what comes to it: images have three axes and are at least as high and as wide as a
/// kernel or window, an LSTM wants two axes, `RepeatVector` one, and a dense layer at least one.
///
/// Source: slide “Playing Lego”; `model.summary()` in all notebooks.
///
/// ```
/// use special_layers::dense::{Layer, sequential_summary};
/// let summary = sequential_summary(&[784], &[Layer::Dense { units: 512 }, Layer::Dense { units: 10 }]).unwrap();
/// let lines: Vec<&str> = summary.lines().collect();
/// assert_eq!(lines[0], "Layer               Output shape                  Params");
/// assert_eq!(lines[3], "Dense               (None, 10)                      5130");
/// assert_eq!(lines[5], "Total                                             407050");
///
/// let refused = sequential_summary(&[784], &[Layer::Conv2d { filters: 32, kernel: (3, 3) }]).unwrap_err();
/// assert_eq!(refused.to_string(), "Conv2d can't take an input of shape [784]");
/// ```
pub fn sequential_summary(input: &[usize], layers: &[Layer]) -> Result<String, DoesNotFit> {
    todo!()
}
