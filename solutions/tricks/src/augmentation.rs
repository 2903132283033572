//! More images from the same images: flips and crops.
//!
//! All of it happens before the network sees the images, so nothing here is differentiated: no tapes.

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng};
// A batch of images: (image, row, column, channel).
pub use toolkit::tensor::Images;
use toolkit::tensor::Vector;

/// Images seen as (outer, middle, inner), with the axis of interest in the middle.
type Block<D> = Tensor<(usize, usize, usize), f32, D>;

/// Mirrors every image left to right: what was in the first column is then in the last.
///
/// Any shape. Copies pixels and computes nothing, so that flipping twice gives back exactly the same images.
///
/// Source: slide “Data augmentation”; `horizontal_flip` on slide “ImageDataGenerator”.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// // One image of two rows, three columns and one channel.
/// let x = dev.tensor_from_vec(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], (1, 2, 3, 1));
/// let y = tricks::augmentation::flip_horizontal(x);
/// assert_eq!(y.as_vec(), [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]);
/// ```
pub fn flip_horizontal<D: Device<f32>>(x: Images<D>) -> Images<D> {
    let (n, h, w, c) = *x.shape();
    let rows = x.reshape_like(&(n * h, w, c));
    take(rows, (0..w).rev().collect()).reshape_like(&(n, h, w, c))
}

/// Turns every image upside down: what was in the first row is then in the last.
///
/// Any shape. Copies pixels and computes nothing, so that flipping twice gives back exactly the same images.
///
/// Source: slide “Data augmentation”; `vertical_flip` on slide “ImageDataGenerator”.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], (1, 2, 3, 1));
/// let y = tricks::augmentation::flip_vertical(x);
/// assert_eq!(y.as_vec(), [4.0, 5.0, 6.0, 1.0, 2.0, 3.0]);
/// ```
pub fn flip_vertical<D: Device<f32>>(x: Images<D>) -> Images<D> {
    let (n, h, w, c) = *x.shape();
    let images = x.reshape_like(&(n, h, w * c));
    take(images, (0..h).rev().collect()).reshape_like(&(n, h, w, c))
}

/// Picks the entries `indexes` along the middle axis.
fn take<D: Device<f32>>(x: Block<D>, indexes: Vec<usize>) -> Block<D> {
    let (outer, picked) = (x.shape().0, indexes.len());
    let indexes: Tensor<(usize,), usize, D> = x.device().tensor_from_vec(indexes, (picked,));
    x.gather(indexes.broadcast_like::<_, Axis<0>>(&(outer, picked)))
}

/// A rectangle of whole pixels: `height` rows from row `top` on, `width` columns from column `left` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crop {
    /// First row.
    pub top: usize,
    /// First column.
    pub left: usize,
    /// Number of rows.
    pub height: usize,
    /// Number of columns.
    pub width: usize,
}

/// A crop that is empty or reaches beyond the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CropError {
    /// The crop that was asked for.
    pub crop: Crop,
    /// Height and width of the image.
    pub image: (usize, usize),
}

impl std::fmt::Display for CropError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Crop { top, left, height, width }, (h, w)) = (self.crop, self.image);
        write!(
            f,
            "no crop of {height} × {width} pixels from row {top}, column {left} in an image of {h} × {w}"
        )
    }
}

impl std::error::Error for CropError {}

/// Cuts `crop` out of every image and stretches it to `size` (height, width) by bilinear interpolation.
///
/// Think of a pixel as a little square whose value stands at its centre. Along each axis, pixel `i` of `size` new ones
/// then lies at the place `s` among `n` old ones:
///
/// ```text
/// s = (i + ½) · n / size − ½        clamped to [0, n − 1]
/// ```
///
/// and the new value is the mean of the (up to) four old pixels around that place, each weighted by its nearness: with
/// `f` the fractional part of `s`, `(1 − f) · x[⌊s⌋] + f · x[⌊s⌋ + 1]` along rows and the same along columns. Pixels
/// outside the crop play no part, and shrinking does not smooth. This is
/// `torch.nn.functional.interpolate(crop, size, mode="bilinear", align_corners=False)`.
///
/// An empty crop, or one that reaches beyond the image, is an `Err` that names it.
///
/// Write it without the toolkit's own `bilinear`.
///
/// Source: slide “Data augmentation”; Szegedy et al. 2015, section 6 (scale augmentation).
///
/// ```
/// use dfdx::prelude::*;
/// use tricks::augmentation::{Crop, crop_resize};
/// let dev = Cpu::default();
/// // One row of four pixels; the two in the middle, twice as wide.
/// let x = dev.tensor_from_vec(vec![9.0, 0.0, 4.0, 9.0], (1, 1, 4, 1));
/// let crop = Crop { top: 0, left: 1, height: 1, width: 2 };
/// assert_eq!(crop_resize(x.clone(), crop, (1, 4)).unwrap().as_vec(), [0.0, 1.0, 3.0, 4.0]);
/// assert!(crop_resize(x, Crop { left: 3, ..crop }, (1, 4)).is_err());
/// ```
pub fn crop_resize<D: Device<f32>>(
    x: Images<D>,
    crop: Crop,
    size: (usize, usize),
) -> Result<Images<D>, CropError> {
    let image = (x.shape().1, x.shape().2);
    // Differences, because a sum such as `top + height` might not fit a usize.
    let fits = |start, length, of| 0 < length && length <= of && start <= of - length;
    if fits(crop.top, crop.height, image.0) && fits(crop.left, crop.width, image.1) {
        Ok(stretch(x, crop, size))
    } else {
        Err(CropError { crop, image })
    }
}

/// [`crop_resize`] for a crop that fits: first the rows, then the columns.
fn stretch<D: Device<f32>>(x: Images<D>, crop: Crop, (rows, columns): (usize, usize)) -> Images<D> {
    let (n, h, w, c) = *x.shape();
    let x = interpolate(x.reshape_like(&(n, h, w * c)), crop.top, crop.height, rows);
    let x = interpolate(x.reshape_like(&(n * rows, w, c)), crop.left, crop.width, columns);
    x.reshape_like(&(n, rows, columns, c))
}

/// Spreads the `length` entries from `start` on along the middle axis over `size` new ones.
fn interpolate<D: Device<f32>>(x: Block<D>, start: usize, length: usize, size: usize) -> Block<D> {
    let last = length - 1;
    // Each new pixel's place, the pixels before and after it, and how near it is to the one after.
    let scale = length as f32 / size as f32;
    let places = (0..size).map(|i| ((i as f32 + 0.5) * scale - 0.5).clamp(0.0, last as f32));
    let before: Vec<usize> = places.clone().map(|place| place as usize).collect();
    let after = before.iter().map(|&b| start + (b + 1).min(last)).collect();
    let nearness = places.map(f32::fract).collect();
    let nearness: Vector<D> = x.device().tensor_from_vec(nearness, (size,));

    let low = take(x.clone(), before.iter().map(|b| start + b).collect());
    let high = take(x, after);
    let shape = *low.shape();
    low.clone() + (high - low) * nearness.broadcast_like::<_, Axes2<0, 2>>(&shape)
}

/// Cuts a random rectangle out of every image, another one for each, and stretches it to `size` as [`crop_resize`] does.
///
/// A crop's height is a fraction of the image's height, drawn uniformly from `smallest..=1` and rounded to whole pixels,
/// at least one; its width likewise, with a fraction of its own. Its place is then drawn uniformly from all those where
/// it lies inside the image. `smallest` is clamped to [0, 1]; 1 always takes the whole image.
///
/// The same state of `rng` gives the same crops.
///
/// Source: slide “Data augmentation”; Szegedy et al. 2015, section 6 (scale augmentation).
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![0.0, 4.0, 0.0, 4.0], (2, 1, 2, 1));
/// let y = tricks::augmentation::random_crop_resize(x, 1.0, (1, 4), &mut StdRng::seed_from_u64(0));
/// assert_eq!(y.as_vec(), [0.0, 1.0, 3.0, 4.0, 0.0, 1.0, 3.0, 4.0]);
/// ```
pub fn random_crop_resize<D: Device<f32>>(
    x: Images<D>,
    smallest: f32,
    size: (usize, usize),
    rng: &mut StdRng,
) -> Images<D> {
    let (n, h, w, _) = *x.shape();
    // The start and the length of a crop's side, in an image's side of `of` pixels.
    let mut side = |of: usize| {
        let fraction = rng.gen_range(smallest.clamp(0.0, 1.0)..=1.0);
        let length = ((fraction * of as f32).round() as usize).clamp(1, of);
        (rng.gen_range(0..=of - length), length)
    };
    let mut crops = Vec::with_capacity(n);
    for i in 0..n {
        let ((top, height), (left, width)) = (side(h), side(w));
        let image = x.clone().slice((i..i + 1, .., .., ..));
        let y = stretch(image, Crop { top, left, height, width }, size);
        let (_, rows, columns, channels) = *y.shape();
        crops.push(y.reshape_like(&(rows, columns, channels)));
    }
    crops.stack()
}
