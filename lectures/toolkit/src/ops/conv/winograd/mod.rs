//! Convolutions of 3 × 3 at stride 1 with a quarter of the multiplications: a tile of 4 × 4 results is computed from 6 × 6
//! pixels by 36 products instead of 144 (Winograd's minimal filtering; Lavin & Gray, "Fast Algorithms for Convolutional
//! Neural Networks", 2016), `z = Aᵀ [(G k Gᵀ) ⊙ (Bᵀ x B)] A`. Summed over channels, ⊙ is a matrix product for each of the 36.
//! Rounding errors are some ten times those of the definition, and a pixel that is no number spoils its whole tile, so that only
//! networks that aren't learning are computed so.

mod tile;

use std::array::from_fn;

use pulp::Arch;
use rayon::prelude::*;

use tile::{LANES, PIXELS, RESULTS, TAPS, along_both, image_taps, kernel_taps, load, results, store};

use super::columns::Convolution;
use super::scratch::with_room;
use crate::gemm::{View, product};

/// Between planes: a distance of many pages would give the same element of all planes the same place in the cache.
const GAP: usize = 16;

/// Numbers in transformed tiles, and in a transformed kernel, that stay in the cache; few in tests, so that there are several
/// bands and blocks.
const CACHED: usize = if cfg!(test) { 1 << 14 } else { 1 << 21 };

/// A convolution for which this pays.
#[derive(Clone, Copy)]
pub(super) struct Winograd {
    convolution: Convolution,
}

/// Rows of tiles that are computed together.
#[derive(Clone, Copy)]
struct Band {
    /// The first row of results.
    start: usize,
    tiles: usize,
    /// Tiles in a row.
    across: usize,
}

/// Filters that are computed together.
#[derive(Clone, Copy)]
struct Block {
    start: usize,
    filters: usize,
}

impl Winograd {
    pub fn new(convolution: Convolution) -> Option<Self> {
        let Convolution { window, channels, filters } = convolution;
        let (oh, ow) = window.output();
        let fits =
            window.size == (3, 3) && window.stride == 1 && channels % LANES == 0 && filters % LANES == 0;
        let pays = channels >= 64 && filters >= 64 && oh * ow >= 512;
        (fits && pays).then_some(Winograd { convolution })
    }

    /// One image's convolution.
    pub fn convolve(&self, x: &[f32], kernel: &[f32], bias: &[f32], z: &mut [f32]) {
        let Convolution { window, channels, filters } = self.convolution;
        let width = window.output().1;
        let across = width.div_ceil(RESULTS);
        let rows = RESULTS * (CACHED / (across * TAPS * channels)).max(1);
        let block = (CACHED / (TAPS * channels) / LANES * LANES).clamp(LANES, filters);
        for (band, z) in z.chunks_mut(rows * width * filters).enumerate() {
            let tiles = z.len().div_ceil(RESULTS * width * filters) * across;
            let band = Band { start: band * rows, tiles, across };
            with_room(TAPS * (tiles * channels + GAP), |v| {
                self.transform_image(x, band, v);
                for start in (0..filters).step_by(block) {
                    let block = Block { start, filters: block.min(filters - start) };
                    self.convolve_block(v, kernel, bias, (band, block), z);
                }
            });
        }
    }

    /// A band's results for some of the filters.
    fn convolve_block(
        &self,
        v: &[f32],
        kernel: &[f32],
        bias: &[f32],
        (band, block): (Band, Block),
        z: &mut [f32],
    ) {
        let (channels, width) = (self.convolution.channels, self.convolution.window.output().1);
        let sizes = [band.tiles * channels, channels * block.filters, band.tiles * block.filters];
        with_room(TAPS * (sizes[1] + GAP), |u| {
            self.transform_kernel(kernel, block, u);
            with_room(TAPS * (sizes[2] + GAP), |products| {
                products.par_chunks_mut(sizes[2] + GAP).enumerate().for_each(|(tap, product_of_tap)| {
                    let (v, u) = (plane(v, sizes[0], tap), plane(u, sizes[1], tap));
                    let (v, u) = (View::rows(v, channels), View::rows(u, block.filters));
                    product(v, u, 0.0, &mut product_of_tap[..sizes[2]]);
                });
                z.par_chunks_mut(RESULTS * width * self.convolution.filters).enumerate().for_each(
                    |(row, z)| {
                        self.transform_products(products, bias, (band, block), row, z);
                    },
                );
            });
        });
    }

    /// `G k Gᵀ`: a plane (channels, filters of the block) for each of the 36.
    fn transform_kernel(&self, kernel: &[f32], block: Block, u: &mut [f32]) {
        let Convolution { channels, filters, .. } = self.convolution;
        let transform = |(channel, mut u): (usize, Vec<&mut [f32]>)| {
            for first in (0..block.filters).step_by(LANES) {
                let start = |tap| (tap * channels + channel) * filters + block.start + first;
                let k = load::<3>(kernel, |tap| Some(start(tap)));
                store(&along_both(&k, kernel_taps), &mut u, first);
            }
        };
        let parts = parts(u, channels * block.filters, block.filters).into_par_iter().enumerate();
        parts.for_each(|part| Arch::new().dispatch(|| transform(part)));
    }

    /// `Bᵀ x B`: a plane (tiles, channels) for each of the 36.
    fn transform_image(&self, x: &[f32], band: Band, v: &mut [f32]) {
        let Convolution { window, channels, .. } = self.convolution;
        let transform = |(tile, mut v): (usize, Vec<&mut [f32]>)| {
            let (top, left) = (band.start + tile / band.across * RESULTS, tile % band.across * RESULTS);
            let pixels: [Option<usize>; TAPS] = from_fn(|tap| {
                let (row, column) = window.row(top, tap / PIXELS).zip(window.column(left, tap % PIXELS))?;
                Some((row * window.image.1 + column) * channels)
            });
            for first in (0..channels).step_by(LANES) {
                let x = load::<PIXELS>(x, |tap| Some(pixels[tap]? + first));
                store(&along_both(&x, image_taps), &mut v, first);
            }
        };
        let parts = parts(v, band.tiles * channels, channels).into_par_iter().enumerate();
        parts.for_each(|part| Arch::new().dispatch(|| transform(part)));
    }

    /// `Aᵀ m A` and the bias: one row of tiles becomes up to 4 rows of results.
    fn transform_products(
        &self,
        products: &[f32],
        bias: &[f32],
        (band, block): (Band, Block),
        row: usize,
        z: &mut [f32],
    ) {
        let (filters, width) = (self.convolution.filters, self.convolution.window.output().1);
        let (height, plane) = (z.len() / (width * filters), band.tiles * block.filters + GAP);
        let mut transform = |tile: usize, first: usize| {
            let start = (row * band.across + tile) * block.filters + first;
            let m = load::<PIXELS>(products, |tap| Some(tap * plane + start));
            let bias = &bias[block.start + first..][..LANES];
            for (i, results) in along_both(&m, results).iter().enumerate().take(height) {
                for (j, results) in results.iter().enumerate().take(width - tile * RESULTS) {
                    let place = (i * width + tile * RESULTS + j) * filters + block.start + first;
                    let z = z[place..][..LANES].iter_mut();
                    z.zip(results.iter().zip(bias)).for_each(|(z, (result, bias))| *z = result + bias);
                }
            }
        };
        Arch::new().dispatch(|| {
            for tile in 0..band.across {
                (0..block.filters).step_by(LANES).for_each(|first| transform(tile, first));
            }
        });
    }
}

fn plane(planes: &[f32], size: usize, tap: usize) -> &[f32] {
    &planes[tap * (size + GAP)..][..size]
}

/// Cuts all planes into parts of one size: the same part of each plane, for threads to write to.
fn parts(planes: &mut [f32], size: usize, part: usize) -> Vec<Vec<&mut [f32]>> {
    let mut parts: Vec<Vec<&mut [f32]>> = (0..size / part).map(|_| Vec::with_capacity(TAPS)).collect();
    for plane in planes.chunks_mut(size + GAP) {
        parts.iter_mut().zip(plane[..size].chunks_mut(part)).for_each(|(parts, part)| parts.push(part));
    }
    parts
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};

    use super::*;
    use crate::ops::window::Window;

    /// The definition in float64; also the sums of the terms' magnitudes, by which rounding errors are measured.
    fn definition(at: &Convolution, x: &[f32], kernel: &[f32], bias: &[f32]) -> Vec<(f64, f64)> {
        let (window, (oh, ow)) = (at.window, at.window.output());
        let result = |place: usize, filter: usize| {
            let terms = (0..9 * at.channels).filter_map(|k| {
                let (tap, channel) = (k / at.channels, k % at.channels);
                let row = window.row(place / ow, tap / 3)?;
                let pixel = row * window.image.1 + window.column(place % ow, tap % 3)?;
                Some(f64::from(x[pixel * at.channels + channel]) * f64::from(kernel[k * at.filters + filter]))
            });
            terms.fold((f64::from(bias[filter]), 0.0), |(sum, size), term| (sum + term, size + term.abs()))
        };
        (0..oh * ow * at.filters).map(|i| result(i / at.filters, i % at.filters)).collect()
    }

    #[test]
    fn results_are_those_of_the_definition_for_any_size_and_padding() {
        let mut rng = StdRng::seed_from_u64(7);
        for (image, padding, channels, filters) in
            [((4, 4), 1, 16, 16), ((3, 5), 0, 32, 16), ((13, 10), 1, 16, 48), ((9, 22), 2, 48, 32)]
        {
            let convolution =
                Convolution { window: Window::new(image, (3, 3), 1, padding), channels, filters };
            let mut numbers =
                |count: usize| (0..count).map(|_| rng.gen_range(-1.0..1.0)).collect::<Vec<f32>>();
            let x = numbers(image.0 * image.1 * channels);
            let (kernel, bias) = (numbers(9 * channels * filters), numbers(filters));
            let want = definition(&convolution, &x, &kernel, &bias);
            let mut z = vec![f32::NAN; want.len()];
            Winograd { convolution }.convolve(&x, &kernel, &bias, &mut z);
            // a result's error comes from its whole tile
            let size = want.iter().fold(0.0, |most: f64, (_, size)| most.max(*size));
            for (z, (want, _)) in z.iter().zip(want) {
                assert!((f64::from(*z) - want).abs() <= 1e-6 * size, "{z} instead of {want}");
            }
        }
    }

    #[test]
    fn it_is_for_large_layers_of_3_by_3_at_stride_1() {
        let new = |window, channels| Winograd::new(Convolution { window, channels, filters: 64 });
        assert!(new(Window::new((28, 28), (3, 3), 1, 1), 64).is_some());
        assert!(new(Window::new((28, 28), (3, 3), 1, 1), 3).is_none());
        assert!(new(Window::new((14, 14), (3, 3), 1, 1), 64).is_none());
        assert!(new(Window::new((56, 56), (3, 3), 2, 1), 64).is_none());
        assert!(new(Window::new((28, 28), (5, 5), 1, 2), 64).is_none());
    }
}
