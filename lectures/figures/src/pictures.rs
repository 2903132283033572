//! Small pictures of pixels within a figure: encoded as PNG or JPEG, and decoded again to be compared. Draws nothing.

use std::io::Cursor;

use anyhow::{Context, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use image::{DynamicImage, ImageFormat, RgbaImage, codecs::jpeg::JpegEncoder};

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
        let mut file = Cursor::new(Vec::new());
        let (kind, written) = if self.is_photograph {
            let rgb = DynamicImage::ImageRgba8(self.image.clone()).to_rgb8();
            ("jpeg", JpegEncoder::new_with_quality(&mut file, 85).encode_image(&rgb))
        } else {
            ("png", self.image.write_to(&mut file, ImageFormat::Png))
        };
        // Into memory, and of a form that the file has.
        written.unwrap_or_else(|cause| unreachable!("{cause}"));
        format!("data:image/{kind};base64,{}", STANDARD.encode(file.into_inner()))
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
