//! Given: what residual networks are made of. Layers with names and a plan; what they compute is for you to write.

use dfdx::prelude::*;
pub use toolkit::norm::BatchNorm;
use toolkit::{
    optim::{Parameters, Visitor},
    tensor::{Images, Matrix, Vector},
};

/// A convolution without a bias, and the batch normalization that follows it, whose β does what a bias would.
#[derive(Clone, Debug)]
pub struct ConvNorm<D: Device<f32>> {
    /// The kernel, (k, k, in, out) with an odd k.
    pub kernel: Images<D>,
    /// Pixels from one window to the next.
    pub stride: usize,
    /// γ, β and the running statistics, a number for each output channel.
    pub norm: BatchNorm<D>,
}

/// What a block adds to its result before the last relu.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a network has a few dozen blocks, and a box would hide what a shortcut is"
)]
pub enum Shortcut<D: Device<f32>> {
    /// Nothing: the block of a plain network.
    Nothing,
    /// The block's input as it is. Shapes must agree.
    Identity,
    /// The block's input through a convolution of 1×1 with its batch normalization: where the block changes the shape.
    Projection(ConvNorm<D>),
}

/// A block of two convolutions: ResNet's “basic block”.
#[derive(Clone, Debug)]
pub struct Block<D: Device<f32>> {
    /// The first convolution; its stride is the block's.
    pub first: ConvNorm<D>,
    /// The second convolution, of stride 1.
    pub second: ConvNorm<D>,
    /// What is added to its result.
    pub shortcut: Shortcut<D>,
}

/// Which statistics a batch normalization uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The batch's own, through which the gradient flows too; the running ones move towards them:
    /// [`BatchNorm::train`](toolkit::norm::BatchNorm::train).
    Training,
    /// The running ones, which stay as they are: [`BatchNorm::eval`](toolkit::norm::BatchNorm::eval).
    Evaluation,
}

/// A network of blocks.
#[derive(Clone, Debug)]
pub struct ResNet<D: Device<f32>> {
    /// What the images meet first.
    pub stem: ConvNorm<D>,
    /// Whether a max-pooling follows the stem.
    pub pools: bool,
    /// One behind the other.
    pub blocks: Vec<Block<D>>,
    /// The linear layer at the end: weights (features, classes) and biases (classes,).
    pub head: (Matrix<D>, Vector<D>),
}

/// The sizes of a ResNet-18.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Channels of the images.
    pub channels: usize,
    /// Channels of the stem and of the first two blocks.
    pub width: usize,
    /// Classes to tell apart.
    pub classes: usize,
}

impl Sizes {
    /// The network of the paper: colour images, 64 channels, 1,000 classes. It has 11,689,512 parameters.
    pub const IMAGENET: Self = Self { channels: 3, width: 64, classes: 1000 };
}

impl<D: Device<f32>> Parameters<D> for ConvNorm<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        visitor.tensor(&mut self.kernel)?;
        self.norm.visit(visitor)
    }
}

impl<D: Device<f32>> Parameters<D> for Block<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        self.first.visit(visitor)?;
        self.second.visit(visitor)?;
        match &mut self.shortcut {
            Shortcut::Projection(projection) => projection.visit(visitor),
            Shortcut::Nothing | Shortcut::Identity => Ok(()),
        }
    }
}

impl<D: Device<f32>> Parameters<D> for ResNet<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        self.stem.visit(visitor)?;
        self.blocks.visit(visitor)?;
        self.head.visit(visitor)
    }
}
