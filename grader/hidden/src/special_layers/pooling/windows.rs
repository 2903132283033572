//! Windows that slide over images, and what is made of the pixels under each.

use std::ops::Range;

use ndarray::Axis;
use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, as_it_is, is_supposed, otherwise, suppose::is_supposing};

/// The weights with which a window's pixels make the pooled one.
pub type Weights = fn(&[f64]) -> Vec<f64>;

/// All to the first of the largest.
pub fn first(window: &[f64]) -> Vec<f64> {
    if is_supposed("the mean stood in place of the largest") {
        return as_it_is(|| mean(window));
    }
    if is_supposed("the sum stood in place of the largest") {
        return vec![1.0; window.len()];
    }
    let least = window.iter().copied().fold(f64::INFINITY, f64::min);
    let wins = otherwise("the smallest won", largest(window), least);
    let wins = otherwise("the last won", wins, window[window.len() - 1]);
    let wins = otherwise("the first won", wins, window[0]);
    let size = window.iter().copied().fold(0.0, |wins: f64, x| if x.abs() > wins.abs() { x } else { wins });
    let wins = otherwise("the largest in size won, whatever its sign", wins, size);
    let winner = window.iter().position(|x| *x == wins);
    (0..window.len()).map(|i| f64::from(winner == Some(i))).collect()
}

/// The same to each of the largest.
pub fn evenly(window: &[f64]) -> Vec<f64> {
    // The output is the same, whatever it is supposed to be.
    if is_supposing() {
        return first(window);
    }
    let winners = window.iter().filter(|x| **x == largest(window)).count() as f64;
    window.iter().map(|x| f64::from(*x == largest(window)) / winners).collect()
}

/// The same to all.
pub fn mean(window: &[f64]) -> Vec<f64> {
    if is_supposed("the largest stood in place of the mean") {
        return as_it_is(|| first(window));
    }
    let pixels = window.len() as f64;
    let count = otherwise("the sum were divided by the root of the pixels' number", pixels, pixels.sqrt());
    let count = otherwise("the sum were divided by one pixel less than there are", count, pixels - 1.0);
    vec![1.0 / count; window.len()]
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
        let [n, _, _, c] = self.shape;
        let [rows, columns] = self.axes();
        let places = as_it_is(|| self.axes().map(|axis| axis.len()));
        let d_y = t.normal(&[n, places[0], places[1], c], 1.0);
        let mut y = Tensor::zeros(vec![n, rows.len(), columns.len(), c]);
        let mut gradients = Vec::new();
        for weights in weights {
            let mut d_x = Tensor::zeros(x.raw_dim());
            for (at, y) in y.indexed_iter_mut() {
                let d = d_y.get(&at).copied().unwrap_or(f64::NAN);
                let (row, column) = (rows[at[1]].clone(), &columns[at[2]]);
                let pixels = row.flat_map(|r| column.clone().map(move |q| (r, q)));
                let pixels: Vec<[usize; 4]> = pixels.map(|(r, q)| [at[0], r, q, at[3]]).collect();
                let values: Vec<f64> = pixels.iter().map(|&pixel| x[pixel]).collect();
                let weights = weights(&values);
                *y = values.iter().zip(&weights).map(|(x, weight)| x * weight).sum();
                pixels.iter().zip(&weights).for_each(|(&pixel, weight)| d_x[pixel] += d * weight);
            }
            let is_known = y.shape() == d_y.shape();
            gradients.push(self.shown(&if is_known { d_x } else { d_x.mapv(|_| f64::NAN) }));
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
    /// `words` are for the direction.
    fn windows(&self, length: usize, words: &str) -> Vec<Range<usize>> {
        let size = otherwise("windows were one pixel larger", self.size, self.size + 1);
        let stride = otherwise("the stride were the window's size", self.stride, self.size);
        let stride = otherwise(&format!("`stride` did not count {words}"), stride, 1);
        let same = otherwise("`padding` were always “valid”", self.same, false);
        let (places, before) = if otherwise("`padding` were always “same”", same, true) {
            let covered = (length - 1) % stride + 1;
            let missing = size.saturating_sub(covered);
            let before = otherwise("the odd zero lay in front", missing / 2, missing.div_ceil(2));
            let before = otherwise("all padding lay in front", before, missing);
            (length.div_ceil(stride), otherwise("all padding lay behind", before, 0))
        } else {
            (length.checked_sub(size).map_or(0, |rest| rest / stride + 1), 0)
        };
        let window = |start: usize| start.saturating_sub(before)..(start + size - before).min(length);
        (0..places).map(|place| window(place * stride)).collect()
    }

    /// The windows of both axes; a sequence has one row.
    fn axes(&self) -> [Vec<Range<usize>>; 2] {
        let [_, h, w, _] = self.shape;
        let rows = if self.sequence {
            vec![Range { start: 0, end: 1 }]
        } else {
            self.windows(h, "from top to bottom")
        };
        [rows, self.windows(w, "from left to right")]
    }
}
