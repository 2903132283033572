//! Depthwise convolution: every channel with a kernel of its own, no sum over channels.

use dfdx::prelude::*;
use rayon::prelude::*;

use super::bias::bias_add;
use super::conv::ConvConfig;
use super::window::{Window, windows};
use crate::tape::{add_assign, open};
use crate::tensor::{Images, Sequences, Vector};
use crate::threads::{least, share};

/// Depthwise convolutions.
pub trait DepthwiseOps: Device<f32> {
    /// Every channel with a kernel of its own: `y[n,p,q,c] = b[c] + Σ x[n, s·p+i−d, s·q+j−d, c] · w[i,j,c]`;
    /// (n, h, w, c) and (kh, kw, c) give (n, ⌊(h+2d−kh)/s⌋+1, ⌊(w+2d−kw)/s⌋+1, c).
    fn depthwise_conv2d<T: Tape<f32, Self>>(
        x: Images<Self, T>,
        kernel: &Sequences<Self>,
        bias: &Vector<Self>,
        config: ConvConfig,
    ) -> Images<Self, T> {
        depthwise_conv2d(x, kernel, bias, config)
    }
}

#[cfg(feature = "cuda")]
impl DepthwiseOps for Cuda {}

/// [`DepthwiseOps::depthwise_conv2d`] from dfdx's operations: gather the windows, multiply, add up.
pub fn depthwise_conv2d<D: Device<f32>, T: Tape<f32, D>>(
    x: Images<D, T>,
    kernel: &Sequences<D>,
    bias: &Vector<D>,
    config: ConvConfig,
) -> Images<D, T> {
    let ((n, h, w, c), (kh, kw, kernels)) = (*x.shape(), *kernel.shape());
    assert_eq!(c, kernels, "depthwise_conv2d: images of {c} channels, {kernels} kernels");
    let window = Window::new((h, w), (kh, kw), config.stride, config.padding);
    let (oh, ow) = window.output();
    let columns = windows(x, &window, 0.0).reshape_like(&(n * oh * ow, kh * kw, c));
    let shape = *columns.shape();
    let kernel = kernel.retaped::<T>().reshape_like(&(kh * kw, c)).broadcast_like::<_, Axis<0>>(&shape);
    let y = (columns * kernel).sum::<(usize, usize), Axis<1>>();
    bias_add(y, bias).reshape_like(&(n, oh, ow, c))
}

impl DepthwiseOps for Cpu {
    fn depthwise_conv2d<T: Tape<f32, Cpu>>(
        x: Images<Cpu, T>,
        kernel: &Sequences<Cpu>,
        bias: &Vector<Cpu>,
        config: ConvConfig,
    ) -> Images<Cpu, T> {
        let ((n, h, w, channels), (kh, kw, kernels)) = (*x.shape(), *kernel.shape());
        assert_eq!(channels, kernels, "depthwise_conv2d: images of {channels} channels, {kernels} kernels");
        let plan = Plan { window: Window::new((h, w), (kh, kw), config.stride, config.padding), channels };
        let (x, images, tape) = open(x);
        let (kernel, weights, kernel_tape) = open(kernel.retaped::<T>());
        let (bias, offsets, bias_tape) = open(bias.retaped::<T>());
        let mut tape = tape.merge(kernel_tape).merge(bias_tape);
        let (oh, ow) = plan.window.output();
        let y = plan.forward(&images, &weights, &offsets);
        let y: Images<Cpu> = x.device().tensor_from_vec(y, (n, oh, ow, channels));
        if T::OWNS_TAPE {
            let (x, kernel, bias, output) = (x.ghost(), kernel.ghost(), bias.ghost(), y.ghost());
            tape.add_backward_op(move |gradients| {
                let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
                let (d_kernel, d_bias) =
                    plan.backward(&images, &weights, &d_y, gradients.get_or_alloc_mut(&x)?);
                add_assign(gradients.get_or_alloc_mut(&kernel)?, &d_kernel);
                add_assign(gradients.get_or_alloc_mut(&bias)?, &d_bias);
                **gradients.get_or_alloc_mut(&output)? = d_y;
                Ok(())
            });
        }
        y.put_tape(tape)
    }
}

/// The sizes of one depthwise convolution.
#[derive(Clone, Copy)]
struct Plan {
    window: Window,
    channels: usize,
}

impl Plan {
    /// Calls `visit(start in the output row, tap, start in the image)` for all taps under row `y` that lie in the image.
    #[inline(always)]
    fn for_taps(&self, y: usize, mut visit: impl FnMut(usize, usize, usize)) {
        let ((_, ow), (kh, kw), c) = (self.window.output(), self.window.size, self.channels);
        for i in 0..kh {
            let Some(row) = self.window.row(y, i) else { continue };
            for (x, j) in (0..ow).flat_map(|x| (0..kw).map(move |j| (x, j))) {
                if let Some(column) = self.window.column(x, j) {
                    visit(x * c, (i * kw + j) * c, (row * self.window.image.1 + column) * c);
                }
            }
        }
    }

    /// Numbers in an image before, in a row after, and rows after.
    fn sizes(&self) -> (usize, usize, usize) {
        let ((h, w), (oh, ow)) = (self.window.image, self.window.output());
        (h * w * self.channels, ow * self.channels, oh)
    }

    fn forward(&self, images: &[f32], kernel: &[f32], bias: &[f32]) -> Vec<f32> {
        let ((image, width, oh), c) = (self.sizes(), self.channels);
        let mut y = vec![0.0; images.len() / image * oh * width];
        let least = least(width * kernel.len() / c);
        y.par_chunks_mut(width).with_min_len(least).enumerate().for_each(|(row, y)| {
            let x = &images[row / oh * image..][..image];
            y.chunks_exact_mut(c).for_each(|pixel| pixel.copy_from_slice(bias));
            self.for_taps(row % oh, |to, tap, from| {
                let products = x[from..from + c].iter().zip(&kernel[tap..tap + c]);
                y[to..to + c].iter_mut().zip(products).for_each(|(y, (x, w))| *y += x * w);
            });
        });
        y
    }

    /// Adds to the images' gradient; the gradients of kernel and bias.
    fn backward(&self, images: &[f32], kernel: &[f32], d_y: &[f32], d_x: &mut [f32]) -> (Vec<f32>, Vec<f32>) {
        let ((image, width, oh), c) = (self.sizes(), self.channels);
        let share = share(images.len() / image, 2 * oh * width * kernel.len() / c);
        let parts = d_x.par_chunks_mut(share * image).zip(images.par_chunks(share * image));
        let parts: Vec<_> = parts
            .zip(d_y.par_chunks(share * oh * width))
            .map(|((d_x, x), d_y)| {
                let (mut d_kernel, mut d_bias) = (vec![0.0; kernel.len()], vec![0.0; c]);
                for (row, d_y) in d_y.chunks(width).enumerate() {
                    let start = row / oh * image;
                    d_y.chunks_exact(c).for_each(|pixel| add_assign(&mut d_bias, pixel));
                    self.for_taps(row % oh, |to, tap, from| {
                        let (d_y, from) = (&d_y[to..to + c], start + from);
                        multiply_add(&mut d_kernel[tap..tap + c], d_y, &x[from..from + c]);
                        multiply_add(&mut d_x[from..from + c], d_y, &kernel[tap..tap + c]);
                    });
                }
                (d_kernel, d_bias)
            })
            .collect();
        let zeros = (vec![0.0; kernel.len()], vec![0.0; c]);
        parts.iter().fold(zeros, |(mut d_kernel, mut d_bias), (kernel, bias)| {
            add_assign(&mut d_kernel, kernel);
            add_assign(&mut d_bias, bias);
            (d_kernel, d_bias)
        })
    }
}

fn multiply_add(sum: &mut [f32], a: &[f32], b: &[f32]) {
    sum.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
}
