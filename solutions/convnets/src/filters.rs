//! Pictures of what a network has inside: filters and feature maps.

use dfdx::prelude::*;
use toolkit::tensor::{Image, Images};

/// A network to look into, trained on a million photographs.
pub use toolkit::efficientnet::EfficientNetLite0;

/// A picture of all filters of a convolution, tile by tile.
///
/// ```text
/// kernel (h, w, 3, out)          out tiles in colour: input channel = red, green, blue
/// kernel (h, w, in, out)         out · in grey tiles, a filter's slices one after the other
///
/// shade = (weight − smallest) / (largest − smallest)       of this tile, all its colours together
/// ```
///
/// Weights are no shades: they may be negative or tiny. So each tile has a contrast of its own: its smallest weight is 0, its
/// largest 1. A tile of equal weights is 0 all over. Three input channels are a colour, any other number is not.
///
/// The n tiles are laid out in rows of ⌈√n⌉ from left to right, with lines of one pixel around and between them:
///
/// ```text
/// (1 + rows · (h + 1), 1 + ⌈√n⌉ · (w + 1), 3 or 1)         lines, and places without a tile, are 1
/// ```
///
/// Source: slide “What filters see”; Zeiler & Fergus 2014, figure 6.
///
/// ```
/// use convnets::filters::filter_grid;
/// use dfdx::prelude::*;
/// // two filters of 1 × 2 pixels with one input channel: (1, 5) and (30, 10)
/// let kernel = Cpu::default().tensor_from_vec(vec![1.0, 30.0, 5.0, 10.0], (1, 2, 1, 2));
/// let picture = filter_grid(&kernel);
/// assert_eq!(picture.shape(), &(3, 7, 1));
/// assert_eq!(picture.as_vec()[7..14], [1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0]); // line, tile, line, tile, line
/// ```
pub fn filter_grid<D: Device<f32>>(kernel: &Images<D>) -> Image<D> {
    let (h, w, inputs, outputs) = *kernel.shape();
    let weights = kernel.as_vec();
    // The colours of a tile, and how many tiles a filter has.
    let (colours, slices) = if inputs == 3 { (3, 1) } else { (1, inputs) };
    let tile = |filter: usize, slice: usize| {
        let places = (0..h * w).flat_map(|pixel| (0..colours).map(move |colour| (pixel, slice + colour)));
        let weight = |(pixel, input): (usize, usize)| weights[(pixel * inputs + input) * outputs + filter];
        stretched(places.map(weight).collect())
    };
    let tiles = (0..outputs).flat_map(|filter| (0..slices).map(move |slice| (filter, slice)));
    let tiles: Vec<Vec<f32>> = tiles.map(|(filter, slice)| tile(filter, slice)).collect();
    sheet(&tiles, (h, w, colours), kernel.device())
}

/// A picture of what every channel of a layer answers to an image: a grey tile a channel.
///
/// `layer` takes a batch of images (n, height, width, channels) and gives their feature maps (n, h, w, c); it may be a single
/// convolution or the first half of a network. `image` is one image without the axis of the batch. The c tiles of h × w pixels
/// are stretched and laid out as by [`filter_grid`], so a channel that is silent for this image is black: 0 all over.
///
/// Source: slide “Feature maps”; Yosinski et al. 2015.
///
/// ```
/// use convnets::filters::feature_maps;
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let image = dev.tensor_from_vec(vec![0.0, 1.0, 2.0, 4.0], (2, 2, 1));
/// let picture = feature_maps(|x| x * -3.0, &image); // one channel: the image in negative
/// assert_eq!(picture.shape(), &(4, 4, 1));
/// assert_eq!(picture.as_vec()[4..12], [1.0, 1.0, 0.75, 1.0, 1.0, 0.5, 0.0, 1.0]);
/// ```
pub fn feature_maps<D: Device<f32>>(layer: impl Fn(Images<D>) -> Images<D>, image: &Image<D>) -> Image<D> {
    let (height, width, channels) = *image.shape();
    let maps = layer(image.clone().reshape_like(&(1, height, width, channels)));
    let (_, h, w, c) = *maps.shape();
    let values = maps.as_vec();
    // Channels are last: those of a pixel stand together, and a channel's pixels are c apart.
    let tile = |channel: usize| stretched(values.iter().skip(channel).step_by(c).copied().collect());
    let tiles: Vec<Vec<f32>> = (0..c).map(tile).collect();
    sheet(&tiles, (h, w, 1), image.device())
}

/// The tile from its smallest value, 0, to its largest, 1.
fn stretched(tile: Vec<f32>) -> Vec<f32> {
    let (low, high) = tile.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), &x| (a.min(x), b.max(x)));
    // Where all values are equal there is no contrast to stretch.
    let contrast = if high > low { high - low } else { 1.0 };
    tile.into_iter().map(|x| (x - low) / contrast).collect()
}

/// Tiles of (h, w, colours) in rows of ⌈√n⌉, with white lines around them.
fn sheet<D: Device<f32>>(tiles: &[Vec<f32>], (h, w, colours): (usize, usize, usize), dev: &D) -> Image<D> {
    let columns = (tiles.len() as f64).sqrt().ceil() as usize;
    let rows = tiles.len().div_ceil(columns);
    let (height, width) = (1 + rows * (h + 1), 1 + columns * (w + 1));
    let mut picture = vec![1.0; height * width * colours];
    for (i, tile) in tiles.iter().enumerate() {
        let (top, left) = (1 + i / columns * (h + 1), 1 + i % columns * (w + 1));
        for (y, line) in tile.chunks(w * colours).enumerate() {
            let start = ((top + y) * width + left) * colours;
            picture[start..start + line.len()].copy_from_slice(line);
        }
    }
    dev.tensor_from_vec(picture, (height, width, colours))
}
