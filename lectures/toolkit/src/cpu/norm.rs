//! Batch normalization in one operation, with the gradient of §3 of Ioffe & Szegedy 2015.

use dfdx::prelude::*;
use rayon::prelude::*;

use super::least;
use crate::tape::{add_assign, open};
use crate::tensor::{Matrix, Vector};

/// Rows that one task works on. Sums are collected block by block, so that they don't depend on the number of threads.
const BLOCK: usize = 256;

/// See [`crate::ops::LayerOps::batch_norm`].
pub(crate) fn batch_norm<T: Tape<f32, Cpu>>(
    x: Matrix<Cpu, T>,
    affine: (&Vector<Cpu>, &Vector<Cpu>),
    epsilon: f32,
) -> (Matrix<Cpu, T>, Vector<Cpu>, Vector<Cpu>) {
    let (n, width) = *x.shape();
    let (x, elements, tape) = open(x);
    let mean = means(n, width, |at, _| elements[at]);
    let variance = means(n, width, |at, column| (elements[at] - mean[column]).powi(2));
    let columns = Columns { scale: reciprocal_std(&variance, epsilon), mean, of_batch: true };
    let vector = |values: &[f32]| x.device().tensor_from_vec(values.to_vec(), (width,));
    let (means, variances) = (vector(&columns.mean), vector(&variance));
    (columns.normalize(x.put_tape(tape), elements, affine), means, variances)
}

/// See [`crate::ops::LayerOps::normalize`].
pub(crate) fn normalize<T: Tape<f32, Cpu>>(
    x: Matrix<Cpu, T>,
    (mean, variance): (&Vector<Cpu>, &Vector<Cpu>),
    affine: (&Vector<Cpu>, &Vector<Cpu>),
    epsilon: f32,
) -> Matrix<Cpu, T> {
    let (x, elements, tape) = open(x);
    let scale = reciprocal_std(&variance.as_vec(), epsilon);
    let columns = Columns { mean: mean.as_vec(), scale, of_batch: false };
    columns.normalize(x.put_tape(tape), elements, affine)
}

fn reciprocal_std(variance: &[f32], epsilon: f32) -> Vec<f32> {
    variance.iter().map(|v| (v + epsilon).sqrt().recip()).collect()
}

/// What each column is normalized by.
struct Columns {
    mean: Vec<f32>,
    /// 1 / √(variance + ε).
    scale: Vec<f32>,
    /// Whether mean and scale are functions of the input, through which its gradient flows.
    of_batch: bool,
}

impl Columns {
    /// γ · (x − mean) · scale + β, for the `elements` of `x`.
    fn normalize<T: Tape<f32, Cpu>>(
        self,
        x: Matrix<Cpu, T>,
        elements: Vec<f32>,
        (gamma, beta): (&Vector<Cpu>, &Vector<Cpu>),
    ) -> Matrix<Cpu, T> {
        let width = self.mean.len();
        assert_eq!(
            (gamma.shape().0, beta.shape().0),
            (width, width),
            "batch_norm: γ and β of {width} channels"
        );
        let (x, tape) = x.split_tape();
        let (gamma, factors, gamma_tape) = open(gamma.retaped::<T>());
        let (beta, offsets, beta_tape) = open(beta.retaped::<T>());
        let mut tape = tape.merge(gamma_tape).merge(beta_tape);
        let mut normalized = elements;
        each_row(&mut normalized, width, |_, k, x| *x = (*x - self.mean[k]) * self.scale[k]);
        let mut y = normalized.clone();
        each_row(&mut y, width, |_, k, y| *y = *y * factors[k] + offsets[k]);
        let y: Matrix<Cpu> = x.device().tensor_from_vec(y, *x.shape());
        if T::OWNS_TAPE {
            let (n, x, output) = (x.shape().0, x.ghost(), y.ghost());
            tape.add_backward_op(move |gradients| {
                let d_y = std::mem::take(&mut **gradients.get_or_alloc_mut(&output)?);
                let shift = means(n, width, |at, _| d_y[at]);
                let tilt = means(n, width, |at, _| d_y[at] * normalized[at]);
                let total = |means: &[f32]| means.iter().map(|mean| mean * n as f32).collect::<Vec<f32>>();
                add_assign(gradients.get_or_alloc_mut(&gamma)?, &total(&tilt));
                add_assign(gradients.get_or_alloc_mut(&beta)?, &total(&shift));
                // What the batch's mean and variance take away: the part of d_y that shifts or scales all of it.
                let keep = f32::from(u8::from(self.of_batch));
                each_row(gradients.get_or_alloc_mut(&x)?, width, |at, k, d_x| {
                    let taken = keep * (shift[k] + normalized[at] * tilt[k]);
                    *d_x += factors[k] * self.scale[k] * (d_y[at] - taken);
                });
                **gradients.get_or_alloc_mut(&output)? = d_y;
                Ok(())
            });
        }
        y.put_tape(tape)
    }
}

/// Changes every element, given its place in all and in its row.
fn each_row(elements: &mut [f32], width: usize, change: impl Fn(usize, usize, &mut f32) + Sync) {
    let blocks = elements.par_chunks_mut(BLOCK * width).with_min_len(least(BLOCK * width));
    blocks.enumerate().for_each(|(block, elements)| {
        for (row, elements) in elements.chunks_exact_mut(width).enumerate() {
            let first = (block * BLOCK + row) * width;
            elements.iter_mut().enumerate().for_each(|(k, element)| change(first + k, k, element));
        }
    });
}

/// The mean of each column over `rows` rows of terms, which are asked for by their place in all and in their row.
fn means(rows: usize, width: usize, term: impl Fn(usize, usize) -> f32 + Sync) -> Vec<f32> {
    let starts: Vec<usize> = (0..rows).step_by(BLOCK).collect();
    let sums: Vec<Vec<f64>> = starts
        .into_par_iter()
        .with_min_len(least(BLOCK * width))
        .map(|start| {
            let mut sum = vec![0.0; width];
            for row in start..rows.min(start + BLOCK) {
                sum.iter_mut().enumerate().for_each(|(k, sum)| *sum += f64::from(term(row * width + k, k)));
            }
            sum
        })
        .collect();
    let sum = |k: usize| sums.iter().map(|block| block[k]).sum::<f64>();
    (0..width).map(|k| (sum(k) / rows as f64) as f32).collect()
}
