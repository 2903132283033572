//! The small network in double precision: blocks of convolution, batch normalization, relu and pooling; a mean; a head.

use crate::{
    Args, Suite, Tensor, is_supposed,
    oracles::{losses, mean},
    otherwise,
};

/// Running statistics of one block.
#[derive(Clone)]
pub struct Statistics {
    pub mean: Vec<f64>,
    pub variance: Vec<f64>,
}

/// What one pass through the network gives.
pub struct Pass {
    /// (n, classes)
    pub logits: Tensor,
    /// Of each block after the pass, which only those that are trained have moved.
    pub statistics: Vec<Statistics>,
    /// Whether some number lies so near to a kink that roundings could decide about a gradient.
    pub delicate: bool,
}

/// What is fixed while the parameters change.
#[derive(Clone)]
pub struct Plan {
    /// Which blocks have a pooling.
    pub pooled: Vec<bool>,
    /// How many blocks are frozen.
    pub frozen: usize,
}

/// Images or maps: shape (n, h, w, c) and numbers.
type Maps = ([usize; 4], Vec<f64>);

const EPSILON: f64 = 1e-5;
const MOMENTUM: f64 = 0.1;
/// In single precision a thousand times what is lost on the way.
const DELICATE: f64 = 1e-3;

/// The names of a block's parameters, and of the head's.
pub fn trained(plan: &Plan) -> Vec<String> {
    let blocks = plan.frozen..plan.pooled.len();
    let names = blocks.flat_map(|i| ["kernel", "gamma", "beta"].map(|name| format!("{name}{i}")));
    names.chain(["head_weight", "head_bias"].map(str::to_owned)).collect()
}

/// Tensors of a random network: `channels` of the images and of each block.
pub fn draw(t: &mut Suite, channels: &[usize], classes: usize) -> Vec<(String, Tensor)> {
    let mut tensors = Vec::new();
    for (i, pair) in channels.windows(2).enumerate() {
        let (inputs, outputs) = (pair[0], pair[1]);
        tensors.push((format!("kernel{i}"), t.normal(&[3, 3, inputs, outputs], 0.5)));
        tensors.push((format!("gamma{i}"), t.uniform(&[outputs], 0.5, 1.5)));
        tensors.push((format!("beta{i}"), t.normal(&[outputs], 0.5)));
        tensors.push((format!("mean{i}"), t.normal(&[outputs], 0.5)));
        tensors.push((format!("variance{i}"), t.uniform(&[outputs], 0.5, 2.0)));
    }
    let last = channels[channels.len() - 1];
    tensors.push(("head_weight".to_owned(), t.normal(&[last, classes], 1.0)));
    tensors.push(("head_bias".to_owned(), t.normal(&[classes], 0.5)));
    tensors
}

/// One pass as in training: frozen blocks by their running statistics, the others by the batch's own.
pub fn pass(args: &Args, images: &Tensor, plan: &Plan) -> Pass {
    let shape = [0, 1, 2, 3].map(|axis| images.shape()[axis]);
    let mut maps: Maps = (shape, images.iter().copied().collect());
    let (mut statistics, mut delicate) = (Vec::new(), false);
    let own_everywhere = is_supposed("frozen blocks went by the batch's statistics, too");
    let no_relu = is_supposed("there were no relu");
    let last = plan.pooled.len() - 1;
    let no_last_relu = is_supposed("the last block had no relu");
    let root = otherwise::<fn(f64) -> f64>("variances stood in place of deviations", f64::sqrt, |x| x);
    let about = otherwise("no mean were subtracted", 1.0, 0.0);
    for (i, &pooled) in plan.pooled.iter().enumerate() {
        let get = |name: &str| args.get(&format!("{name}{i}"));
        let vector = |name: &str| get(name).iter().copied().collect::<Vec<f64>>();
        let (shape, mut z) = convolve(&maps, get("kernel"));
        let running = Statistics { mean: vector("mean"), variance: vector("variance") };
        let own = of_batch(&z, shape[3]);
        let used = if i < plan.frozen && !own_everywhere { &running } else { &own };
        let (gamma, beta) = (vector("gamma"), vector("beta"));
        for (at, z) in z.iter_mut().enumerate() {
            let c = at % shape[3];
            let deviation = root(used.variance[c] + EPSILON);
            *z = gamma[c] * (*z - about * used.mean[c]) / deviation + beta[c];
            delicate |= i >= plan.frozen && z.abs() < DELICATE;
            *z = if no_relu || (no_last_relu && i == last) { *z } else { z.max(0.0) };
        }
        let values = z.len() / shape[3];
        statistics.push(if i < plan.frozen { running } else { moved(&running, &own, values) });
        maps = if pooled { pool((shape, z), &mut delicate) } else { (shape, z) };
    }
    let logits = classify(&maps, args.get("head_weight"), args.get("head_bias"));
    Pass { logits, statistics, delicate }
}

/// The mean cross entropy.
pub fn loss(logits: &Tensor, labels: &[usize]) -> f64 {
    mean(&losses(logits, labels))
}

fn convolve((shape, x): &Maps, kernel: &Tensor) -> Maps {
    let [n, h, w, inputs] = *shape;
    let (outputs, kernel) = (kernel.shape()[3], kernel.iter().copied().collect::<Vec<f64>>());
    let mut y = Vec::with_capacity(n * h * w * outputs);
    for at in 0..n * h * w * outputs {
        let (o, column, row, image) =
            (at % outputs, at / outputs % w, at / outputs / w % h, at / outputs / w / h);
        let mut sum = 0.0;
        for (i, j) in (0..9).map(|tap| (tap / 3, tap % 3)) {
            let (r, c) = (row + i, column + j);
            if (1..=h).contains(&r) && (1..=w).contains(&c) {
                let from = ((image * h + r - 1) * w + c - 1) * inputs;
                sum += (0..inputs)
                    .map(|k| x[from + k] * kernel[((3 * i + j) * inputs + k) * outputs + o])
                    .sum::<f64>();
            }
        }
        y.push(sum);
    }
    ([n, h, w, outputs], y)
}

/// Mean and biased variance of each channel.
fn of_batch(z: &[f64], channels: usize) -> Statistics {
    let mean_of = |f: &dyn Fn(usize, f64) -> f64, c: usize| {
        let values = z.iter().skip(c).step_by(channels);
        values.map(|z| f(c, *z)).sum::<f64>() / (z.len() / channels) as f64
    };
    let mean: Vec<f64> = (0..channels).map(|c| mean_of(&|_, z| z, c)).collect();
    let variance = (0..channels).map(|c| mean_of(&|c, z| (z - mean[c]).powi(2), c)).collect();
    Statistics { mean, variance }
}

fn moved(running: &Statistics, own: &Statistics, values: usize) -> Statistics {
    let unbiased = values as f64 / (values as f64 - 1.0);
    let unbiased = otherwise("the batch's variance were divided by m", unbiased, 1.0);
    let new = otherwise("momentum and 1 − momentum were exchanged", MOMENTUM, 1.0 - MOMENTUM);
    let mix = |a: &[f64], b: &[f64], factor: f64| {
        let pairs = a.iter().zip(b);
        pairs.map(|(a, b)| (1.0 - new) * a + new * factor * b).collect::<Vec<f64>>()
    };
    Statistics {
        mean: mix(&running.mean, &own.mean, 1.0),
        variance: mix(&running.variance, &own.variance, unbiased),
    }
}

fn pool(([n, h, w, c], x): Maps, delicate: &mut bool) -> Maps {
    let (rows, columns) = (h / 2, w / 2);
    let mut y = Vec::with_capacity(n * rows * columns * c);
    for at in 0..n * rows * columns * c {
        let (channel, column, row, image) =
            (at % c, at / c % columns, at / c / columns % rows, at / c / columns / rows);
        let tap = |tap: usize| x[((image * h + 2 * row + tap / 2) * w + 2 * column + tap % 2) * c + channel];
        let mut four = [0, 1, 2, 3].map(tap);
        four.sort_by(f64::total_cmp);
        *delicate |= four[3] > 0.0 && four[3] - four[2] < DELICATE;
        y.push(four[3]);
    }
    ([n, rows, columns, c], y)
}

fn classify(([n, h, w, c], x): &Maps, weight: &Tensor, bias: &Tensor) -> Tensor {
    let mean = |image: usize, channel: usize| {
        let values = x[image * h * w * c..][..h * w * c].iter().skip(channel).step_by(*c);
        let pixels = otherwise("the sum over pixels were divided by their rows only", h * w, *h);
        let pixels = otherwise("the sum over pixels were not divided", pixels, 1);
        values.sum::<f64>() / pixels as f64
    };
    let biased = otherwise("the head's bias were left out", 1.0, 0.0);
    Tensor::from_shape_fn(vec![*n, bias.len()], |at| {
        biased * bias[[at[1]]] + (0..*c).map(|k| mean(at[0], k) * weight[[k, at[1]]]).sum::<f64>()
    })
}
