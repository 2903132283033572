//! The geometry of sliding windows, shared by convolution and pooling.

use dfdx::prelude::*;

use crate::tensor::{Images, Indices, Sequences};

/// A window that slides over images of one size.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub image: (usize, usize),
    pub size: (usize, usize),
    pub stride: usize,
    pub padding: usize,
}

impl Window {
    /// # Panics
    /// When the stride is 0 or the window is empty or larger than the padded image.
    pub fn new(image: (usize, usize), size: (usize, usize), stride: usize, padding: usize) -> Self {
        let (h, w) = (image.0 + 2 * padding, image.1 + 2 * padding);
        assert!(stride > 0, "a window's stride is at least 1");
        assert!(size.0 > 0 && size.1 > 0, "a window of {}×{} is empty", size.0, size.1);
        assert!(
            size.0 <= h && size.1 <= w,
            "a window of {}×{} does not fit into an image of {h}×{w} (padding included)",
            size.0,
            size.1
        );
        Window { image, size, stride, padding }
    }

    /// How many places the window takes: ⌊(h + 2·padding − size) / stride⌋ + 1, and likewise for the width.
    pub fn output(&self) -> (usize, usize) {
        let places = |image: usize, size: usize| (image + 2 * self.padding - size) / self.stride + 1;
        (places(self.image.0, self.size.0), places(self.image.1, self.size.1))
    }

    /// The image's row under row `i` of the window at place `y`, where there is one; columns likewise.
    pub fn row(&self, y: usize, i: usize) -> Option<usize> {
        (y * self.stride + i).checked_sub(self.padding).filter(|&row| row < self.image.0)
    }

    /// See [`Window::row`].
    pub fn column(&self, x: usize, j: usize) -> Option<usize> {
        (x * self.stride + j).checked_sub(self.padding).filter(|&column| column < self.image.1)
    }

    /// For every place and every element of the window there: the pixel's number, or `height · width` outside.
    pub fn pixels(&self) -> Vec<usize> {
        let (oh, ow) = self.output();
        let outside = self.image.0 * self.image.1;
        let mut pixels = Vec::with_capacity(oh * ow * self.size.0 * self.size.1);
        for place in 0..oh * ow {
            for tap in 0..self.size.0 * self.size.1 {
                let row = self.row(place / ow, tap / self.size.1);
                let column = self.column(place % ow, tap % self.size.1);
                pixels.push(row.zip(column).map_or(outside, |(r, c)| r * self.image.1 + c));
            }
        }
        pixels
    }
}

/// The pixels under each window: (n, places · pixels in a window, channels). What lies outside is `fill`.
pub(super) fn windows<D: Device<f32>, T: Tape<f32, D>>(
    x: Images<D, T>,
    window: &Window,
    fill: f32,
) -> Sequences<D, T> {
    let (n, h, w, c) = *x.shape();
    let x = x.reshape_like(&(n, h * w, c));
    let outside: Sequences<D> = x.device().zeros_like(&(n, 1, c)) + fill;
    let x = if window.padding > 0 { (x, outside.retaped::<T>()).concat_along(Axis::<1>) } else { x };
    let pixels = window.pixels();
    let count = pixels.len();
    let pixels: Indices<D> = x.device().tensor_from_vec(pixels, (count,));
    x.gather(pixels.broadcast_like::<_, Axis<0>>(&(n, count)))
}
