//! How the bundled subsets were cut out of the full data sets; run again, it makes the same files.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use flate2::{Compression, GzBuilder};

use crate::{
    Dataset, Error, Examples, Images, bytes, cats_and_dogs, cifar10, efficientnet,
    fetch::{sha256, sha256_of_content},
    idx, mnist, picture, text, weights,
};

/// Images of each digit: to learn from, to test on.
const DIGITS: (usize, usize) = (2000, 100);
/// Cats and dogs each to learn from; cats and dogs each to test on.
const PETS: (usize, usize) = (1000, 500);
/// At least so many bytes of each text, to the end of the line.
const TEXT: usize = 500_000;
/// Photographs of different sizes, and the folders that they lie in.
const PHOTOGRAPHS: [(&str, &str); 3] =
    [("cat", "chelsea.png"), ("photographer", "camera.png"), ("rocket", "rocket.jpg")];
/// The most frequent words.
const WORDS: usize = 4000;
/// The list of checksums.
pub const SUMS: &str = "SHA256SUMS";

/// Cuts all subsets out of the full data sets below `full` into `to`, and lists their checksums in `SHA256SUMS`.
pub fn bundle(full: &Path, to: &Path) -> Result<(), Error> {
    let mut made = digits(&full.join("mnist"), &to.join("mnist"))?;
    made.extend(pets(&full.join("cifar10/cifar10-small"), &to.join("cats-and-dogs"))?);
    for (name, _) in text::NAMES {
        made.push(beginning(&full.join("text").join(format!("{name}.txt")), name, &to.join("text"))?);
    }
    for (class, name) in PHOTOGRAPHS {
        made.push(copied(&full.join("images").join(name), &to.join("photographs").join(class))?);
    }
    made.push(words(&full.join("embeddings/glove.6B.50d.top20000.txt.gz"), &to.join("glove"))?);
    for name in ["diabetes_data_raw.csv.gz", "diabetes_target.csv.gz"] {
        let content = bytes::read(&full.join("tabular").join(name))?;
        made.push(write_gz(&to.join("diabetes"), name, &content)?);
    }
    made.extend(efficientnet(&full.join("efficientnet_lite0"), &to.join(efficientnet::FOLDER))?);
    made.sort();
    let mut sums = String::from("# SHA-256 of the content: of .gz files decompressed\n");
    for file in made {
        let is_gz = file.extension().is_some_and(|extension| extension == "gz");
        let sum = if is_gz { sha256_of_content(&file)? } else { sha256(&file)? };
        let name = file.strip_prefix(to).unwrap_or(&file).display();
        sums.push_str(&format!("{sum}  {name}\n"));
    }
    fs::write(to.join(SUMS), sums).map_err(Error::writing(&to.join(SUMS)))
}

/// The first images of each digit, in the order of MNIST.
fn digits(full: &Path, to: &Path) -> Result<Vec<PathBuf>, Error> {
    let all = mnist::load(full)?;
    let mut made = Vec::new();
    for (prefix, images, n) in [("train", &all.train, DIGITS.0), ("t10k", &all.test, DIGITS.1)] {
        let some = images.select(&images.numbers_of_each_class(0, n));
        let pixels: Vec<u8> = some.pixels.iter().map(|&grey| picture::to_byte(grey)).collect();
        let labels: Vec<u8> = some.labels.iter().map(|&label| label as u8).collect();
        let content = idx::encode_images(some.len(), some.height, some.width, &pixels);
        made.push(write_gz(to, &format!("{prefix}-images-idx3-ubyte.gz"), &content)?);
        let content = idx::encode_labels(&labels);
        made.push(write_gz(to, &format!("{prefix}-labels-idx1-ubyte.gz"), &content)?);
    }
    Ok(made)
}

/// Of each class the first 1,000 of CIFAR-10's training part to learn from. To test on: what `cifar10-small` has of its test part
/// (400), then as many further ones of the training part as are lacking.
fn pets(full: &Path, to: &Path) -> Result<Vec<PathBuf>, Error> {
    let class = |name| cifar10::CLASSES.iter().position(|class| *class == name);
    let classes: Vec<usize> = cats_and_dogs::CLASSES.iter().filter_map(|name| class(*name)).collect();
    let Dataset { train, test } = cifar10::load(full)?.map(|images| images.of_classes(&classes));
    make(to)?;
    let mut made = Vec::new();
    for (label, name) in cats_and_dogs::CLASSES.iter().enumerate() {
        let (train, test) = (train.of_classes(&[label]), test.of_classes(&[label]));
        let tested = test.len().min(PETS.1);
        let mut held_out = test.select(&(0..tested).collect::<Vec<_>>());
        held_out.extend(train.select(&(PETS.0..PETS.0 + PETS.1 - tested).collect::<Vec<_>>()));
        let learnt = train.select(&(0..PETS.0).collect::<Vec<_>>());
        made.push(write_mosaic(&learnt, to.join(format!("train-{name}.png")))?);
        made.push(write_mosaic(&held_out, to.join(format!("test-{name}.png")))?);
    }
    Ok(made)
}

fn write_mosaic(images: &Images, file: PathBuf) -> Result<PathBuf, Error> {
    picture::mosaic(images, 25, 0, &file)?;
    Ok(file)
}

fn beginning(full: &Path, name: &str, to: &Path) -> Result<PathBuf, Error> {
    let text = bytes::text(full)?;
    let end =
        text.char_indices().find(|&(i, c)| i + 1 >= TEXT && c == '\n').map_or(text.len(), |(i, _)| i + 1);
    write_gz(to, &format!("{name}.txt.gz"), &text.as_bytes()[..end])
}

fn copied(file: &Path, to: &Path) -> Result<PathBuf, Error> {
    make(to)?;
    let copy = to.join(file.file_name().unwrap_or_default());
    fs::write(&copy, bytes::read(file)?).map_err(Error::writing(&copy))?;
    Ok(copy)
}

fn words(full: &Path, to: &Path) -> Result<PathBuf, Error> {
    let text = bytes::text(full)?;
    let lines: Vec<&str> = text.split_inclusive('\n').take(WORDS).collect();
    write_gz(to, "glove.6B.50d.top4000.txt.gz", lines.concat().as_bytes())
}

/// The weights in half precision, the classes' names, the photographs.
fn efficientnet(full: &Path, to: &Path) -> Result<Vec<PathBuf>, Error> {
    make(to)?;
    let file = to.join(efficientnet::WEIGHTS);
    weights::save_half(&weights::load(&full.join(efficientnet::WEIGHTS))?, &file)?;
    let labels = to.join("imagenet_labels.txt");
    fs::write(&labels, bytes::read(&full.join("imagenet_labels.txt"))?).map_err(Error::writing(&labels))?;
    let mut made = vec![file, labels];
    for name in efficientnet::PHOTOGRAPHS {
        let photograph = efficientnet::photograph_in(&full.join(format!("{name}_224.ppm")), name)?;
        let file = to.join(format!("{name}.png"));
        picture::mosaic(&photograph, 1, 0, &file)?;
        made.push(file);
    }
    Ok(made)
}

/// A gzip file without name and time, so that the same content gives the same file.
fn write_gz(folder: &Path, name: &str, content: &[u8]) -> Result<PathBuf, Error> {
    make(folder)?;
    let file = folder.join(name);
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    let packed = encoder.write_all(content).and_then(|()| encoder.finish());
    let packed = packed.map_err(Error::writing(&file))?;
    fs::write(&file, packed).map_err(Error::writing(&file))?;
    Ok(file)
}

fn make(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(Error::writing(folder))
}
