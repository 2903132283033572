//! Times training steps (forward, backward and update) and a large network's forward pass: `steps NAME`, which prints the
//! median in milliseconds. `grader/bench/pytorch/compare.py` runs it beside PyTorch.

use std::time::{Duration, Instant};

use bench::{Classifier, LeNet5, Mlp, MnistCnn, Seq2Seq, vgg16::Vgg16};
use dfdx::prelude::*;
use rand_distr::Standard;
use toolkit::ops::{EmbeddingOps, LossOps};
use toolkit::optim::{AdamConfig, Optimizer, Parameters, Rule};
use toolkit::sparse::{SparseRule, SparseTable};
use toolkit::tensor::{Images, Indices, Matrix, Sequences};

const BATCH: usize = 128;
type Error = Box<dyn std::error::Error>;

fn main() -> Result<(), Error> {
    let name = std::env::args().nth(1).unwrap_or_default();
    let dev = Cpu::seed_from_u64(1);
    let median = match name.as_str() {
        "mlp" => classifier(&dev, Mlp::new(&dev))?,
        "cnn" => classifier(&dev, MnistCnn::new(&dev))?,
        "lenet" => classifier(&dev, LeNet5::new(&dev))?,
        "seq2seq" => seq2seq(&dev)?,
        "factorisation" => factorisation(&dev)?,
        "factorisation-sparse" => factorisation_sparse(&dev)?,
        "vgg16" => vgg16(&dev)?,
        _ => {
            return Err(
                "NAME is mlp, cnn, lenet, seq2seq, factorisation, factorisation-sparse or vgg16".into()
            );
        }
    };
    println!("{median}");
    Ok(())
}

/// The median of a step's times over two seconds, after three steps of warming up.
fn median(mut step: impl FnMut() -> Result<(), Error>) -> Result<f64, Error> {
    (0..3).try_for_each(|_| step())?;
    let mut times: Vec<Duration> = vec![];
    let start = Instant::now();
    while times.len() < 5 || start.elapsed() < Duration::from_secs(2) {
        let start = Instant::now();
        step()?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times[times.len() / 2].as_secs_f64() * 1e3)
}

fn adam() -> Optimizer<Cpu> {
    Optimizer::new(Rule::Adam(AdamConfig::default()))
}

fn indices(dev: &Cpu, n: usize, below: usize) -> Indices<Cpu> {
    dev.tensor_from_vec((0..n).map(|k| k * 7919 % below).collect(), (n,))
}

fn train<M: Parameters<Cpu>>(
    model: &mut M,
    loss: impl Fn(&M) -> Tensor<Rank0, f32, Cpu, OwnedTape<f32, Cpu>>,
) -> Result<f64, Error> {
    let mut optimizer = adam();
    median(|| {
        let gradients = loss(model).try_backward().map_err(|error| format!("{error:?}"))?;
        optimizer.step(model, gradients).map_err(|error| format!("{error:?}").into())
    })
}

fn classifier(dev: &Cpu, mut model: impl Classifier) -> Result<f64, Error> {
    let x: Images<Cpu> = dev.sample_like(&(BATCH, 28, 28, 1), Standard);
    let targets = indices(dev, BATCH, 10);
    train(&mut model, |model| {
        Cpu::softmax_cross_entropy(model.forward(x.clone(), OwnedTape::default()), &targets)
    })
}

fn seq2seq(dev: &Cpu) -> Result<f64, Error> {
    let x: Sequences<Cpu> = dev.sample_like(&(BATCH, 5, 12), Standard);
    let targets = indices(dev, BATCH * 3, 12);
    train(&mut Seq2Seq::new(dev), |model| {
        Cpu::softmax_cross_entropy(model.forward(x.leaky_trace()), &targets)
    })
}

const USERS: usize = 671;
const MOVIES: usize = 9066;
const FACTORS: usize = 50;
const RATINGS: usize = 64;

fn factorisation(dev: &Cpu) -> Result<f64, Error> {
    let (users, movies) = (indices(dev, RATINGS, USERS), indices(dev, RATINGS, MOVIES));
    let ratings: Tensor<(usize,), f32, Cpu> = dev.sample_like(&(RATINGS,), Standard);
    let mut tables: (Matrix<Cpu>, Matrix<Cpu>) =
        (dev.sample_like(&(USERS, FACTORS), Standard), dev.sample_like(&(MOVIES, FACTORS), Standard));
    train(&mut tables, |(u, m)| {
        let (u, m) = (Cpu::embedding(u.leaky_trace(), &users), Cpu::embedding(m.leaky_trace(), &movies));
        ((u * m).sum::<(usize,), Axis<1>>() - ratings.clone()).square().mean()
    })
}

fn factorisation_sparse(dev: &Cpu) -> Result<f64, Error> {
    let (users, movies) = (indices(dev, RATINGS, USERS).as_vec(), indices(dev, RATINGS, MOVIES).as_vec());
    let ratings: Tensor<(usize,), f32, Cpu> = dev.sample_like(&(RATINGS,), Standard);
    let table = |rows: usize| {
        let values: Matrix<Cpu> = dev.sample_like(&(rows, FACTORS), Standard);
        SparseTable::new(values.as_vec(), FACTORS)
    };
    let (mut user_table, mut movie_table) = (table(USERS), table(MOVIES));
    let rule = SparseRule::Adam { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8 };
    median(|| {
        let (u, m) = (user_table.lookup(dev, &users), movie_table.lookup(dev, &movies));
        let products = (u.leaky_trace() * m.leaky_trace()).sum::<(usize,), Axis<1>>();
        let loss = (products - ratings.clone()).square().mean();
        let gradients = loss.try_backward().map_err(|error| format!("{error:?}"))?;
        user_table.update(rule, &users, &gradients.get(&u));
        movie_table.update(rule, &movies, &gradients.get(&m));
        Ok(())
    })
}

/// One image, forward only.
fn vgg16(dev: &Cpu) -> Result<f64, Error> {
    let (network, x) = (Vgg16::new(dev), dev.sample_like(&(1, 224, 224, 3), Standard));
    median(|| {
        network.forward(x.clone());
        Ok(())
    })
}
