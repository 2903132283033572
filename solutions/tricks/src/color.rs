//! More images from the same images: brightness, contrast, saturation.

use dfdx::prelude::*;
use rand::{Rng, rngs::StdRng};
use toolkit::tensor::Vector;

use crate::augmentation::Images;

/// A colour change that makes no sense.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ColorError {
    /// A factor that is negative, infinite or not a number.
    Factor(f32),
    /// A strength outside [0, 1].
    Strength(f32),
    /// Images with this number of channels, where red, green and blue are needed.
    Channels(usize),
}

impl std::fmt::Display for ColorError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Factor(factor) => write!(f, "a factor of {factor} is not a finite number from 0 on"),
            Self::Strength(strength) => write!(f, "a strength of {strength} is not between 0 and 1"),
            Self::Channels(channels) => write!(f, "colours need 3 channels, and the images have {channels}"),
        }
    }
}

impl std::error::Error for ColorError {}

/// Makes images darker (`factor` below 1) or brighter (above 1):
///
/// ```text
/// y = clamp(factor · x, 0, 1)
/// ```
///
/// Any shape; `x` in [0, 1], and so is the result. Factor 0 gives black, 1 the same images. A factor that is negative or
/// not finite is an `Err` that names it.
///
/// Source: slide “Data augmentation”; torchvision's `adjust_brightness`.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![0.0, 0.25, 0.75], (1, 1, 1, 3));
/// let y = tricks::color::adjust_brightness(x, 2.0).unwrap();
/// assert_eq!(y.as_vec(), [0.0, 0.5, 1.0]);
/// ```
pub fn adjust_brightness<D: Device<f32>>(x: Images<D>, factor: f32) -> Result<Images<D>, ColorError> {
    let black = x.clone() * 0.0;
    blend(x, black, factor)
}

/// Moves every image towards its mean grey (`factor` below 1) or away from it (above 1):
///
/// ```text
/// grey = 0.2989 · red + 0.587 · green + 0.114 · blue          for each pixel
/// y    = clamp(factor · x + (1 − factor) · mean grey, 0, 1)     the mean over all pixels of one image
/// ```
///
/// `x` in [0, 1] with three channels. Each image of the batch has a mean of its own, a single number for all channels.
/// Factor 0 gives uniform grey, 1 the same images. A factor that is negative or not finite is an `Err` that names it,
/// and so is another number of channels.
///
/// Source: slide “Data augmentation”; torchvision's `adjust_contrast`.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// // A black and a white pixel: their mean grey is 0.49995, since the three weights sum to 0.9999.
/// let x = dev.tensor_from_vec(vec![0.0, 0.0, 0.0, 1.0, 1.0, 1.0], (1, 1, 2, 3));
/// let y = tricks::color::adjust_contrast(x, 0.5).unwrap().as_vec();
/// assert!((y[0] - 0.249975).abs() < 1e-6 && (y[3] - 0.749975).abs() < 1e-6);
/// ```
pub fn adjust_contrast<D: Device<f32>>(x: Images<D>, factor: f32) -> Result<Images<D>, ColorError> {
    let shape = *x.shape();
    let mean = grey(x.clone())?.mean::<(usize,), Axes2<1, 2>>();
    blend(x, mean.broadcast_like::<_, Axes3<1, 2, 3>>(&shape), factor)
}

/// Makes colours paler (`factor` below 1) or stronger (above 1):
///
/// ```text
/// grey = 0.2989 · red + 0.587 · green + 0.114 · blue          for each pixel
/// y    = clamp(factor · x + (1 − factor) · grey, 0, 1)
/// ```
///
/// `x` in [0, 1] with three channels. Factor 0 gives a black-and-white picture, 1 the same images. A factor that is
/// negative or not finite is an `Err` that names it, and so is another number of channels.
///
/// Source: slide “Data augmentation”; torchvision's `adjust_saturation`.
///
/// ```
/// use dfdx::prelude::*;
/// let dev = Cpu::default();
/// let red = dev.tensor_from_vec(vec![1.0, 0.0, 0.0], (1, 1, 1, 3));
/// let y = tricks::color::adjust_saturation(red, 0.0).unwrap().as_vec();
/// assert!(y.iter().all(|y| (y - 0.2989).abs() < 1e-6));
/// ```
pub fn adjust_saturation<D: Device<f32>>(x: Images<D>, factor: f32) -> Result<Images<D>, ColorError> {
    let shape = *x.shape();
    let grey = grey(x.clone())?;
    blend(x, grey.broadcast_like::<_, Axis<3>>(&shape), factor)
}

/// One number a pixel: (image, row, column).
type GreyImages<D> = Tensor<(usize, usize, usize), f32, D>;

/// The grey that an eye sees in place of each pixel's colour.
fn grey<D: Device<f32>>(x: Images<D>) -> Result<GreyImages<D>, ColorError> {
    let shape = *x.shape();
    if shape.3 != 3 {
        return Err(ColorError::Channels(shape.3));
    }
    let weights: Vector<D> = x.device().tensor_from_vec(vec![0.2989, 0.587, 0.114], (3,));
    Ok((x * weights.broadcast_like::<_, Axes3<0, 1, 2>>(&shape)).sum::<_, Axis<3>>())
}

/// `factor · x + (1 − factor) · other`, clamped.
fn blend<D: Device<f32>>(x: Images<D>, other: Images<D>, factor: f32) -> Result<Images<D>, ColorError> {
    // The range has no place for NaN and infinity.
    if !(0.0..=f32::MAX).contains(&factor) {
        return Err(ColorError::Factor(factor));
    }
    Ok((x * factor + other * (1.0 - factor)).clamp(0.0, 1.0))
}

/// How far [`color_jitter`] goes: a strength `s` draws factors from `1 − s` to `1 + s`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jitter {
    /// Strength for [`adjust_brightness`].
    pub brightness: f32,
    /// Strength for [`adjust_contrast`].
    pub contrast: f32,
    /// Strength for [`adjust_saturation`].
    pub saturation: f32,
}

/// Adjusts the brightness, then the contrast, then the saturation of every image by random factors.
///
/// Every image has three factors of its own, each drawn uniformly from `1 − s ..= 1 + s` with the strength `s` that
/// `jitter` gives. A strength outside [0, 1] is an `Err` that names it, and so is another number of channels than three.
/// The same state of `rng` gives the same images.
///
/// Source: slide “Data augmentation”; torchvision's `ColorJitter` (which also shuffles the order).
///
/// ```
/// use dfdx::prelude::*;
/// use rand::{SeedableRng, rngs::StdRng};
/// use tricks::color::{Jitter, color_jitter};
/// let dev = Cpu::default();
/// let x = dev.tensor_from_vec(vec![0.25, 0.5, 0.75], (1, 1, 1, 3));
/// let none = Jitter { brightness: 0.0, contrast: 0.0, saturation: 0.0 };
/// let y = color_jitter(x.clone(), none, &mut StdRng::seed_from_u64(0)).unwrap();
/// assert!(y.as_vec().iter().zip(x.as_vec()).all(|(y, x)| (y - x).abs() < 1e-6));
/// ```
pub fn color_jitter<D: Device<f32>>(
    x: Images<D>,
    jitter: Jitter,
    rng: &mut StdRng,
) -> Result<Images<D>, ColorError> {
    let strengths = [jitter.brightness, jitter.contrast, jitter.saturation];
    if let Some(&strength) = strengths.iter().find(|strength| !(0.0..=1.0).contains(*strength)) {
        return Err(ColorError::Strength(strength));
    }
    let (n, h, w, c) = *x.shape();
    let mut images = Vec::with_capacity(n);
    for i in 0..n {
        let [brightness, contrast, saturation] = strengths.map(|s| rng.gen_range(1.0 - s..=1.0 + s));
        let y = adjust_brightness(x.clone().slice((i..i + 1, .., .., ..)), brightness)?;
        let y = adjust_saturation(adjust_contrast(y, contrast)?, saturation)?;
        images.push(y.reshape_like(&(h, w, c)));
    }
    Ok(images.stack())
}
