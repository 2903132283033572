//! What is done to every image in the same way, by value. Batches of one image leave the order no room.

use rand::Rng;

use super::{call, fitted};
use crate::{Args, Budget, Suite, Tensor, as_it_is, is_supposed, otherwise, suppose::of_right_alone};

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
        let factor = otherwise("images were divided by `rescale`", self.rescale, 1.0 / self.rescale);
        let factor = otherwise("`rescale` were left out", factor, 1.0);
        let factor = otherwise("`rescale` came twice", factor, self.rescale * self.rescale);
        let square = self.square && !is_supposed("`preprocessing_function` were left out");
        let image = image.iter().map(|&x| if square { x * x } else { x } * factor);
        let mut image: Vec<f64> = image.collect();
        let (mean, std) = statistics(&image);
        let (center, normalize) = self.samplewise;
        let alone = is_supposed("`samplewise_std_normalization` alone did not subtract the mean");
        if center || (normalize && !alone) {
            image.iter_mut().for_each(|x| *x -= mean);
        }
        let over = is_supposed("`samplewise_center` alone divided as well");
        if normalize || (over && center) {
            let std = otherwise("each image were divided by its variance", std, std * std);
            image.iter_mut().for_each(|x| *x /= std + 1e-6);
        }
        if is_supposed("samplewise steps were left out") { before(self, &image, mean, std) } else { image }
    }

    /// The image after all steps, with statistics from the `training` images; elements are (height, width, channel).
    fn to_all(self, image: &[f64], training: &[Vec<f64>], channels: usize) -> Vec<f64> {
        let training: Vec<Vec<f64>> = training.iter().map(|image| self.to_one(image)).collect();
        let (center, normalize) = self.featurewise;
        let alone = is_supposed("`featurewise_std_normalization` alone did not subtract the mean");
        let mut image = self.to_one(image);
        let own = vec![image.clone()];
        let training =
            otherwise("the image's own statistics stood in place of those of `fit`", &training, &own);
        for channel in 0..channels {
            let one = is_supposed("all channels had one pair of featurewise statistics");
            let (skip, step) = if one { (0, 1) } else { (channel, channels) };
            let of = |image: &Vec<f64>| image.iter().skip(skip).step_by(step).copied().collect::<Vec<_>>();
            let (mean, std) = statistics(&training.iter().flat_map(of).collect::<Vec<_>>());
            let std = otherwise("features were divided by their variance", std, std * std);
            for x in image.iter_mut().skip(channel).step_by(channels) {
                *x -= if center || (normalize && !alone) { mean } else { 0.0 };
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
    let count = otherwise("the variance divided by n − 1", n, n - 1.0);
    (mean, (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count).sqrt())
}

/// The image before it was standardized by itself.
fn before(steps: Steps, image: &[f64], mean: f64, std: f64) -> Vec<f64> {
    let (center, normalize) = steps.samplewise;
    let factor = if normalize { std + 1e-6 } else { 1.0 };
    let shift = if center || normalize { mean } else { 0.0 };
    image.iter().map(|x| x * factor + shift).collect()
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
        &of_right_alone(Tensor::zeros(x.shape().to_vec())),
        Budget::exact(),
    );
}

const WHITENING_EPSILON: f64 = 1e-6;

/// Images of two pixels: the whitening matrix has a closed form then.
fn whitened(t: &mut Suite) {
    let n = 12;
    let (fit, (means, [a, b, c])) = loop {
        let fit = t.normal(&[n, 1, 2, 1], 1.0).mapv(|x| f64::from((2.0 * x + 1.0) as f32));
        let [a, b, c] = as_it_is(|| covariance(&fit)).1;
        let found = covariance(&fit);
        // Rounding is amplified by the ratio of the eigenvalues: keep it small.
        if a * c - b * b > 0.1 * (a + c) * (a + c) / 4.0 {
            break (fit, found);
        }
    };
    // The root of a symmetric 2 × 2 matrix A is (A + s·I)/r with s = √det A, r = √(tr A + 2s); then its inverse.
    let (x, want) = loop {
        let x = t.normal(&[1, 1, 2, 1], 2.0);
        let pixels = (x[[0, 0, 0, 0]], x[[0, 0, 1, 0]]);
        let of = || rooted(pixels, as_it_is(|| covariance(&fit)));
        let want = as_it_is(of);
        // Not both near the mean, where what is allowed would be most of what is left.
        if want.iter().any(|want| want.abs() > 0.25) {
            break (x, rooted(pixels, (means, [a, b, c])));
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

/// Two pixels whitened by these means and this covariance, in closed form.
fn rooted(pixels: (f64, f64), (means, [a, b, c]): ((f64, f64), [f64; 3])) -> [f64; 2] {
    let (a, c) = (a + WHITENING_EPSILON, c + WHITENING_EPSILON);
    let b = otherwise("only the variances counted in whitening", b, 0.0);
    let s = (a * c - b * b).sqrt();
    let r = (a + c + 2.0 * s).sqrt();
    let means = otherwise("no mean were subtracted before whitening", means, (0.0, 0.0));
    let (u, v) = (pixels.0 - means.0, pixels.1 - means.1);
    let right = [(u * (c + s) - v * b) / (r * s), (v * (a + s) - u * b) / (r * s)];
    let root = [(u * (a + s) + v * b) / r, (v * (c + s) + u * b) / r];
    otherwise("whitening multiplied by the root, and not its inverse", right, root)
}

/// The mean of each of two pixels, and the elements (1,1), (1,2), (2,2) of their covariance matrix.
fn covariance(images: &Tensor) -> ((f64, f64), [f64; 3]) {
    let n = images.shape()[0] as f64;
    let count = otherwise("the covariance divided by n − 1", n, n - 1.0);
    let pairs: Vec<(f64, f64)> =
        images.outer_iter().map(|image| (image[[0, 0, 0]], image[[0, 1, 0]])).collect();
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (p, q) = (mean(&|pair| pair.0), mean(&|pair| pair.1));
    let [a, b, c] = [
        mean(&|pair| (pair.0 - p).powi(2)),
        mean(&|pair| (pair.0 - p) * (pair.1 - q)),
        mean(&|pair| (pair.1 - q).powi(2)),
    ]
    .map(|moment| moment * n / count);
    ((p, q), [a, b, c])
}
