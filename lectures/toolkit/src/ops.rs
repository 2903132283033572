//! The operations of the layers, generic over the device: fast ones of our own on the CPU, compositions of dfdx's
//! operations everywhere else. Images are channels last, kernels (height, width, in, out).

use dfdx::prelude::*;

pub use crate::block::{Activation, ConvBlock, Pooling};
use crate::tensor::{Images, Indices, Matrix, Sequences, Vector};
use crate::{generic, norm};

/// The weights of an LSTM layer; the gates stand in the order i, f, g, o (PyTorch's) along the last axis.
#[derive(Clone, Debug)]
pub struct LstmWeights<D: Device<f32>> {
    /// What multiplies the inputs: (features, 4·hidden).
    pub input: Matrix<D>,
    /// What multiplies the hidden state: (hidden, 4·hidden).
    pub hidden: Matrix<D>,
    /// Added to the gates: (4·hidden,). PyTorch has two that are added.
    pub bias: Vector<D>,
}

impl<D: Device<f32>> LstmWeights<D> {
    /// The number of hidden units.
    ///
    /// # Panics
    /// When the three don't belong together, or not to inputs of so many features.
    pub(crate) fn check(&self, features: usize) -> usize {
        let hidden = self.hidden.shape().0;
        assert_eq!(*self.input.shape(), (features, 4 * hidden), "lstm: weights of the inputs");
        assert_eq!(self.hidden.shape().1, 4 * hidden, "lstm: weights of the hidden state");
        assert_eq!(self.bias.shape().0, 4 * hidden, "lstm: bias");
        hidden
    }
}

/// What layers are made of, on every device.
///
/// Each default is a composition of dfdx's operations. [`Cpu`] has its own of every one: they
/// give the same values and gradients; where they differ, the method says so.
///
/// Shape mismatches panic with the operation's name, as dfdx's do.
///
/// ```
/// use dfdx::prelude::*;
/// use toolkit::ops::LayerOps;
/// use toolkit::tensor::{Images, Vector};
///
/// fn block<D: LayerOps, T: Tape<f32, D>>(x: Images<D, T>, w: &Images<D>, b: &Vector<D>) -> Images<D, T> {
///     D::max_pool2d(D::relu(D::conv2d(x, w, b, 1, 1)), 2, 2)
/// }
/// let dev = Cpu::default();
/// let (x, w) = (dev.ones_like(&(8, 6, 6, 3)), dev.ones_like(&(3, 3, 3, 5)));
/// assert_eq!(block(x, &w, &dev.zeros_like(&(5,))).shape(), &(8, 3, 3, 5));
/// ```
pub trait LayerOps: Device<f32> {
    /// Cross-correlation: `y[n,p,q,o] = b[o] + Σ x[n, s·p+i−d, s·q+j−d, c] · w[i,j,c,o]` with stride `s` and `d` zeros
    /// of padding on every side. (n, h, w, in) and (kh, kw, in, out) give (n, ⌊(h+2d−kh)/s⌋+1, ⌊(w+2d−kw)/s⌋+1, out).
    fn conv2d<T: Tape<f32, Self>>(
        x: Images<Self, T>,
        kernel: &Images<Self>,
        bias: &Vector<Self>,
        stride: usize,
        padding: usize,
    ) -> Images<Self, T> {
        generic::conv2d(x, kernel, bias, stride, padding)
    }

    /// [`LayerOps::conv2d`] of a network's first layer: `x` is data and needs no gradient, which saves a third of the
    /// work on the CPU. `tape` records the rest.
    fn conv2d_of_data<T: Tape<f32, Self>>(
        x: Images<Self>,
        kernel: &Images<Self>,
        bias: &Vector<Self>,
        (stride, padding): (usize, usize),
        tape: T,
    ) -> Images<Self, T> {
        Self::conv2d(x.put_tape(tape), kernel, bias, stride, padding)
    }

    /// [`LayerOps::conv2d`], then the block's activation, then its pooling: on the CPU one operation, which writes only
    /// what comes out. A network spends most of its time in such blocks, and half of that on what lies between.
    fn conv_block<T: Tape<f32, Self>>(
        x: Images<Self, T>,
        kernel: &Images<Self>,
        bias: &Vector<Self>,
        block: ConvBlock,
    ) -> Images<Self, T> {
        generic::conv_block(x, kernel, bias, block)
    }

    /// [`LayerOps::conv_block`] of a network's first layer, as [`LayerOps::conv2d_of_data`].
    fn conv_block_of_data<T: Tape<f32, Self>>(
        x: Images<Self>,
        kernel: &Images<Self>,
        bias: &Vector<Self>,
        block: ConvBlock,
        tape: T,
    ) -> Images<Self, T> {
        Self::conv_block(x.put_tape(tape), kernel, bias, block)
    }

    /// Every channel with a kernel of its own: `y[n,p,q,c] = b[c] + Σ x[n, s·p+i−d, s·q+j−d, c] · w[i,j,c]`;
    /// (n, h, w, c) and (kh, kw, c) give (n, ⌊(h+2d−kh)/s⌋+1, ⌊(w+2d−kw)/s⌋+1, c).
    fn depthwise_conv2d<T: Tape<f32, Self>>(
        x: Images<Self, T>,
        kernel: &Sequences<Self>,
        bias: &Vector<Self>,
        stride: usize,
        padding: usize,
    ) -> Images<Self, T> {
        generic::depthwise_conv2d(x, kernel, bias, stride, padding)
    }

    /// Zeros around images: see [`crate::shape::pad`].
    fn pad<T: Tape<f32, Self>>(
        x: Images<Self, T>,
        rows: (usize, usize),
        columns: (usize, usize),
    ) -> Images<Self, T> {
        generic::pad(x, rows, columns)
    }

    /// The largest of each window of `size`×`size`, each channel for itself, without padding: (n, h, w, c) gives
    /// (n, ⌊(h−size)/stride⌋+1, ⌊(w−size)/stride⌋+1, c). Of equal elements the CPU gives the whole gradient to the
    /// first, as PyTorch does; dfdx's maximum gives it to each of them. The CPU keeps NaN, dfdx's maximum skips it.
    fn max_pool2d<T: Tape<f32, Self>>(x: Images<Self, T>, size: usize, stride: usize) -> Images<Self, T> {
        generic::max_pool2d(x, size, stride)
    }

    /// The mean of each window; shapes as for [`LayerOps::max_pool2d`].
    fn avg_pool2d<T: Tape<f32, Self>>(x: Images<Self, T>, size: usize, stride: usize) -> Images<Self, T> {
        generic::avg_pool2d(x, size, stride)
    }

    /// `y = x · w + b`: (n, in), (in, out) and (out,) give (n, out).
    fn linear<T: Tape<f32, Self>>(
        x: Matrix<Self, T>,
        weight: &Matrix<Self>,
        bias: &Vector<Self>,
    ) -> Matrix<Self, T> {
        Self::bias_add(x.matmul(weight.retaped::<T>()), bias)
    }

    /// [`LayerOps::linear`] of a network's first layer, as [`LayerOps::conv2d_of_data`].
    fn linear_of_data<T: Tape<f32, Self>>(
        x: Matrix<Self>,
        weight: &Matrix<Self>,
        bias: &Vector<Self>,
        tape: T,
    ) -> Matrix<Self, T> {
        Self::linear(x.put_tape(tape), weight, bias)
    }

    /// Adds `bias` (c,) along the last axis: (…, c) stays (…, c).
    fn bias_add<S: Shape, T: Tape<f32, Self>>(
        x: Tensor<S, f32, Self, T>,
        bias: &Vector<Self>,
    ) -> Tensor<S, f32, Self, T> {
        generic::bias_add(x, bias)
    }

    /// `max(x, 0)`, with slope 0 at 0; NaN stays NaN (dfdx's `relu` makes it 0).
    fn relu<S: Shape, T: Tape<f32, Self>>(x: Tensor<S, f32, Self, T>) -> Tensor<S, f32, Self, T> {
        generic::relu(x)
    }

    /// `min(max(x, 0), 6)`, with slope 0 at 0 and 6.
    fn relu6<S: Shape, T: Tape<f32, Self>>(x: Tensor<S, f32, Self, T>) -> Tensor<S, f32, Self, T> {
        (generic::relu(generic::relu(x).negate() + 6.0) - 6.0).negate()
    }

    /// `1 / (1 + e⁻ˣ)`.
    fn sigmoid<S: Shape, T: Tape<f32, Self>>(x: Tensor<S, f32, Self, T>) -> Tensor<S, f32, Self, T> {
        x.sigmoid()
    }

    /// The hyperbolic tangent.
    fn tanh<S: Shape, T: Tape<f32, Self>>(x: Tensor<S, f32, Self, T>) -> Tensor<S, f32, Self, T> {
        x.tanh()
    }

    /// Normalizes each column of (n, c) by its own mean and biased variance, through which the gradient flows:
    /// `γ·(x − μ)/√(v + ε) + β` with γ and β (c,). Also returns μ and v. The layer is [`crate::norm::BatchNorm`].
    fn batch_norm<T: Tape<f32, Self>>(
        x: Matrix<Self, T>,
        affine: (&Vector<Self>, &Vector<Self>),
        epsilon: f32,
    ) -> (Matrix<Self, T>, Vector<Self>, Vector<Self>) {
        norm::batch_norm(x, affine, epsilon)
    }

    /// The same with a given mean and variance, which are constants.
    fn normalize<T: Tape<f32, Self>>(
        x: Matrix<Self, T>,
        statistics: (&Vector<Self>, &Vector<Self>),
        affine: (&Vector<Self>, &Vector<Self>),
        epsilon: f32,
    ) -> Matrix<Self, T> {
        norm::normalize(x, statistics, affine, epsilon)
    }

    /// `−1/n · Σ ln softmax(z)[row, target]`: logits (n, classes) and targets (n,) give a scalar.
    fn softmax_cross_entropy<T: Tape<f32, Self>>(
        logits: Matrix<Self, T>,
        targets: &Indices<Self>,
    ) -> Tensor<Rank0, f32, Self, T> {
        generic::softmax_cross_entropy(logits, targets)
    }

    /// The rows `indices` of a table: (rows, width) and (n,) give (n, width). The gradient is scattered back, and rows
    /// that occur twice get both. For tables too large for a dense gradient see [`crate::sparse::SparseTable`].
    fn embedding<T: Tape<f32, Self>>(table: Matrix<Self, T>, indices: &Indices<Self>) -> Matrix<Self, T> {
        table.gather(indices.clone())
    }

    /// `x[:, step, :]`: (n, steps, c) gives (n, c).
    fn time_step<T: Tape<f32, Self>>(x: Sequences<Self, T>, step: usize) -> Matrix<Self, T> {
        generic::time_step(x, step)
    }

    /// The element-wise part of an LSTM step: pre-activations (n, 4·hidden) of the gates i, f, g, o and the cell state
    /// `c` (n, hidden) give `h` and the new `c`, each (n, hidden):
    /// `c' = σ(f)·c + σ(i)·tanh(g)`, `h = σ(o)·tanh(c')`. The tape is in `h`.
    fn lstm_step<T: Tape<f32, Self>>(
        gates: Matrix<Self, T>,
        state: Matrix<Self, T>,
    ) -> (Matrix<Self, T>, Matrix<Self, T>) {
        generic::lstm_step(gates, state)
    }

    /// An LSTM layer from zero states: (n, steps, features) gives all hidden states (n, steps, hidden).
    fn lstm<T: Tape<f32, Self>>(x: Sequences<Self, T>, weights: &LstmWeights<Self>) -> Sequences<Self, T> {
        generic::lstm(x, weights)
    }

    /// [`LayerOps::lstm`] from the states `(h, c)`, each (n, hidden), with which an earlier part of the sequences ended:
    /// all hidden states (n, steps, hidden), of which the last is the new `h`, and the new `c`. The tape is in the first.
    fn lstm_from<T: Tape<f32, Self>>(
        x: Sequences<Self, T>,
        state: (Matrix<Self, T>, Matrix<Self, T>),
        weights: &LstmWeights<Self>,
    ) -> (Sequences<Self, T>, Matrix<Self, T>) {
        generic::lstm_from(x, state, weights)
    }
}

#[cfg(feature = "cuda")]
impl LayerOps for Cuda {}
