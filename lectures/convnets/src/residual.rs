//! Residual connections: blocks that add their input to what they compute, and the networks that are built of them.

use dfdx::prelude::*;
use toolkit::{
    ops::LayerOps,
    tensor::{Images, Matrix},
};

use crate::given::resnet_parts::{Block, Mode, ResNet, Sizes};

/// A residual block: `relu(F(x) + shortcut(x))` with `F(x) = norm₂(conv₂(relu(norm₁(conv₁(x)))))`.
///
/// A kernel of k × k has (k − 1) / 2 zeros around its input: 1 for 3 × 3, none for 1 × 1. Images (n, h, w, in) thus
/// give (n, ⌊(h − 1) / stride⌋ + 1, ⌊(w − 1) / stride⌋ + 1, out). `shortcut(x)` is what
/// [`Shortcut`](crate::given::resnet_parts::Shortcut) says; a plain block, which has none, is `relu(F(x))`. There is no
/// relu on the shortcut, and none between `F` and the sum.
///
/// `mode` holds for every batch normalization of the block, the projection's included. The gradient flows to `x`, on both
/// ways, and to all kernels, γ and β.
///
/// Source: slide “Saturation and residual connections”; He, Zhang, Ren & Sun 2016, §3.2 and figure 2; option B for
/// projections.
///
/// ```
/// use convnets::{residual::residual_block, given::resnet_parts::{Block, ConvNorm, Mode, Shortcut}};
/// use dfdx::prelude::*;
/// use toolkit::norm::BatchNorm;
/// let dev = Cpu::default();
/// let zeros = || ConvNorm { kernel: dev.zeros_like(&(3, 3, 1, 1)), stride: 1, norm: BatchNorm::new(1, &dev) };
/// let mut block = Block { first: zeros(), second: zeros(), shortcut: Shortcut::Identity };
/// let x = dev.tensor_from_vec(vec![1.0, -2.0, 3.0, 0.5], (1, 2, 2, 1));
/// // weights of 0 make it relu(x): doing nothing is easy for a residual block …
/// assert_eq!(residual_block(x.clone(), &mut block, Mode::Evaluation).as_vec(), [1.0, 0.0, 3.0, 0.5]);
/// // … while a plain one forgets its input
/// block.shortcut = Shortcut::Nothing;
/// assert_eq!(residual_block(x, &mut block, Mode::Evaluation).as_vec(), [0.0; 4]);
/// ```
pub fn residual_block<D: LayerOps, T: Tape<f32, D>>(
    x: Images<D, T>,
    block: &mut Block<D>,
    mode: Mode,
) -> Images<D, T> {
    todo!()
}

/// ResNet-18, with the numbers that `weights` gives for a name and a shape.
///
/// | part | layers | names begin with |
/// |---|---|---|
/// | stem | 7 × 7, stride 2, `width` channels; then a max-pooling (`pools`) | `conv1`, `bn1` |
/// | stage 1 | two blocks of `width` channels, stride 1 | `layer1.0.`, `layer1.1.` |
/// | stage 2 | two blocks of 2 · `width`; the first has stride 2 | `layer2.0.`, `layer2.1.` |
/// | stage 3 | two blocks of 4 · `width`; the first has stride 2 | `layer3.0.`, `layer3.1.` |
/// | stage 4 | two blocks of 8 · `width`; the first has stride 2 | `layer4.0.`, `layer4.1.` |
/// | head | 8 · `width` features to `classes` | `fc` |
///
/// All kernels of the blocks are 3 × 3. The first blocks of stages 2 to 4 change the shape and have a projection; the others'
/// shortcut is the identity.
///
/// Names are torchvision's. A block's convolutions are `conv1.weight` and `conv2.weight`, a batch normalization `bn1` is four
/// vectors, `bn1.weight` (γ), `bn1.bias` (β), `bn1.running_mean` and `bn1.running_var`, and a projection is
/// `downsample.0.weight` with the batch normalization `downsample.1`; the head is `fc.weight` and `fc.bias`. Shapes are this
/// course's: kernels (height, width, in, out), where torchvision has (out, in, height, width), and `fc.weight` (in, out).
/// So the second stage's projection asks for `weights("layer2.0.downsample.0.weight", &[1, 1, width, 2 * width])`.
///
/// Each array is asked for once, in any order; `weights` gives its numbers, the last axis fastest. It may take them from a
/// file, draw them or, like the example, only count them. Momentum and ε are PyTorch's: 0.1 and 10⁻⁵.
///
/// Source: slide “Saturation and residual connections”; He, Zhang, Ren & Sun 2016, table 1; torchvision's `resnet18`.
///
/// ```
/// use convnets::{residual::resnet18, given::resnet_parts::Sizes};
/// use dfdx::prelude::*;
/// let (mut arrays, mut parameters) = (0, 0);
/// resnet18(Sizes::IMAGENET, &Cpu::default(), &mut |name: &str, shape: &[usize]| {
///     let count = shape.iter().product();
///     // running statistics are measured, not trained
///     if !name.contains("running") {
///         (arrays, parameters) = (arrays + 1, parameters + count);
///     }
///     vec![0.0; count]
/// });
/// assert_eq!((arrays, parameters), (62, 11_689_512));
/// ```
pub fn resnet18<D: LayerOps>(
    sizes: Sizes,
    dev: &D,
    weights: &mut dyn FnMut(&str, &[usize]) -> Vec<f32>,
) -> ResNet<D> {
    todo!()
}

/// The logits (n, classes) of images (n, h, w, channels), of any size.
///
/// ```text
/// relu(stem(x)) → max-pooling, if the network pools → the blocks → mean over all pixels → linear
/// ```
///
/// The max-pooling takes the largest of 3 × 3 pixels with stride 2; pixels outside, one all around, never are the largest:
/// (n, h, w, c) gives (n, ⌊(h − 1) / 2⌋ + 1, ⌊(w − 1) / 2⌋ + 1, c). ([`toolkit::shape::pad`] puts zeros around images. Are zeros
/// right here?) The mean over all pixels leaves one number for each channel, (n, c).
///
/// `mode` holds for every batch normalization. The gradient flows to the images and to all weights.
///
/// Source: He, Zhang, Ren & Sun 2016, table 1; torchvision's `resnet18`.
///
/// ```
/// use convnets::{residual::{resnet18, resnet_logits}, given::resnet_parts::{Mode, Sizes}};
/// use dfdx::prelude::*;
/// let (dev, sizes) = (Cpu::default(), Sizes { channels: 1, width: 2, classes: 3 });
/// let mut constant = |name: &str, shape: &[usize]| {
///     let value = if name.ends_with("var") || name == "fc.bias" { 1.0 } else { 0.0 };
///     vec![value; shape.iter().product()]
/// };
/// let mut network = resnet18(sizes, &dev, &mut constant);
/// let images = dev.ones_like(&(2, 20, 33, 1));
/// // all weights are 0: only the last biases are left
/// let logits = resnet_logits(images, &mut network, Mode::Evaluation);
/// assert_eq!((logits.shape(), logits.as_vec()), (&(2, 3), vec![1.0; 6]));
/// ```
pub fn resnet_logits<D: LayerOps, T: Tape<f32, D>>(
    images: Images<D, T>,
    network: &mut ResNet<D>,
    mode: Mode,
) -> Matrix<D, T> {
    todo!()
}
