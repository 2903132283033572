//! A matrix as coloured cells, as SVG: confusion matrices, attention, weights.

use std::path::Path;

use dfdx::prelude::*;
use plotters::prelude::*;

use super::{PictureError, range};
use crate::tensor::Matrix;

/// Draws a matrix (rows, columns) from white (smallest) to dark blue (largest) into an SVG file; row 0 is on top. Each
/// cell carries its number where there are at most 20 columns. NaN is drawn red.
///
/// # Errors
/// When the file can't be written.
pub fn heat_map<D: Device<f32>>(path: &Path, title: &str, matrix: &Matrix<D>) -> Result<(), PictureError> {
    draw(path, title, *matrix.shape(), &matrix.as_vec()).map_err(|cause| PictureError::new(path, cause))
}

const TOP: i32 = 40;

fn draw(
    path: &Path,
    title: &str,
    (rows, columns): (usize, usize),
    cells: &[f32],
) -> Result<(), Box<dyn std::error::Error>> {
    let side = (600 / columns.max(1)).clamp(4, 60) as i32;
    let size = ((side * columns as i32).max(200) as u32, (side * rows as i32 + TOP) as u32);
    let (low, high) = range(cells.iter().copied());
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&WHITE)?;
        area.draw(&Text::new(title, (8, 10), ("sans-serif", 20)))?;
        for (k, &value) in cells.iter().enumerate() {
            let (x, y) = ((k % columns) as i32 * side, (k / columns) as i32 * side + TOP);
            let depth = (value - low) / (high - low);
            area.draw(&Rectangle::new([(x, y), (x + side, y + side)], colour(depth).filled()))?;
            if columns <= 20 {
                let ink = if depth > 0.5 { WHITE } else { BLACK };
                let style = ("sans-serif", side / 3).into_font().color(&ink);
                area.draw(&Text::new(short(value), (x + side / 8, y + side / 3), style))?;
            }
        }
        area.present()?;
    }
    Ok(std::fs::write(path, svg)?)
}

fn colour(depth: f32) -> RGBColor {
    if depth.is_nan() {
        return RED;
    }
    let mix = |to: f32| (255.0 + (to - 255.0) * depth.clamp(0.0, 1.0)) as u8;
    RGBColor(mix(8.0), mix(48.0), mix(107.0))
}

/// Whole numbers without decimals, others with two.
fn short(value: f32) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
