//! Recurrent cells in plain float64, a sequence at a time, straight from the formulas.

use crate::{Args, Tensor, is_supposed, otherwise};

/// The row `i` of the first axis, flat: of (n, hidden) a state, of (n, steps, features) a sequence.
pub(super) fn part(tensor: &Tensor, i: usize) -> Vec<f64> {
    let length = tensor.len() / tensor.shape()[0];
    tensor.iter().skip(i * length).take(length).copied().collect()
}

/// `sums + row · matrix`, for a matrix of `sums.len()` columns stored row by row.
fn add_product(sums: &mut [f64], row: &[f64], matrix: &[f64]) {
    for (factor, weights) in row.iter().zip(matrix.chunks(sums.len())) {
        sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += factor * weight);
    }
}

/// What a cell's weights W, U and b are called among the arguments of a call.
pub(super) const WEIGHTS: [&str; 3] = ["input", "hidden", "bias"];

/// Adds a cell's weights.
pub(super) fn weighted(args: Args, weights: [Tensor; 3]) -> Args {
    WEIGHTS.into_iter().zip(weights).fold(args, |args, (name, tensor)| args.tensor(name, tensor))
}

/// Of a number.
pub(super) type Function = fn(f64) -> f64;

/// The weights of a cell, row by row: W (features, m), U (hidden, m) and b (m,).
#[derive(Clone)]
pub(super) struct Weights {
    pub input: Vec<f64>,
    pub hidden: Vec<f64>,
    pub bias: Vec<f64>,
}

impl Weights {
    pub(super) fn new(input: &Tensor, hidden: &Tensor, bias: &Tensor) -> Self {
        let flat = |tensor: &Tensor| tensor.iter().copied().collect();
        Weights { input: flat(input), hidden: flat(hidden), bias: flat(bias) }
    }

    /// Those of a call.
    pub(super) fn of(args: &Args) -> Self {
        let [input, hidden, bias] = WEIGHTS.map(|name| args.get(name));
        Self::new(input, hidden, bias)
    }

    /// `x · W + h · U + b`.
    pub(super) fn affine(&self, x: &[f64], h: &[f64]) -> Vec<f64> {
        let mut z = self.bias.clone();
        add_product(&mut z, x, &self.input);
        if !is_supposed("the state's part of the sum were left out") {
            add_product(&mut z, h, &self.hidden);
        }
        z
    }

    /// The next state of a vanilla cell.
    pub(super) fn rnn_step(&self, x: &[f64], h: &[f64]) -> Vec<f64> {
        let mut next = self.affine(x, h);
        if is_supposed("the bias were added behind tanh") {
            return next.iter().zip(&self.bias).map(|(z, b)| (z - b).tanh() + b).collect();
        }
        let squash = otherwise::<Function>("the sigmoid stood in place of tanh", f64::tanh, logistic);
        for _ in 0..otherwise("tanh were left out", 1, 0) + otherwise("tanh were taken twice", 0, 1) {
            next.iter_mut().for_each(|z| *z = squash(*z));
        }
        next
    }

    /// The next h and C of an LSTM, whose gates stand in the order i, f, g, o.
    pub(super) fn lstm_step(&self, x: &[f64], h: &[f64], c: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (z, width) = (self.affine(x, h), c.len());
        let order = otherwise("the columns stood in the order i, f, o, g", [0, 1, 2, 3], [0, 1, 3, 2]);
        let [i, f, g, o] = otherwise("the columns stood in the order f, i, g, o", order, [1, 0, 2, 3]);
        let gate = |k: usize, unit: usize| logistic(z[k * width + unit]);
        let new = otherwise::<Function>("the candidate went through the sigmoid", f64::tanh, logistic);
        let new = otherwise::<Function>("the candidate's tanh were left out", new, |z| z);
        let next = |j: usize| {
            let kept = otherwise("the forget gate were left out", gate(f, j), 1.0);
            let let_in = otherwise("the input gate were left out", gate(i, j), 1.0);
            let one_minus_f = is_supposed("1 − f stood in place of the input gate");
            let let_in = if one_minus_f { 1.0 - gate(f, j) } else { let_in };
            kept * c[j] + let_in * new(z[g * width + j])
        };
        let next: Vec<f64> = (0..width).map(next).collect();
        let shown = otherwise::<Function>("tanh of the cell were left out", f64::tanh, |c| c);
        let seen = |j: usize| otherwise("`h` were made of the old cell", next[j], c[j]);
        let h = |j: usize| otherwise("the output gate were left out", gate(o, j), 1.0) * shown(seen(j));
        ((0..width).map(h).collect(), next)
    }
}

/// The steps of a sequence, of so many features each.
pub(super) fn in_order(x: &[f64], features: usize) -> Vec<&[f64]> {
    let mut steps: Vec<&[f64]> = x.chunks(features).collect();
    if is_supposed("the sequence were read from its end") {
        steps.reverse();
    }
    if is_supposed("each step saw the input of the step before") {
        steps.rotate_right(1);
    }
    if is_supposed("each step saw the first input") {
        steps.fill(&x[..features]);
    }
    steps
}

/// `1/(1 + e^(−z))`, in the form that does not overflow.
pub(super) fn logistic(z: f64) -> f64 {
    if z >= 0.0 { 1.0 / (1.0 + (-z).exp()) } else { z.exp() / (1.0 + z.exp()) }
}

/// How a small change `(h, c)` of a state travels through one step: `weights` at `x` and the state `(h, c)`.
pub(super) struct Tangent {
    pub h: Vec<f64>,
    pub c: Vec<f64>,
}

impl Tangent {
    /// A change of the unit `j` of h only.
    pub(super) fn unit(j: usize, hidden: usize) -> Self {
        Tangent { h: (0..hidden).map(|k| f64::from(k == j)).collect(), c: vec![0.0; hidden] }
    }

    /// Through a vanilla cell whose *next* state is `next`: `dh' = (1 − h'²) · (dh · U)`.
    pub(super) fn rnn(&self, weights: &Weights, next: &[f64]) -> Self {
        let mut moved = vec![0.0; next.len()];
        add_product(&mut moved, &self.h, &weights.hidden);
        Tangent { h: moved.iter().zip(next).map(|(d, h)| d * (1.0 - h * h)).collect(), c: vec![] }
    }

    /// Through an LSTM at the sums `z` for its gates and the old cell state `c`, by the rules for products and chains.
    pub(super) fn lstm(&self, weights: &Weights, z: &[f64], c: &[f64]) -> Self {
        let width = c.len();
        let mut moved = vec![0.0; z.len()];
        add_product(&mut moved, &self.h, &weights.hidden);
        // a gate and its change
        let gate = |k: usize, j: usize| {
            let value = logistic(z[k * width + j]);
            (value, value * (1.0 - value) * moved[k * width + j])
        };
        let (h, c) = (0..width)
            .map(|j| {
                let ((i, d_i), (f, d_f), (o, d_o)) = (gate(0, j), gate(1, j), gate(3, j));
                let g = z[2 * width + j].tanh();
                let d_c = d_f * c[j] + f * self.c[j] + d_i * g + i * (1.0 - g * g) * moved[2 * width + j];
                let shown = (f * c[j] + i * g).tanh();
                (d_o * shown + o * (1.0 - shown * shown) * d_c, d_c)
            })
            .unzip();
        Tangent { h, c }
    }
}
