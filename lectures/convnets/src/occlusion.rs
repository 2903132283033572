//! Where a network looks: hide a patch and see what it still knows.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use toolkit::tensor::{Image, Images, Matrix};

/// A network to look into, trained on a million photographs.
pub use toolkit::efficientnet::EfficientNetLite0;

/// A square that hides a part of the image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patch {
    /// Height and width in pixels.
    pub size: usize,
    /// Pixels from one place of the patch to the next, to the right and downwards; at most `size`.
    pub stride: usize,
    /// What the hidden pixels become, in every channel.
    pub fill: f32,
}

/// How much the network depends on each part of an image.
#[derive(Clone, Debug)]
pub struct OcclusionMap<D: Device<f32>> {
    /// The class that wins on the whole image.
    pub class: usize,
    /// By how much that class's score drops, for each place of the patch: (rows, columns).
    pub drops: Matrix<D>,
}

/// Why an image can't be occluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OcclusionError {
    /// This number must be at least 1 and is 0: `size`, `stride` or `batch_size`.
    Zero(&'static str),
    /// The stride is larger than the patch: pixels in between would never be hidden.
    Gaps {
        /// The patch's.
        size: usize,
        /// The patch's.
        stride: usize,
    },
}

impl fmt::Display for OcclusionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zero(name) => write!(f, "`{name}` is 0, but must be at least 1"),
            Self::Gaps { size, stride } => {
                write!(
                    f,
                    "a stride of {stride} leaves pixels between patches of size {size} that are never hidden"
                )
            }
        }
    }
}

impl Error for OcclusionError {}

/// Slides a patch over an image and notes how much the winning class loses where it is hidden.
///
/// ```text
/// class      = the class with the highest score on the whole image, the first of equals
/// drop[i, j] = score(image)[class] − score(image with the patch at row i · stride, column j · stride)[class]
/// ```
///
/// A drop is large where the network looks, about 0 where it does not, and negative where the patch hides something that
/// spoke against the class.
///
/// **Places.** The patch's upper left corner moves in steps of `stride` from the image's upper left corner, until the patch
/// reaches the edge. If the steps don't fit, the last patch reaches beyond the edge and hides less. An image of length L has
///
/// ```text
/// 1 + ⌈(L − size) / stride⌉      places along that axis, and 1 where the patch is as long as the image or longer
/// ```
///
/// `network` turns a batch of images (n, height, width, channels) into scores (n, classes); what kind, logits or
/// probabilities, is its own matter. `image` is one image without the axis of the batch. Images go through the network
/// `batch_size` at a time, never more: one by one would be slow, all together would not fit into memory. The image itself
/// goes alone.
///
/// # Errors
/// When `patch.size`, `patch.stride` or `batch_size` is 0, which the error names (`size`, `stride`, `batch_size`); when the
/// stride is larger than the size.
///
/// Source: slide “Occlusion”; Zeiler & Fergus 2014, §4.2.
///
/// ```
/// use convnets::occlusion::{Patch, occlusion_map};
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let image = dev.tensor_from_vec(vec![1.0, 2.0, 3.0], (1, 3, 1));
/// // class 0 always has 4, class 1 has the sum of all pixels
/// let weights = dev.tensor_from_vec(vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0], (3, 2));
/// let bias = dev.tensor_from_vec(vec![4.0, 0.0], (2,));
/// let network = |x: Tensor<(usize, usize, usize, usize), f32, Cpu>| {
///     let n = x.shape().0;
///     x.reshape_like(&(n, 3)).matmul(weights.clone()) + bias.clone().broadcast_like::<_, Axis<0>>(&(n, 2))
/// };
/// let map = occlusion_map(network, &image, Patch { size: 2, stride: 1, fill: 0.0 }, 8).unwrap();
/// assert_eq!(map.class, 1); // 6 against 4
/// assert_eq!(map.drops.shape(), &(1, 2));
/// assert_eq!(map.drops.as_vec(), [3.0, 5.0]); // class 0 wins now, but the drop is class 1's
/// ```
pub fn occlusion_map<D: Device<f32>>(
    network: impl Fn(Images<D>) -> Matrix<D>,
    image: &Image<D>,
    patch: Patch,
    batch_size: usize,
) -> Result<OcclusionMap<D>, OcclusionError> {
    todo!()
}

/// A class that the network does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchClass {
    /// The class that was asked for.
    pub class: usize,
    /// How many there are, counted from 0.
    pub classes: usize,
}

impl fmt::Display for NoSuchClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no class {}: the network has {}, counted from 0", self.class, self.classes)
    }
}

impl Error for NoSuchClass {}

/// How much each place of an image speaks for a class, where a network ends with the mean of each map and one dense layer.
///
/// ```text
/// logit[class]  = bias[class] + Σₖ mean(map k) · weights[k, class]
/// speaks[i, j]  = Σₖ maps[i, j, k] · weights[k, class]                so that logit[class] = bias[class] + mean(speaks)
/// ```
///
/// Where a place speaks against the class, the number is negative, and stays so.
///
/// Shapes: `maps` (h, w, k) are the last feature maps of one image, before the mean; `weights` (k, classes) are those of the
/// dense layer; the answer is (h, w).
///
/// # Errors
/// For a class that is not among the columns of `weights`.
///
/// Source: slide “VGG-16”, with an extra convolution, global average pooling and W; Zhou et al. 2016 (class activation mapping).
///
/// ```
/// use convnets::occlusion::class_activation_map;
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// // Two maps of 1 × 3: one finds ears, in the left and the middle, the other finds wheels, at the right.
/// let maps = dev.tensor_from_vec(vec![2.0, 0.0, 4.0, 0.0, 0.0, 3.0], (1, 3, 2));
/// // Class 1, a cat: ears speak for it, wheels against it.
/// let weights = dev.tensor_from_vec(vec![-1.0, 0.5, 1.0, -1.0], (2, 2));
/// let map = class_activation_map(&maps, &weights, 1).unwrap();
/// assert_eq!(map.as_vec(), [1.0, 2.0, -3.0]);
/// assert_eq!(class_activation_map(&maps, &weights, 2).unwrap_err().classes, 2);
/// ```
pub fn class_activation_map<D: Device<f32>>(
    maps: &Image<D>,
    weights: &Matrix<D>,
    class: usize,
) -> Result<Matrix<D>, NoSuchClass> {
    todo!()
}
