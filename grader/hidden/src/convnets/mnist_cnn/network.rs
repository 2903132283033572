//! The network as formulas in double precision, image by image.

use crate::{Args, Suite, Tensor, oracles::digits::CLASSES};

/// First, second, hidden.
pub type Widths = [usize; 3];

/// Numbers in the pooled maps of an image.
pub fn pooled([h, w]: [usize; 2], [_, second, _]: Widths) -> usize {
    (h - 4) / 2 * ((w - 4) / 2) * second
}

/// The layers' weights and biases, as calls and answers name them.
pub const LAYERS: [[&str; 2]; 4] = [
    ["first_kernel", "first_bias"],
    ["second_kernel", "second_bias"],
    ["hidden_weights", "hidden_bias"],
    ["output_weights", "output_bias"],
];

/// The shapes of the layers' weights; a layer has as many biases as the last axis is long.
pub fn shapes(size: [usize; 2], widths: Widths) -> [Vec<usize>; 4] {
    let [first, second, hidden] = widths;
    [
        vec![3, 3, 1, first],
        vec![3, 3, first, second],
        vec![pooled(size, widths), hidden],
        vec![hidden, CLASSES],
    ]
}

/// A random network as arguments of a call.
pub fn network(t: &mut Suite, size: [usize; 2], widths: Widths) -> Args {
    let layers = LAYERS.into_iter().zip(shapes(size, widths)).zip([0.5, 0.4, 0.5, 0.8]);
    layers.fold(Args::new(), |args, (([weights, biases], shape), std)| {
        let args = args.tensor(weights, t.normal(&shape, std));
        args.tensor(biases, t.normal(&shape[shape.len() - 1..], 0.5))
    })
}

/// What the layers make of an image, before each relu.
struct Layers {
    first: Vec<f64>,
    second: Vec<f64>,
    /// How far the largest of each window is from the next, where it is above 0.
    gaps: Vec<f64>,
    hidden: Vec<f64>,
    logits: Vec<f64>,
}

impl Layers {
    fn new(args: &Args, image: &[f64], [h, w]: [usize; 2]) -> Self {
        let layers = LAYERS.map(|layer| layer.map(|name| args.get(name)));
        let first = convolution(image, [h, w, 1], layers[0]);
        let second = convolution(&relu(&first), [h - 2, w - 2, layers[0][1].len()], layers[1]);
        let (features, gaps) = pooling(&relu(&second), [h - 4, w - 4, layers[1][1].len()]);
        let hidden = dense(&features, layers[2]);
        let logits = dense(&relu(&hidden), layers[3]);
        Self { first, second, gaps, hidden, logits }
    }

    /// Whether no kink is near, where differences would be of no use: no relu's and no maximum's.
    fn is_smooth(&self) -> bool {
        let sums = [&self.first, &self.second, &self.hidden];
        sums.into_iter().flatten().chain(&self.gaps).all(|distance| distance.abs() > 1e-3)
    }
}

fn relu(sums: &[f64]) -> Vec<f64> {
    sums.iter().map(|sum| sum.max(0.0)).collect()
}

/// Maps (h, w, c), channels last, under a kernel (3, 3, c, outputs).
fn convolution(maps: &[f64], [h, w, c]: [usize; 3], [kernel, bias]: [&Tensor; 2]) -> Vec<f64> {
    let (outputs, kernel) = (bias.len(), kernel.iter().copied().collect::<Vec<_>>());
    let sum = |i: usize| {
        let (y, x, output) = (i / outputs / (w - 2), i / outputs % (w - 2), i % outputs);
        let products = (0..9 * c).map(|k| {
            let (dy, dx, channel) = (k / c / 3, k / c % 3, k % c);
            maps[((y + dy) * w + x + dx) * c + channel] * kernel[k * outputs + output]
        });
        products.sum::<f64>() + bias[[output]]
    };
    (0..(h - 2) * (w - 2) * outputs).map(sum).collect()
}

/// The largest of each window of 2 × 2, and by how much, where it is above 0.
fn pooling(maps: &[f64], [h, w, c]: [usize; 3]) -> (Vec<f64>, Vec<f64>) {
    let windows = (0..h / 2 * (w / 2) * c).map(|i| {
        let (y, x, channel) = (i / c / (w / 2), i / c % (w / 2), i % c);
        let mut window = [(0, 0), (0, 1), (1, 0), (1, 1)]
            .map(|(dy, dx)| maps[((2 * y + dy) * w + 2 * x + dx) * c + channel]);
        window.sort_by(f64::total_cmp);
        (window[3], if window[3] > 0.0 { window[3] - window[2] } else { f64::INFINITY })
    });
    windows.unzip()
}

fn dense(x: &[f64], [weights, bias]: [&Tensor; 2]) -> Vec<f64> {
    let sum = |o: usize| x.iter().enumerate().map(|(i, x)| x * weights[[i, o]]).sum::<f64>();
    (0..bias.len()).map(|o| sum(o) + bias[[o]]).collect()
}

fn each_image<R>(images: &Tensor, what: impl Fn(&[f64], [usize; 2]) -> R) -> Vec<R> {
    let (size, values) = ([images.shape()[1], images.shape()[2]], images.iter().copied().collect::<Vec<_>>());
    values.chunks(size[0] * size[1]).map(|image| what(image, size)).collect()
}

/// The logits of images (n, h, w, 1): (n, 10).
pub fn logits(args: &Args, images: &Tensor) -> Tensor {
    let rows = each_image(images, |image, size| Layers::new(args, image, size).logits);
    Tensor::from_shape_fn(vec![rows.len(), CLASSES], |i| rows[i[0]][i[1]])
}

/// Whether differences can be taken.
pub fn is_smooth(args: &Args, images: &Tensor) -> bool {
    each_image(images, |image, size| Layers::new(args, image, size).is_smooth())
        .into_iter()
        .all(|smooth| smooth)
}

/// The place of the largest number, if roundings can't decide which it is.
pub fn winner(row: &[f64]) -> Option<usize> {
    let best = (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b]))?;
    (0..row.len()).all(|i| i == best || row[best] - row[i] > 0.01).then_some(best)
}
