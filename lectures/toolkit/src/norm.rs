//! Batch normalization (Ioffe & Szegedy 2015) as PyTorch defines it: the layer.

use dfdx::prelude::*;

use crate::axes::merge_leading_axes;
use crate::ops::{Affine, LayerOps, Statistics};
use crate::optim::{Parameters, Visitor};
use crate::tensor::Vector;

/// Normalizes each channel (the last axis), over all other axes, then scales it by γ and shifts it by β.
///
/// In training with the mean and the biased variance of the batch, through which the gradient flows too; in evaluation
/// with running statistics, which each training step moves towards its own mean and unbiased variance.
///
/// ```
/// use dfdx::prelude::*;
/// use toolkit::norm::BatchNorm;
/// let dev = Cpu::default();
/// let mut norm = BatchNorm::new(1, &dev);
/// let x = dev.tensor_from_vec(vec![1.0, 3.0], (2, 1));
/// let y = norm.train(x.leaky_trace()).as_vec();
/// assert!((y[0] + 1.0).abs() < 1e-5 && (y[1] - 1.0).abs() < 1e-5);
/// assert_eq!(norm.running_mean.as_vec(), [0.2]); // 0.9 · 0 + 0.1 · 2
/// assert_eq!(norm.running_variance.as_vec(), [1.1]); // 0.9 · 1 + 0.1 · 2
/// ```
#[derive(Clone, Debug)]
pub struct BatchNorm<D: Device<f32>> {
    /// γ, (c,); trained.
    pub gamma: Vector<D>,
    /// β, (c,); trained.
    pub beta: Vector<D>,
    /// Mean of each channel, (c,).
    pub running_mean: Vector<D>,
    /// Unbiased variance of each channel, (c,).
    pub running_variance: Vector<D>,
    /// Share of the newest batch in the next running statistics. Keras calls 1 − this its momentum.
    pub momentum: f32,
    /// Added to the variance, under the root.
    pub epsilon: f32,
}

impl<D: LayerOps> BatchNorm<D> {
    /// γ = 1, β = 0, mean 0, variance 1, momentum 0.1 and ε = 10⁻⁵, as PyTorch has them.
    pub fn new(channels: usize, device: &D) -> Self {
        Self {
            gamma: device.ones_like(&(channels,)),
            beta: device.zeros_like(&(channels,)),
            running_mean: device.zeros_like(&(channels,)),
            running_variance: device.ones_like(&(channels,)),
            momentum: 0.1,
            epsilon: 1e-5,
        }
    }

    /// Normalizes a batch by itself, and remembers its statistics. Features (n, c) or images (n, h, w, c).
    ///
    /// # Panics
    /// When a channel has fewer than two values: they would have no variance.
    pub fn train<S: Shape, T: Tape<f32, D>>(&mut self, x: Tensor<S, f32, D, T>) -> Tensor<S, f32, D, T> {
        let shape = *x.shape();
        let x = merge_leading_axes(x);
        let values = x.shape().0;
        assert!(values > 1, "batch_norm: training needs at least 2 values in each channel, not {values}");
        let (y, mean, variance) = D::batch_norm(x, self.affine(), self.epsilon);
        let unbiased = values as f32 / (values - 1) as f32;
        self.running_mean.axpy(1.0 - self.momentum, &mean, self.momentum);
        self.running_variance.axpy(1.0 - self.momentum, &variance, self.momentum * unbiased);
        y.reshape_like(&shape)
    }

    /// Normalizes by the running statistics, so that no example depends on its neighbours; changes nothing.
    pub fn eval<S: Shape, T: Tape<f32, D>>(&self, x: Tensor<S, f32, D, T>) -> Tensor<S, f32, D, T> {
        let shape = *x.shape();
        let running = Statistics { mean: &self.running_mean, variance: &self.running_variance };
        D::normalize(merge_leading_axes(x), running, self.affine(), self.epsilon).reshape_like(&shape)
    }

    fn affine(&self) -> Affine<'_, D> {
        Affine { gamma: &self.gamma, beta: &self.beta }
    }
}

impl<D: Device<f32>> Parameters<D> for BatchNorm<D> {
    fn visit<V: Visitor<D>>(&mut self, visitor: &mut V) -> Result<(), D::Err> {
        visitor.tensor(&mut self.gamma)?;
        visitor.tensor(&mut self.beta)
    }
}
