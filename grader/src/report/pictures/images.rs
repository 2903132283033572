//! Sheets of images.

use std::path::Path;

use image::{Rgb, RgbImage};

use super::Drawn;

/// Pixels that the sheet is about as wide as.
const WIDTH: usize = 800;
const BETWEEN: [u8; 3] = [40, 60, 120];

/// Draws `shape.0` images, each stretched from its darkest to its brightest element, in about as many rows as columns.
pub fn draw(path: &Path, shape: &[usize], values: &[f64]) -> Drawn {
    let (n, h, w, channels) = match *shape {
        [n, h, w] => (n, h, w, 1),
        [n, h, w, channels @ (1 | 3)] => (n, h, w, channels),
        _ => return Err(format!("a sheet of images has the shape (n, height, width), not {shape:?}").into()),
    };
    if n * h * w * channels == 0 || n * h * w * channels != values.len() {
        return Err(format!("{} numbers are no images of shape {shape:?}", values.len()).into());
    }
    let columns = (n as f64).sqrt().ceil() as usize;
    let scale = (WIDTH / (columns * (w + 1))).max(1);
    let (tile_w, tile_h) = (w * scale + 1, h * scale + 1);
    let (sheet_w, sheet_h) = (columns * tile_w + 1, n.div_ceil(columns) * tile_h + 1);
    let mut sheet = RgbImage::from_pixel(u32::try_from(sheet_w)?, u32::try_from(sheet_h)?, Rgb(BETWEEN));
    for (i, tile) in values.chunks(h * w * channels).enumerate() {
        let (left, top) = (i % columns * tile_w + 1, i / columns * tile_h + 1);
        let pixels = stretched(tile);
        for (y, x) in (0..h * scale).flat_map(|y| (0..w * scale).map(move |x| (y, x))) {
            let at = (y / scale * w + x / scale) * channels;
            let colour = std::array::from_fn(|channel| pixels[at + channel % channels]);
            sheet.put_pixel((left + x) as u32, (top + y) as u32, Rgb(colour));
        }
    }
    sheet.save(path)?;
    Ok(())
}

fn stretched(tile: &[f64]) -> Vec<u8> {
    let finite = || tile.iter().copied().filter(|x| x.is_finite());
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let width = if high > low { high - low } else { 1.0 };
    tile.iter().map(|x| ((x - low) / width * 255.0).round() as u8).collect()
}
