//! The end of the network by itself, to be trained on what the beginning made of the images.

use dfdx::prelude::*;

use super::{Block, EfficientNetLite0, Pointwise, features_of};
use crate::ops::LayerOps;
use crate::optim::{Parameters, Visitor};
use crate::tensor::{Images, Matrix};

/// The last blocks and the convolution behind them. Its parameters are those of the network at first; whoever trains it leaves
/// the network alone.
#[derive(Clone, Debug)]
pub struct Tail<D: Device<f32>> {
    blocks: Vec<Block<D>>,
    head: Pointwise<D>,
}

impl<D: LayerOps> EfficientNetLite0<D> {
    /// What follows the feature map after `depth` blocks: `tail(depth).features(feature_map(x, depth))` is `features(x)`.
    ///
    /// # Panics
    /// When there are fewer than `depth` blocks.
    pub fn tail(&self, depth: usize) -> Tail<D> {
        Tail { blocks: self.all_blocks.blocks[depth..].to_vec(), head: self.head.clone() }
    }
}

impl<D: LayerOps> Tail<D> {
    /// The features (n, 1280) of feature maps.
    pub fn features<T: Tape<f32, D>>(&self, maps: Images<D, T>) -> Matrix<D, T> {
        features_of(self.blocks.iter().fold(maps, |x, block| block.forward(x)), &self.head)
    }
}

/// Kernels and biases, into which the batch normalizations are folded: their statistics are constants.
impl<D: Device<f32>> Parameters<D> for Tail<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        for block in &mut self.blocks {
            if let Some(expand) = &mut block.expand {
                expand.visit(visitor)?;
            }
            block.depthwise.visit(visitor)?;
            block.project.visit(visitor)?;
        }
        self.head.visit(visitor)
    }
}
