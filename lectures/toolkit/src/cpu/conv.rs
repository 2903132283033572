//! Convolution: each image's windows are laid out as rows of a matrix (im2col) and multiplied by the kernel.

use dfdx::prelude::*;
use rayon::prelude::*;

use super::share;
use crate::gemm::{View, product};
use crate::tape::{add_assign, open};
use crate::tensor::{Images, Vector};
use crate::window::Window;

/// The sizes of one convolution.
#[derive(Clone, Copy)]
struct Plan {
    window: Window,
    channels: usize,
    filters: usize,
}

impl Plan {
    /// # Panics
    /// When the shapes of images, kernel and bias don't belong together.
    fn new(
        image: (usize, usize, usize, usize),
        kernel: (usize, usize, usize, usize),
        bias: usize,
        stride: usize,
        padding: usize,
    ) -> Self {
        let ((_, h, w, channels), (kh, kw, inputs, filters)) = (image, kernel);
        assert_eq!(channels, inputs, "conv2d: images of {channels} channels, a kernel for {inputs}");
        assert_eq!(filters, bias, "conv2d: {filters} filters, but a bias of {bias}");
        Plan { window: Window::new((h, w), (kh, kw), stride, padding), channels, filters }
    }

    /// Numbers in an input image, in a row of the window matrix, and places of the window.
    fn sizes(&self) -> (usize, usize, usize) {
        let Window { image: (h, w), size: (kh, kw), .. } = self.window;
        let (oh, ow) = self.window.output();
        (h * w * self.channels, kh * kw * self.channels, oh * ow)
    }

    /// The image's pixels under every window, a row for each place; zeros where a window reaches into the padding.
    fn im2col(&self, image: &[f32], columns: &mut [f32]) {
        self.for_runs(|pixels, taps| match pixels {
            Some(start) => columns[taps.clone()].copy_from_slice(&image[start..start + taps.len()]),
            None => columns[taps].fill(0.0),
        });
    }

    /// The transpose of `im2col`: adds each element of the window matrix to the pixel that it came from.
    fn col2im(&self, columns: &[f32], image: &mut [f32]) {
        self.for_runs(|pixels, taps| {
            if let Some(start) = pixels {
                add_assign(&mut image[start..start + taps.len()], &columns[taps]);
            }
        });
    }

    /// Calls `run(start in the image, range in the window matrix)` for all runs of neighbouring pixels in all windows.
    #[inline(always)]
    fn for_runs(&self, mut run: impl FnMut(Option<usize>, std::ops::Range<usize>)) {
        let (window, c) = (self.window, self.channels);
        let ((oh, ow), (kh, kw), width) = (window.output(), window.size, window.image.1);
        let mut tap = 0;
        for y in 0..oh {
            for x in 0..ow {
                let first = x * window.stride;
                let inside = first >= window.padding && first + kw <= width + window.padding;
                for i in 0..kh {
                    let row = window.row(y, i).map(|row| row * width * c);
                    if inside {
                        run(row.map(|row| row + (first - window.padding) * c), tap..tap + kw * c);
                    } else {
                        for j in 0..kw {
                            let pixel = row.zip(window.column(x, j)).map(|(row, column)| row + column * c);
                            run(pixel, tap + j * c..tap + (j + 1) * c);
                        }
                    }
                    tap += kw * c;
                }
            }
        }
    }

    /// (n, h, w, c) and the kernel's matrix give (n, oh, ow, filters).
    fn forward(&self, images: &[f32], kernel: &[f32], bias: &[f32]) -> Vec<f32> {
        let (image, row, places) = self.sizes();
        let mut y = vec![0.0; images.len() / image * places * self.filters];
        let one = |columns: &mut Vec<f32>, (y, x): (&mut [f32], &[f32])| {
            self.im2col(x, columns);
            y.chunks_exact_mut(self.filters).for_each(|pixel| pixel.copy_from_slice(bias));
            product(View::rows(columns, row), View::rows(kernel, self.filters), 1.0, y);
        };
        y.par_chunks_mut(places * self.filters)
            .zip(images.par_chunks(image))
            .for_each_init(|| vec![0.0; places * row], one);
        y
    }

    /// Adds to the images' gradient where one is wanted; the gradients of kernel and bias.
    fn backward(
        &self,
        images: &[f32],
        kernel: &[f32],
        d_y: &[f32],
        d_x: Option<&mut [f32]>,
    ) -> (Vec<f32>, Vec<f32>) {
        let (image, row, places) = self.sizes();
        let share = share(images.len() / image);
        let mut d_x: Vec<Option<&mut [f32]>> = match d_x {
            Some(d_x) => d_x.chunks_mut(share * image).map(Some).collect(),
            None => images.chunks(share * image).map(|_| None).collect(),
        };
        let parts: Vec<_> = images
            .par_chunks(share * image)
            .zip(d_y.par_chunks(share * places * self.filters))
            .zip(&mut d_x)
            .map(|((x, d_y), d_x)| self.backward_images(x, kernel, d_y, d_x.as_deref_mut()))
            .collect();
        let zeros = (vec![0.0; row * self.filters], vec![0.0; self.filters]);
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
        d_y: &[f32],
        mut d_x: Option<&mut [f32]>,
    ) -> (Vec<f32>, Vec<f32>) {
        let (image, row, places) = self.sizes();
        let (mut d_kernel, mut d_bias) = (vec![0.0; row * self.filters], vec![0.0; self.filters]);
        let mut columns = vec![0.0; places * row];
        for (n, (x, d_y)) in images.chunks(image).zip(d_y.chunks(places * self.filters)).enumerate() {
            self.im2col(x, &mut columns);
            let d_pixels = View::rows(d_y, self.filters);
            product(View::rows(&columns, row).transposed(), d_pixels, 1.0, &mut d_kernel);
            d_y.chunks_exact(self.filters).for_each(|pixel| add_assign(&mut d_bias, pixel));
            if let Some(d_x) = d_x.as_deref_mut() {
                product(d_pixels, View::rows(kernel, self.filters).transposed(), 0.0, &mut columns);
                self.col2im(&columns, &mut d_x[n * image..][..image]);
            }
        }
        (d_kernel, d_bias)
    }
}

/// See [`crate::ops::LayerOps::conv2d`]; `wanted` says whether the images' gradient is.
pub(crate) fn conv2d<T: Tape<f32, Cpu>>(
    x: Images<Cpu, T>,
    kernel: &Images<Cpu>,
    bias: &Vector<Cpu>,
    (stride, padding): (usize, usize),
    wanted: bool,
) -> Images<Cpu, T> {
    let plan = Plan::new(*x.shape(), *kernel.shape(), bias.shape().0, stride, padding);
    let (x, images, tape) = open(x);
    let (kernel, weights, kernel_tape) = open(kernel.retaped::<T>());
    let (bias, offsets, bias_tape) = open(bias.retaped::<T>());
    let mut tape = tape.merge(kernel_tape).merge(bias_tape);
    let (oh, ow) = plan.window.output();
    let y = plan.forward(&images, &weights, &offsets);
    let y: Images<Cpu> = x.device().tensor_from_vec(y, (x.shape().0, oh, ow, plan.filters));
    if T::OWNS_TAPE {
        let (x, kernel, bias, output) = (x.ghost(), kernel.ghost(), bias.ghost(), y.ghost());
        tape.add_backward_op(move |gradients| {
            let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
            let d_x = if wanted { Some(gradients.get_or_alloc_mut(&x)?.as_mut_slice()) } else { None };
            let (d_kernel, d_bias) = plan.backward(&images, &weights, &d_y, d_x);
            add_assign(gradients.get_or_alloc_mut(&kernel)?, &d_kernel);
            add_assign(gradients.get_or_alloc_mut(&bias)?, &d_bias);
            **gradients.get_or_alloc_mut(&output)? = d_y;
            Ok(())
        });
    }
    y.put_tape(tape)
}
