//! The arithmetic of a stack of layers: how large its maps are, and how much of the image a unit of them sees.

use std::{error::Error, fmt};

/// A square window that slides over an image, as a convolution's and a pooling's does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Rows and columns of elements, at least 1 each.
    pub size: usize,
    /// Pixels from one place of the window to the next, at least 1.
    pub stride: usize,
    /// Pixels put around the image, on each of its four sides.
    pub padding: usize,
    /// Pixels from one element of the window to the next, at least 1; with 1 they are neighbours.
    pub dilation: usize,
}

/// A layer as far as sizes go. Activations change none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Each filter makes a channel of its own, from all channels that come in.
    Convolution {
        /// How many filters.
        filters: usize,
        /// Where they look.
        window: Window,
    },
    /// Each channel for itself.
    Pooling {
        /// What becomes one pixel.
        window: Window,
    },
}

impl Layer {
    /// The window that slides, whatever the layer makes of what it shows.
    pub fn window(&self) -> Window {
        match *self {
            Self::Convolution { window, .. } | Self::Pooling { window } => window,
        }
    }
}

/// What a unit of the last map sees along an axis: as if the whole stack were a single window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceptiveField {
    /// Pixels from the first to the last that count.
    pub size: usize,
    /// Pixels from the field of one unit to that of its neighbour.
    pub stride: usize,
    /// How many pixels outside the image the first unit's field begins.
    pub padding: usize,
}

/// Why layers don't make a stack. They are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackError {
    /// This number must be at least 1 and is 0: `size`, `stride` or `dilation`.
    Zero {
        /// The layer.
        layer: usize,
        /// The number's name.
        what: &'static str,
    },
    /// The window is larger than what it is to slide over.
    TooLarge {
        /// The layer.
        layer: usize,
        /// Pixels from the first to the last element of its window.
        reach: usize,
        /// Height and width of what comes in, with the padding.
        image: (usize, usize),
    },
}

impl fmt::Display for StackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zero { layer, what } => write!(f, "layer {layer}: `{what}` is 0, but must be at least 1"),
            Self::TooLarge { layer, reach, image: (h, w) } => {
                write!(
                    f,
                    "layer {layer}: a window of {reach} pixels does not fit into {h} × {w}, padding included"
                )
            }
        }
    }
}

impl Error for StackError {}

/// The shape that a stack of layers makes of an image.
///
/// ```text
/// reach  = dilation · (size − 1) + 1                       pixels from a window's first to its last element
/// places = ⌊(length + 2 · padding − reach) / stride⌋ + 1   along each axis
/// ```
///
/// Pixels that are left over at the end because a step does not fit any more are never seen. A convolution makes as many
/// channels as it has filters; a pooling keeps them.
///
/// Shapes: `image` is (height, width, channels), and so is the result. No layers change nothing.
///
/// # Errors
/// Of the first layer that can't be: a `size`, `stride` or `dilation` of 0, or a window that is larger than the padded height
/// or width of what comes to it.
///
/// Source: Dumoulin & Visin 2016; PyTorch's `Conv2d`.
///
/// ```
/// use convnets::stacks::{Layer, Window, output_shape};
/// let window = |size, stride| Window { size, stride, padding: 0, dilation: 1 };
/// // LeNet-5: two convolutions of 5 × 5, each followed by a pooling of 2 × 2
/// let lenet = [
///     Layer::Convolution { filters: 6, window: window(5, 1) },  // 28 × 28
///     Layer::Pooling { window: window(2, 2) },                  // 14 × 14
///     Layer::Convolution { filters: 16, window: window(5, 1) }, // 10 × 10
///     Layer::Pooling { window: window(2, 2) },
/// ];
/// assert_eq!(output_shape((32, 32, 1), &lenet), Ok((5, 5, 16)));
/// let refused = output_shape((15, 32, 1), &lenet).unwrap_err(); // 11, 5, 1: the second pooling has only a single row
/// assert_eq!(refused.to_string(), "layer 3: a window of 2 pixels does not fit into 1 × 10, padding included");
/// ```
pub fn output_shape(
    image: (usize, usize, usize),
    layers: &[Layer],
) -> Result<(usize, usize, usize), StackError> {
    todo!()
}

/// The receptive field of a stack: which pixels of the image a unit of the last map depends on.
///
/// Along an axis, unit p of the last map sees `size` pixels, from `p · stride − padding` on; some of them lie outside
/// the image where padding was added. That is what a single window with this size, stride and padding sees, so a stack is
/// summed up by three numbers, and a layer on top changes them as follows:
///
/// ```text
/// no layers        size = 1, stride = 1, padding = 0                a pixel sees itself
/// one layer more   size    ← size + (reach − 1) · stride            reach as in output_shape
///                  padding ← padding + layer's padding · stride
///                  stride  ← stride · layer's stride                last, after the other two
/// ```
///
/// With a dilation above 1 not every pixel between the first and the last counts; `size` goes from the first to the last.
///
/// # Errors
/// Of the first layer with a `size`, `stride` or `dilation` of 0.
///
/// Source: Simonyan & Zisserman 2015, §2.3 (three layers of 3 × 3); Araujo, Norris & Sim 2019, “Computing receptive fields of
/// convolutional neural networks”.
///
/// ```
/// use convnets::stacks::{Layer, ReceptiveField, Window, receptive_field};
/// // VGG's idea: three convolutions of 3 × 3 see as much as one of 7 × 7
/// let window = Window { size: 3, stride: 1, padding: 1, dilation: 1 };
/// let three = [Layer::Convolution { filters: 64, window }; 3];
/// assert_eq!(receptive_field(&three), Ok(ReceptiveField { size: 7, stride: 1, padding: 3 }));
/// ```
pub fn receptive_field(layers: &[Layer]) -> Result<ReceptiveField, StackError> {
    todo!()
}
