//! Given: a small convolutional network whose first blocks can be frozen, and what it learns from.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use rand::rngs::StdRng;
use toolkit::{
    init::xavier_uniform,
    ops::{ConvConfig, LayerOps, PoolConfig},
    shape::pick,
    tensor::{Images, Matrix, Vector},
};

/// What the network normalizes by, and what trains it.
pub use toolkit::{norm::BatchNorm, optim};

/// Images and what they show.
#[derive(Clone, Debug)]
pub struct Examples<D: Device<f32>> {
    /// (n, height, width, channels).
    pub images: Images<D>,
    /// The class of each image, counted from 0.
    pub labels: Vec<usize>,
}

impl<D: LayerOps> Examples<D> {
    /// The examples with these numbers, in this order.
    pub fn pick(&self, rows: &[usize]) -> Self {
        let labels = rows.iter().map(|&row| self.labels[row]).collect();
        Examples { images: pick(self.images.clone(), rows), labels }
    }
}

/// A convolution of 3 × 3 with one pixel of zeros around, batch normalization, relu, and perhaps a pooling:
/// (n, h, w, in) stays (n, h, w, out), or becomes (n, h / 2, w / 2, out).
#[derive(Clone, Debug)]
pub struct Block<D: Device<f32>> {
    /// (3, 3, in, out). It has no bias: the batch normalization has one.
    pub kernel: Images<D>,
    /// With its running statistics.
    pub norm: BatchNorm<D>,
    /// Whether the largest of each 2 × 2 pixels goes on alone.
    pub pooled: bool,
}

impl<D: LayerOps> Block<D> {
    /// An untrained block.
    pub fn new(inputs: usize, outputs: usize, pooled: bool, dev: &D, rng: &mut StdRng) -> Self {
        let kernel = xavier_uniform((9 * inputs, outputs), dev, rng).reshape_like(&(3, 3, inputs, outputs));
        Block { kernel, norm: BatchNorm::new(outputs, dev), pooled }
    }

    /// As in evaluation: normalizes by the running statistics, and changes nothing.
    pub fn evaluate<T: Tape<f32, D>>(&self, x: Images<D, T>) -> Images<D, T> {
        let x = self.norm.eval(self.convolve(x));
        self.finish(x)
    }

    /// As in training: normalizes by the batch's own statistics, and moves the running ones.
    pub fn train<T: Tape<f32, D>>(&mut self, x: Images<D, T>) -> Images<D, T> {
        let x = self.convolve(x);
        let x = self.norm.train(x);
        self.finish(x)
    }

    fn convolve<T: Tape<f32, D>>(&self, x: Images<D, T>) -> Images<D, T> {
        let no_bias = x.device().zeros_like(&(self.kernel.shape().3,));
        D::conv2d(x, &self.kernel, &no_bias, ConvConfig { stride: 1, padding: 1 })
    }

    fn finish<T: Tape<f32, D>>(&self, x: Images<D, T>) -> Images<D, T> {
        let x = D::relu(x);
        if self.pooled { D::max_pool2d(x, PoolConfig { size: 2, stride: 2 }) } else { x }
    }
}

/// Blocks one after the other, the mean of each channel, and a head that makes logits of it.
#[derive(Clone, Debug)]
pub struct Network<D: Device<f32>> {
    /// From the images on.
    pub blocks: Vec<Block<D>>,
    /// Weights (channels, classes) and bias (classes,).
    pub head: (Matrix<D>, Vector<D>),
    /// How many of the blocks are frozen, from the first one on; the others and the head are trained.
    pub frozen: usize,
}

impl<D: LayerOps> Network<D> {
    /// An untrained network of which nothing is frozen: `channels` of the images, then of each block, all but the last of
    /// which end with a pooling.
    pub fn new(channels: &[usize], classes: usize, dev: &D, rng: &mut StdRng) -> Self {
        let last = channels.len() - 1;
        let mut block = |i: usize| Block::new(channels[i], channels[i + 1], i + 1 < last, dev, rng);
        let blocks = (0..last).map(&mut block).collect();
        let head = (xavier_uniform((channels[last], classes), dev, rng), dev.zeros_like(&(classes,)));
        Network { blocks, head, frozen: 0 }
    }

    /// Logits (n, classes) as in evaluation: no image depends on its neighbours, and nothing changes.
    pub fn logits(&self, images: Images<D>) -> Matrix<D> {
        self.classify(self.blocks.iter().fold(images, |x, block| block.evaluate(x)))
    }

    /// What comes behind the blocks: maps (n, h, w, channels) become logits (n, classes).
    pub fn classify<T: Tape<f32, D>>(&self, maps: Images<D, T>) -> Matrix<D, T> {
        D::linear(maps.mean::<_, Axes2<1, 2>>(), &self.head.0, &self.head.1)
    }
}

/// More blocks were to be unfrozen than there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFewBlocks {
    /// How many were to be unfrozen.
    pub unfrozen: usize,
    /// How many there are.
    pub blocks: usize,
}

impl fmt::Display for TooFewBlocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} blocks can't be unfrozen: the network has {}", self.unfrozen, self.blocks)
    }
}

impl Error for TooFewBlocks {}
