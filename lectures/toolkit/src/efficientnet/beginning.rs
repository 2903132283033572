//! The stem and the first blocks of the network by themselves: enough for the feature maps after them.

use dfdx::prelude::*;

use super::{BLOCKS, Block, EfficientNetLite0, Loader, Weights, WrongWeights, last_axis_first, pad_same};
use crate::ops::{ConvConfig, LayerOps};
use crate::tensor::{Images, Vector};

/// The stem, a convolution with 32 filters and stride 2, and blocks.
#[derive(Clone, Debug)]
pub struct Beginning<D: Device<f32>> {
    stem: (Images<D>, Vector<D>),
    pub(super) blocks: Vec<Block<D>>,
}

impl<D: LayerOps> EfficientNetLite0<D> {
    /// The stem and the first `depth` blocks; `weights` needs no more than theirs.
    ///
    /// # Errors
    /// For the first array that is missing or has another shape.
    ///
    /// # Panics
    /// When there are fewer than `depth` blocks.
    pub fn beginning(dev: &D, weights: &Weights, depth: usize) -> Result<Beginning<D>, WrongWeights> {
        let load = Loader { dev, weights };
        let (stem, bias) = load.folded("_conv_stem", "_bn0", &[32, 3, 3, 3])?;
        let stem = (dev.tensor_from_vec(channels_last(&stem, 32, 3, 9), (3, 3, 3, 32)), bias);
        let blocks = (0..depth).map(|i| block(&load, i)).collect::<Result<_, _>>()?;
        Ok(Beginning { stem, blocks })
    }
}

impl<D: LayerOps> Beginning<D> {
    /// How many blocks there are.
    pub fn depth(&self) -> usize {
        self.blocks.len()
    }

    /// The feature map after the stem and `depth` blocks. Images are (n, height, width, 3), a byte b as (b − 127) / 128.
    ///
    /// # Panics
    /// When there are fewer than `depth` blocks.
    pub fn feature_map<T: Tape<f32, D>>(&self, images: Images<D, T>, depth: usize) -> Images<D, T> {
        let (x, padding) = pad_same(images, 3, 2);
        let x = D::relu6(D::conv2d(x, &self.stem.0, &self.stem.1, ConvConfig { stride: 2, padding }));
        self.blocks[..depth].iter().fold(x, |x, block| block.forward(x))
    }
}

fn block<D: LayerOps>(load: &Loader<D>, i: usize) -> Result<Block<D>, WrongWeights> {
    let inputs = if i == 0 { 32 } else { BLOCKS[i - 1].3 };
    let (expand, size, stride, outputs) = BLOCKS[i];
    let (name, wide) = (format!("_blocks.{i}."), inputs * expand);
    let expanded = (expand > 1).then(|| load.pointwise(&name, "_expand_conv", "_bn0", (inputs, wide)));
    let (kernel, offsets) =
        load.folded(&format!("{name}_depthwise_conv"), &format!("{name}_bn1"), &[wide, 1, size, size])?;
    let kernel = last_axis_first(&kernel, wide, size * size);
    Ok(Block {
        expand: expanded.transpose()?,
        depthwise: (load.dev.tensor_from_vec(kernel, (size, size, wide)), offsets),
        stride,
        project: load.pointwise(&name, "_project_conv", "_bn2", (wide, outputs))?,
        skip: stride == 1 && inputs == outputs,
    })
}

/// A kernel (out, in, taps) as (taps, in, out).
fn channels_last(kernel: &[f32], outputs: usize, inputs: usize, taps: usize) -> Vec<f32> {
    let at = |tap: usize, i: usize, o: usize| kernel[(o * inputs + i) * taps + tap];
    let places = (0..taps).flat_map(|tap| (0..inputs).map(move |i| (tap, i)));
    places.flat_map(|(tap, i)| (0..outputs).map(move |o| at(tap, i, o))).collect()
}
