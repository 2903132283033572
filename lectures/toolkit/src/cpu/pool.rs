//! Maximum and average pooling of each channel.

use dfdx::prelude::*;
use rayon::prelude::*;

use crate::tape::open;
use crate::tensor::Images;
use crate::window::Window;

/// The sizes of one pooling.
#[derive(Clone, Copy)]
struct Plan {
    window: Window,
    channels: usize,
}

impl Plan {
    fn new((_, h, w, channels): (usize, usize, usize, usize), size: usize, stride: usize) -> Self {
        Plan { window: Window::new((h, w), (size, size), stride, 0), channels }
    }

    /// Numbers in an image before and after.
    fn sizes(&self) -> (usize, usize) {
        let ((h, w), (oh, ow)) = (self.window.image, self.window.output());
        (h * w * self.channels, oh * ow * self.channels)
    }

    /// Calls `tap(start in the pooled image, start in the image)` for every pixel of every window.
    #[inline(always)]
    fn for_taps(&self, mut tap: impl FnMut(usize, usize)) {
        let Window { image: (_, width), size: (kh, kw), stride, .. } = self.window;
        let (oh, ow) = self.window.output();
        for place in 0..oh * ow {
            let corner = place / ow * stride * width + place % ow * stride;
            for i in 0..kh {
                for j in 0..kw {
                    tap(place * self.channels, (corner + i * width + j) * self.channels);
                }
            }
        }
    }

    /// The largest elements and where in their image they stand: the first of equals, and a NaN before all numbers.
    fn maximum(&self, images: &[f32]) -> (Vec<f32>, Vec<u32>) {
        let ((before, after), c) = (self.sizes(), self.channels);
        let mut y = vec![f32::NEG_INFINITY; images.len() / before * after];
        let mut argument = vec![0_u32; y.len()];
        let pooled = y.par_chunks_mut(after).zip(argument.par_chunks_mut(after));
        pooled.zip(images.par_chunks(before)).for_each(|((y, argument), x)| {
            self.for_taps(|to, from| {
                let kept = y[to..to + c].iter_mut().zip(&mut argument[to..to + c]);
                for ((kept, place), (&value, here)) in kept.zip(x[from..from + c].iter().zip(from as u32..)) {
                    let larger =
                        value > *kept || value.is_nan() || (*kept == f32::NEG_INFINITY && *place == 0);
                    *place = if larger { here } else { *place };
                    *kept = if larger { value } else { *kept };
                }
            });
        });
        (y, argument)
    }

    fn average(&self, images: &[f32]) -> Vec<f32> {
        let ((before, after), c) = (self.sizes(), self.channels);
        let mut y = vec![0.0; images.len() / before * after];
        let share = self.share();
        y.par_chunks_mut(after).zip(images.par_chunks(before)).for_each(|(y, x)| {
            self.for_taps(|to, from| {
                y[to..to + c].iter_mut().zip(&x[from..from + c]).for_each(|(y, x)| *y += x * share);
            });
        });
        y
    }

    /// What each pixel counts in an average.
    fn share(&self) -> f32 {
        1.0 / (self.window.size.0 * self.window.size.1) as f32
    }
}

/// See [`crate::ops::LayerOps::max_pool2d`].
pub(crate) fn max_pool2d<T: Tape<f32, Cpu>>(x: Images<Cpu, T>, size: usize, stride: usize) -> Images<Cpu, T> {
    let plan = Plan::new(*x.shape(), size, stride);
    let (x, images, mut tape) = open(x);
    let (y, argument) = plan.maximum(&images);
    let ((oh, ow), (before, after)) = (plan.window.output(), plan.sizes());
    let y: Images<Cpu> = x.device().tensor_from_vec(y, (x.shape().0, oh, ow, plan.channels));
    if T::OWNS_TAPE {
        let (x, output) = (x.ghost(), y.ghost());
        tape.add_backward_op(move |gradients| {
            let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
            let d_x = gradients.get_or_alloc_mut(&x)?.par_chunks_mut(before);
            d_x.zip(d_y.par_chunks(after)).zip(argument.par_chunks(after)).for_each(
                |((d_x, d_y), argument)| {
                    d_y.iter().zip(argument).for_each(|(d_y, &place)| d_x[place as usize] += d_y);
                },
            );
            **gradients.get_or_alloc_mut(&output)? = d_y;
            Ok(())
        });
    }
    y.put_tape(tape)
}

/// See [`crate::ops::LayerOps::avg_pool2d`].
pub(crate) fn avg_pool2d<T: Tape<f32, Cpu>>(x: Images<Cpu, T>, size: usize, stride: usize) -> Images<Cpu, T> {
    let plan = Plan::new(*x.shape(), size, stride);
    let (x, images, mut tape) = open(x);
    let (oh, ow) = plan.window.output();
    let y: Images<Cpu> =
        x.device().tensor_from_vec(plan.average(&images), (x.shape().0, oh, ow, plan.channels));
    if T::OWNS_TAPE {
        let (x, output) = (x.ghost(), y.ghost());
        tape.add_backward_op(move |gradients| {
            let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
            let ((before, after), c, share) = (plan.sizes(), plan.channels, plan.share());
            let d_x = gradients.get_or_alloc_mut(&x)?.par_chunks_mut(before);
            d_x.zip(d_y.par_chunks(after)).for_each(|(d_x, d_y)| {
                plan.for_taps(|to, from| {
                    d_x[from..from + c]
                        .iter_mut()
                        .zip(&d_y[to..to + c])
                        .for_each(|(d_x, d_y)| *d_x += d_y * share);
                });
            });
            **gradients.get_or_alloc_mut(&output)? = d_y;
            Ok(())
        });
    }
    y.put_tape(tape)
}
