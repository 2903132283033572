//! Times each operation of the toolkit, forward and backward, beside the composition of dfdx's operations that gives the
//! same: `cargo bench -p bench --bench ops`. With the feature `cuda`, the GPU's instead.
//!
//! Sizes are those of a training step on MNIST or on short sequences.

#![allow(missing_docs, reason = "criterion's macros write functions without docs")]

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use dfdx::prelude::*;
use rand_distr::Standard;
use toolkit::ops::{
    Activation, ActivationOps, Affine, BiasOps, ConvBlock, ConvConfig, ConvOps, DenseOps, DepthwiseOps,
    EmbeddingOps, LossOps, LstmOps, LstmWeights, NormOps, PoolConfig, PoolOps, Pooling, composition,
};
use toolkit::shape::pick;
use toolkit::tensor::{Images, Indices, Matrix, Sequences, Vector};

#[cfg(not(feature = "cuda"))]
type Dev = Cpu;
#[cfg(feature = "cuda")]
type Dev = Cuda;
/// What the device runs of the toolkit: the CPU has operations of its own.
#[cfg(not(feature = "cuda"))]
const OURS: &str = "toolkit";
#[cfg(feature = "cuda")]
const OURS: &str = "cuda";

type Owned = OwnedTape<f32, Dev>;

/// Draws a tensor; the same in every run.
fn draw<S: Shape>(dev: &Dev, shape: S) -> Tensor<S, f32, Dev> {
    dev.sample_like(&shape, Standard)
}

fn indices(dev: &Dev, n: usize, below: usize) -> Indices<Dev> {
    dev.tensor_from_vec((0..n).map(|i| i * 7919 % below).collect(), (n,))
}

/// The gradient of the sum.
fn backward<S: Shape>(y: Tensor<S, f32, Dev, Owned>) {
    let dev = y.device().clone();
    black_box(y.sum::<Rank0, _>().backward());
    dev.synchronize();
}

/// The toolkit's operation and, where it has one of its own, dfdx's composition.
fn versus(c: &mut Criterion, name: &str, mut ours: impl FnMut(), mut composed: impl FnMut()) {
    let mut group = c.benchmark_group(format!("ops/{name}"));
    group.bench_function(OURS, |b| b.iter(&mut ours));
    if OURS == "toolkit" {
        group.bench_function("dfdx", |b| b.iter(&mut composed));
    }
}

/// Of kernels of 3×3, whose maps are as large as the images.
const SAME: ConvConfig = ConvConfig { stride: 1, padding: 1 };
/// Half as many rows and columns.
const HALVES: PoolConfig = PoolConfig { size: 2, stride: 2 };

fn convolutions(c: &mut Criterion, dev: &Dev) {
    let x: Images<Dev> = draw(dev, (16, 28, 28, 8));
    let (kernel, bias): (Images<Dev>, Vector<Dev>) = (draw(dev, (3, 3, 8, 16)), draw(dev, (16,)));
    versus(
        c,
        "conv2d",
        || backward(Dev::conv2d(x.leaky_trace(), &kernel, &bias, SAME)),
        || backward(composition::conv2d(x.leaky_trace(), &kernel, &bias, SAME)),
    );
    let block =
        ConvBlock { activation: Activation::Relu, pooling: Pooling::Max(2), ..ConvBlock::plain(SAME) };
    versus(
        c,
        "conv_block",
        || backward(Dev::conv_block(x.leaky_trace(), &kernel, &bias, block)),
        || {
            let y = composition::relu(composition::conv2d(x.leaky_trace(), &kernel, &bias, SAME));
            backward(composition::max_pool2d(y, HALVES));
        },
    );
    let (kernel, bias): (Sequences<Dev>, Vector<Dev>) = (draw(dev, (3, 3, 8)), draw(dev, (8,)));
    versus(
        c,
        "depthwise_conv2d",
        || backward(Dev::depthwise_conv2d(x.leaky_trace(), &kernel, &bias, SAME)),
        || backward(composition::depthwise_conv2d(x.leaky_trace(), &kernel, &bias, SAME)),
    );
}

fn pooling(c: &mut Criterion, dev: &Dev) {
    let x: Images<Dev> = draw(dev, (16, 28, 28, 8));
    versus(
        c,
        "max_pool2d",
        || backward(Dev::max_pool2d(x.leaky_trace(), HALVES)),
        || backward(composition::max_pool2d(x.leaky_trace(), HALVES)),
    );
    versus(
        c,
        "avg_pool2d",
        || backward(Dev::avg_pool2d(x.leaky_trace(), HALVES)),
        || backward(composition::avg_pool2d(x.leaky_trace(), HALVES)),
    );
}

fn elementwise(c: &mut Criterion, dev: &Dev) {
    let x: Matrix<Dev> = draw(dev, (128, 512));
    let (bias, ones): (Vector<Dev>, Vector<Dev>) = (draw(dev, (512,)), dev.ones_like(&(512,)));
    let affine = || Affine { gamma: &ones, beta: &bias };
    versus(
        c,
        "relu",
        || backward(Dev::relu(x.leaky_trace())),
        || backward(composition::relu(x.leaky_trace())),
    );
    versus(c, "sigmoid", || backward(Dev::sigmoid(x.leaky_trace())), || backward(x.leaky_trace().sigmoid()));
    versus(c, "tanh", || backward(Dev::tanh(x.leaky_trace())), || backward(x.leaky_trace().tanh()));
    versus(
        c,
        "bias_add",
        || backward(Dev::bias_add(x.leaky_trace(), &bias)),
        || backward(composition::bias_add(x.leaky_trace(), &bias)),
    );
    versus(
        c,
        "batch_norm",
        || backward(Dev::batch_norm(x.leaky_trace(), affine(), 1e-5).0),
        || backward(composition::batch_norm(x.leaky_trace(), affine(), 1e-5).0),
    );
}

fn matrices(c: &mut Criterion, dev: &Dev) {
    let x: Matrix<Dev> = draw(dev, (128, 784));
    let (weight, bias): (Matrix<Dev>, Vector<Dev>) = (draw(dev, (784, 512)), draw(dev, (512,)));
    versus(
        c,
        "linear",
        || backward(Dev::linear(x.leaky_trace(), &weight, &bias)),
        || backward(composition::linear(x.leaky_trace(), &weight, &bias)),
    );
    let (logits, targets): (Matrix<Dev>, _) = (draw(dev, (512, 10)), indices(dev, 512, 10));
    versus(
        c,
        "softmax_cross_entropy",
        || backward(Dev::softmax_cross_entropy(logits.leaky_trace(), &targets)),
        || backward(composition::softmax_cross_entropy(logits.leaky_trace(), &targets)),
    );
    let (table, rows): (Matrix<Dev>, _) = (draw(dev, (9066, 50)), indices(dev, 256, 9066));
    versus(
        c,
        "embedding",
        || backward(Dev::embedding(table.leaky_trace(), &rows)),
        || backward(table.leaky_trace().gather(rows.clone())),
    );
    let (images, batch): (Matrix<Dev>, Vec<usize>) =
        (draw(dev, (2000, 784)), (0..2000).step_by(16).collect());
    let rows: Indices<Dev> = dev.tensor_from_vec(batch.clone(), (batch.len(),));
    versus(
        c,
        "pick",
        || _ = black_box(pick(images.clone(), &batch)),
        || _ = black_box(images.clone().gather(rows.clone())),
    );
}

fn recurrent(c: &mut Criterion, dev: &Dev) {
    let x: Sequences<Dev> = draw(dev, (64, 8, 16));
    let weights =
        LstmWeights { input: draw(dev, (16, 256)), hidden: draw(dev, (64, 256)), bias: draw(dev, (256,)) };
    versus(
        c,
        "lstm",
        || backward(Dev::lstm(x.leaky_trace(), &weights)),
        || backward(composition::lstm(x.leaky_trace(), &weights)),
    );
}

fn all(c: &mut Criterion) {
    let Some(dev) = device() else { return println!("not run: no CUDA device") };
    for part in [convolutions, pooling, elementwise, matrices, recurrent] {
        part(c, &dev);
    }
}

#[cfg(not(feature = "cuda"))]
fn device() -> Option<Dev> {
    Some(Cpu::seed_from_u64(1))
}

/// The driver's first device; where there is no driver, cudarc panics, which says why.
#[cfg(feature = "cuda")]
fn device() -> Option<Dev> {
    std::panic::catch_unwind(|| Cuda::try_build(0, 1)).ok()?.ok()
}

criterion_group! {
    name = ops;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3));
    targets = all
}
criterion_main!(ops);
