//! Cats and dogs out of CIFAR-10: 1,000 of each to learn from and 500 of each to test on, bundled as mosaics that any image
//! viewer shows.

use std::path::Path;

use crate::{Dataset, Error, Images, folder, places};

/// The classes, in the order of their labels.
pub const CLASSES: [&str; 2] = ["cat", "dog"];
/// Height and width of an image in pixels.
pub(crate) const SIDE: usize = 32;

/// The bundled images.
pub fn bundled() -> Result<Dataset<Images>, Error> {
    load(&places::in_bundle("cats-and-dogs")?)
}

/// From a folder with `train-cat.png`, `train-dog.png`, `test-cat.png` and `test-dog.png`: mosaics of images of 32 × 32 pixels
/// without gaps, row by row.
pub fn load(folder: &Path) -> Result<Dataset<Images>, Error> {
    let part = |prefix: &str| {
        let mut images = mosaic(&folder.join(format!("{prefix}-{}.png", CLASSES[0])), 0)?;
        images.extend(mosaic(&folder.join(format!("{prefix}-{}.png", CLASSES[1])), 1)?);
        Ok(images)
    };
    Ok(Dataset { train: part("train")?, test: part("test")? })
}

fn mosaic(file: &Path, label: usize) -> Result<Images, Error> {
    let picture = folder::decode(file)?.to_rgb8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    if !width.is_multiple_of(SIDE) || !height.is_multiple_of(SIDE) {
        let reason = format!("{width} × {height} pixels cannot be cut into tiles of {SIDE} × {SIDE}");
        return Err(Error::malformed(file, reason));
    }
    let (across, down) = (width / SIDE, height / SIDE);
    let mut pixels = Vec::with_capacity(width * height * 3);
    for tile in 0..across * down {
        let (top, left) = (tile / across * SIDE, tile % across * SIDE);
        for row in top..top + SIDE {
            let line = &picture.as_raw()[(row * width + left) * 3..][..SIDE * 3];
            pixels.extend(line.iter().map(|&value| f32::from(value) / 255.0));
        }
    }
    Ok(Images {
        height: SIDE,
        width: SIDE,
        channels: 3,
        pixels,
        labels: vec![label; across * down],
        classes: CLASSES.map(str::to_owned).to_vec(),
    })
}
