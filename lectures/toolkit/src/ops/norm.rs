//! Batch normalization (Ioffe & Szegedy 2015) of columns. The CPU's program is one operation, with the gradient of §3 of the paper.

use dfdx::prelude::*;
use rayon::prelude::*;

use crate::own::{self, own, with_parameters};
use crate::tape::{add_assign, open};
use crate::tensor::{Matrix, Vector};
use crate::threads::least;

/// What each column is scaled by and shifted by, (c,) both.
#[derive(Debug)]
pub struct Affine<'a, D: Device<f32>> {
    /// γ.
    pub gamma: &'a Vector<D>,
    /// β.
    pub beta: &'a Vector<D>,
}

/// What each column is normalized by, (c,) both.
#[derive(Debug)]
pub struct Statistics<'a, D: Device<f32>> {
    /// μ.
    pub mean: &'a Vector<D>,
    /// v, biased or not.
    pub variance: &'a Vector<D>,
}

/// Normalizations.
pub trait NormOps: Device<f32> {
    /// Normalizes each column of (n, c) by its own mean and biased variance, through which the gradient flows:
    /// `γ·(x − μ)/√(v + ε) + β` with γ and β (c,). Also returns μ and v. The layer is [`crate::norm::BatchNorm`].
    fn batch_norm<T: Tape<f32, Self>>(
        x: Matrix<Self, T>,
        affine: Affine<Self>,
        epsilon: f32,
    ) -> (Matrix<Self, T>, Vector<Self>, Vector<Self>) {
        batch_norm(x, affine, epsilon)
    }

    /// The same with a given mean and variance, which are constants.
    fn normalize<T: Tape<f32, Self>>(
        x: Matrix<Self, T>,
        statistics: Statistics<Self>,
        affine: Affine<Self>,
        epsilon: f32,
    ) -> Matrix<Self, T> {
        normalize(x, statistics, affine, epsilon)
    }
}

#[cfg(feature = "cuda")]
impl NormOps for Cuda {}

/// [`NormOps::batch_norm`] from dfdx's operations: mean and variance of the columns, then element by element.
pub fn batch_norm<D: Device<f32>, T: Tape<f32, D>>(
    x: Matrix<D, T>,
    affine: Affine<D>,
    epsilon: f32,
) -> (Matrix<D, T>, Vector<D>, Vector<D>) {
    let size = *x.shape();
    let mean = x.retaped::<T>().mean::<(usize,), Axis<0>>();
    let means: Vector<D> = mean.retaped();
    let centred = x - mean.broadcast_like::<_, Axis<0>>(&size);
    let variance = centred.retaped::<T>().square().mean::<(usize,), Axis<0>>();
    let variances: Vector<D> = variance.retaped();
    let std = (variance + epsilon).sqrt();
    let y = scale_and_shift(centred / std.broadcast_like::<_, Axis<0>>(&size), affine);
    (y, means, variances)
}

/// [`NormOps::normalize`] from dfdx's operations.
pub fn normalize<D: Device<f32>, T: Tape<f32, D>>(
    x: Matrix<D, T>,
    Statistics { mean, variance }: Statistics<D>,
    affine: Affine<D>,
    epsilon: f32,
) -> Matrix<D, T> {
    let size = *x.shape();
    let std = (variance.clone() + epsilon).sqrt().broadcast_like::<_, Axis<0>>(&size);
    scale_and_shift((x - mean.clone().broadcast_like::<_, Axis<0>>(&size)) / std, affine)
}

/// γ · x + β.
fn scale_and_shift<D: Device<f32>, T: Tape<f32, D>>(
    x: Matrix<D, T>,
    Affine { gamma, beta }: Affine<D>,
) -> Matrix<D, T> {
    let size = *x.shape();
    let gamma = gamma.retaped::<T>().broadcast_like::<_, Axis<0>>(&size);
    let beta = beta.retaped::<T>().broadcast_like::<_, Axis<0>>(&size);
    x * gamma + beta
}

/// Rows that one task works on. Sums are collected block by block, so that they don't depend on the number of threads.
const BLOCK: usize = 256;

impl NormOps for Cpu {
    fn batch_norm<T: Tape<f32, Cpu>>(
        x: Matrix<Cpu, T>,
        affine: Affine<Cpu>,
        epsilon: f32,
    ) -> (Matrix<Cpu, T>, Vector<Cpu>, Vector<Cpu>) {
        if let Some(batch_norm) = own(|own| own.batch_norm) {
            return of_batch(x, affine, epsilon, batch_norm);
        }
        let (n, width) = *x.shape();
        let (x, elements, tape) = open(x);
        let mean = means(n, width, |at, _| elements[at]);
        let variance = means(n, width, |at, column| (elements[at] - mean[column]).powi(2));
        let columns = Columns { scale: reciprocal_std(&variance, epsilon), mean, of_batch: true };
        let vector = |values: &[f32]| x.device().tensor_from_vec(values.to_vec(), (width,));
        let (means, variances) = (vector(&columns.mean), vector(&variance));
        (columns.normalize(x.put_tape(tape), elements, affine), means, variances)
    }

    fn normalize<T: Tape<f32, Cpu>>(
        x: Matrix<Cpu, T>,
        Statistics { mean, variance }: Statistics<Cpu>,
        affine: Affine<Cpu>,
        epsilon: f32,
    ) -> Matrix<Cpu, T> {
        if let Some(normalize) = own(|own| own.normalize) {
            return with_parameters(x, (affine.gamma, affine.beta), |x, gamma, beta| {
                normalize(x, Statistics { mean, variance }, Affine { gamma, beta }, epsilon)
            });
        }
        let (x, elements, tape) = open(x);
        let scale = reciprocal_std(&variance.as_vec(), epsilon);
        let columns = Columns { mean: mean.as_vec(), scale, of_batch: false };
        columns.normalize(x.put_tape(tape), elements, affine)
    }
}

/// Somebody else's batch norm, whose statistics have no gradient.
fn of_batch<T: Tape<f32, Cpu>>(
    x: Matrix<Cpu, T>,
    affine: Affine<Cpu>,
    epsilon: f32,
    layer: own::BatchNorm,
) -> (Matrix<Cpu, T>, Vector<Cpu>, Vector<Cpu>) {
    let mut statistics = None;
    let y = with_parameters(x, (affine.gamma, affine.beta), |x, gamma, beta| {
        let (y, mean, variance) = layer(x, Affine { gamma, beta }, epsilon);
        statistics = Some((mean, variance));
        y
    });
    let (mean, variance) = statistics.expect("`with_parameters` calls its layer");
    (y, mean, variance)
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
        Affine { gamma, beta }: Affine<Cpu>,
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
