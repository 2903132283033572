//! What is done to every image in the same way, by value. Batches of one image leave the order no room.

use rand::Rng;

use super::{call, fitted};
use crate::{Args, Budget, Suite, Tensor};

pub fn check(t: &mut Suite) {
    for _ in 0..64 {
        let steps = Steps::random(t);
        let lengths = [t.rng.gen_range(2..=4), t.rng.gen_range(2..=4), t.rng.gen_range(1..=3)];
        standardized(t, "random images and steps", steps, lengths);
    }
    for channels_first in [false, true] {
        let steps = Steps { channels_first, ..Steps::NONE };
        standardized(t, "no arguments, no change", steps, [3, 4, 2]);
    }
    let all = Steps {
        rescale: 0.125,
        square: true,
        samplewise: (true, true),
        featurewise: (true, true),
        ..Steps::NONE
    };
    standardized(t, "all steps together, not square", all, [2, 5, 3]);
    constant_image(t);
    for _ in 0..16 {
        whitened(t);
    }
}

/// The arguments whose effect is known.
#[derive(Clone, Copy)]
struct Steps {
    square: bool,
    rescale: f64,
    /// Centre and std.
    samplewise: (bool, bool),
    /// Centre and std.
    featurewise: (bool, bool),
    channels_first: bool,
}

impl Steps {
    const NONE: Self = Self {
        square: false,
        rescale: 1.0,
        samplewise: (false, false),
        featurewise: (false, false),
        channels_first: false,
    };

    fn random(t: &mut Suite) -> Self {
        let mut coin = || t.rng.gen_bool(0.5);
        let (square, samplewise, featurewise) = (coin(), (coin(), coin()), (coin(), coin()));
        let channels_first = coin();
        let rescale = f64::from(t.rng.gen_range(0.25_f32..2.0));
        Self { square, rescale, samplewise, featurewise, channels_first }
    }

    fn pass_on(&self, args: Args) -> Args {
        args.flag("square", self.square)
            .number("rescale", self.rescale)
            .flag("samplewise_center", self.samplewise.0)
            .flag("samplewise_std_normalization", self.samplewise.1)
            .flag("featurewise_center", self.featurewise.0)
            .flag("featurewise_std_normalization", self.featurewise.1)
            .flag("channels_first", self.channels_first)
    }

    /// What is done to one image without knowing others.
    fn to_one(self, image: &[f64]) -> Vec<f64> {
        let image = image.iter().map(|&x| if self.square { x * x } else { x } * self.rescale);
        let mut image: Vec<f64> = image.collect();
        let (mean, std) = statistics(&image);
        let (center, normalize) = self.samplewise;
        if center || normalize {
            image.iter_mut().for_each(|x| *x -= mean);
        }
        if normalize {
            image.iter_mut().for_each(|x| *x /= std + 1e-6);
        }
        image
    }

    /// The image after all steps, with statistics from the `training` images; elements are (height, width, channel).
    fn to_all(self, image: &[f64], training: &[Vec<f64>], channels: usize) -> Vec<f64> {
        let training: Vec<Vec<f64>> = training.iter().map(|image| self.to_one(image)).collect();
        let (center, normalize) = self.featurewise;
        let mut image = self.to_one(image);
        for channel in 0..channels {
            let of =
                |image: &Vec<f64>| image.iter().skip(channel).step_by(channels).copied().collect::<Vec<_>>();
            let (mean, std) = statistics(&training.iter().flat_map(of).collect::<Vec<_>>());
            for x in image.iter_mut().skip(channel).step_by(channels) {
                *x -= if center || normalize { mean } else { 0.0 };
                *x /= if normalize { std } else { 1.0 };
            }
        }
        image
    }
}

/// Mean and standard deviation, dividing by n.
fn statistics(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt())
}

/// Fits a generator to five images and sends another one through it.
fn standardized(t: &mut Suite, about: &str, steps: Steps, lengths: [usize; 3]) {
    let [height, width, channels] = lengths;
    // Not centred and not of size 1, so that each step does something.
    let mut draw = |n| t.normal(&[n, height, width, channels], 2.0).mapv(|x| f64::from((x + 1.0) as f32));
    let (x, fit) = (draw(1), draw(5));
    let training: Vec<Vec<f64>> = fit.outer_iter().map(|image| image.iter().copied().collect()).collect();
    let image: Vec<f64> = x.iter().copied().collect();
    let want = steps.to_all(&image, &training, channels);
    let mut elements = want.into_iter();
    let want = Tensor::from_shape_simple_fn(x.shape().to_vec(), || elements.next().unwrap_or_default());
    let format = |x: Tensor| if steps.channels_first { channels_first(&x) } else { x };
    let args = fitted(steps.pass_on(call(format(x), &[0], 4, 1, 1)), format(fit));
    // Squares of size 10 are centred: errors are relative to those. The longest sum has 5 · 4 · 4 terms.
    t.call(about, args).close("images0", &format(want), Budget::sum(80).scale(10.0));
}

fn channels_first(x: &Tensor) -> Tensor {
    let (shape, at) = (x.shape(), |at: &ndarray::IxDyn| [at[0], at[2], at[3], at[1]]);
    Tensor::from_shape_fn(vec![shape[0], shape[3], shape[1], shape[2]], |index| x[at(&index)])
}

fn constant_image(t: &mut Suite) {
    let x = Tensor::from_elem(vec![1, 2, 3, 1], 0.75);
    let args = call(x.clone(), &[0], 1, 1, 1).flag("samplewise_std_normalization", true);
    t.call("a constant image, whose standard deviation is 0", args).close(
        "images0",
        &Tensor::zeros(x.shape().to_vec()),
        Budget::exact(),
    );
}

/// Images of two pixels: the whitening matrix has a closed form then.
fn whitened(t: &mut Suite) {
    const EPSILON: f64 = 1e-6;
    let n = 12;
    let (fit, (means, [a, b, c])) = loop {
        let fit = t.normal(&[n, 1, 2, 1], 1.0).mapv(|x| f64::from((2.0 * x + 1.0) as f32));
        let found = covariance(&fit);
        let [a, b, c] = found.1;
        // Rounding is amplified by the ratio of the eigenvalues: keep it small.
        if a * c - b * b > 0.1 * (a + c) * (a + c) / 4.0 {
            break (fit, found);
        }
    };
    // The root of a symmetric 2 × 2 matrix A is (A + s·I)/r with s = √det A, r = √(tr A + 2s); then its inverse.
    let (a, c) = (a + EPSILON, c + EPSILON);
    let s = (a * c - b * b).sqrt();
    let r = (a + c + 2.0 * s).sqrt();
    let (x, want) = loop {
        let x = t.normal(&[1, 1, 2, 1], 2.0);
        let (u, v) = (x[[0, 0, 0, 0]] - means.0, x[[0, 0, 1, 0]] - means.1);
        let want = [(u * (c + s) - v * b) / (r * s), (v * (a + s) - u * b) / (r * s)];
        // Not both near the mean, where what is allowed would be most of what is left.
        if want.iter().any(|want| want.abs() > 0.25) {
            break (x, want);
        }
    };
    let want = Tensor::from_shape_fn(vec![1, 1, 2, 1], |at| want[at[2]]);
    let args = fitted(call(x, &[0], 1, 1, 1).flag("zca_whitening", true), fit);
    // An eigenvalue ratio of at most 40 amplifies what the covariance's 12 terms lose.
    t.call("whitening of images of two pixels", args).close(
        "images0",
        &want,
        Budget::sum(n).scale(1.0).times(40.0),
    );
}

/// The mean of each of two pixels, and the elements (1,1), (1,2), (2,2) of their covariance matrix.
fn covariance(images: &Tensor) -> ((f64, f64), [f64; 3]) {
    let n = images.shape()[0] as f64;
    let pairs: Vec<(f64, f64)> =
        images.outer_iter().map(|image| (image[[0, 0, 0]], image[[0, 1, 0]])).collect();
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (p, q) = (mean(&|pair| pair.0), mean(&|pair| pair.1));
    let [a, b, c] = [
        mean(&|pair| (pair.0 - p).powi(2)),
        mean(&|pair| (pair.0 - p) * (pair.1 - q)),
        mean(&|pair| (pair.1 - q).powi(2)),
    ];
    ((p, q), [a, b, c])
}
