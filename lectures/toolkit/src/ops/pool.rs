//! Maximum and average pooling of each channel.

use dfdx::prelude::*;
use rayon::prelude::*;

use super::window::{Window, windows};
use crate::own::{alone, own};
use crate::tape::open;
use crate::tensor::Images;
use crate::threads::least;

/// Which pixels are pooled: windows of `size`×`size`, without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolConfig {
    /// Rows and columns of a window.
    pub size: usize,
    /// Pixels from one window to the next.
    pub stride: usize,
}

impl PoolConfig {
    fn window(self, image: (usize, usize)) -> Window {
        Window::new(image, (self.size, self.size), self.stride, 0)
    }
}

/// Poolings.
pub trait PoolOps: Device<f32> {
    /// The largest of each window of `size`×`size`, each channel for itself, without padding: (n, h, w, c) gives
    /// (n, ⌊(h−size)/stride⌋+1, ⌊(w−size)/stride⌋+1, c). Of equal elements the CPU gives the whole gradient to the
    /// first, as PyTorch does; dfdx's maximum gives it to each of them. The CPU keeps NaN, dfdx's maximum skips it.
    fn max_pool2d<T: Tape<f32, Self>>(x: Images<Self, T>, config: PoolConfig) -> Images<Self, T> {
        max_pool2d(x, config)
    }

    /// The mean of each window; shapes as for [`PoolOps::max_pool2d`].
    fn avg_pool2d<T: Tape<f32, Self>>(x: Images<Self, T>, config: PoolConfig) -> Images<Self, T> {
        avg_pool2d(x, config)
    }
}

#[cfg(feature = "cuda")]
impl PoolOps for Cuda {}

/// [`PoolOps::max_pool2d`] from dfdx's operations: gather the windows, then their maximum.
pub fn max_pool2d<D: Device<f32>, T: Tape<f32, D>>(x: Images<D, T>, config: PoolConfig) -> Images<D, T> {
    pool_windows(x, config).max::<(usize, usize, usize, usize), Axis<3>>()
}

/// [`PoolOps::avg_pool2d`] from dfdx's operations: gather the windows, then their mean.
pub fn avg_pool2d<D: Device<f32>, T: Tape<f32, D>>(x: Images<D, T>, config: PoolConfig) -> Images<D, T> {
    pool_windows(x, config).mean::<(usize, usize, usize, usize), Axis<3>>()
}

/// The pixels under each window, apart: (n, oh, ow, pixels in a window, c).
fn pool_windows<D: Device<f32>, T: Tape<f32, D>>(
    x: Images<D, T>,
    config: PoolConfig,
) -> Tensor<(usize, usize, usize, usize, usize), f32, D, T> {
    let (n, h, w, c) = *x.shape();
    let window = config.window((h, w));
    let (oh, ow) = window.output();
    windows(x, &window, 0.0).reshape_like(&(n, oh, ow, config.size * config.size, c))
}

impl PoolOps for Cpu {
    fn max_pool2d<T: Tape<f32, Cpu>>(x: Images<Cpu, T>, config: PoolConfig) -> Images<Cpu, T> {
        if let Some(max_pool2d) = own(|own| own.max_pool2d) {
            return alone(x, |x| max_pool2d(x, config));
        }
        let plan = Plan::new(*x.shape(), config);
        let (x, images, mut tape) = open(x);
        let ((oh, ow), (before, after)) = (plan.output(), plan.sizes());
        let mut y = vec![0.0; images.len() / before * after];
        let mut taps = vec![0_u32; y.len()];
        let pooled = y.par_chunks_mut(after).with_min_len(least(before)).zip(taps.par_chunks_mut(after));
        pooled.zip(images.par_chunks(before)).for_each(|((y, taps), x)| plan.maximum(x, y, taps));
        let y: Images<Cpu> = x.device().tensor_from_vec(y, (x.shape().0, oh, ow, plan.channels));
        if T::OWNS_TAPE {
            let (x, output) = (x.ghost(), y.ghost());
            tape.add_backward_op(move |gradients| {
                let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
                let d_x = gradients.get_or_alloc_mut(&x)?.par_chunks_mut(before).with_min_len(least(before));
                let parts = d_x.zip(d_y.par_chunks(after)).zip(taps.par_chunks(after));
                parts.for_each(|((d_x, d_y), taps)| plan.maximum_backward(d_y, taps, d_x));
                **gradients.get_or_alloc_mut(&output)? = d_y;
                Ok(())
            });
        }
        y.put_tape(tape)
    }

    fn avg_pool2d<T: Tape<f32, Cpu>>(x: Images<Cpu, T>, config: PoolConfig) -> Images<Cpu, T> {
        let plan = Plan::new(*x.shape(), config);
        let (x, images, mut tape) = open(x);
        let ((oh, ow), (before, after)) = (plan.output(), plan.sizes());
        let mut y = vec![0.0; images.len() / before * after];
        let pooled = y.par_chunks_mut(after).with_min_len(least(before));
        pooled.zip(images.par_chunks(before)).for_each(|(y, x)| plan.average(x, y));
        let y: Images<Cpu> = x.device().tensor_from_vec(y, (x.shape().0, oh, ow, plan.channels));
        if T::OWNS_TAPE {
            let (x, output) = (x.ghost(), y.ghost());
            tape.add_backward_op(move |gradients| {
                let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
                let d_x = gradients.get_or_alloc_mut(&x)?.par_chunks_mut(before).with_min_len(least(before));
                d_x.zip(d_y.par_chunks(after)).for_each(|(d_x, d_y)| plan.average_backward(d_y, d_x));
                **gradients.get_or_alloc_mut(&output)? = d_y;
                Ok(())
            });
        }
        y.put_tape(tape)
    }
}

/// The sizes of one pooling.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    window: Window,
    channels: usize,
}

impl Plan {
    pub fn new((_, h, w, channels): (usize, usize, usize, usize), config: PoolConfig) -> Self {
        Plan { window: config.window((h, w)), channels }
    }

    /// Numbers in an image before and after.
    fn sizes(&self) -> (usize, usize) {
        let ((h, w), (oh, ow)) = (self.window.image, self.window.output());
        (h * w * self.channels, oh * ow * self.channels)
    }

    /// Calls `visit(start in the pooled image, start in the image, number of the tap)` for every pixel of every window.
    #[inline(always)]
    fn for_taps(&self, mut visit: impl FnMut(usize, usize, usize)) {
        let Window { image: (_, width), size: (kh, kw), stride, .. } = self.window;
        let (oh, ow) = self.window.output();
        for place in 0..oh * ow {
            let corner = place / ow * stride * width + place % ow * stride;
            for tap in 0..kh * kw {
                let pixel = corner + tap / kw * width + tap % kw;
                visit(place * self.channels, pixel * self.channels, tap);
            }
        }
    }

    /// Height and width of what comes out.
    pub fn output(&self) -> (usize, usize) {
        self.window.output()
    }

    /// The largest elements of an image and at which of their windows' taps they stand: the first of equals, and a NaN
    /// before all numbers.
    pub fn maximum(&self, x: &[f32], y: &mut [f32], taps: &mut [u32]) {
        let c = self.channels;
        self.for_taps(|to, from, tap| {
            let (y, taps, x) = (&mut y[to..to + c], &mut taps[to..to + c], &x[from..from + c]);
            if tap == 0 {
                y.copy_from_slice(x);
                return taps.fill(0);
            }
            for ((y, found), x) in y.iter_mut().zip(taps).zip(x) {
                let larger = *x > *y || x.is_nan();
                // masks, because compilers make branches of `if`s here
                let mask = u32::from(larger).wrapping_neg();
                *found = (*found & !mask) | (tap as u32 & mask);
                *y = f32::from_bits((y.to_bits() & !mask) | (x.to_bits() & mask));
            }
        });
    }

    /// Adds the gradient of [`Plan::maximum`]'s result to that of the image.
    pub fn maximum_backward(&self, d_y: &[f32], taps: &[u32], d_x: &mut [f32]) {
        let c = self.channels;
        self.for_taps(|to, from, tap| {
            let pairs = d_y[to..to + c].iter().zip(&taps[to..to + c]);
            for (d_x, (d_y, &at)) in d_x[from..from + c].iter_mut().zip(pairs) {
                let mask = u32::from(at == tap as u32).wrapping_neg();
                *d_x += f32::from_bits(d_y.to_bits() & mask);
            }
        });
    }

    /// The means of an image's windows.
    pub fn average(&self, x: &[f32], y: &mut [f32]) {
        let (c, share) = (self.channels, self.share());
        y.fill(0.0);
        self.for_taps(|to, from, _| {
            y[to..to + c].iter_mut().zip(&x[from..from + c]).for_each(|(y, x)| *y += x * share);
        });
    }

    /// Adds the gradient of [`Plan::average`]'s result to that of the image.
    pub fn average_backward(&self, d_y: &[f32], d_x: &mut [f32]) {
        let (c, share) = (self.channels, self.share());
        self.for_taps(|to, from, _| {
            d_x[from..from + c].iter_mut().zip(&d_y[to..to + c]).for_each(|(d_x, d_y)| *d_x += d_y * share);
        });
    }

    /// What each pixel counts in an average.
    fn share(&self) -> f32 {
        1.0 / (self.window.size.0 * self.window.size.1) as f32
    }
}
