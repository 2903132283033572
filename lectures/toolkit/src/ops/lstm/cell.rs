//! The arithmetic of LSTM cells on slices, without tape or threads. Gates stand in the order i, f, g, o (PyTorch's).

use crate::gemm::{View, product, product_into};
use crate::math::{sigmoid, tanh};
use crate::tape::add_assign;

/// The sizes of one thread's share of a layer.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    pub steps: usize,
    pub features: usize,
    pub hidden: usize,
}

/// The weights of a layer: (features, 4·hidden), (hidden, 4·hidden), (4·hidden,).
pub(super) struct Weights {
    pub input: Vec<f32>,
    pub hidden: Vec<f32>,
    pub bias: Vec<f32>,
}

impl Weights {
    pub fn zeros(sizes: &Sizes) -> Self {
        let gates = 4 * sizes.hidden;
        Weights {
            input: vec![0.0; sizes.features * gates],
            hidden: vec![0.0; sizes.hidden * gates],
            bias: vec![0.0; gates],
        }
    }

    pub fn add(mut self, other: Self) -> Self {
        add_assign(&mut self.input, &other.input);
        add_assign(&mut self.hidden, &other.hidden);
        add_assign(&mut self.bias, &other.bias);
        self
    }
}

/// One row's pre-activations become gates; `c' = f·c + i·g` and `h = o·tanh(c')`. No `before` means zeros.
pub(super) fn cell(gates: &mut [f32], before: Option<&[f32]>, c: &mut [f32], h: &mut [f32]) {
    let width = c.len();
    let (i_f, g_o) = gates.split_at_mut(2 * width);
    i_f.iter_mut().for_each(|z| *z = sigmoid(*z));
    let (g, o) = g_o.split_at_mut(width);
    g.iter_mut().for_each(|z| *z = tanh(*z));
    o.iter_mut().for_each(|z| *z = sigmoid(*z));
    let (i, f) = i_f.split_at(width);
    c.iter_mut().zip(i.iter().zip(&*g)).for_each(|(c, (i, g))| *c = i * g);
    if let Some(before) = before {
        c.iter_mut().zip(f.iter().zip(before)).for_each(|(c, (f, before))| *c += f * before);
    }
    h.iter_mut().zip(o.iter().zip(&*c)).for_each(|(h, (o, c))| *h = o * tanh(*c));
}

/// Turns one row's gates into the gradients of their pre-activations, and `d_c` (of c') into that of the c before.
pub(super) fn cell_backward(
    gates: &mut [f32],
    before: Option<&[f32]>,
    c: &[f32],
    d_h: &[f32],
    d_c: &mut [f32],
) {
    let width = c.len();
    let (i_f, g_o) = gates.split_at_mut(2 * width);
    let ((i, f), (g, o)) = (i_f.split_at_mut(width), g_o.split_at_mut(width));
    for ((o, c), (d_h, d_c)) in o.iter_mut().zip(c).zip(d_h.iter().zip(&mut *d_c)) {
        let t = tanh(*c);
        *d_c += d_h * *o * (1.0 - t * t);
        *o = d_h * t * *o * (1.0 - *o);
    }
    for ((i, g), d_c) in i.iter_mut().zip(g).zip(&*d_c) {
        let (input, candidate) = (*i, *g);
        *i = d_c * candidate * input * (1.0 - input);
        *g = d_c * input * (1.0 - candidate * candidate);
    }
    for (k, (f, d_c)) in f.iter_mut().zip(d_c).enumerate() {
        let (forget, d) = (*f, *d_c);
        *d_c = d * forget;
        *f = d * before.map_or(0.0, |before| before[k]) * forget * (1.0 - forget);
    }
}

/// States (n, hidden) that sequences begin from.
#[derive(Clone, Copy)]
pub(super) struct Start<'a> {
    pub h: &'a [f32],
    pub c: &'a [f32],
}

/// Runs sequences x (n, steps, features): fills gates (n, steps, 4·hidden), c and h (n, steps, hidden). No `start` means
/// zeros.
pub(super) fn forward(
    sizes: &Sizes,
    weights: &Weights,
    (x, start): (&[f32], Option<Start>),
    gates: &mut [f32],
    c: &mut [f32],
    h: &mut [f32],
) {
    let Sizes { steps, features, hidden } = *sizes;
    let (n, row) = (x.len() / (steps * features), steps * hidden);
    gates.chunks_exact_mut(4 * hidden).for_each(|gates| gates.copy_from_slice(&weights.bias));
    product(View::rows(x, features), View::rows(&weights.input, 4 * hidden), 1.0, gates);
    for t in 0..steps {
        let before = match t {
            0 => start.map(|start| View::rows(start.h, hidden)),
            _ => Some(View::strided(&h[(t - 1) * hidden..], (n, hidden), row)),
        };
        if let Some(before) = before {
            let recurrent = View::rows(&weights.hidden, 4 * hidden);
            product_into(before, recurrent, 1.0, &mut gates[t * 4 * hidden..], 4 * row);
        }
        for k in 0..n {
            let at = k * row + t * hidden;
            let (past, now) = c.split_at_mut(at);
            let before = match t {
                0 => start.map(|start| &start.c[k * hidden..(k + 1) * hidden]),
                _ => Some(&past[at - hidden..]),
            };
            cell(&mut gates[4 * at..4 * (at + hidden)], before, &mut now[..hidden], &mut h[at..at + hidden]);
        }
    }
}

/// What `forward` got and left behind.
pub(super) struct Trace<'a> {
    pub x: &'a [f32],
    pub start: Option<Start<'a>>,
    pub gates: &'a [f32],
    pub c: &'a [f32],
    pub h: &'a [f32],
}

/// The gradients of the weights; adds the inputs' to `d_x`. `d_h` and `d_c` (n, hidden) come with what the last states get
/// from elsewhere than `d_y`, and leave with the gradients of the first ones.
pub(super) fn backward(
    sizes: &Sizes,
    weights: &Weights,
    trace: &Trace,
    (d_y, d_x): (&[f32], &mut [f32]),
    (d_h, d_c): (&mut [f32], &mut [f32]),
) -> Weights {
    let Sizes { steps, features, hidden } = *sizes;
    let (n, row) = (trace.x.len() / (steps * features), steps * hidden);
    let mut d_gates = trace.gates.to_vec();
    for t in (0..steps).rev() {
        for k in 0..n {
            let (at, state) = (k * row + t * hidden, k * hidden..(k + 1) * hidden);
            add_assign(&mut d_h[state.clone()], &d_y[at..at + hidden]);
            let before = match t {
                0 => trace.start.map(|start| &start.c[state.clone()]),
                _ => Some(&trace.c[at - hidden..at]),
            };
            let (gates, c) = (&mut d_gates[4 * at..4 * (at + hidden)], &trace.c[at..at + hidden]);
            cell_backward(gates, before, c, &d_h[state.clone()], &mut d_c[state]);
        }
        if t > 0 || trace.start.is_some() {
            let now = View::strided(&d_gates[t * 4 * hidden..], (n, 4 * hidden), 4 * row);
            product(now, View::rows(&weights.hidden, 4 * hidden).transposed(), 0.0, d_h);
        }
    }
    let d_rows = View::rows(&d_gates, 4 * hidden);
    product(d_rows, View::rows(&weights.input, 4 * hidden).transposed(), 1.0, d_x);
    let mut d_weights = Weights::zeros(sizes);
    product(View::rows(trace.x, features).transposed(), d_rows, 0.0, &mut d_weights.input);
    let before = delayed(trace, row, hidden);
    product(View::rows(&before, hidden).transposed(), d_rows, 0.0, &mut d_weights.hidden);
    d_gates.chunks_exact(4 * hidden).for_each(|gates| add_assign(&mut d_weights.bias, gates));
    d_weights
}

/// Every sequence's states one step later: those that it began from first, its last one dropped.
fn delayed(trace: &Trace, row: usize, hidden: usize) -> Vec<f32> {
    let mut delayed = vec![0.0; trace.h.len()];
    for (k, (to, from)) in delayed.chunks_exact_mut(row).zip(trace.h.chunks_exact(row)).enumerate() {
        if let Some(start) = trace.start {
            to[..hidden].copy_from_slice(&start.h[k * hidden..(k + 1) * hidden]);
        }
        to[hidden..].copy_from_slice(&from[..row - hidden]);
    }
    delayed
}
