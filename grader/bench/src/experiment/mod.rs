//! What the experiments share: networks of fully connected layers, and a record of what came out. What is compared with what,
//! each example in `examples` says by itself.

mod perceptron;
mod record;

pub use perceptron::{Design, Norms, Perceptron, Scores};
pub use record::{Record, four_digits, spread};

use anyhow::Result;
use datasets::{Dataset, Examples, Images, mnist};

/// Every training is done three times, with other weights, orders and masks.
pub const SEEDS: [u64; 3] = [0, 1, 2];

/// The first `train` training images of MNIST, and its images from number `from` on, `test` of them, to measure by. `from` counts
/// from the first training image.
///
/// # Errors
/// When MNIST is not there in full.
pub fn digits(train: usize, (from, test): (usize, usize)) -> Result<Dataset<Images>> {
    let mnist = mnist::full()?;
    let rows = |images: &Images, from: usize, n: usize| images.select(&(from..from + n).collect::<Vec<_>>());
    let size = mnist.train.len();
    let measured =
        if from < size { rows(&mnist.train, from, test) } else { rows(&mnist.test, from - size, test) };
    Ok(Dataset { train: rows(&mnist.train, 0, train), test: measured })
}
