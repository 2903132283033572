//! Layers that somebody else wrote, in place of the CPU's programs. A network that is built of [`LayerOps`](crate::ops::LayerOps)
//! trains on them, and nothing in it changes; how they get onto its tape is `attach`'s.

mod attach;

use std::{cell::Cell, sync::OnceLock};

use dfdx::prelude::*;

use crate::ops::{Affine, ConvConfig, LstmWeights, PoolConfig, Statistics};
use crate::tensor::{Images, Matrix, Sequences, Vector};

pub(crate) use attach::{alone, lstm, with_parameters};

/// The tape that a layer of somebody else's writes on.
pub type Recorded = OwnedTape<f32, Cpu>;

/// Convolution of images (n, h, w, in) with a kernel (kh, kw, in, out) and a bias (out,).
pub type Conv2d = fn(Images<Cpu, Recorded>, &Images<Cpu>, &Vector<Cpu>, ConvConfig) -> Images<Cpu, Recorded>;
/// Maximum pooling without padding.
pub type MaxPool2d = fn(Images<Cpu, Recorded>, PoolConfig) -> Images<Cpu, Recorded>;
/// A linear layer: rows, weights (in, out), bias (out,).
pub type Linear = fn(Matrix<Cpu, Recorded>, &Matrix<Cpu>, &Vector<Cpu>) -> Matrix<Cpu, Recorded>;
/// The relu of all elements of a tensor, one after the other.
pub type Relu = fn(Vector<Cpu, Recorded>) -> Vector<Cpu, Recorded>;
/// The mean cross entropy of rows of logits, with their targets.
pub type CrossEntropy = fn(Matrix<Cpu, Recorded>, &[usize]) -> Tensor<Rank0, f32, Cpu, Recorded>;
/// Batch norm of columns by their own statistics, which it returns, the variance biased.
pub type BatchNorm =
    fn(Matrix<Cpu, Recorded>, Affine<Cpu>, f32) -> (Matrix<Cpu, Recorded>, Vector<Cpu>, Vector<Cpu>);
/// Batch norm of columns by statistics that are given.
pub type Normalize = fn(Matrix<Cpu, Recorded>, Statistics<Cpu>, Affine<Cpu>, f32) -> Matrix<Cpu, Recorded>;
/// An LSTM layer from states `(h, c)`: all h, and the last c. The tape is in the first.
pub type Lstm = fn(
    Sequences<Cpu, Recorded>,
    (Matrix<Cpu, Recorded>, Matrix<Cpu, Recorded>),
    &LstmWeights<Cpu>,
) -> (Sequences<Cpu, Recorded>, Matrix<Cpu, Recorded>);

/// What stands in for the operations of the CPU. Where there is nothing, they stay as they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct OwnLayers {
    /// For [`ConvOps::conv2d`](crate::ops::ConvOps::conv2d), and in `conv_block`.
    pub conv2d: Option<Conv2d>,
    /// For [`PoolOps::max_pool2d`](crate::ops::PoolOps::max_pool2d), and in `conv_block`.
    pub max_pool2d: Option<MaxPool2d>,
    /// For [`DenseOps::linear`](crate::ops::DenseOps::linear).
    pub linear: Option<Linear>,
    /// For [`ActivationOps::relu`](crate::ops::ActivationOps::relu), and in `conv_block`.
    pub relu: Option<Relu>,
    /// For [`LossOps::softmax_cross_entropy`](crate::ops::LossOps::softmax_cross_entropy).
    pub cross_entropy: Option<CrossEntropy>,
    /// For [`NormOps::batch_norm`](crate::ops::NormOps::batch_norm).
    pub batch_norm: Option<BatchNorm>,
    /// For [`NormOps::normalize`](crate::ops::NormOps::normalize).
    pub normalize: Option<Normalize>,
    /// For [`LstmOps::lstm`](crate::ops::LstmOps::lstm) and `lstm_from`.
    pub lstm: Option<Lstm>,
}

static OWN: OnceLock<OwnLayers> = OnceLock::new();

thread_local! {
    /// Whether this thread is inside such a layer. What that calls of the toolkit is the toolkit's, or it would call itself.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Has the whole program use these layers from now on, once and for all.
///
/// # Panics
/// When there are some already.
pub fn install(layers: OwnLayers) {
    assert!(OWN.set(layers).is_ok(), "own layers are installed once");
}

/// What `which` picks of the layers that stand in just now.
pub(crate) fn own<L>(which: impl FnOnce(&OwnLayers) -> Option<L>) -> Option<L> {
    which(OWN.get().filter(|_| !INSIDE.get())?)
}

/// Calls a layer. A panic in it leaves it, too.
fn inside<R>(layer: impl FnOnce() -> R) -> R {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            INSIDE.set(false);
        }
    }
    INSIDE.set(true);
    let _leave = Leave;
    layer()
}
