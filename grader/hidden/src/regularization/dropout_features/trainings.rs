//! Cases for `train_autoencoder`: networks as they are drawn, losses that are known, and what dropout does to features.

use datasets::Images;
use ndarray::Axis;
use rand::Rng;

use crate::{Args, Budget, Derived, Distribution, Rule, Statistic, Suite, Tensor, draws};

/// A call of `train_autoencoder`.
#[derive(Clone, Copy)]
pub struct Recipe {
    pub hidden: usize,
    pub dropout: f64,
    pub epochs: usize,
    pub batch_size: usize,
    pub learning_rate: f64,
}

impl Recipe {
    pub fn args(self, images: &Tensor, seed: usize) -> Args {
        Args::new()
            .function("train_autoencoder")
            .constant("images", images.clone())
            .count("hidden", self.hidden)
            .number("dropout", self.dropout)
            .count("epochs", self.epochs)
            .count("batch_size", self.batch_size)
            .number("learning_rate", self.learning_rate)
            .count("seed", seed)
    }
}

pub const SMALL: Recipe = Recipe { hidden: 8, dropout: 0.0, epochs: 3, batch_size: 4, learning_rate: 0.01 };

/// Without epochs, the network is what was drawn.
pub fn starts(t: &mut Suite) {
    let (pixels, hidden) = (50, 60);
    let (images, seed) = (t.uniform(&[7, pixels], 0.0, 1.0), t.seed());
    let mean = images.mean_axis(Axis(0)).unwrap_or_default();
    let case = t.call(
        "no epochs: the network as it was drawn",
        Recipe { hidden, epochs: 0, ..SMALL }.args(&images, seed),
    );
    case.check("loss", Rule::Shape { shape: vec![0] }).close("decoder_bias", &mean, Budget::sum(7)).close(
        "encoder_bias",
        &Tensor::zeros(vec![hidden]),
        Budget::exact(),
    );
    let n = (pixels * hidden) as f64;
    // Both are missed once in 10⁶ draws at most: the std of n normal numbers is off by 1/√(2n), and never by five times
    // that; P(distance > d) ≤ 2·exp(−2nd²), Massart's bound, is 10⁻⁶ for d = 2.7/√n.
    let (slack, distance) = (5.0 * 0.01 / (2.0 * n).sqrt(), 2.7 / n.sqrt());
    for (weights, shape) in [("encoder", [pixels, hidden]), ("decoder", [hidden, pixels])] {
        let normal = Distribution::Normal { mean: 0.0, std: 0.01 };
        case.check(weights, Rule::Shape { shape: shape.to_vec() })
            .statistic(weights, Statistic::Std, 0.01 - slack, 0.01 + slack)
            .statistic(weights, Statistic::DistanceTo(normal), 0.0, distance);
    }
}

/// Half a million weights each: a spread that is 1 % off is far outside.
pub fn large_start(t: &mut Suite) {
    let (pixels, hidden) = (700, 800);
    let (images, seed) = (t.uniform(&[2, pixels], 0.0, 1.0), t.seed());
    let args = Recipe { hidden, epochs: 0, ..SMALL }.args(&images, seed);
    let case = t.call("no epochs: a large network as it was drawn", args);
    draws::normal(case, "encoder", pixels * hidden, 0.01);
    draws::normal(case, "decoder", pixels * hidden, 0.01);
}

/// With a learning rate of 0 nothing is learnt, and weights of 0.01 add next to nothing to the mean image: each image's
/// loss is its mean squared distance from that. One image is far from the others, so that it matters how much the last
/// batch counts. What the weights add is less than 0.3 % here, a seventh of the room.
pub fn losses(t: &mut Suite) {
    for (n, batch_size) in [(5, 4), (7, 3), (9, 2), (6, 5), (8, 20), (1, 1), (6, 2), (11, 10)] {
        let pixels = t.rng.gen_range(3..=6);
        let mut images = t.uniform(&[n, pixels], 0.0, 1.0);
        images.index_axis_mut(Axis(0), 0).mapv_inplace(|x| x + 3.0);
        let distances = &images - &images.mean_axis(Axis(0)).unwrap_or_default();
        let loss = distances.mapv(|d| d * d).mean().unwrap_or_default();
        let recipe = Recipe { hidden: 4, batch_size, learning_rate: 0.0, ..SMALL };
        let about = format!(
            "{n} images in batches of {batch_size}, and a learning rate of 0: the loss stays the same"
        );
        let args = recipe.args(&images, t.seed());
        let case = t.call(&about, args);
        case.check("loss", Rule::Shape { shape: vec![3] });
        // A single image is its own mean: what is left are the weights' squares, 10⁻⁸.
        let (low, high) = if n == 1 { (0.0, 1e-4) } else { (0.98 * loss, 1.02 * loss) };
        case.check("loss", Rule::Within { low, high });
    }
}

pub fn same_seed(t: &mut Suite) {
    let (images, seed) = (t.uniform(&[9, 6], 0.0, 1.0), t.seed());
    for dropout in [0.0, 0.5] {
        let args = |seed| Recipe { dropout, ..SMALL }.args(&images, seed);
        let case = t.call("the same seed gives the same network, another seed another one", args(seed));
        for output in ["loss", "encoder", "decoder"] {
            case.also(args(seed)).check(output, Rule::SameAs { call: 0, output: output.to_owned() });
        }
        case.also(args(seed + 1))
            .check("encoder", Rule::DiffersFrom { call: 0, output: "encoder".to_owned() });
    }
}

/// The images with half the height and width: each pixel is the mean of four.
pub fn halved(t: &Suite, images: &Images) -> Tensor {
    let (height, width) = (images.height / 2, images.width / 2);
    let mut values = Vec::new();
    for image in 0..images.labels.len() {
        let image = images.image(image);
        for (row, column) in (0..height * width).map(|i| (2 * (i / width), 2 * (i % width))) {
            let at = |r: usize, c: usize| f64::from(image[(row + r) * images.width + column + c]);
            values.push((at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4.0);
        }
    }
    t.array(&[images.labels.len(), height * width], &values)
}

/// The same digits with and without dropout. `between` lies between the mean kurtosis of the two. Measured in 29 trainings
/// each on the halved digits: 1.41 ± 0.08 without and 3.16 ± 0.17 with dropout, so that 2.1 is six deviations away.
pub fn with_and_without(t: &mut Suite, images: &Tensor, height: usize, epochs: usize, between: f64) {
    for (dropout, name, (low, high), about) in [
        (0.0, "without dropout", (-3.0, between), "digits without dropout: features all over the image"),
        (0.5, "with dropout", (between, 1000.0), "digits with dropout: features are strokes, and sparse"),
    ] {
        let recipe = Recipe { hidden: 256, dropout, epochs, batch_size: 150, learning_rate: 0.003 };
        let args =
            recipe.args(images, t.seed()).count("height", height).function("train_autoencoder + kurtosis");
        t.call(about, args)
            .statistic("kurtosis", Statistic::Mean, low, high)
            .images(&format!("features {name}"), "features")
            .number(&format!("mean kurtosis {name}"), Derived::of("kurtosis").statistic(Statistic::Mean))
            .curve(name, "loss");
    }
}
