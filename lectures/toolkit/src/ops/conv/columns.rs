//! The windows of an image as rows of a matrix (im2col), and back.

use std::ops::Range;

use super::block::ConvConfig;
use crate::gemm::{View, product};
use crate::ops::window::Window;
use crate::tape::add_assign;

/// Numbers of a window matrix that stay in the cache; few in tests, so that there are several bands.
const CACHED: usize = if cfg!(test) { 64 } else { 1 << 17 };

/// The sizes of one convolution.
#[derive(Clone, Copy)]
pub(super) struct Convolution {
    pub window: Window,
    pub channels: usize,
    pub filters: usize,
}

impl Convolution {
    /// # Panics
    /// When the shapes of images, kernel and bias don't belong together.
    pub fn new(
        image: (usize, usize, usize, usize),
        kernel: (usize, usize, usize, usize),
        bias: usize,
        config: ConvConfig,
    ) -> Self {
        let ((_, h, w, channels), (kh, kw, inputs, filters)) = (image, kernel);
        assert_eq!(channels, inputs, "conv2d: images of {channels} channels, a kernel for {inputs}");
        assert_eq!(filters, bias, "conv2d: {filters} filters, but a bias of {bias}");
        Convolution {
            window: Window::new((h, w), (kh, kw), config.stride, config.padding),
            channels,
            filters,
        }
    }

    /// Numbers in an input image, in a row of the window matrix, and places of the window.
    pub fn sizes(&self) -> (usize, usize, usize) {
        let Window { image: (h, w), size: (kh, kw), .. } = self.window;
        let (oh, ow) = self.window.output();
        (h * w * self.channels, kh * kw * self.channels, oh * ow)
    }

    /// The image's pixels under the windows at the places in `rows`, a row of the matrix for each place; zeros where a
    /// window reaches into the padding.
    pub fn im2col(&self, image: &[f32], rows: Range<usize>, columns: &mut [f32]) {
        self.for_runs(rows, |pixels, taps| match pixels {
            Some(start) => columns[taps.clone()].copy_from_slice(&image[start..start + taps.len()]),
            None => columns[taps].fill(0.0),
        });
    }

    /// The transpose of `im2col`: adds each element of the window matrix to the pixel that it came from.
    pub fn col2im(&self, columns: &[f32], image: &mut [f32]) {
        self.for_runs(0..self.window.output().0, |pixels, taps| {
            if let Some(start) = pixels {
                add_assign(&mut image[start..start + taps.len()], &columns[taps]);
            }
        });
    }

    /// How many rows of places make a band of the window matrix. It fits a processor's cache, unless the kernel is larger
    /// than that: every band's product lays the kernel out anew, so that a band should have no fewer places than the kernel
    /// has filters. There are at least `bands` of them where there are as many rows.
    pub fn band(&self, bands: usize) -> usize {
        let ((_, row, places), (oh, ow)) = (self.sizes(), self.window.output());
        let cached = oh.div_ceil((row * places).div_ceil(CACHED));
        let worthwhile = if row * self.filters > CACHED { self.filters.div_ceil(ow) } else { 1 };
        cached.max(worthwhile).min(oh.div_ceil(bands)).max(1)
    }

    /// Whether the window matrix is stored column by column. Neighbouring places then are neighbours in memory, which
    /// pays where a row's runs would be a few numbers long.
    fn by_columns(&self) -> bool {
        self.channels == 1 && self.window.stride == 1
    }

    /// The window matrix: a row for each place, a column for each tap and channel.
    pub fn windows<'a>(&self, columns: &'a [f32]) -> View<'a> {
        let (_, row, _) = self.sizes();
        if self.by_columns() {
            View::rows(columns, columns.len() / row).transposed()
        } else {
            View::rows(columns, row)
        }
    }

    /// The window matrix's gradient: `d_pixels` (places, filters) times the transpose of `kernel` (row, filters).
    pub fn d_windows(&self, d_pixels: View, kernel: View, columns: &mut [f32]) {
        if self.by_columns() {
            product(kernel, d_pixels.transposed(), 0.0, columns);
        } else {
            product(d_pixels, kernel.transposed(), 0.0, columns);
        }
    }

    /// Calls `run(start in the image, range in the window matrix)` for all runs of pixels that are neighbours in both.
    #[inline(always)]
    fn for_runs(&self, rows: Range<usize>, run: impl FnMut(Option<usize>, Range<usize>)) {
        if self.by_columns() { self.for_runs_of_taps(rows, run) } else { self.for_runs_of_places(rows, run) }
    }

    /// [`Convolution::for_runs`] column by column: where the same tap of neighbouring windows lies.
    #[inline(always)]
    fn for_runs_of_taps(&self, rows: Range<usize>, mut run: impl FnMut(Option<usize>, Range<usize>)) {
        let (window, width) = (self.window, self.window.image.1);
        let ((_, ow), (kh, kw), padding) = (window.output(), window.size, window.padding);
        for (tap, y) in (0..kh * kw).flat_map(|tap| rows.clone().map(move |y| (tap, y))) {
            let (i, j, start) = (tap / kw, tap % kw, (tap * rows.len() + y - rows.start) * ow);
            // places x with 0 <= x + j - padding < width
            let (first, end) =
                (padding.saturating_sub(j).min(ow), (width + padding).saturating_sub(j).min(ow));
            match window.row(y, i) {
                Some(row) if first < end => {
                    run(None, start..start + first);
                    run(Some(row * width + first + j - padding), start + first..start + end);
                    run(None, start + end..start + ow);
                }
                _ => run(None, start..start + ow),
            }
        }
    }

    /// [`Convolution::for_runs`] row by row: where a row of a window lies.
    #[inline(always)]
    fn for_runs_of_places(&self, rows: Range<usize>, mut run: impl FnMut(Option<usize>, Range<usize>)) {
        let (window, c) = (self.window, self.channels);
        let ((_, ow), (kh, kw), width) = (window.output(), window.size, window.image.1);
        let mut tap = 0;
        for y in rows {
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
}
