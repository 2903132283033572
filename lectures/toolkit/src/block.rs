//! What a convolution is often followed by: named here so that one operation can do it all.

use crate::math;

/// An element-wise function that grows with its argument and whose slope follows from its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `z`
    Identity,
    /// `max(z, 0)`; NaN stays NaN
    Relu,
    /// The hyperbolic tangent
    Tanh,
}

/// A pooling whose windows touch and don't overlap: `size`×`size`, stride `size`, no padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooling {
    /// Everything stays.
    None,
    /// The largest of each window.
    Max(usize),
    /// The mean of each window.
    Average(usize),
}

/// A convolution's steps and what follows it; see [`LayerOps::conv_block`](crate::ops::LayerOps::conv_block).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvBlock {
    /// Pixels from one window to the next.
    pub stride: usize,
    /// Zeros on every side.
    pub padding: usize,
    /// Applied to every element of the convolution's result.
    pub activation: Activation,
    /// Applied last.
    pub pooling: Pooling,
}

impl ConvBlock {
    /// A convolution alone.
    pub const fn plain(stride: usize, padding: usize) -> Self {
        ConvBlock { stride, padding, activation: Activation::Identity, pooling: Pooling::None }
    }
}

impl Activation {
    /// Each element's value in its place.
    pub(crate) fn apply(self, z: &mut [f32]) {
        match self {
            Activation::Identity => {}
            Activation::Relu => z.iter_mut().for_each(|z| *z = relu(*z)),
            Activation::Tanh => z.iter_mut().for_each(|z| *z = math::tanh(*z)),
        }
    }

    /// Multiplies each element of `d` by the slope where the value is `y`.
    pub(crate) fn backward(self, d: &mut [f32], y: &[f32]) {
        let pairs = d.iter_mut().zip(y);
        match self {
            Activation::Identity => {}
            Activation::Relu => pairs.for_each(|(d, y)| *d *= step(*y)),
            Activation::Tanh => pairs.for_each(|(d, y)| *d *= 1.0 - y * y),
        }
    }
}

/// `max(x, 0)`, but NaN stays NaN.
#[inline(always)]
pub(crate) fn relu(x: f32) -> f32 {
    if x <= 0.0 { 0.0 } else { x }
}

/// The slope of [`relu`] from its value.
#[inline(always)]
pub(crate) fn step(y: f32) -> f32 {
    if y > 0.0 { 1.0 } else { 0.0 }
}
