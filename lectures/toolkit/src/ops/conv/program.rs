//! The CPU's convolution with what follows it, image by image: an image's windows are laid out as rows of a matrix and
//! multiplied by the kernel, and the product is activated and pooled before it leaves the processor's cache.

use dfdx::prelude::*;
use rayon::prelude::*;

use super::{
    block::{ConvBlock, Pooling},
    columns::Convolution,
    scratch::{with_elements, with_room},
    winograd::Winograd,
};
use crate::gemm::{View, product};
use crate::ops::{activation::Activation, pool};
use crate::tape::{add_assign, open, values};
use crate::tensor::{Images, Vector};
use crate::threads::{WORTH_SHARING, share};

/// The sizes of one block and what it does.
#[derive(Clone, Copy)]
struct Plan {
    convolution: Convolution,
    /// Where nothing will be asked for the way back, and it pays.
    winograd: Option<Winograd>,
    activation: Activation,
    /// Which kind, and its sizes.
    pooling: Option<(Pooling, pool::Plan)>,
}

/// What one thread's images need to remember for the way back.
struct Saved {
    /// At which of their windows' taps the largest elements stood.
    taps: Vec<u32>,
    /// The activations that were averaged.
    averaged: Vec<f32>,
}

/// One thread's gradients of kernel and bias.
type Gradient = (Vec<f32>, Vec<f32>);

impl Plan {
    fn new(image: (usize, usize, usize, usize), convolution: Convolution, block: ConvBlock) -> Self {
        let (oh, ow) = convolution.window.output();
        let size = match block.pooling {
            Pooling::None => None,
            Pooling::Max(size) | Pooling::Average(size) => Some(size),
        };
        let between = (image.0, oh, ow, convolution.filters);
        let pooling = size
            .map(|size| (block.pooling, pool::Plan::new(between, pool::PoolConfig { size, stride: size })));
        Plan { convolution, winograd: None, activation: block.activation, pooling }
    }

    /// Height and width of what comes out.
    fn output(&self) -> (usize, usize) {
        self.pooling.map_or(self.convolution.window.output(), |(_, pool)| pool.output())
    }

    /// Numbers in an image before, between and after.
    fn sizes(&self) -> (usize, usize, usize) {
        let ((image, _, places), filters, (oh, ow)) =
            (self.convolution.sizes(), self.convolution.filters, self.output());
        (image, places * filters, oh * ow * filters)
    }

    /// Of an image with the kernel.
    fn multiplications(&self) -> usize {
        self.sizes().1 * self.convolution.sizes().1
    }

    /// Whether the way back asks for the output.
    fn needs_output(&self) -> bool {
        let averaged = matches!(self.pooling, Some((Pooling::Average(_), _)));
        self.activation != Activation::Identity && !averaged
    }

    fn forward(&self, images: &[f32], kernel: &[f32], bias: &[f32]) -> (Vec<f32>, Vec<Saved>) {
        let (image, _, after) = self.sizes();
        let (n, mut y) = (images.len() / image, vec![0.0; images.len() / image * after]);
        let share = share(n, self.multiplications());
        let parts = y.par_chunks_mut(share * after).zip(images.par_chunks(share * image));
        let saved = parts.map(|(y, x)| self.forward_images(x, kernel, bias, y)).collect();
        (y, saved)
    }

    /// One image's convolution, band after band; the bands are shared out where there are fewer images than threads.
    fn convolve(&self, x: &[f32], kernel: &[f32], bias: &[f32], z: &mut [f32], alone: bool) {
        if let Some(winograd) = self.winograd {
            return winograd.convolve(x, kernel, bias, z);
        }
        let alone = alone && self.multiplications() >= WORTH_SHARING;
        let bands = if alone { rayon::current_num_threads() } else { 1 };
        let ((_, row, _), (_, ow), rows) =
            (self.convolution.sizes(), self.convolution.window.output(), self.convolution.band(bands));
        let one = |(band, z): (usize, &mut [f32])| {
            let height = z.len() / (ow * bias.len());
            with_room(height * ow * row, |columns| {
                self.convolution.im2col(x, band * rows..band * rows + height, columns);
                z.chunks_exact_mut(bias.len()).for_each(|pixel| pixel.copy_from_slice(bias));
                product(self.convolution.windows(columns), View::rows(kernel, bias.len()), 1.0, z);
            });
        };
        let size = rows * ow * bias.len();
        if alone {
            z.par_chunks_mut(size).enumerate().for_each(one);
        } else {
            z.chunks_mut(size).enumerate().for_each(one);
        }
    }

    /// [`Plan::forward`] for one thread's images.
    fn forward_images(&self, images: &[f32], kernel: &[f32], bias: &[f32], y: &mut [f32]) -> Saved {
        let (image, between, after) = self.sizes();
        let n = images.len() / image;
        let alone = n < 2;
        let convolve = |x: &[f32], z: &mut [f32]| self.convolve(x, kernel, bias, z, alone);
        let mut saved = Saved { taps: vec![], averaged: vec![] };
        let each = images.chunks(image).zip(y.chunks_mut(after));
        match self.pooling {
            Some((Pooling::Max(_), pool)) => {
                saved.taps = vec![0; n * after];
                with_room(between, |z| {
                    each.enumerate().for_each(|(i, (x, y))| {
                        convolve(x, z);
                        pool.maximum(z, y, &mut saved.taps[i * after..][..after]);
                        // the activations grow with their taps: the largest stays the largest
                        self.activation.apply(y);
                    });
                });
            }
            Some((_, pool)) => {
                saved.averaged = vec![0.0; n * between];
                each.enumerate().for_each(|(i, (x, y))| {
                    let z = &mut saved.averaged[i * between..][..between];
                    convolve(x, z);
                    self.activation.apply(z);
                    pool.average(z, y);
                });
            }
            None => each.for_each(|(x, y)| {
                convolve(x, y);
                self.activation.apply(y);
            }),
        }
        saved
    }

    /// Adds to the images' gradient where one is wanted; the gradients of kernel and bias.
    fn backward(
        &self,
        images: &[f32],
        kernel: &[f32],
        (y, d_y): (&[f32], &[f32]),
        saved: &[Saved],
        d_x: Option<&mut [f32]>,
    ) -> Gradient {
        let (image, _, after) = self.sizes();
        let share = share(images.len() / image, 2 * self.multiplications());
        let mut d_x: Vec<Option<&mut [f32]>> = match d_x {
            Some(d_x) => d_x.chunks_mut(share * image).map(Some).collect(),
            None => images.chunks(share * image).map(|_| None).collect(),
        };
        let parts: Vec<Gradient> =
            (images.par_chunks(share * image), d_y.par_chunks(share * after), saved, &mut d_x)
                .into_par_iter()
                .enumerate()
                .map(|(part, (x, d_y, saved, d_x))| {
                    let y = y.get(part * share * after..).unwrap_or_default();
                    self.backward_images(x, kernel, (y, d_y), saved, d_x.as_deref_mut())
                })
                .collect();
        let filters = self.convolution.filters;
        let zeros = (vec![0.0; kernel.len()], vec![0.0; filters]);
        parts.iter().fold(zeros, |(mut d_kernel, mut d_bias), (kernel, bias)| {
            add_assign(&mut d_kernel, kernel);
            add_assign(&mut d_bias, bias);
            (d_kernel, d_bias)
        })
    }

    /// [`Plan::backward`] for one thread's images.
    fn backward_images(
        &self,
        images: &[f32],
        kernel: &[f32],
        (y, d_y): (&[f32], &[f32]),
        saved: &Saved,
        mut d_x: Option<&mut [f32]>,
    ) -> Gradient {
        let ((image, between, after), row) = (self.sizes(), self.convolution.sizes().1);
        let filters = self.convolution.filters;
        let (mut d_kernel, mut d_bias) = (vec![0.0; kernel.len()], vec![0.0; filters]);
        let (mut columns, mut d_z) = (vec![0.0; between / filters * row], vec![0.0; between]);
        for (i, (x, d_y)) in images.chunks(image).zip(d_y.chunks(after)).enumerate() {
            let y = y.get(i * after..(i + 1) * after).unwrap_or_default();
            self.unpool(i, (y, d_y), saved, &mut d_z);
            self.convolution.im2col(x, 0..self.convolution.window.output().0, &mut columns);
            let d_pixels = View::rows(&d_z, filters);
            product(self.convolution.windows(&columns).transposed(), d_pixels, 1.0, &mut d_kernel);
            d_z.chunks_exact(filters).for_each(|pixel| add_assign(&mut d_bias, pixel));
            if let Some(d_x) = d_x.as_deref_mut() {
                self.convolution.d_windows(d_pixels, View::rows(kernel, filters), &mut columns);
                self.convolution.col2im(&columns, &mut d_x[i * image..][..image]);
            }
        }
        (d_kernel, d_bias)
    }

    /// The gradient of the convolution's result from that of image `i`'s output.
    fn unpool(&self, i: usize, (y, d_y): (&[f32], &[f32]), saved: &Saved, d_z: &mut [f32]) {
        match self.pooling {
            Some((Pooling::Max(_), pool)) => {
                let mut d_y = d_y.to_vec();
                self.activation.backward(&mut d_y, y);
                d_z.fill(0.0);
                pool.maximum_backward(&d_y, &saved.taps[i * d_y.len()..][..d_y.len()], d_z);
            }
            Some((_, pool)) => {
                d_z.fill(0.0);
                pool.average_backward(d_y, d_z);
                self.activation.backward(d_z, &saved.averaged[i * d_z.len()..][..d_z.len()]);
            }
            None => {
                d_z.copy_from_slice(d_y);
                self.activation.backward(d_z, y);
            }
        }
    }
}

/// See [`crate::ops::ConvOps::conv_block`]; `wanted` says whether the images' gradient is.
pub(super) fn conv_block<T: Tape<f32, Cpu>>(
    x: Images<Cpu, T>,
    kernel: &Images<Cpu>,
    bias: &Vector<Cpu>,
    block: ConvBlock,
    wanted: bool,
) -> Images<Cpu, T> {
    let image = *x.shape();
    let convolution = Convolution::new(image, *kernel.shape(), bias.shape().0, block.conv);
    let plan = Plan::new(image, convolution, block);
    let (oh, ow) = plan.output();
    if !T::OWNS_TAPE {
        let (x, tape) = x.split_tape();
        let y = forward_only(&x, kernel, bias, Plan { winograd: Winograd::new(convolution), ..plan });
        return x.device().tensor_from_vec(y, (image.0, oh, ow, convolution.filters)).put_tape(tape);
    }
    let (x, images, tape) = open(x);
    let (kernel, weights, kernel_tape) = open(kernel.retaped::<T>());
    let (bias, offsets, bias_tape) = open(bias.retaped::<T>());
    let mut tape = tape.merge(kernel_tape).merge(bias_tape);
    let (y, saved) = plan.forward(&images, &weights, &offsets);
    let y: Images<Cpu> = x.device().tensor_from_vec(y, (image.0, oh, ow, convolution.filters));
    let (x, kernel, bias, output) = (x.ghost(), kernel.ghost(), bias.ghost(), y.clone());
    tape.add_backward_op(move |gradients| {
        let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
        let y = if plan.needs_output() { values(&output) } else { vec![] };
        let d_x = if wanted { Some(gradients.get_or_alloc_mut(&x)?.as_mut_slice()) } else { None };
        let (d_kernel, d_bias) = plan.backward(&images, &weights, (&y, &d_y), &saved, d_x);
        add_assign(gradients.get_or_alloc_mut(&kernel)?, &d_kernel);
        add_assign(gradients.get_or_alloc_mut(&bias)?, &d_bias);
        **gradients.get_or_alloc_mut(&output)? = d_y;
        Ok(())
    });
    y.put_tape(tape)
}

/// The block's result, row by row, where nothing will be asked for the way back: no copy has to outlive this function.
fn forward_only(x: &Images<Cpu>, kernel: &Images<Cpu>, bias: &Vector<Cpu>, plan: Plan) -> Vec<f32> {
    let offsets = values(&bias.clone().contiguous());
    let forward = |images: &[f32], weights: &[f32]| plan.forward(images, weights, &offsets).0;
    with_elements(x, |images| with_elements(kernel, |weights| forward(images, weights)))
}
