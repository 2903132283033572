//! MNIST (LeCun, Cortes, Burges) and Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): grey images of 28 × 28 pixels in ten classes.

use std::path::{Path, PathBuf};

use crate::{Dataset, Error, Images, Split, bytes, idx, places};

/// Folders in which MNIST may lie, below a folder of data sets.
pub(crate) const FOLDERS: &[&str] = &["mnist"];
/// The same for Fashion-MNIST.
pub(crate) const FASHION_FOLDERS: &[&str] = &["fashion-mnist"];
const PROBES: &[&str] = &["train-images-idx3-ubyte.gz", "train-images-idx3-ubyte"];

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const FASHION: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// The bundled subset: the first 2,000 training and 100 test images of each digit, in the order of MNIST.
pub fn bundled() -> Result<Dataset<Images>, Error> {
    load(&places::in_bundle("mnist")?)
}

/// All of MNIST: 60,000 training and 10,000 test images.
pub fn full() -> Result<Dataset<Images>, Error> {
    load(&places::find("mnist", FOLDERS, PROBES)?)
}

/// All of Fashion-MNIST: 60,000 training and 10,000 test images.
pub fn fashion() -> Result<Dataset<Images>, Error> {
    load_as(&places::find("fashion-mnist", FASHION_FOLDERS, PROBES)?, FASHION)
}

/// MNIST from a folder that holds the four files under their original names, with or without `.gz`.
pub fn load(folder: &Path) -> Result<Dataset<Images>, Error> {
    load_as(folder, DIGITS)
}

fn load_as(folder: &Path, classes: [&str; 10]) -> Result<Dataset<Images>, Error> {
    let part = |split| load_part(folder, split, &classes);
    let data = Dataset { train: part(Split::Train)?, test: part(Split::Test)? };
    let size = |images: &Images| (images.height, images.width);
    if size(&data.train) != size(&data.test) {
        let reason = format!(
            "training images have {:?} pixels, test images {:?}",
            size(&data.train),
            size(&data.test)
        );
        return Err(Error::malformed(folder, reason));
    }
    Ok(data)
}

fn load_part(folder: &Path, split: Split, classes: &[&str]) -> Result<Images, Error> {
    let prefix = match split {
        Split::Train => "train",
        Split::Test => "t10k",
    };
    let (file, content) = read(folder, &format!("{prefix}-images-idx3-ubyte"))?;
    let pixels = idx::images(&content, &file)?;
    let n = pixels.bytes.len() / (pixels.height * pixels.width);
    let (label_file, label_content) = read(folder, &format!("{prefix}-labels-idx1-ubyte"))?;
    let labels = idx::labels(&label_content, classes.len(), &label_file)?;
    if labels.len() != n {
        let reason = format!("{} labels, but {n} images in {}", labels.len(), file.display());
        return Err(Error::malformed(&label_file, reason));
    }
    Ok(Images {
        height: pixels.height,
        width: pixels.width,
        channels: 1,
        pixels: pixels.bytes.iter().map(|&grey| f32::from(grey) / 255.0).collect(),
        labels,
        classes: classes.iter().map(|&class| class.to_owned()).collect(),
    })
}

/// A file under its plain name or compressed; missing both, the error names the compressed one.
fn read(folder: &Path, name: &str) -> Result<(PathBuf, Vec<u8>), Error> {
    let plain = folder.join(name);
    let file = if plain.is_file() { plain } else { folder.join(format!("{name}.gz")) };
    let content = bytes::read(&file)?;
    Ok((file, content))
}
