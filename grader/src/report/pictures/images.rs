//! Sheets of images, with what they are above and what their brightness means below.

use std::{fs, io::Cursor, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use image::{DynamicImage, GrayImage, ImageFormat, RgbImage, imageops::FilterType};

use super::{Drawing, Error};
use crate::clean::{clean, escape_markup};

/// Pixels that the sheet is about as wide as.
const WIDTH: usize = 800;
const BETWEEN: [u8; 3] = [40, 60, 120];

/// Room for the words above and below, and at the sides.
const ABOVE: usize = 40;
const BELOW: usize = 44;
const MARGIN: usize = 12;
/// The narrowest picture whose words fit.
const NARROWEST: usize = 460;

/// Draws `shape.0` images, each stretched from its darkest to its brightest element, in about as many rows as columns.
pub fn draw(path: &Path, title: &str, shape: &[usize], values: &[f64]) -> Drawing {
    let sheet = sheet(shape, values)?;
    let (width, height) = (usize::try_from(sheet.width())?, usize::try_from(sheet.height())?);
    let mut png = Cursor::new(Vec::new());
    sheet.write_to(&mut png, ImageFormat::Png)?;
    let (wide, high) = ((width + 2 * MARGIN).max(NARROWEST), height + ABOVE + BELOW);
    let (title, png) = (escape_markup(&clean(title)), BASE64_STANDARD.encode(png.into_inner()));
    let meaning = meaning(shape, values, ABOVE + height);
    let svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" role="img" font-family="sans-serif">
<title>{title}</title>
<rect width="{wide}" height="{high}" fill="#fff"/>
<text x="{MARGIN}" y="26" font-size="18">{title}</text>
<image x="{MARGIN}" y="{ABOVE}" width="{width}" height="{height}" style="image-rendering:pixelated" href="data:image/png;base64,{png}"/>
{meaning}
</svg>
"##
    );
    Ok(fs::write(path, svg)?)
}

/// A scale where one map is shown, so that its numbers can be read; a sentence where each image has a scale of its own.
fn meaning(shape: &[usize], values: &[f64], bottom: usize) -> String {
    let y = bottom + 28;
    if !matches!(*shape, [1, _, _] | [1, _, _, 1]) {
        let says = "Each image is stretched from its least to its largest value.";
        return format!(r#"<text x="{MARGIN}" y="{y}" font-size="14">{says}</text>"#);
    }
    let (low, high) = reach(values);
    let (bar, end) = (MARGIN + 90, MARGIN + 300);
    let (low, high) = (number(low), number(high));
    format!(
        r##"<defs><linearGradient id="scale"><stop stop-color="#000"/><stop offset="1" stop-color="#fff"/></linearGradient></defs>
<text x="{}" y="{y}" font-size="14" text-anchor="end">{low}</text>
<rect x="{bar}" y="{}" width="200" height="14" fill="url(#scale)" stroke="#888"/>
<text x="{end}" y="{y}" font-size="14">{high}</text>"##,
        bar - 10,
        y - 12,
    )
}

/// Three digits.
fn number(x: f64) -> String {
    let x = if x == 0.0 { 0.0 } else { x };
    if x != 0.0 && !(1e-3..1e6).contains(&x.abs()) {
        format!("{x:.2e}")
    } else {
        format!("{}", (x * 1e3).round() / 1e3)
    }
}

fn sheet(shape: &[usize], values: &[f64]) -> Result<RgbImage, Error> {
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
    Ok(RgbImage::from_raw(width, height, sheet).ok_or("a sheet of another size than its pixels")?)
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
    let (low, high) = reach(tile);
    let width = if high > low { high - low } else { 1.0 };
    tile.iter().map(|x| ((x - low) / width * 255.0).round() as u8).collect()
}

/// The least and the largest of the finite values.
fn reach(values: &[f64]) -> (f64, f64) {
    let finite = || values.iter().copied().filter(|x| x.is_finite());
    (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max))
}
