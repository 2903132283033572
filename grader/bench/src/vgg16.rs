//! VGG-16 (Simonyan & Zisserman 2015) for images of 224 × 224, forward only.

use dfdx::prelude::*;
use toolkit::ops::{Activation, ActivationOps, ConvBlock, ConvConfig, ConvOps, DenseOps, Pooling};
use toolkit::tensor::{Images, Matrix};

use crate::{Conv, Linear, conv, flatten, linear};

/// Filters of the convolutions in each of the five blocks.
const BLOCKS: [&[usize]; 5] = [&[64; 2], &[128; 2], &[256; 3], &[512; 3], &[512; 3]];

/// The network.
pub struct Vgg16 {
    blocks: Vec<Vec<Conv>>,
    linears: [Linear; 3],
}

impl Vgg16 {
    /// Drawn by the device.
    pub fn new(dev: &Cpu) -> Self {
        let mut channels = 3;
        let mut layer = |filters: usize| {
            let kernel = conv(dev, 3, channels, filters);
            channels = filters;
            kernel
        };
        let blocks = BLOCKS.map(|filters| filters.iter().map(|&filters| layer(filters)).collect()).into();
        let linears = [(25_088, 4096), (4096, 4096), (4096, 1000)];
        Vgg16 { blocks, linears: linears.map(|(inputs, units)| linear(dev, inputs, units)) }
    }

    /// (n, 224, 224, 3) gives (n, 1000).
    pub fn forward(&self, x: Images<Cpu>) -> Matrix<Cpu> {
        let plain = ConvBlock {
            activation: Activation::Relu,
            ..ConvBlock::plain(ConvConfig { stride: 1, padding: 1 })
        };
        let x = self.blocks.iter().fold(x, |x, block| {
            block.iter().enumerate().fold(x, |x, (i, (kernel, bias))| {
                let pooling = if i + 1 == block.len() { Pooling::Max(2) } else { Pooling::None };
                Cpu::conv_block(x, kernel, bias, ConvBlock { pooling, ..plain })
            })
        });
        let [first, second, last] = &self.linears;
        let x = Cpu::relu(Cpu::linear(flatten(x), &first.0, &first.1));
        Cpu::linear(Cpu::relu(Cpu::linear(x, &second.0, &second.1)), &last.0, &last.1)
    }
}
