//! The operations of [`LayerOps`] from dfdx's own, for every device: what CUDA runs, and what the CPU's are tested and
//! timed against.

use dfdx::prelude::*;

use crate::norm;
use crate::ops::{Activation, ConvBlock, LayerOps, LstmWeights, Pooling};
use crate::shape::{merge_leading_axes, slice};
use crate::tensor::{Images, Indices, Matrix, Sequences, Vector};
use crate::window::Window;

/// The pixels under each window: (n, places · pixels in a window, channels). What lies outside is `fill`.
fn windows<D: Device<f32>, T: Tape<f32, D>>(x: Images<D, T>, window: &Window, fill: f32) -> Sequences<D, T> {
    let (n, h, w, c) = *x.shape();
    let x = x.reshape_like(&(n, h * w, c));
    let outside: Sequences<D> = x.device().zeros_like(&(n, 1, c)) + fill;
    let x = if window.padding > 0 { (x, outside.retaped::<T>()).concat_along(Axis::<1>) } else { x };
    let pixels = window.pixels();
    let count = pixels.len();
    let pixels: Indices<D> = x.device().tensor_from_vec(pixels, (count,));
    x.gather(pixels.broadcast_like::<_, Axis<0>>(&(n, count)))
}

/// [`LayerOps::pad`], a block of zeros for each side.
pub fn pad<D: Device<f32>, T: Tape<f32, D>>(
    x: Images<D, T>,
    rows: (usize, usize),
    columns: (usize, usize),
) -> Images<D, T> {
    let ((n, h, w, c), dev) = (*x.shape(), x.device().clone());
    let zeros = |h: usize, w: usize| -> Images<D> { dev.zeros_like(&(n, h, w, c)) };
    let x = joined::<_, _, 1>(x, zeros(rows.0, w), zeros(rows.1, w));
    let height = h + rows.0 + rows.1;
    joined::<_, _, 2>(x, zeros(height, columns.0), zeros(height, columns.1))
}

/// `x` with something before and behind it along an axis; what is empty is left out.
fn joined<D: Device<f32>, T: Tape<f32, D>, const AXIS: isize>(
    x: Images<D, T>,
    before: Images<D>,
    behind: Images<D>,
) -> Images<D, T>
where
    (usize, usize, usize, usize): HasAxes<Axis<AXIS>>,
    (Images<D, T>, Images<D, T>): TryConcatAlong<Axis<AXIS>, Output = Images<D, T>>,
{
    let is_empty = |block: &Images<D>| block.shape().num_elements() == 0;
    let x = if is_empty(&before) { x } else { (before.retaped::<T>(), x).concat_along(Axis) };
    if is_empty(&behind) { x } else { (x, behind.retaped::<T>()).concat_along(Axis) }
}

/// [`LayerOps::conv2d`]: gather the windows, then one matrix product.
pub fn conv2d<D: LayerOps, T: Tape<f32, D>>(
    x: Images<D, T>,
    kernel: &Images<D>,
    bias: &Vector<D>,
    stride: usize,
    padding: usize,
) -> Images<D, T> {
    let ((n, h, w, c), (kh, kw, inputs, filters)) = (*x.shape(), *kernel.shape());
    assert_eq!(c, inputs, "conv2d: images of {c} channels, a kernel for {inputs}");
    let window = Window::new((h, w), (kh, kw), stride, padding);
    let (oh, ow) = window.output();
    let columns = windows(x, &window, 0.0).reshape_like(&(n * oh * ow, kh * kw * c));
    let y = columns.matmul(kernel.retaped::<T>().reshape_like(&(kh * kw * c, filters)));
    bias_add(y, bias).reshape_like(&(n, oh, ow, filters))
}

/// [`LayerOps::depthwise_conv2d`]: gather the windows, multiply, add up.
pub fn depthwise_conv2d<D: LayerOps, T: Tape<f32, D>>(
    x: Images<D, T>,
    kernel: &Sequences<D>,
    bias: &Vector<D>,
    stride: usize,
    padding: usize,
) -> Images<D, T> {
    let ((n, h, w, c), (kh, kw, kernels)) = (*x.shape(), *kernel.shape());
    assert_eq!(c, kernels, "depthwise_conv2d: images of {c} channels, {kernels} kernels");
    let window = Window::new((h, w), (kh, kw), stride, padding);
    let (oh, ow) = window.output();
    let columns = windows(x, &window, 0.0).reshape_like(&(n * oh * ow, kh * kw, c));
    let shape = *columns.shape();
    let kernel = kernel.retaped::<T>().reshape_like(&(kh * kw, c)).broadcast_like::<_, Axis<0>>(&shape);
    let y = (columns * kernel).sum::<(usize, usize), Axis<1>>();
    bias_add(y, bias).reshape_like(&(n, oh, ow, c))
}

/// The pixels under each window, apart: (n, oh, ow, pixels in a window, c).
fn pool_windows<D: Device<f32>, T: Tape<f32, D>>(
    x: Images<D, T>,
    size: usize,
    stride: usize,
) -> Tensor<(usize, usize, usize, usize, usize), f32, D, T> {
    let (n, h, w, c) = *x.shape();
    let window = Window::new((h, w), (size, size), stride, 0);
    let (oh, ow) = window.output();
    windows(x, &window, 0.0).reshape_like(&(n, oh, ow, size * size, c))
}

/// [`LayerOps::conv_block`]: the three operations one after the other, each the device's own.
pub fn conv_block<D: LayerOps, T: Tape<f32, D>>(
    x: Images<D, T>,
    kernel: &Images<D>,
    bias: &Vector<D>,
    block: ConvBlock,
) -> Images<D, T> {
    let z = D::conv2d(x, kernel, bias, block.stride, block.padding);
    let y = match block.activation {
        Activation::Identity => z,
        Activation::Relu => D::relu(z),
        Activation::Tanh => D::tanh(z),
    };
    match block.pooling {
        Pooling::None => y,
        Pooling::Max(size) => D::max_pool2d(y, size, size),
        Pooling::Average(size) => D::avg_pool2d(y, size, size),
    }
}

/// [`LayerOps::max_pool2d`]: gather the windows, then their maximum.
pub fn max_pool2d<D: Device<f32>, T: Tape<f32, D>>(
    x: Images<D, T>,
    size: usize,
    stride: usize,
) -> Images<D, T> {
    pool_windows(x, size, stride).max::<(usize, usize, usize, usize), Axis<3>>()
}

/// [`LayerOps::avg_pool2d`]: gather the windows, then their mean.
pub fn avg_pool2d<D: Device<f32>, T: Tape<f32, D>>(
    x: Images<D, T>,
    size: usize,
    stride: usize,
) -> Images<D, T> {
    pool_windows(x, size, stride).mean::<(usize, usize, usize, usize), Axis<3>>()
}

/// [`LayerOps::bias_add`]: broadcast, then add.
pub fn bias_add<S: Shape, D: Device<f32>, T: Tape<f32, D>>(
    x: Tensor<S, f32, D, T>,
    bias: &Vector<D>,
) -> Tensor<S, f32, D, T> {
    let shape = *x.shape();
    let rows = merge_leading_axes(x);
    let offsets = bias.retaped::<T>().broadcast_like::<_, Axis<0>>(rows.shape());
    (rows + offsets).reshape_like(&shape)
}

/// [`LayerOps::relu`]: a choice. Not `x.relu()`, which turns NaN into 0.
pub fn relu<S: Shape, D: Device<f32>, T: Tape<f32, D>>(x: Tensor<S, f32, D, T>) -> Tensor<S, f32, D, T> {
    let zeros: Tensor<S, f32, D> = x.device().zeros_like(x.shape());
    let (x, tape) = x.split_tape();
    x.le(0.0).choose(zeros.retaped::<T>(), x.put_tape(tape))
}

/// [`LayerOps::batch_norm`]: mean and variance of the columns, then element by element.
pub fn batch_norm<D: Device<f32>, T: Tape<f32, D>>(
    x: Matrix<D, T>,
    affine: (&Vector<D>, &Vector<D>),
    epsilon: f32,
) -> (Matrix<D, T>, Vector<D>, Vector<D>) {
    norm::batch_norm(x, affine, epsilon)
}

/// [`LayerOps::softmax_cross_entropy`]: logarithms of the softmax, of which the targets' are picked.
pub fn softmax_cross_entropy<D: Device<f32>, T: Tape<f32, D>>(
    logits: Matrix<D, T>,
    targets: &Indices<D>,
) -> Tensor<Rank0, f32, D, T> {
    logits.log_softmax::<Axis<1>>().select::<(usize,), _>(targets.clone()).mean().negate()
}

/// [`LayerOps::time_step`]: one row selected of each sequence.
pub fn time_step<D: Device<f32>, T: Tape<f32, D>>(x: Sequences<D, T>, step: usize) -> Matrix<D, T> {
    let (n, _, _) = *x.shape();
    let step: Indices<D> = x.device().tensor_from_vec(vec![step; n], (n,));
    x.select(step)
}

/// [`LayerOps::lstm_step`]: slices, sigmoids and hyperbolic tangents.
pub fn lstm_step<D: Device<f32>, T: Tape<f32, D>>(
    gates: Matrix<D, T>,
    state: Matrix<D, T>,
) -> (Matrix<D, T>, Matrix<D, T>) {
    let (n, width) = *state.shape();
    assert_eq!(*gates.shape(), (n, 4 * width), "lstm_step: gates for a state of {:?}", state.shape());
    let (gates, tape) = gates.split_tape();
    let part = |k: usize| slice(gates.retaped::<T>(), (.., k * width..(k + 1) * width));
    let i = slice(gates.clone().put_tape(tape), (.., 0..width)).sigmoid();
    let c = part(1).sigmoid() * state + i * part(2).tanh();
    let next = c.with_empty_tape();
    (part(3).sigmoid() * c.tanh(), next)
}

/// [`LayerOps::lstm`]: [`lstm_from`] zero states.
pub fn lstm<D: LayerOps, T: Tape<f32, D>>(x: Sequences<D, T>, weights: &LstmWeights<D>) -> Sequences<D, T> {
    let (dev, states) = (x.device().clone(), (x.shape().0, weights.hidden.shape().0));
    let zeros = || -> Matrix<D> { dev.zeros_like(&states) };
    lstm_from(x, (zeros().retaped(), zeros().retaped()), weights).0
}

/// [`LayerOps::lstm_from`]: one matrix product for all inputs, one a step for the state.
pub fn lstm_from<D: LayerOps, T: Tape<f32, D>>(
    x: Sequences<D, T>,
    (h, mut c): (Matrix<D, T>, Matrix<D, T>),
    weights: &LstmWeights<D>,
) -> (Sequences<D, T>, Matrix<D, T>) {
    let (n, steps, features) = *x.shape();
    let width = weights.check(features);
    let projected = x.reshape_like(&(n * steps, features)).matmul(weights.input.retaped::<T>());
    let (projected, tape) =
        bias_add(projected, &weights.bias).reshape_like(&(n, steps, 4 * width)).split_tape();
    // the tape travels in h; earlier states are kept without it
    let (h, h_tape) = h.split_tape();
    let mut h = h.put_tape(tape.merge(h_tape));
    let mut states = Vec::with_capacity(steps);
    for step in 0..steps {
        let gates = h.matmul(weights.hidden.retaped::<T>()) + time_step(projected.retaped::<T>(), step);
        (h, c) = D::lstm_step(gates, c);
        states.push(h.with_empty_tape());
    }
    states.pop();
    states.push(h);
    let all: Sequences<D, T> = states.stack();
    (all.permute::<(usize, usize, usize), Axes3<1, 0, 2>>().contiguous(), c)
}
