//! Folders of photographs: `train/cats/1.jpg`, `test/dogs/7.png`. A folder's name is the class.

use std::{
    fs,
    path::{Path, PathBuf},
};

use image::{
    DynamicImage, ImageReader, RgbImage,
    imageops::{FilterType, overlay},
};

use crate::{Dataset, Error, Images, places::in_bundle};

/// Names of the test part, in the order of preference.
const TEST: [&str; 4] = ["test", "validation", "valid", "val"];

/// How photographs of different sizes come to have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// All of the photograph, its proportions changed: what Keras's `target_size` does.
    Stretch,
    /// Its proportions kept, and what is too much cut off on both sides alike.
    Crop,
    /// Its proportions kept, and black stripes where nothing is.
    Pad,
}

/// A few photographs that come with the course, each of another size, one of them grey.
pub fn bundled(height: usize, width: usize, fit: Fit) -> Result<Images, Error> {
    part(&in_bundle("photographs")?, height, width, fit)
}

/// The photographs in `folder/train` and `folder/test` (or `validation`, `valid`, `val`), as red, green and blue, of
/// `height` × `width`. Classes are in alphabetical order, and the same in both parts.
pub fn load(folder: &Path, height: usize, width: usize, fit: Fit) -> Result<Dataset<Images>, Error> {
    let test = TEST.iter().map(|name| folder.join(name)).find(|part| part.is_dir());
    let test = test.ok_or_else(|| Error::Missing {
        file: folder.join(TEST[0]),
        way_out: "put a folder of images for each class there (`validation`, `valid` or `val` will do too)"
            .into(),
    })?;
    let train = part(&folder.join("train"), height, width, fit)?;
    let data = Dataset { train, test: part(&test, height, width, fit)? };
    if data.train.classes != data.test.classes {
        let reason =
            format!("its classes {:?} are not those of train, {:?}", data.test.classes, data.train.classes);
        return Err(Error::malformed(&test, reason));
    }
    Ok(data)
}

/// The photographs in the folders of `folder`, a class each. Files that do not end in `.jpg`, `.jpeg` or `.png` are left out.
pub fn part(folder: &Path, height: usize, width: usize, fit: Fit) -> Result<Images, Error> {
    let mut images = Images { height, width, channels: 3, pixels: vec![], labels: vec![], classes: vec![] };
    for class in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        let label = images.classes.len();
        for file in entries(&class)?.into_iter().filter(|path| is_image(path)) {
            images.pixels.extend(resized(&file, height, width, fit)?);
            images.labels.push(label);
        }
        if images.labels.last() != Some(&label) {
            return Err(Error::malformed(&class, "no .jpg, .jpeg or .png in it"));
        }
        images.classes.push(class.file_name().unwrap_or_default().to_string_lossy().into_owned());
    }
    if images.classes.is_empty() {
        return Err(Error::malformed(folder, "no folder in it, but each class needs one"));
    }
    Ok(images)
}

fn resized(file: &Path, height: usize, width: usize, fit: Fit) -> Result<Vec<f32>, Error> {
    let (picture, height, width) = (decode(file)?, height as u32, width as u32);
    let picture = match fit {
        Fit::Stretch => picture.resize_exact(width, height, FilterType::Triangle).to_rgb8(),
        Fit::Crop => picture.resize_to_fill(width, height, FilterType::Triangle).to_rgb8(),
        Fit::Pad => padded(&picture.resize(width, height, FilterType::Triangle).to_rgb8(), height, width),
    };
    Ok(picture.into_raw().into_iter().map(|value| f32::from(value) / 255.0).collect())
}

/// In the middle of black.
fn padded(picture: &RgbImage, height: u32, width: u32) -> RgbImage {
    let mut whole = RgbImage::new(width, height);
    let (x, y) = ((width - picture.width()) / 2, (height - picture.height()) / 2);
    overlay(&mut whole, picture, i64::from(x), i64::from(y));
    whole
}

/// A picture, of the format that its content shows, whatever its name says.
pub(crate) fn decode(file: &Path) -> Result<DynamicImage, Error> {
    let reader = ImageReader::open(file).and_then(ImageReader::with_guessed_format);
    let reader = reader.map_err(Error::reading(file))?;
    reader.decode().map_err(|error| Error::malformed(file, format!("not a JPEG or PNG image ({error})")))
}

fn is_image(file: &Path) -> bool {
    let extension = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    file.is_file() && ["jpg", "jpeg", "png"].contains(&extension.as_str())
}

/// What a folder holds, in alphabetical order.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::reading(folder))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
    let mut paths = paths.map_err(Error::reading(folder))?;
    paths.sort();
    Ok(paths)
}
