//! Pictures of training and of what was learnt: curves and labelled heat maps as SVG, image grids as PNG. They are
//! written to files and depend on nothing but their arguments: the same numbers give the same bytes.

mod curves;
mod grid;
mod heat_map;

pub use curves::{CurvesFile, curves};
pub use grid::{Grid, image_grid};
pub use heat_map::heat_map;

use std::{error::Error, fmt, path::Path};

/// A picture that could not be made or written.
#[derive(Debug)]
pub struct PictureError(String);

impl PictureError {
    fn new(path: &Path, cause: impl fmt::Display) -> Self {
        PictureError(format!("failed to write the picture `{}`: {cause}", path.display()))
    }
}

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for PictureError {}

/// The smallest and the largest finite number, a little apart where they are equal; 0 and 1 where there are none.
fn range(numbers: impl Iterator<Item = f32>) -> (f32, f32) {
    let finite = numbers.filter(|number| number.is_finite());
    let (low, high) = finite.fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
    match low.partial_cmp(&high) {
        Some(std::cmp::Ordering::Less) => (low, high),
        Some(std::cmp::Ordering::Equal) => (low - 0.5, high + 0.5),
        _ => (0.0, 1.0),
    }
}
