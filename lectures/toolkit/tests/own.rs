//! Layers of somebody else's stand in for the CPU's, with values and gradients, and what they call of the toolkit is the
//! toolkit's. They are installed for a whole program, so this is one of its own; its layers are dfdx's compositions, counted.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::sync::{
    Once,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use dfdx::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng};
use toolkit::{
    ops::{
        Activation, ActivationOps, ConvBlock, ConvConfig, ConvOps, DenseOps, LossOps, LstmOps, LstmWeights,
        PoolConfig, PoolOps, Pooling, composition,
    },
    own::{OwnLayers, install},
    tape::backward_from,
    tensor::{Images, Matrix, Sequences, Vector},
};

static CONVOLUTIONS: AtomicUsize = AtomicUsize::new(0);
static RELUS: AtomicUsize = AtomicUsize::new(0);
static LSTMS: AtomicUsize = AtomicUsize::new(0);

fn layers() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        install(OwnLayers {
            conv2d: Some(|x, kernel, bias, config| {
                CONVOLUTIONS.fetch_add(1, Relaxed);
                composition::conv2d(x, kernel, bias, config)
            }),
            max_pool2d: Some(composition::max_pool2d),
            // It calls what it stands in for, as a student's may.
            linear: Some(Cpu::linear),
            relu: Some(|x| {
                RELUS.fetch_add(1, Relaxed);
                composition::relu(x)
            }),
            cross_entropy: Some(|logits, targets| {
                let targets = logits.device().tensor_from_vec(targets.to_vec(), (targets.len(),));
                composition::softmax_cross_entropy(logits, &targets)
            }),
            batch_norm: None,
            normalize: None,
            lstm: Some(|x, states, weights| {
                LSTMS.fetch_add(1, Relaxed);
                composition::lstm_from(x, states, weights)
            }),
        });
    });
}

fn drawn<S: Shape>(shape: S, seed: u64) -> Tensor<S, f32, Cpu> {
    let mut rng = StdRng::seed_from_u64(seed);
    let values = (0..shape.num_elements()).map(|_| rng.gen_range(-1.0..1.0)).collect();
    Cpu::default().tensor_from_vec(values, shape)
}

#[track_caller]
fn close(got: &[f32], want: &[f32]) {
    assert_eq!(got.len(), want.len());
    assert!(want.iter().any(|want| want.abs() > 1e-3), "nothing to compare");
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() < 1e-5 * want.abs().max(1.0), "{got} is not {want}");
    }
}

#[test]
fn a_block_is_made_of_the_layers_that_were_installed() {
    layers();
    let (x, kernel, bias): (Images<Cpu>, Images<Cpu>, Vector<Cpu>) =
        (drawn((2, 7, 6, 3), 1), drawn((3, 3, 3, 4), 2), drawn((4,), 3));
    let conv = ConvConfig { stride: 1, padding: 1 };
    let block =
        ConvBlock { activation: Activation::Relu, pooling: Pooling::Max(2), ..ConvBlock::plain(conv) };
    // Other tests of this program activate, too; this one alone convolves.
    let before = (CONVOLUTIONS.load(Relaxed), RELUS.load(Relaxed));
    let pool = PoolConfig { size: 2, stride: 2 };
    // The kernel is used twice: gradients of both uses must be added up.
    let tracked = x.leaky_trace();
    let again = Cpu::conv2d(tracked.retaped::<OwnedTape<f32, Cpu>>(), &kernel, &bias, conv);
    let y = Cpu::conv_block(tracked, &kernel, &bias, block) + Cpu::max_pool2d(again, pool);
    assert_eq!(CONVOLUTIONS.load(Relaxed), before.0 + 2);
    assert!(RELUS.load(Relaxed) > before.1);
    let tracked = x.leaky_trace();
    let again = composition::conv2d(tracked.retaped::<OwnedTape<f32, Cpu>>(), &kernel, &bias, conv);
    let want = composition::conv_block(tracked, &kernel, &bias, block) + composition::max_pool2d(again, pool);
    close(&y.as_vec(), &want.as_vec());
    let upstream = drawn(*y.shape(), 4);
    let (own, want) = (backward_from(y, upstream.clone()), backward_from(want, upstream));
    close(&own.get(&x).as_vec(), &want.get(&x).as_vec());
    close(&own.get(&kernel).as_vec(), &want.get(&kernel).as_vec());
    close(&own.get(&bias).as_vec(), &want.get(&bias).as_vec());
}

#[test]
fn a_layer_that_calls_what_it_stands_in_for_gets_the_toolkits() {
    layers();
    let (x, weight, bias): (Matrix<Cpu>, Matrix<Cpu>, Vector<Cpu>) =
        (drawn((5, 3), 1), drawn((3, 4), 2), drawn((4,), 3));
    let targets = Cpu::default().tensor_from_vec(vec![0, 3, 1, 1, 2], (5,));
    let own = Cpu::softmax_cross_entropy(
        Cpu::relu(Cpu::linear_of_data(x.clone(), &weight, &bias, OwnedTape::default())),
        &targets,
    );
    let logits = composition::relu(composition::linear(x.leaky_trace(), &weight, &bias));
    let want = composition::softmax_cross_entropy(logits, &targets);
    close(&own.as_vec(), &want.as_vec());
    let (own, want) = (own.backward(), want.backward());
    close(&own.get(&weight).as_vec(), &want.get(&weight).as_vec());
    close(&own.get(&bias).as_vec(), &want.get(&bias).as_vec());
    // and without a tape
    close(&Cpu::linear(x.clone(), &weight, &bias).as_vec(), &composition::linear(x, &weight, &bias).as_vec());
}

#[test]
fn gradients_of_an_lstm_flow_through_its_states_and_its_last_cell() {
    layers();
    let x: Sequences<Cpu> = drawn((3, 4, 2), 1);
    let (h, c): (Matrix<Cpu>, Matrix<Cpu>) = (drawn((3, 5), 2), drawn((3, 5), 3));
    let weights = LstmWeights { input: drawn((2, 20), 4), hidden: drawn((5, 20), 5), bias: drawn((20,), 6) };
    type Both = (Sequences<Cpu, OwnedTape<f32, Cpu>>, Matrix<Cpu, OwnedTape<f32, Cpu>>);
    let gradients = |(all, last): Both| {
        close(&all.as_vec(), &composition::lstm_from(x.clone(), (h.clone(), c.clone()), &weights).0.as_vec());
        let loss = all.square().sum::<Rank0, _>() + (last.square() * 3.0).sum::<Rank0, _>();
        let found = loss.backward();
        let leaves = [found.get(&h).as_vec(), found.get(&c).as_vec(), found.get(&x).as_vec()];
        let learnt = [found.get(&weights.input).as_vec(), found.get(&weights.bias).as_vec()];
        (leaves.concat(), learnt.concat(), found.get(&weights.hidden).as_vec())
    };
    let states = || (h.leaky_trace(), c.leaky_trace());
    let before = LSTMS.load(Relaxed);
    let own = gradients(Cpu::lstm_from(x.leaky_trace(), states(), &weights));
    assert_eq!(LSTMS.load(Relaxed), before + 1);
    let want = gradients(composition::lstm_from(x.leaky_trace(), states(), &weights));
    close(&own.0, &want.0);
    close(&own.1, &want.1);
    close(&own.2, &want.2);
    let from_zeros = Cpu::lstm(x.clone(), &weights);
    close(&from_zeros.as_vec(), &composition::lstm(x.clone(), &weights).as_vec());
}
