//! Batch normalization against PyTorch's, the CPU's own against the composition of dfdx's operations, and at the edges.

use dfdx::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng};
use rand_distr::StandardNormal;

use super::{Golden, close};
use crate::norm::BatchNorm;
use crate::ops::{Affine, NormOps, Statistics, composition};
use crate::tape::backward_from;
use crate::tensor::{Images, Matrix, Vector};

fn layer(golden: &Golden) -> BatchNorm<Cpu> {
    BatchNorm {
        gamma: golden.tensor("gamma"),
        beta: golden.tensor("beta"),
        running_mean: golden.tensor("running_mean"),
        running_variance: golden.tensor("running_variance"),
        momentum: golden.number("momentum"),
        epsilon: golden.number("epsilon"),
    }
}

#[test]
fn it_is_what_pytorch_has() {
    for training in [true, false] {
        let golden = Golden::load(if training { "batch_norm_train" } else { "batch_norm_eval" });
        let (mut norm, x): (_, Images<Cpu>) = (layer(&golden), golden.tensor("x"));
        let y = if training { norm.train(x.leaky_trace()) } else { norm.eval(x.leaky_trace()) };
        golden.check("y", &y.retaped());
        golden.check("running_mean", &norm.running_mean);
        golden.check("running_variance", &norm.running_variance);
        let gradients = backward_from(y, golden.tensor("d_y"));
        golden.check("d_x", &gradients.get(&x));
        golden.check("d_gamma", &gradients.get(&norm.gamma));
        golden.check("d_beta", &gradients.get(&norm.beta));
    }
}

/// Normal numbers about a centre of its own for each column.
fn draw(rng: &mut StdRng, (rows, columns): (usize, usize)) -> Matrix<Cpu> {
    let centres: Vec<f32> = (0..columns).map(|_| rng.gen_range(-3.0..3.0)).collect();
    let values = (0..rows * columns).map(|i| centres[i % columns] + rng.sample::<f32, _>(StandardNormal));
    Cpu::default().tensor_from_vec(values.collect(), (rows, columns))
}

fn vector(rng: &mut StdRng, size: usize) -> Vector<Cpu> {
    Cpu::default().tensor_from_vec((0..size).map(|_| rng.gen_range(0.5..2.0)).collect(), (size,))
}

/// What a batch gives and its gradients, of the two programs in turn.
type Results = [Vec<Vec<f32>>; 2];

#[track_caller]
fn agree([ours, generic]: Results) {
    for (part, (ours, generic)) in ours.iter().zip(&generic).enumerate() {
        let want: Vec<f64> = generic.iter().map(|&x| f64::from(x)).collect();
        // dfdx sums up to 600 numbers in single precision, which moves its means
        close(&format!("part {part}"), ours, &want, 1e-4);
    }
    assert_eq!(ours.len(), generic.len());
}

#[test]
fn ours_is_the_composition_of_dfdx_operations() {
    let mut rng = StdRng::seed_from_u64(1);
    // more rows than a task works on, and no multiple of it
    for size in [(2, 1), (7, 5), (256, 3), (600, 4)] {
        let (x, d_y) = (draw(&mut rng, size), draw(&mut rng, size));
        let [gamma, beta, mean, variance] = [(); 4].map(|()| vector(&mut rng, size.1));
        let affine = || Affine { gamma: &gamma, beta: &beta };
        let gradients = |y: Matrix<Cpu, super::Traced>| {
            let gradients = backward_from(y, d_y.clone());
            vec![gradients.get(&x).as_vec(), gradients.get(&gamma).as_vec(), gradients.get(&beta).as_vec()]
        };
        let batch = |of: fn(_, _, _) -> (Matrix<Cpu, super::Traced>, Vector<Cpu>, Vector<Cpu>)| {
            let (y, mean, variance) = of(x.leaky_trace(), affine(), 1e-3);
            [vec![y.as_vec(), mean.as_vec(), variance.as_vec()], gradients(y)].concat()
        };
        agree([batch(Cpu::batch_norm), batch(composition::batch_norm)]);
        let given = |of: fn(_, _, _, _) -> Matrix<Cpu, super::Traced>| {
            let statistics = Statistics { mean: &mean, variance: &variance };
            let y = of(x.leaky_trace(), statistics, affine(), 1e-3);
            [vec![y.as_vec()], gradients(y)].concat()
        };
        agree([given(Cpu::normalize), given(composition::normalize)]);
    }
}

#[test]
fn a_channel_far_from_zero_is_normalized() {
    let dev = Cpu::default();
    let x = dev.tensor_from_vec(vec![10_000.0, 10_001.0, 10_002.0, 10_003.0], (4, 1));
    let y = BatchNorm::new(1, &dev).train(x.leaky_trace()).as_vec();
    let std = 1.25_f64.sqrt();
    close("y", &y, &[-1.5, -0.5, 0.5, 1.5].map(|x| x / std), 1e-5);
}

#[test]
fn a_constant_channel_and_nan_stay_what_they_are() {
    let dev = Cpu::default();
    let x = dev.tensor_from_vec(vec![0.5, 1.0, 0.5, f32::NAN], (2, 2));
    let y = BatchNorm::new(2, &dev).train(x).as_vec();
    assert!(y[0] == 0.0 && y[2] == 0.0 && y[1].is_nan() && y[3].is_nan());
}

#[test]
#[should_panic(expected = "at least 2 values in each channel, not 1")]
fn a_batch_of_one_is_refused() {
    let x: Matrix<Cpu> = Cpu::default().ones_like(&(1, 3));
    BatchNorm::new(3, &Cpu::default()).train(x);
}
