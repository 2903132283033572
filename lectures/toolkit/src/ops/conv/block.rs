//! How a kernel goes over images, and what a convolution is often followed by: named here so that one operation can do it all.

use crate::ops::activation::Activation;

/// How a kernel, which says itself how large it is, goes over images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvConfig {
    /// Pixels from one place of the kernel to the next.
    pub stride: usize,
    /// Zeros on every side.
    pub padding: usize,
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

/// A convolution and what follows it; see [`ConvOps::conv_block`](crate::ops::ConvOps::conv_block).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvBlock {
    /// How the kernel goes over the images.
    pub conv: ConvConfig,
    /// Applied to every element of the convolution's result.
    pub activation: Activation,
    /// Applied last.
    pub pooling: Pooling,
}

impl ConvBlock {
    /// A convolution alone.
    pub const fn plain(conv: ConvConfig) -> Self {
        ConvBlock { conv, activation: Activation::Identity, pooling: Pooling::None }
    }
}
