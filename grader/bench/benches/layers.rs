//! Times the solved layers, forward and backward: `cargo bench -p bench --bench layers`. With the feature `cuda` on the GPU,
//! under the same names, so that criterion's report shows both beside each other.

#![allow(missing_docs, reason = "criterion's macros write functions without docs")]

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dfdx::{prelude::*, tensor::TensorFromVec};
use rand::{SeedableRng, distributions::Distribution, rngs::StdRng};
use rand_distr::Standard;
use regularization::dropout::dropout;
use rnn::{
    lstm::{LstmWeights, lstm_unroll},
    vanilla::{RnnWeights, rnn_unroll},
};
use special_layers::{
    conv::{ConvOptions, Padding, conv1d, conv2d},
    dense::dense,
    embedding::embedding,
    merge::{merge_dot, merge_maximum},
    pooling::{average_pool, max_pool2d},
};
use tricks::{
    activations::{leaky_relu, relu, sigmoid},
    batch_norm::{RunningStatistics, batch_norm_train},
    throughput::matmul_throughput,
};

#[cfg(not(feature = "cuda"))]
type Dev = Cpu;
#[cfg(feature = "cuda")]
type Dev = Cuda;
#[cfg(not(feature = "cuda"))]
const DEVICE: &str = "cpu";
#[cfg(feature = "cuda")]
const DEVICE: &str = "cuda";

#[cfg(not(feature = "cuda"))]
fn device() -> Option<Dev> {
    Some(Cpu::seed_from_u64(1))
}

/// The driver's first device; where there is no driver, cudarc panics, which says why.
#[cfg(feature = "cuda")]
fn device() -> Option<Dev> {
    std::panic::catch_unwind(|| Cuda::try_build(0, 1)).ok()?.ok()
}

type Taped<S> = Tensor<S, f32, Dev, OwnedTape<f32, Dev>>;
type Plain<S> = Tensor<S, f32, Dev>;
type Two = (usize, usize);
type Three = (usize, usize, usize);
type Four = (usize, usize, usize, usize);

/// Draws a tensor; the same in every run.
fn draw<S: Shape>(dev: &Dev, shape: S) -> Plain<S> {
    dev.sample_like(&shape, Standard)
}

/// Times a layer and the gradient of its output's sum.
fn layer<S: Shape>(c: &mut Criterion, name: &str, mut forward: impl FnMut() -> Taped<S>) {
    let mut group = c.benchmark_group(format!("layers/{name}"));
    group.bench_function(DEVICE, |b| {
        b.iter(|| {
            let y = forward();
            let dev = y.device().clone();
            let gradients = y.sum::<Rank0, _>().backward();
            dev.synchronize();
            gradients
        });
    });
}

fn activations(c: &mut Criterion, dev: &Dev) {
    let x: Plain<Two> = draw(dev, (128, 512));
    layer(c, "sigmoid", || sigmoid(x.leaky_trace()));
    layer(c, "relu", || relu(x.leaky_trace()));
    layer(c, "leaky_relu", || leaky_relu(x.leaky_trace(), 0.1));
}

fn dense_layers(c: &mut Criterion, dev: &Dev) {
    let (x, weight, bias): (Plain<Two>, Plain<Two>, _) =
        (draw(dev, (128, 784)), draw(dev, (784, 512)), draw(dev, (512,)));
    layer(c, "dense", || dense(x.leaky_trace(), &weight, &bias));
    let (x, gamma): (Plain<Two>, _) = (draw(dev, (128, 512)), dev.ones_like(&(512,)));
    let mut running = RunningStatistics::new(512, dev);
    layer(c, "batch_norm_train", || {
        batch_norm_train(x.leaky_trace(), &gamma, &bias, &mut running, 1e-5).expect("128 values a channel")
    });
    let mut rng = StdRng::seed_from_u64(1);
    layer(c, "dropout", || dropout(x.leaky_trace(), 0.5, true, &mut rng).expect("a probability"));
}

fn embeddings(c: &mut Criterion, dev: &Dev) {
    let table: Plain<Two> = draw(dev, (9066, 50));
    let rows = dev.tensor_from_vec((0..256).map(|i| i * 7919 % 9066).collect(), (256,));
    layer(c, "embedding", || embedding(table.leaky_trace(), &rows).expect("rows of the table"));
    let (a, b): (Plain<Three>, Plain<Three>) = (draw(dev, (256, 1, 50)), draw(dev, (256, 1, 50)));
    layer(c, "merge_dot", || merge_dot(a.leaky_trace(), b.retaped(), (2, 2), false).expect("they fit"));
    layer(c, "merge_maximum", || merge_maximum(vec![a.leaky_trace(), b.retaped()]).expect("they fit"));
}

fn images(c: &mut Criterion, dev: &Dev) {
    let x: Plain<Three> = draw(dev, (32, 64, 16));
    let (kernel, bias): (Plain<Three>, _) = (draw(dev, (3, 16, 32)), draw(dev, (32,)));
    let valid = ConvOptions::default();
    layer(c, "conv1d", || conv1d(x.leaky_trace(), &kernel, &bias, valid).expect("it fits"));
    let x: Plain<Four> = draw(dev, (16, 28, 28, 8));
    let (kernel, bias): (Plain<Four>, _) = (draw(dev, (3, 3, 8, 16)), draw(dev, (16,)));
    layer(c, "conv2d", || conv2d(x.leaky_trace(), &kernel, &bias, valid).expect("it fits"));
    layer(c, "max_pool2d", || max_pool2d(x.leaky_trace(), 2, 2, Padding::Valid).expect("it fits"));
    layer(c, "average_pool", || average_pool(x.leaky_trace(), 2, 2, Padding::Valid).expect("it fits"));
}

fn recurrent(c: &mut Criterion, dev: &Dev) {
    let x: Plain<Three> = draw(dev, (64, 8, 16));
    let zeros = || -> Plain<Two> { dev.zeros_like(&(64, 64)) };
    let weights =
        RnnWeights { input: draw(dev, (16, 64)), hidden: draw(dev, (64, 64)), bias: draw(dev, (64,)) };
    layer(c, "rnn_unroll", || rnn_unroll(x.leaky_trace(), zeros().retaped(), &weights));
    let weights =
        LstmWeights { input: draw(dev, (16, 256)), hidden: draw(dev, (64, 256)), bias: draw(dev, (256,)) };
    layer(c, "lstm_unroll", || {
        lstm_unroll(x.leaky_trace(), (zeros().retaped(), zeros().retaped()), &weights)
    });
}

/// `matmul_throughput` of two matrices of 1024 × 1024: 2 · 1024³ floating-point operations a product.
fn throughput<E: Dtype>(c: &mut Criterion, dev: &Dev, precision: &str)
where
    Dev: Device<E> + TensorFromVec<E>,
    Standard: Distribution<E>,
{
    const SIDE: usize = 1024;
    let a: Tensor<Two, E, Dev> = dev.sample_like(&(SIDE, SIDE), Standard);
    let mut group = c.benchmark_group(format!("layers/matmul_throughput_{precision}"));
    group.throughput(Throughput::Elements(2 * (SIDE as u64).pow(3)));
    group.bench_function(DEVICE, |b| {
        // It warms up with one product of its own, which is not measured: hence its own clock.
        b.iter_custom(|products| {
            let (_, rate) = matmul_throughput(&a, &a, products as usize);
            Duration::from_secs_f64(rate.seconds)
        });
    });
}

fn all(c: &mut Criterion) {
    let Some(dev) = device() else { return println!("not run: no CUDA device") };
    for part in [activations, dense_layers, embeddings, images, recurrent] {
        part(c, &dev);
    }
    throughput::<f32>(c, &dev, "f32");
    throughput::<f64>(c, &dev, "f64");
}

criterion_group! {
    name = layers;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3));
    targets = all
}
criterion_main!(layers);
