//! Names for tensors whose sizes are known at run time, by what their axes mean.

use dfdx::prelude::*;

/// One number for each class, channel or unit: (c,).
pub type Vector<D, T = NoneTape> = Tensor<(usize,), f32, D, T>;
/// A batch of feature vectors (n, features), or the weights of a linear layer (in, out).
pub type Matrix<D, T = NoneTape> = Tensor<(usize, usize), f32, D, T>;
/// A batch of sequences of feature vectors: (n, steps, features).
pub type Sequences<D, T = NoneTape> = Tensor<(usize, usize, usize), f32, D, T>;
/// A batch of images, channels last (n, height, width, channels), or convolution kernels (h, w, in, out).
pub type Images<D, T = NoneTape> = Tensor<(usize, usize, usize, usize), f32, D, T>;
/// One image, channels last: (height, width, channels).
pub type Image<D, T = NoneTape> = Tensor<(usize, usize, usize), f32, D, T>;
/// Class numbers or row numbers: (n,).
pub type Indices<D> = Tensor<(usize,), usize, D>;
