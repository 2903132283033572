//! The operations of the layers, generic over the device: fast ones of our own on the CPU, compositions of dfdx's
//! operations everywhere else. Images are channels last, kernels (height, width, in, out).

mod activation;
mod bias;
mod conv;
mod dense;
mod depthwise;
mod embedding;
mod loss;
mod lstm;
mod norm;
mod pad;
mod pool;
mod time_step;
mod window;

use dfdx::prelude::Cpu;
#[cfg(feature = "cuda")]
use dfdx::prelude::Cuda;

pub use activation::{Activation, ActivationOps};
pub use bias::BiasOps;
pub use conv::{ConvBlock, ConvConfig, ConvOps, Pooling};
pub use dense::DenseOps;
pub use depthwise::DepthwiseOps;
pub use embedding::EmbeddingOps;
pub use loss::LossOps;
pub use lstm::{LstmOps, LstmWeights};
pub use norm::{Affine, NormOps, Statistics};
pub use pad::PadOps;
pub use pool::{PoolConfig, PoolOps};
pub use time_step::TimeStepOps;

/// The operations from dfdx's own, for every device: what CUDA runs, and what the CPU's are tested and timed against.
pub mod composition {
    pub use super::activation::relu;
    pub use super::bias::bias_add;
    pub use super::conv::{conv_block, conv2d};
    pub use super::dense::linear;
    pub use super::depthwise::depthwise_conv2d;
    pub use super::embedding::embedding;
    pub use super::loss::softmax_cross_entropy;
    pub use super::lstm::{lstm, lstm_from, lstm_step};
    pub use super::norm::{batch_norm, normalize};
    pub use super::pad::pad;
    pub use super::pool::{avg_pool2d, max_pool2d};
    pub use super::time_step::time_step;
}

/// What layers are made of, on every device.
///
/// Generic code asks for `D: LayerOps` and has all of them; the traits that it is made of say what each operation computes. Where
/// the device has a name (`Cpu::relu(x)`), the operation's own trait must be imported.
///
/// An operation that a device has no program for is a [`composition`] of dfdx's; [`Cpu`] has its own of every one. They give
/// the same values and gradients; where they differ, the method says so.
///
/// Shape mismatches panic with the operation's name, as dfdx's do.
///
/// ```
/// use dfdx::prelude::*;
/// use toolkit::ops::{ConvConfig, LayerOps, PoolConfig};
/// use toolkit::tensor::{Images, Vector};
///
/// fn block<D: LayerOps, T: Tape<f32, D>>(x: Images<D, T>, w: &Images<D>, b: &Vector<D>) -> Images<D, T> {
///     let z = D::relu(D::conv2d(x, w, b, ConvConfig { stride: 1, padding: 1 }));
///     D::max_pool2d(z, PoolConfig { size: 2, stride: 2 })
/// }
/// let dev = Cpu::default();
/// let (x, w) = (dev.ones_like(&(8, 6, 6, 3)), dev.ones_like(&(3, 3, 3, 5)));
/// assert_eq!(block(x, &w, &dev.zeros_like(&(5,))).shape(), &(8, 3, 3, 5));
/// ```
pub trait LayerOps:
    ActivationOps
    + BiasOps
    + ConvOps
    + DenseOps
    + DepthwiseOps
    + EmbeddingOps
    + LossOps
    + LstmOps
    + NormOps
    + PadOps
    + PoolOps
    + TimeStepOps
{
}

impl LayerOps for Cpu {}

#[cfg(feature = "cuda")]
impl LayerOps for Cuda {}
