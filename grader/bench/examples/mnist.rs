//! Trains on all of MNIST: `mnist [mlp|cnn|lenet] [EPOCHS]`, with `CRASH_COURSE_DATA` naming a folder that has the four
//! files `mnist/*-ubyte.gz`. Prints the test accuracy and the seconds of each epoch.

use std::io::Read;
use std::path::{Path, PathBuf};

use bench::{Classifier, LeNet5, Mlp, MnistCnn};
use dfdx::prelude::*;
use flate2::read::GzDecoder;
use toolkit::callbacks::{Callback, Flow};
use toolkit::fit::{Epoch, Plan, accuracy, fit};
use toolkit::ops::LossOps;
use toolkit::optim::{AdamConfig, Optimizer, Rule};
use toolkit::tensor::{Images, Indices};

type Error = Box<dyn std::error::Error>;

const SIDE: usize = 28;

/// Images as bytes, and their digits.
struct Digits {
    pixels: Vec<u8>,
    labels: Vec<usize>,
}

impl Digits {
    fn load(folder: &Path, name: &str) -> Result<Self, Error> {
        let images = idx(&folder.join(format!("{name}-images-idx3-ubyte.gz")))?;
        let labels = idx(&folder.join(format!("{name}-labels-idx1-ubyte.gz")))?;
        let sizes = [labels.0[0], SIDE, SIDE];
        if images.0 != sizes {
            return Err(format!("{name}: images of {:?}, where {sizes:?} was expected", images.0).into());
        }
        Ok(Digits { pixels: images.1, labels: labels.1.into_iter().map(usize::from).collect() })
    }

    fn batch(&self, dev: &Cpu, rows: &[usize]) -> (Images<Cpu>, Indices<Cpu>) {
        let size = SIDE * SIDE;
        let pixels = rows.iter().flat_map(|&row| &self.pixels[row * size..(row + 1) * size]);
        let pixels: Vec<f32> = pixels.map(|&pixel| f32::from(pixel) / 255.0).collect();
        let labels = rows.iter().map(|&row| self.labels[row]).collect();
        (dev.tensor_from_vec(pixels, (rows.len(), SIDE, SIDE, 1)), dev.tensor_from_vec(labels, (rows.len(),)))
    }

    fn accuracy(&self, dev: &Cpu, model: &impl Classifier) -> f32 {
        let rows: Vec<usize> = (0..self.labels.len()).collect();
        let right = rows.chunks(500).map(|rows| {
            let (x, y) = self.batch(dev, rows);
            accuracy(&model.forward(x, NoneTape), &y.as_vec()) * rows.len() as f32
        });
        right.sum::<f32>() / rows.len() as f32
    }
}

/// The sizes and the bytes of a gzipped IDX file.
fn idx(path: &Path) -> Result<(Vec<usize>, Vec<u8>), Error> {
    let file =
        std::fs::File::open(path).map_err(|error| format!("failed to read `{}`: {error}", path.display()))?;
    let mut bytes = vec![];
    GzDecoder::new(file).read_to_end(&mut bytes)?;
    let [0, 0, 8, axes, rest @ ..] = &bytes[..] else {
        return Err(format!("`{}` is no IDX file of bytes", path.display()).into());
    };
    let (header, data) = rest.split_at_checked(4 * usize::from(*axes)).ok_or("the IDX header is cut off")?;
    let word = |word: &[u8]| word.iter().fold(0, |size, &byte| size << 8 | usize::from(byte));
    let sizes: Vec<usize> = header.chunks(4).map(word).collect();
    if sizes.iter().product::<usize>() != data.len() {
        return Err(format!("`{}` says {sizes:?}, but has {} bytes", path.display(), data.len()).into());
    }
    Ok((sizes, data.to_vec()))
}

/// Prints a line after each epoch.
struct Lines;

impl Callback for Lines {
    fn epoch(&mut self, epochs: &[Epoch]) -> Flow {
        if let Some(epoch) = epochs.last() {
            let test = epoch.metric("accuracy").unwrap_or(f32::NAN) * 100.0;
            println!(
                "epoch {}: loss {:.4}, test {test:.2} %, {:.1} s",
                epoch.number, epoch.loss, epoch.seconds
            );
        }
        Flow::Continue
    }
}

fn train(dev: &Cpu, mut model: impl Classifier, epochs: usize) -> Result<(), Error> {
    let folder = std::env::var_os("CRASH_COURSE_DATA").ok_or("CRASH_COURSE_DATA is not set")?;
    let folder = PathBuf::from(folder).join("mnist");
    let (train, test) = (Digits::load(&folder, "train")?, Digits::load(&folder, "t10k")?);
    let plan = Plan { epochs, batch: 128, seed: 0 };
    let mut lines = Lines;
    #[cfg(feature = "progress")]
    let mut bar = toolkit::progress::Progress::default();
    fit(
        &mut model,
        &mut Optimizer::new(Rule::Adam(AdamConfig::default())),
        &plan,
        train.labels.len(),
        |model, rows| {
            let (x, y) = train.batch(dev, rows);
            Cpu::softmax_cross_entropy(model.forward(x, OwnedTape::default()), &y)
        },
        |model| vec![("accuracy", test.accuracy(dev, model))],
        &mut [
            &mut lines,
            #[cfg(feature = "progress")]
            &mut bar,
        ],
    )
    .map_err(|error| format!("{error:?}"))?;
    Ok(())
}

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "mlp".into());
    let epochs = arguments.next().map_or(Ok(2), |epochs| epochs.parse())?;
    let dev = Cpu::seed_from_u64(0);
    match name.as_str() {
        "mlp" => train(&dev, Mlp::new(&dev), epochs),
        "cnn" => train(&dev, MnistCnn::new(&dev), epochs),
        "lenet" => train(&dev, LeNet5::new(&dev), epochs),
        _ => Err(format!("`{name}` is not mlp, cnn or lenet").into()),
    }
}
