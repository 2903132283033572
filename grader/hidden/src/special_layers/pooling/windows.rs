//! Windows that slide over images, and what is made of the pixels under each.

use ndarray::Axis;
use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, as_it_is, is_supposed, otherwise};

/// The weights with which a window's pixels make the pooled one.
pub type Weights = fn(&[f64]) -> Vec<f64>;

/// All to the first of the largest.
pub fn first(window: &[f64]) -> Vec<f64> {
    let least = window.iter().copied().fold(f64::INFINITY, f64::min);
    let wins = otherwise("the smallest won", largest(window), least);
    let wins = otherwise("the last won", wins, window[window.len() - 1]);
    let winner = window.iter().position(|x| *x == otherwise("the first won", wins, window[0]));
    (0..window.len()).map(|i| f64::from(winner == Some(i))).collect()
}

/// The same to each of the largest.
pub fn evenly(window: &[f64]) -> Vec<f64> {
    let winners = window.iter().filter(|x| **x == largest(window)).count() as f64;
    window.iter().map(|x| f64::from(*x == largest(window)) / winners).collect()
}

/// The same to all.
pub fn mean(window: &[f64]) -> Vec<f64> {
    if is_supposed("the largest stood in place of the mean") {
        return as_it_is(|| first(window));
    }
    let root = (window.len() as f64).sqrt();
    vec![
        1.0 / otherwise("the sum were divided by the root of the pixels' number", window.len() as f64, root);
        window.len()
    ]
}

fn largest(window: &[f64]) -> f64 {
    window.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// Shape of the images and how windows slide over them.
#[derive(Clone, Copy)]
pub struct Plan {
    pub shape: [usize; 4],
    pub size: usize,
    pub stride: usize,
    pub same: bool,
    /// Whether the images are sequences, of one row that arguments and answers leave out.
    pub sequence: bool,
}

impl Plan {
    pub fn random(t: &mut Suite, sequence: bool, same: bool) -> Self {
        let mut draw = |longest: usize| t.rng.gen_range(1..=longest);
        let (n, w, c) = (draw(2), draw(7), draw(3));
        let h = if sequence { 1 } else { draw(6) };
        // Same padding makes room for any window.
        let fits = if sequence { w } else { w.min(h) };
        let (size, stride) = (draw(if same { 4 } else { fits.min(4) }), draw(4));
        Self { shape: [n, h, w, c], size, stride, same, sequence }
    }

    pub fn args(&self, x: &Tensor) -> Args {
        let args = if self.sequence { Args::new().function("max_pool1d") } else { Args::new() };
        args.constant("x", self.shown(x))
            .count("size", self.size)
            .count("stride", self.stride)
            .text("padding", if self.same { "same" } else { "valid" })
    }

    /// A case whose gradient may be that of any of `weights`, which agree in the output.
    pub fn check(&self, t: &mut Suite, about: &str, x: Tensor, weights: &[Weights]) {
        let [n, h, w, c] = self.shape;
        let rows = if self.sequence { std::iter::once(0..1).collect() } else { self.windows(h) };
        let columns = self.windows(w);
        let d_y = t.normal(&[n, rows.len(), columns.len(), c], 1.0);
        let mut y = d_y.clone();
        let mut gradients = Vec::new();
        for weights in weights {
            let mut d_x = Tensor::zeros(x.raw_dim());
            for (at, &d) in d_y.indexed_iter() {
                let (row, column) = (rows[at[1]].clone(), &columns[at[2]]);
                let pixels = row.flat_map(|r| column.clone().map(move |q| (r, q)));
                let pixels: Vec<[usize; 4]> = pixels.map(|(r, q)| [at[0], r, q, at[3]]).collect();
                let values: Vec<f64> = pixels.iter().map(|&pixel| x[pixel]).collect();
                let weights = weights(&values);
                y[&at] = values.iter().zip(&weights).map(|(x, weight)| x * weight).sum();
                pixels.iter().zip(&weights).for_each(|(&pixel, weight)| d_x[pixel] += d * weight);
            }
            gradients.push(self.shown(&d_x));
        }
        let scale = |x: &Tensor| x.fold(0.0, |largest: f64, x| largest.max(x.abs()));
        let budget = Budget::sum(self.size * self.size);
        t.call(about, self.args(&x).constant("d_y", self.shown(&d_y)))
            .close("y", &self.shown(&y), budget.scale(scale(&x)))
            .close_to_any("d_x", &gradients, budget.scale(scale(&d_y)));
    }

    fn shown(&self, images: &Tensor) -> Tensor {
        if self.sequence { images.index_axis(Axis(1), 0).to_owned() } else { images.clone() }
    }

    /// The elements under each window along an axis; before the first one as many are missing as TensorFlow's documentation says.
    fn windows(&self, length: usize) -> Vec<std::ops::Range<usize>> {
        let (places, before) = if self.same {
            let covered = (length - 1) % self.stride + 1;
            let missing = self.size.saturating_sub(covered);
            let before = otherwise("the odd zero lay in front", missing / 2, missing.div_ceil(2));
            (length.div_ceil(self.stride), otherwise("all padding lay behind", before, 0))
        } else {
            ((length - self.size) / self.stride + 1, 0)
        };
        let window = |start: usize| start.saturating_sub(before)..(start + self.size - before).min(length);
        (0..places).map(|place| window(place * self.stride)).collect()
    }
}
