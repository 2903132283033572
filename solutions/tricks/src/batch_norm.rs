//! Batch normalization, in training and in evaluation.

use std::{error::Error, fmt};

use dfdx::prelude::*;
use toolkit::{
    shape::merge_leading_axes,
    tensor::{Matrix, Vector},
};

/// What a batch normalization layer remembers of the batches it has seen, to use in evaluation.
#[derive(Clone, Debug)]
pub struct RunningStatistics<D: Device<f32>> {
    /// Mean of each channel, (c,).
    pub mean: Vector<D>,
    /// Unbiased variance of each channel, (c,).
    pub variance: Vector<D>,
    /// Share of the newest batch in the next running statistics, between 0 and 1; PyTorch's default is 0.1.
    ///
    /// Keras calls `1 − momentum` its momentum, 0.99 by default.
    pub momentum: f32,
}

impl<D: Device<f32>> RunningStatistics<D> {
    /// Mean 0, variance 1 and momentum 0.1: where PyTorch starts.
    pub fn new(channels: usize, device: &D) -> Self {
        Self {
            mean: device.zeros_like(&(channels,)),
            variance: device.ones_like(&(channels,)),
            momentum: 0.1,
        }
    }
}

/// The batch is too small to have a variance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchNormError {
    /// Values that each channel has in the batch.
    pub values: usize,
}

impl fmt::Display for BatchNormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "training needs at least 2 values in each channel, and this batch has {}", self.values)
    }
}

impl Error for BatchNormError {}

/// Batch normalization in training: normalizes each channel with the mean and variance of the batch, then scales and
/// shifts it.
///
/// ```text
/// μ = mean of the channel's m values
/// v = mean of (x − μ)²                       biased: divides by m
/// y = γ · (x − μ) / √(v + ε) + β
///
/// running mean     ← (1 − momentum) · running mean     + momentum · μ
/// running variance ← (1 − momentum) · running variance + momentum · v · m / (m − 1)      unbiased
/// ```
///
/// Shapes: the last axis of `x` is the channel, every other axis is averaged over. Features (n, c) have m = n values a
/// channel, images (n, h, w, c) have m = n·h·w. `gamma`, `beta` and the running statistics are (c,), `y` is shaped as `x`.
/// `epsilon` is usually 1e-5.
///
/// The gradient flows to `x`, `gamma` and `beta`. For `x` it also flows through μ and v, which depend on `x` too; the
/// running statistics are numbers outside the tape.
///
/// Write it without dfdx's own `normalize` and the toolkit's `BatchNorm`.
///
/// # Errors
/// With fewer than two values a channel (a batch of 1 without pixels to average over) the variance means nothing: v = 0
/// and y = β, whatever `x` is. `running` then stays as it was.
///
/// Source: slide “Batch normalization”; Ioffe & Szegedy 2015, algorithm 1; PyTorch's `batch_norm`.
///
/// ```
/// use dfdx::prelude::*;
/// use tricks::batch_norm::{RunningStatistics, batch_norm_train};
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![1.0, 3.0], (2, 1));
/// let (gamma, beta) = (dev.tensor_from_vec(vec![2.0], (1,)), dev.tensor_from_vec(vec![5.0], (1,)));
/// let mut running = RunningStatistics::new(1, &dev);
/// let y = batch_norm_train(x, &gamma, &beta, &mut running, 0.0).unwrap();
/// assert_eq!(y.as_vec(), [3.0, 7.0]); // mean 2, variance 1
/// assert_eq!(running.mean.as_vec(), [0.2]); // 0.9 · 0 + 0.1 · 2
/// assert_eq!(running.variance.as_vec(), [1.1]); // 0.9 · 1 + 0.1 · 2
/// ```
pub fn batch_norm_train<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    x: Tensor<S, f32, D, T>,
    gamma: &Vector<D>,
    beta: &Vector<D>,
    running: &mut RunningStatistics<D>,
    epsilon: f32,
) -> Result<Tensor<S, f32, D, T>, BatchNormError> {
    let shape = *x.shape();
    let x = merge_leading_axes(x);
    let size @ (values, _) = *x.shape();
    if values < 2 {
        return Err(BatchNormError { values });
    }
    // Each value is used more than once: `retaped` copies start an empty tape, which the next operation joins.
    let mean = x.retaped::<T>().mean::<(usize,), Axis<0>>();
    running.mean.axpy(1.0 - running.momentum, &mean, running.momentum);

    let centred = x - mean.broadcast_like::<_, Axis<0>>(&size);
    let variance = centred.retaped::<T>().square().mean::<(usize,), Axis<0>>();
    let unbiased = values as f32 / (values - 1) as f32;
    running.variance.axpy(1.0 - running.momentum, &variance, running.momentum * unbiased);

    let std = (variance + epsilon).sqrt();
    let normalized = centred / std.broadcast_like::<_, Axis<0>>(&size);
    Ok(scale_and_shift(normalized, gamma, beta).reshape_like(&shape))
}

/// Batch normalization in evaluation: normalizes each channel with the running statistics, so that an example's result
/// does not depend on its neighbours in the batch.
///
/// ```text
/// y = γ · (x − running mean) / √(running variance + ε) + β
/// ```
///
/// Shapes are those of [`batch_norm_train`]; a batch of 1 is fine. The gradient flows to `x`, `gamma` and `beta`.
///
/// Write it without the toolkit's `BatchNorm`.
///
/// Source: slide “Batch normalization”; Ioffe & Szegedy 2015, algorithm 2; PyTorch's `batch_norm`.
///
/// ```
/// use dfdx::prelude::*;
/// use tricks::batch_norm::{RunningStatistics, batch_norm_eval};
/// let dev = Cpu::default();
/// let vector = |value| dev.tensor_from_vec(vec![value], (1,));
/// let running = RunningStatistics { mean: vector(2.0), variance: vector(4.0), momentum: 0.1 };
/// let x = dev.tensor_from_vec(vec![6.0], (1, 1));
/// let y = batch_norm_eval(x, &vector(1.0), &vector(0.5), &running, 0.0);
/// assert_eq!(y.as_vec(), [2.5]); // (6 − 2) / √4 + 0.5
/// ```
pub fn batch_norm_eval<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    x: Tensor<S, f32, D, T>,
    gamma: &Vector<D>,
    beta: &Vector<D>,
    running: &RunningStatistics<D>,
    epsilon: f32,
) -> Tensor<S, f32, D, T> {
    let shape = *x.shape();
    let x = merge_leading_axes(x);
    let size = *x.shape();
    let std = (running.variance.clone() + epsilon).sqrt();
    let centred = x - running.mean.clone().broadcast_like::<_, Axis<0>>(&size);
    let normalized = centred / std.broadcast_like::<_, Axis<0>>(&size);
    scale_and_shift(normalized, gamma, beta).reshape_like(&shape)
}

/// γ · x + β for x (values, channels).
fn scale_and_shift<D: Device<f32>, T: Tape<f32, D>>(
    x: Matrix<D, T>,
    gamma: &Vector<D>,
    beta: &Vector<D>,
) -> Matrix<D, T> {
    let size = *x.shape();
    let gamma = gamma.retaped::<T>().broadcast_like::<_, Axis<0>>(&size);
    let beta = beta.retaped::<T>().broadcast_like::<_, Axis<0>>(&size);
    x * gamma + beta
}
