//! Images laid out side by side in a PNG file, to be looked at.

use std::path::Path;

use image::{ExtendedColorType, ImageFormat, RgbImage};

use crate::{Error, Examples, Images};

/// Writes all images, row by row, `columns` in a row, `gap` pixels apart, as a PNG file.
///
/// # Panics
/// When `columns` is 0, or the images are neither grey nor of red, green and blue.
pub fn mosaic(images: &Images, columns: usize, gap: usize, file: &Path) -> Result<(), Error> {
    assert!([1, 3].contains(&images.channels), "{} channels are no colour", images.channels);
    let rows = images.len().div_ceil(columns);
    let (across, down) = (images.width + gap, images.height + gap);
    let width = (columns * across).saturating_sub(gap) as u32;
    let mut picture = RgbImage::from_pixel(width, (rows * down).saturating_sub(gap) as u32, [255; 3].into());
    for i in 0..images.len() {
        let (top, left) = (i / columns * down, i % columns * across);
        for (place, pixel) in images.image(i).chunks(images.channels).enumerate() {
            let (row, column) = (place / images.width, place % images.width);
            let channel = |c: usize| to_byte(pixel[c % images.channels]);
            let rgb = [channel(0), channel(1), channel(2)];
            picture.put_pixel((left + column) as u32, (top + row) as u32, rgb.into());
        }
    }
    save(picture.as_raw(), picture.width(), picture.height(), file)
}

/// The byte of an intensity from 0 to 1.
pub(crate) fn to_byte(value: f32) -> u8 {
    (value * 255.0).round() as u8
}

/// A PNG file, compressed as far as it goes.
fn save(rgb: &[u8], width: u32, height: u32, file: &Path) -> Result<(), Error> {
    use image::codecs::png::{CompressionType, FilterType, PngEncoder};
    let mut content = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut content, CompressionType::Best, FilterType::Adaptive);
    image::ImageEncoder::write_image(encoder, rgb, width, height, ExtendedColorType::Rgb8)
        .map_err(|error| Error::malformed(file, format!("no {:?} can be made: {error}", ImageFormat::Png)))?;
    std::fs::write(file, content).map_err(Error::writing(file))
}
