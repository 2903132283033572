//! More images from the same images: flips and crops.
//!
//! All of it happens before the network sees the images, so nothing here is differentiated: no tapes.

use dfdx::prelude::*;
use rand::rngs::StdRng;
// A batch of images: (image, row, column, channel).
pub use toolkit::tensor::Images;

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
    todo!()
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
    todo!()
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
    todo!()
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
    todo!()
}
