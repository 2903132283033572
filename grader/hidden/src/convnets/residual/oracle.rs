//! Networks of blocks in double precision, layer by layer from the paper's formulas; and how near they come to a kink, where
//! neither a difference quotient nor single precision would say the same.

use crate::{convnets::convolution::Window, is_supposed, oracles, otherwise};

/// Images (n, h, w, c), the last axis fastest.
#[derive(Clone)]
pub struct Maps {
    pub shape: [usize; 4],
    pub values: Vec<f64>,
}

/// A convolution without a bias and its batch normalization.
#[derive(Clone)]
pub struct ConvNorm {
    /// (size, size, in, out).
    pub shape: [usize; 4],
    pub kernel: Vec<f64>,
    pub stride: usize,
    pub gamma: Vec<f64>,
    pub beta: Vec<f64>,
    pub running_mean: Vec<f64>,
    pub running_variance: Vec<f64>,
}

#[derive(Clone)]
pub enum Shortcut {
    Nothing,
    Identity,
    Projection(ConvNorm),
}

#[derive(Clone)]
pub struct Block {
    pub first: ConvNorm,
    pub second: ConvNorm,
    pub shortcut: Shortcut,
}

#[derive(Clone)]
pub struct Network {
    pub stem: ConvNorm,
    pub pools: bool,
    pub blocks: Vec<Block>,
    /// (features, classes).
    pub head: Vec<f64>,
    pub biases: Vec<f64>,
}

/// A way through a network: in which mode, and what was seen.
pub struct Walk {
    pub training: bool,
    /// The smallest distance from a kink: of a relu's argument from 0, of the two largest pixels under a pooling window from
    /// each other.
    pub margin: f64,
    /// The smallest variance that was divided by.
    pub variance: f64,
    /// Pixels that are 0 after the first pooling: whole windows that a relu has silenced.
    pub silenced: usize,
    /// Running mean and variance of each batch normalization after it, in the order of their use.
    pub statistics: Vec<[Vec<f64>; 2]>,
}

const EPSILON: f64 = 1e-5_f32 as f64;
const MOMENTUM: f64 = 0.1_f32 as f64;

impl Walk {
    pub fn new(training: bool) -> Self {
        Self { training, margin: f64::INFINITY, variance: f64::INFINITY, silenced: 0, statistics: Vec::new() }
    }

    /// (n, classes), row by row.
    pub fn logits(&mut self, x: &Maps, network: &Network) -> Vec<f64> {
        let mut x = self.conv_norm(x, &network.stem);
        self.relu(&mut x);
        if network.pools {
            x = self.pool(&x);
            self.silenced = x.values.iter().filter(|&&pixel| pixel == 0.0).count();
        }
        for block in &network.blocks {
            x = self.block(&x, block);
        }
        let ([_, h, w, c], classes) = (x.shape, network.biases.len());
        let mut logits = Vec::new();
        for image in x.values.chunks(h * w * c) {
            let pixels = otherwise("the sum over rows were divided by their number only", h * w, h) as f64;
            let mean = |k: usize| image.iter().skip(k).step_by(c).sum::<f64>() / pixels;
            let features: Vec<f64> = (0..c).map(mean).collect();
            let dot = |class: usize| {
                features.iter().enumerate().map(|(k, f)| f * network.head[k * classes + class]).sum::<f64>()
            };
            let biased = otherwise("the last layer's biases were left out", 1.0, 0.0);
            logits.extend((0..classes).map(|class| dot(class) + biased * network.biases[class]));
        }
        logits
    }

    pub fn block(&mut self, x: &Maps, block: &Block) -> Maps {
        let mut y = self.conv_norm(x, &block.first);
        let first = y.clone();
        self.relu(&mut y);
        let mut y = self.conv_norm(&y, &block.second);
        if is_supposed("the second layer were left out") {
            y = first;
            // Nor does it see anything.
            let seen = [block.second.running_mean.clone(), block.second.running_variance.clone()];
            self.statistics.pop();
            self.statistics.push(seen);
        }
        let shortcut = match &block.shortcut {
            Shortcut::Nothing => None,
            Shortcut::Identity => Some(x.clone()),
            Shortcut::Projection(projection) => Some(self.conv_norm(x, projection)),
        };
        if let Some(shortcut) = shortcut {
            let share = otherwise("the mean of both stood in place of the sum", 1.0, 0.5);
            let sign = otherwise("the shortcut were subtracted", 1.0, -1.0);
            let sign = otherwise("the shortcut were left out", sign, 0.0);
            let sign = otherwise("the shortcut counted twice", sign, 2.0);
            let is_identity = matches!(block.shortcut, Shortcut::Identity);
            let rectified = is_supposed("the input went through a relu before it was added");
            let multiplied = is_supposed("both were multiplied, not added");
            let late = is_supposed("the shortcut were added behind the last relu");
            if late {
                self.relu(&mut y);
            }
            y.values.iter_mut().zip(&shortcut.values).for_each(|(y, s)| {
                let s = if rectified && is_identity { s.max(0.0) } else { *s };
                *y = if multiplied { *y * s } else { share * (*y + sign * s) };
            });
            if late {
                return y;
            }
        }
        if !is_supposed("there were no last relu") {
            self.relu(&mut y);
        }
        y
    }

    fn relu(&mut self, x: &mut Maps) {
        let is_tanh = is_supposed("tanh stood in place of relu");
        for value in &mut x.values {
            self.margin = self.margin.min(value.abs());
            *value = if is_tanh { value.tanh() } else { value.max(0.0) };
        }
    }

    fn conv_norm(&mut self, x: &Maps, layer: &ConvNorm) -> Maps {
        let mut y = convolve(x, layer);
        let channels = layer.gamma.len();
        let count = (y.values.len() / channels) as f64;
        let mut running = [layer.running_mean.clone(), layer.running_variance.clone()];
        let [means, variances] = &mut running;
        for (k, (running_mean, running_variance)) in means.iter_mut().zip(variances).enumerate() {
            let (mut mean, mut variance) = (*running_mean, *running_variance);
            if self.training {
                let column = || y.values.iter().skip(k).step_by(channels);
                mean = column().sum::<f64>() / count;
                variance = column().map(|v| (v - mean).powi(2)).sum::<f64>() / count;
                let new = otherwise("momentum and 1 − momentum were exchanged", MOMENTUM, 1.0 - MOMENTUM);
                *running_mean += new * (mean - *running_mean);
                let unbiased =
                    otherwise("the batch's variance were divided by m", count / (count - 1.0), 1.0);
                *running_variance += new * (variance * unbiased - *running_variance);
            }
            self.variance = self.variance.min(variance);
            let used = if self.training { count / (count - 1.0) } else { 1.0 };
            let divisor =
                otherwise("pixels were normalized by the variance over m − 1", variance, variance * used);
            let root = (divisor + EPSILON).sqrt();
            let root = otherwise("variances stood in place of deviations", root, divisor + EPSILON);
            let gamma = otherwise("`gamma` were ignored", layer.gamma[k], 1.0);
            let beta = otherwise("`beta` were ignored", layer.beta[k], 0.0);
            let (gamma, beta) = otherwise("`gamma` and `beta` were exchanged", (gamma, beta), (beta, gamma));
            let (scale, early) =
                (gamma / root, otherwise("`beta` were added before `gamma` multiplies", 0.0, root * beta));
            let beta = otherwise("`beta` were added before `gamma` multiplies", beta, 0.0);
            let mean = otherwise("no mean were subtracted", mean, 0.0);
            let column = y.values.iter_mut().skip(k).step_by(channels);
            column.for_each(|v| *v = (*v - mean + early) * scale + beta);
        }
        self.statistics.push(running);
        y
    }

    /// The largest of 3 × 3 with stride 2; what lies outside is not looked at.
    fn pool(&mut self, x: &Maps) -> Maps {
        let [n, h, w, c] = x.shape;
        let shape = [n, (h - 1) / 2 + 1, (w - 1) / 2 + 1, c];
        let mut values = Vec::with_capacity(shape.iter().product());
        for (image, p, q, k) in places(shape) {
            let rows = (2 * p).saturating_sub(1)..(2 * p + 2).min(h);
            let columns = (2 * q).saturating_sub(1)..(2 * q + 2).min(w);
            let pixels = rows.flat_map(|r| columns.clone().map(move |s| ((image * h + r) * w + s) * c + k));
            let mut found: Vec<f64> = pixels.map(|at| x.values[at]).collect();
            found.sort_by(|a, b| b.total_cmp(a));
            if let [first, second, ..] = found[..]
                && first > 0.0
            {
                self.margin = self.margin.min(first - second);
            }
            values.push(found[0]);
        }
        Maps { shape, values }
    }
}

fn places([n, h, w, c]: [usize; 4]) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    let pixels = (0..n).flat_map(move |i| (0..h).flat_map(move |p| (0..w).map(move |q| (i, p, q))));
    pixels.flat_map(move |(i, p, q)| (0..c).map(move |k| (i, p, q, k)))
}

/// With (size − 1) / 2 zeros on every side.
fn convolve(x: &Maps, layer: &ConvNorm) -> Maps {
    let [size, _, _, outputs] = layer.shape;
    let flipped = is_supposed("kernels were flipped");
    let turned =
        || layer.kernel.chunks(layer.kernel.len() / (size * size)).rev().flatten().copied().collect();
    let kernel: Vec<f64> = if flipped { turned() } else { layer.kernel.clone() };
    let window = Window { kernel: &kernel, size, stride: layer.stride, padding: (size - 1) / 2 };
    let (shape, values) = window.convolved(x.shape, &x.values, &vec![0.0; outputs]);
    Maps { shape, values }
}

/// The mean cross entropy of logits (n, classes).
pub fn cross_entropy(logits: &[f64], labels: &[usize]) -> f64 {
    let rows = logits.chunks(logits.len() / labels.len()).zip(labels);
    rows.map(|(row, &label)| oracles::cross_entropy(row, label)).sum::<f64>() / labels.len() as f64
}
