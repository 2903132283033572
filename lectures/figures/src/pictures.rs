//! Small pictures of pixels within a figure: encoded as PNG or JPEG, and decoded again to be compared. Draws nothing.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use image::{DynamicImage, RgbaImage, codecs::jpeg::JpegEncoder};
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter};

/// Colours that a byte can count, and those that half of one can.
const OF_A_BYTE: usize = 256;
const OF_HALF_A_BYTE: usize = 16;

/// A picture with a transparency for each pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    image: RgbaImage,
    is_photograph: bool,
}

impl Pixels {
    /// From intensities 0 to 1, row by row, channels last: grey (1 channel) or red, green and blue (3).
    ///
    /// # Panics
    /// When there are other channels, or not `height · width · channels` values.
    pub fn new(height: usize, width: usize, channels: usize, values: &[f32]) -> Self {
        assert!(channels == 1 || channels == 3, "{channels} channels are no colour");
        assert_eq!(values.len(), height * width * channels, "values of a picture");
        let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
        let image = RgbaImage::from_fn(width as u32, height as u32, |x, y| {
            let at = (y as usize * width + x as usize) * channels;
            let channel = |c: usize| byte(values[at + c % channels]);
            [channel(0), channel(1), channel(2), 255].into()
        });
        Pixels { image, is_photograph: false }
    }

    /// The same for values of any range: the smallest becomes black, the largest white.
    pub fn stretched(height: usize, width: usize, values: &[f32]) -> Self {
        let low = values.iter().copied().fold(f32::INFINITY, f32::min);
        let high = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let span = (high - low).max(f32::MIN_POSITIVE);
        let values: Vec<f32> = values.iter().map(|value| (value - low) / span).collect();
        Pixels::new(height, width, 1, &values)
    }

    /// Values from −1 (blue) over 0 (transparent) to 1 (orange), which can be seen on light and dark.
    pub fn signed(height: usize, width: usize, values: &[f32]) -> Self {
        assert_eq!(values.len(), height * width, "values of a picture");
        let image = RgbaImage::from_fn(width as u32, height as u32, |x, y| {
            let value = values[y as usize * width + x as usize].clamp(-1.0, 1.0);
            let [r, g, b] = if value < 0.0 { [46, 140, 210] } else { [230, 110, 20] };
            [r, g, b, (value.abs() * 255.0).round() as u8].into()
        });
        Pixels { image, is_photograph: false }
    }

    /// The same, to be written as JPEG and drawn with soft edges: a tenth of PNG's bytes.
    pub fn as_photograph(self) -> Self {
        Pixels { is_photograph: true, ..self }
    }

    /// Whether it is drawn with soft edges.
    pub fn is_photograph(&self) -> bool {
        self.is_photograph
    }

    /// As a file in a `data:` address.
    pub fn address(&self) -> String {
        // Into memory, and of a form that the file has.
        let file = if self.is_photograph { self.jpeg() } else { self.png() };
        let file = file.unwrap_or_else(|cause| unreachable!("{cause}"));
        let kind = if self.is_photograph { "jpeg" } else { "png" };
        format!("data:image/{kind};base64,{}", STANDARD.encode(file))
    }

    fn jpeg(&self) -> Result<Vec<u8>> {
        let mut file = Vec::new();
        let rgb = DynamicImage::ImageRgba8(self.image.clone()).to_rgb8();
        JpegEncoder::new_with_quality(&mut file, 85).encode_image(&rgb)?;
        Ok(file)
    }

    /// Few colours are numbered, unless that takes more bytes.
    fn png(&self) -> Result<Vec<u8>> {
        let all = self.written(|encoder| {
            encoder.set_color(ColorType::Rgba);
            encoder.set_filter(Filter::Adaptive);
            self.image.as_raw().clone()
        })?;
        let pixels = || self.image.pixels().map(|pixel| pixel.0);
        let colours: Vec<[u8; 4]> = pixels().collect::<BTreeSet<_>>().into_iter().collect();
        if colours.len() > OF_A_BYTE {
            return Ok(all);
        }
        let numbers: Vec<u8> =
            pixels().map(|pixel| colours.partition_point(|colour| *colour < pixel) as u8).collect();
        let numbered = self.written(|encoder| {
            encoder.set_color(ColorType::Indexed);
            encoder.set_palette(colours.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect::<Vec<u8>>());
            encoder.set_trns(colours.iter().map(|colour| colour[3]).collect::<Vec<u8>>());
            encoder.set_filter(Filter::NoFilter);
            if colours.len() > OF_HALF_A_BYTE {
                return numbers;
            }
            encoder.set_depth(BitDepth::Four);
            let rows = numbers.chunks(self.image.width() as usize);
            let two = |pair: &[u8]| (pair[0] << 4) | pair.get(1).copied().unwrap_or_default();
            rows.flat_map(|row| row.chunks(2).map(two)).collect()
        })?;
        Ok(if numbered.len() < all.len() { numbered } else { all })
    }

    /// A PNG file of what `prepare` makes of the pixels.
    fn written(
        &self,
        prepare: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Vec<u8>,
    ) -> Result<Vec<u8>, EncodingError> {
        let mut file = Vec::new();
        let (width, height) = self.image.dimensions();
        let mut encoder = Encoder::new(&mut file, width, height);
        encoder.set_compression(Compression::High);
        let content = prepare(&mut encoder);
        encoder.write_header()?.write_image_data(&content)?;
        Ok(file)
    }

    /// From what [`address`](Pixels::address) gave.
    ///
    /// # Errors
    /// When it is something else.
    pub fn from_address(text: &str) -> Result<Self> {
        let (kind, content) = text.split_once(";base64,").context("a picture is in base 64")?;
        let file = STANDARD.decode(content).context("a picture is in base 64")?;
        let image = image::load_from_memory(&file)?.to_rgba8();
        Ok(Pixels { image, is_photograph: kind.ends_with("jpeg") })
    }

    /// The mean difference of two bytes, or `None` where the sizes differ.
    pub fn difference(&self, other: &Self) -> Option<f64> {
        if self.image.dimensions() != other.image.dimensions() {
            return None;
        }
        let (a, b) = (self.image.as_raw(), other.image.as_raw());
        let sum: u64 = a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        Some(sum as f64 / a.len().max(1) as f64)
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn a_picture_is_what_it_was_whatever_it_is_written_as() {
        let noise = |n: usize, colours: usize| -> Vec<f32> {
            (0..n).map(|i| (i * i * 31 % 977 % colours) as f32 / colours as f32).collect()
        };
        for (height, width, colours) in [(3, 5, 2), (7, 6, 15), (29, 31, 200), (40, 40, 1000)] {
            let picture = Pixels::new(height, width, 1, &noise(height * width, colours));
            assert_eq!(Pixels::from_address(&picture.address()).unwrap(), picture);
        }
        let signed = Pixels::signed(1, 3, &[-1.0, 0.0, 0.4]);
        assert_eq!(Pixels::from_address(&signed.address()).unwrap(), signed);
        let colours = Pixels::new(20, 20, 3, &noise(1200, 900));
        assert_eq!(Pixels::from_address(&colours.address()).unwrap(), colours);
    }

    #[test]
    fn few_colours_take_few_bytes() {
        let mut rng = StdRng::seed_from_u64(1);
        let shades: Vec<f32> = (0..90_000).map(|_| rng.gen_range(-7..=7) as f32 / 7.0).collect();
        let picture = Pixels::signed(300, 300, &shades);
        assert!(picture.address().len() < 64_000, "half a byte a pixel, and a third more as text");
    }
}
