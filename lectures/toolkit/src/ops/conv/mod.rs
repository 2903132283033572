//! Convolution, alone and with the activation and the pooling that usually follow it.

mod block;
mod columns;
mod program;
mod scratch;
mod winograd;

use dfdx::prelude::*;

use super::activation::{Activation, ActivationOps, relu};
use super::bias::bias_add;
use super::pool::{PoolConfig, PoolOps, avg_pool2d, max_pool2d};
use super::window::{Window, windows};
use crate::own::{own, with_parameters};
use crate::tensor::{Images, Vector};

pub use block::{ConvBlock, ConvConfig, Pooling};

/// Convolutions.
pub trait ConvOps: Device<f32> {
    /// Cross-correlation: `y[n,p,q,o] = b[o] + Σ x[n, s·p+i−d, s·q+j−d, c] · w[i,j,c,o]` with stride `s` and `d` zeros
    /// of padding on every side. (n, h, w, in) and (kh, kw, in, out) give (n, ⌊(h+2d−kh)/s⌋+1, ⌊(w+2d−kw)/s⌋+1, out).
    fn conv2d<T: Tape<f32, Self>>(
        x: Images<Self, T>,
        kernel: &Images<Self>,
        bias: &Vector<Self>,
        config: ConvConfig,
    ) -> Images<Self, T> {
        conv2d(x, kernel, bias, config)
    }

    /// [`ConvOps::conv2d`] of a network's first layer: `x` is data and needs no gradient, which saves a third of the
    /// work on the CPU. `tape` records the rest.
    fn conv2d_of_data<T: Tape<f32, Self>>(
        x: Images<Self>,
        kernel: &Images<Self>,
        bias: &Vector<Self>,
        config: ConvConfig,
        tape: T,
    ) -> Images<Self, T> {
        Self::conv2d(x.put_tape(tape), kernel, bias, config)
    }

    /// [`ConvOps::conv2d`], then the block's activation, then its pooling: on the CPU one operation, which writes only
    /// what comes out. A network spends most of its time in such blocks, and half of that on what lies between.
    fn conv_block<T: Tape<f32, Self>>(
        x: Images<Self, T>,
        kernel: &Images<Self>,
        bias: &Vector<Self>,
        block: ConvBlock,
    ) -> Images<Self, T> {
        conv_block(x, kernel, bias, block)
    }

    /// [`ConvOps::conv_block`] of a network's first layer, as [`ConvOps::conv2d_of_data`].
    fn conv_block_of_data<T: Tape<f32, Self>>(
        x: Images<Self>,
        kernel: &Images<Self>,
        bias: &Vector<Self>,
        block: ConvBlock,
        tape: T,
    ) -> Images<Self, T> {
        Self::conv_block(x.put_tape(tape), kernel, bias, block)
    }
}

#[cfg(feature = "cuda")]
impl ConvOps for Cuda {}

/// [`ConvOps::conv2d`] from dfdx's operations: gather the windows, then one matrix product.
pub fn conv2d<D: Device<f32>, T: Tape<f32, D>>(
    x: Images<D, T>,
    kernel: &Images<D>,
    bias: &Vector<D>,
    config: ConvConfig,
) -> Images<D, T> {
    let ((n, h, w, c), (kh, kw, inputs, filters)) = (*x.shape(), *kernel.shape());
    assert_eq!(c, inputs, "conv2d: images of {c} channels, a kernel for {inputs}");
    let window = Window::new((h, w), (kh, kw), config.stride, config.padding);
    let (oh, ow) = window.output();
    let columns = windows(x, &window, 0.0).reshape_like(&(n * oh * ow, kh * kw * c));
    let y = columns.matmul(kernel.retaped::<T>().reshape_like(&(kh * kw * c, filters)));
    bias_add(y, bias).reshape_like(&(n, oh, ow, filters))
}

/// [`ConvOps::conv_block`] from dfdx's operations: the three one after the other.
pub fn conv_block<D: Device<f32>, T: Tape<f32, D>>(
    x: Images<D, T>,
    kernel: &Images<D>,
    bias: &Vector<D>,
    block: ConvBlock,
) -> Images<D, T> {
    let z = conv2d(x, kernel, bias, block.conv);
    let y = match block.activation {
        Activation::Identity => z,
        Activation::Relu => relu(z),
        Activation::Tanh => z.tanh(),
    };
    let touching = |size: usize| PoolConfig { size, stride: size };
    match block.pooling {
        Pooling::None => y,
        Pooling::Max(size) => max_pool2d(y, touching(size)),
        Pooling::Average(size) => avg_pool2d(y, touching(size)),
    }
}

impl ConvOps for Cpu {
    fn conv2d<T: Tape<f32, Cpu>>(
        x: Images<Cpu, T>,
        kernel: &Images<Cpu>,
        bias: &Vector<Cpu>,
        config: ConvConfig,
    ) -> Images<Cpu, T> {
        match own(|own| own.conv2d) {
            Some(layer) => {
                with_parameters(x, (kernel, bias), |x, kernel, bias| layer(x, kernel, bias, config))
            }
            None => program::conv_block(x, kernel, bias, ConvBlock::plain(config), true),
        }
    }

    fn conv2d_of_data<T: Tape<f32, Cpu>>(
        x: Images<Cpu>,
        kernel: &Images<Cpu>,
        bias: &Vector<Cpu>,
        config: ConvConfig,
        tape: T,
    ) -> Images<Cpu, T> {
        if own(|own| own.conv2d).is_some() {
            return Self::conv2d(x.put_tape(tape), kernel, bias, config);
        }
        program::conv_block(x.put_tape(tape), kernel, bias, ConvBlock::plain(config), false)
    }

    fn conv_block<T: Tape<f32, Cpu>>(
        x: Images<Cpu, T>,
        kernel: &Images<Cpu>,
        bias: &Vector<Cpu>,
        block: ConvBlock,
    ) -> Images<Cpu, T> {
        if has_own_parts() {
            return apart(x, kernel, bias, block);
        }
        program::conv_block(x, kernel, bias, block, true)
    }

    fn conv_block_of_data<T: Tape<f32, Cpu>>(
        x: Images<Cpu>,
        kernel: &Images<Cpu>,
        bias: &Vector<Cpu>,
        block: ConvBlock,
        tape: T,
    ) -> Images<Cpu, T> {
        if has_own_parts() {
            return apart(x.put_tape(tape), kernel, bias, block);
        }
        program::conv_block(x.put_tape(tape), kernel, bias, block, false)
    }
}

/// Whether a part of a block is somebody else's.
fn has_own_parts() -> bool {
    own(|own| (own.conv2d.is_some() || own.relu.is_some() || own.max_pool2d.is_some()).then_some(()))
        .is_some()
}

/// [`ConvOps::conv_block`] from the device's operations, one after the other, so that each can be somebody else's.
fn apart<D: ConvOps + ActivationOps + PoolOps, T: Tape<f32, D>>(
    x: Images<D, T>,
    kernel: &Images<D>,
    bias: &Vector<D>,
    block: ConvBlock,
) -> Images<D, T> {
    let z = D::conv2d(x, kernel, bias, block.conv);
    let y = match block.activation {
        Activation::Identity => z,
        Activation::Relu => D::relu(z),
        Activation::Tanh => D::tanh(z),
    };
    let touching = |size: usize| PoolConfig { size, stride: size };
    match block.pooling {
        Pooling::None => y,
        Pooling::Max(size) => D::max_pool2d(y, touching(size)),
        Pooling::Average(size) => D::avg_pool2d(y, touching(size)),
    }
}
