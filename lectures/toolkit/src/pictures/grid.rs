//! Many small images in rows and columns, as PNG.

use std::path::Path;

use dfdx::prelude::*;
use image::{Rgb, RgbImage};

use super::{PictureError, range};
use crate::tensor::Images;

/// How images are laid out.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    /// Images to a row.
    pub columns: usize,
    /// Pixels of the file to a pixel of an image.
    pub zoom: u32,
    /// The values that are drawn black and white; the smallest and largest of all images where `None`.
    pub range: Option<(f32, f32)>,
}

/// Writes images (n, h, w, 1) in grey or (n, h, w, 3) in colour, one white pixel apart. NaN is drawn red.
///
/// # Errors
/// When the file can't be written.
///
/// # Panics
/// When there are neither 1 nor 3 channels, or no columns.
pub fn image_grid<D: Device<f32>>(path: &Path, images: &Images<D>, grid: Grid) -> Result<(), PictureError> {
    let (n, h, w, channels) = *images.shape();
    assert!(channels == 1 || channels == 3, "image_grid: {channels} channels are no picture");
    assert!(grid.columns > 0 && grid.zoom > 0, "image_grid: no columns, or no zoom");
    let pixels = images.as_vec();
    let (low, high) = grid.range.unwrap_or_else(|| range(pixels.iter().copied()));
    let shade = |value: f32| ((value - low) / (high - low) * 255.0).round().clamp(0.0, 255.0) as u8;
    let colour = |pixel: &[f32]| match pixel {
        [r, g, b] if !pixel.iter().any(|value| value.is_nan()) => Rgb([shade(*r), shade(*g), shade(*b)]),
        [grey] if !grey.is_nan() => Rgb([shade(*grey); 3]),
        _ => Rgb([255, 0, 0]),
    };
    let size = |count: usize, length: usize| (count * (length + 1) + 1) as u32 * grid.zoom;
    let (width, height) = (size(grid.columns, w), size(n.div_ceil(grid.columns), h));
    let mut picture = RgbImage::from_pixel(width, height, Rgb([255; 3]));
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (x, y) = ((x / grid.zoom) as usize, (y / grid.zoom) as usize);
        let (column, row, j, i) = (x / (w + 1), y / (h + 1), x % (w + 1), y % (h + 1));
        let number = row * grid.columns + column;
        if i > 0 && j > 0 && column < grid.columns && number < n {
            let at = ((number * h + i - 1) * w + j - 1) * channels;
            *pixel = colour(&pixels[at..at + channels]);
        }
    }
    picture.save(path).map_err(|cause| PictureError::new(path, cause))
}
