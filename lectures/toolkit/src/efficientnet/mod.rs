//! EfficientNet-Lite0 (Tan & Le 2019; the Lite variant has ReLU6 and no squeeze-and-excitation): a network of 4.65 million
//! parameters that was trained on ImageNet. It is given here so that there is a real network to look into and to build on.
//!
//! Weights come as named arrays in PyTorch's layout (out, in, height, width); reading them from a file is left to others.

mod beginning;
mod tail;

use std::{collections::BTreeMap, error::Error, fmt};

use dfdx::prelude::*;

use crate::ops::{ConvConfig, LayerOps};
use crate::shape::pad;
use crate::tensor::{Images, Matrix, Sequences, Vector};

pub use beginning::Beginning;
pub use tail::Tail;

/// Named arrays: shape and numbers, the last axis fastest.
pub type Weights = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

/// The weights are not those of this network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongWeights {
    /// The array that is missing or misshapen.
    pub name: String,
    /// The shape that it must have.
    pub wanted: Vec<usize>,
    /// The shape that it has, where it is there.
    pub found: Option<Vec<usize>>,
}

impl fmt::Display for WrongWeights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.found {
            Some(found) => write!(f, "`{}` has the shape {found:?}, not {:?}", self.name, self.wanted),
            None => write!(f, "`{}`, of shape {:?}, is missing", self.name, self.wanted),
        }
    }
}

impl Error for WrongWeights {}

/// What a block does: (factor of expansion, kernel's size, stride, channels that come out), from 32 channels on.
const BLOCKS: [(usize, usize, usize, usize); 16] = [
    (1, 3, 1, 16),
    (6, 3, 2, 24),
    (6, 3, 1, 24),
    (6, 5, 2, 40),
    (6, 5, 1, 40),
    (6, 3, 2, 80),
    (6, 3, 1, 80),
    (6, 3, 1, 80),
    (6, 5, 1, 112),
    (6, 5, 1, 112),
    (6, 5, 1, 112),
    (6, 5, 2, 192),
    (6, 5, 1, 192),
    (6, 5, 1, 192),
    (6, 5, 1, 192),
    (6, 3, 1, 320),
];

/// A convolution of 1×1, which is a linear layer for every pixel.
type Pointwise<D> = (Matrix<D>, Vector<D>);

/// A block: expand the channels, convolve each by itself, project to fewer channels, add the input where it fits.
#[derive(Clone, Debug)]
struct Block<D: Device<f32>> {
    expand: Option<Pointwise<D>>,
    depthwise: (Sequences<D>, Vector<D>),
    stride: usize,
    project: Pointwise<D>,
    skip: bool,
}

/// The network. Batch normalization, frozen as in evaluation, is folded into the convolutions.
#[derive(Clone, Debug)]
pub struct EfficientNetLite0<D: Device<f32>> {
    all_blocks: Beginning<D>,
    head: Pointwise<D>,
    /// The classifier: 1,280 features to 1,000 classes of ImageNet.
    pub classifier: Pointwise<D>,
}

/// Length of the vector of features.
pub const FEATURES: usize = 1280;

impl<D: LayerOps> EfficientNetLite0<D> {
    /// The network with these weights, under the names of the PyTorch implementation.
    ///
    /// # Errors
    /// For the first array that is missing or has another shape.
    pub fn new(dev: &D, weights: &Weights) -> Result<Self, WrongWeights> {
        let load = Loader { dev, weights };
        let all_blocks = Self::beginning(dev, weights, BLOCKS.len())?;
        let classifier = load.array("_fc.weight", &[1000, FEATURES])?;
        let classifier = dev.tensor_from_vec(last_axis_first(classifier, 1000, FEATURES), (FEATURES, 1000));
        let classes = dev.tensor_from_vec(load.array("_fc.bias", &[1000])?.to_vec(), (1000,));
        let head = load.pointwise("", "_conv_head", "_bn1", (BLOCKS[BLOCKS.len() - 1].3, FEATURES))?;
        Ok(Self { all_blocks, head, classifier: (classifier, classes) })
    }

    /// How many blocks there are.
    pub fn depth(&self) -> usize {
        self.all_blocks.depth()
    }

    /// The feature map after the stem and `depth` blocks. Images are (n, height, width, 3), a byte b as (b − 127) / 128.
    pub fn feature_map<T: Tape<f32, D>>(&self, images: Images<D, T>, depth: usize) -> Images<D, T> {
        self.all_blocks.feature_map(images, depth)
    }

    /// The last feature maps (n, h, w, 1280), whose means are the features: a place for every 32 × 32 pixels.
    pub fn last_maps<T: Tape<f32, D>>(&self, images: Images<D, T>) -> Images<D, T> {
        last_maps_of(self.feature_map(images, self.depth()), &self.head)
    }

    /// The features (n, 1280): what the classifier sees.
    pub fn features<T: Tape<f32, D>>(&self, images: Images<D, T>) -> Matrix<D, T> {
        features_of(self.feature_map(images, self.depth()), &self.head)
    }

    /// The logits (n, 1000).
    pub fn logits<T: Tape<f32, D>>(&self, images: Images<D, T>) -> Matrix<D, T> {
        D::linear(self.features(images), &self.classifier.0, &self.classifier.1)
    }
}

impl<D: LayerOps> Block<D> {
    fn forward<T: Tape<f32, D>>(&self, x: Images<D, T>) -> Images<D, T> {
        let (x, tape) = x.split_tape();
        let input = x.clone();
        let x = x.put_tape(tape);
        let x = match &self.expand {
            Some(expand) => D::relu6(pointwise(x, expand)),
            None => x,
        };
        let (kernel, bias) = &self.depthwise;
        let (x, padding) = pad_same(x, kernel.shape().0, self.stride);
        let x = D::relu6(D::depthwise_conv2d(x, kernel, bias, ConvConfig { stride: self.stride, padding }));
        let x = pointwise(x, &self.project);
        if self.skip { x + input.retaped::<T>() } else { x }
    }
}

/// The last convolution.
fn last_maps_of<D: LayerOps, T: Tape<f32, D>>(x: Images<D, T>, head: &Pointwise<D>) -> Images<D, T> {
    D::relu6(pointwise(x, head))
}

/// The last convolution, and the mean of each of its channels.
fn features_of<D: LayerOps, T: Tape<f32, D>>(x: Images<D, T>, head: &Pointwise<D>) -> Matrix<D, T> {
    last_maps_of(x, head).mean::<(usize, usize), Axes2<1, 2>>()
}

fn pointwise<D: LayerOps, T: Tape<f32, D>>(x: Images<D, T>, (weight, bias): &Pointwise<D>) -> Images<D, T> {
    let (n, h, w, c) = *x.shape();
    let y = D::linear(x.reshape_like(&(n * h * w, c)), weight, bias);
    y.reshape_like(&(n, h, w, bias.shape().0))
}

/// TensorFlow's padding “same”: as many zeros as ⌈length / stride⌉ windows need, the smaller half before. Where all four sides
/// need the same, the convolution that follows pads by itself, by the number that comes back: that saves a copy.
fn pad_same<D: LayerOps, T: Tape<f32, D>>(
    x: Images<D, T>,
    size: usize,
    stride: usize,
) -> (Images<D, T>, usize) {
    let (_, h, w, _) = *x.shape();
    let zeros = |length: usize| ((length.div_ceil(stride) - 1) * stride + size).saturating_sub(length);
    let (rows, columns) = (zeros(h), zeros(w));
    if rows == columns && rows.is_multiple_of(2) {
        return (x, rows / 2);
    }
    let (top, left) = (rows / 2, columns / 2);
    (pad(x, (top, rows - top), (left, columns - left)), 0)
}

/// Takes arrays out of the weights.
struct Loader<'a, D> {
    dev: &'a D,
    weights: &'a Weights,
}

impl<D: LayerOps> Loader<'_, D> {
    fn array(&self, name: &str, shape: &[usize]) -> Result<&[f32], WrongWeights> {
        match self.weights.get(name) {
            Some((found, values)) if found == shape => Ok(values),
            found => Err(WrongWeights {
                name: name.to_owned(),
                wanted: shape.to_vec(),
                found: found.map(|(shape, _)| shape.clone()),
            }),
        }
    }

    /// A kernel (out, …) and its bias after batch normalization, `scale · (x ∗ kernel) + (β − scale · mean)` with
    /// `scale = γ / √(variance + ε)`.
    fn folded(&self, conv: &str, norm: &str, shape: &[usize]) -> Result<(Vec<f32>, Vector<D>), WrongWeights> {
        const EPSILON: f32 = 1e-3;
        let outputs = shape[0];
        let part = |part: &str| self.array(&format!("{norm}.{part}"), &[outputs]);
        let (gamma, beta, mean, variance) =
            (part("weight")?, part("bias")?, part("running_mean")?, part("running_var")?);
        let scale: Vec<f32> = gamma.iter().zip(variance).map(|(g, v)| g / (v + EPSILON).sqrt()).collect();
        let mut kernel = self.array(&format!("{conv}.weight"), shape)?.to_vec();
        for (filter, scale) in kernel.chunks_mut(shape[1..].iter().product()).zip(&scale) {
            filter.iter_mut().for_each(|w| *w *= scale);
        }
        let bias = beta.iter().zip(mean.iter().zip(&scale)).map(|(b, (m, s))| b - m * s).collect();
        Ok((kernel, self.dev.tensor_from_vec(bias, (outputs,))))
    }

    fn pointwise(
        &self,
        block: &str,
        conv: &str,
        norm: &str,
        (inputs, outputs): (usize, usize),
    ) -> Result<Pointwise<D>, WrongWeights> {
        let (kernel, bias) =
            self.folded(&format!("{block}{conv}"), &format!("{block}{norm}"), &[outputs, inputs, 1, 1])?;
        let kernel = last_axis_first(&kernel, outputs, inputs);
        Ok((self.dev.tensor_from_vec(kernel, (inputs, outputs)), bias))
    }
}

/// (rows, columns) transposed, a few rows at a time: both matrices are then read and written along their lines of the cache.
fn last_axis_first(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    const AT_ONCE: usize = 16;
    let mut turned = vec![0.0; values.len()];
    for first in (0..rows).step_by(AT_ONCE) {
        for j in 0..columns {
            for i in first..rows.min(first + AT_ONCE) {
                turned[j * rows + i] = values[i * columns + j];
            }
        }
    }
    turned
}
