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
    todo!()
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
    todo!()
}
