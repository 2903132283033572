//! Optimisers against PyTorch's: the same start, the same three gradients.

use dfdx::prelude::*;

use super::{Golden, close};
use crate::optim::{AdamConfig, Momentum, Optimizer, RmsPropConfig, Rule, SgdConfig, WeightDecay};
use crate::sparse::{SparseRule, SparseTable};
use crate::tape::accumulate;
use crate::tensor::{Matrix, Vector};

#[track_caller]
fn descends_as(name: &str, rule: Rule) {
    let golden = Golden::load(name);
    let mut p: Vector<Cpu> = golden.tensor("start");
    let mut optimizer = Optimizer::new(rule);
    let mut path = vec![];
    for gradient in golden.array("args", "gradients").1.chunks(4) {
        let mut gradients = Gradients::leaky();
        let gradient = gradient.iter().map(|&number| number as f32).collect();
        accumulate(&mut gradients, &p, p.device().tensor_from_vec(gradient, (4,))).unwrap();
        optimizer.step(&mut p, gradients).unwrap();
        path.extend(p.as_vec());
    }
    close(name, &path, &golden.array("outputs", "path").1, 1e-6);
}

#[test]
fn sgd() {
    let (momentum, weight_decay) = (Some(Momentum::Classic(0.9)), Some(WeightDecay::L2(0.01)));
    descends_as("sgd_momentum", Rule::Sgd(SgdConfig { lr: 0.1, momentum, weight_decay }));
}

#[test]
fn adam() {
    let config = AdamConfig { lr: 0.1, ..Default::default() };
    descends_as("adam", Rule::Adam(config));
    let weight_decay = Some(WeightDecay::Decoupled(0.05));
    descends_as("adamw", Rule::Adam(AdamConfig { weight_decay, ..config }));
}

#[test]
fn rmsprop() {
    descends_as("rmsprop", Rule::RmsProp(RmsPropConfig { lr: 0.1, ..Default::default() }));
    let weight_decay = Some(WeightDecay::L2(0.02));
    let config = RmsPropConfig { lr: 0.1, alpha: 0.9, eps: 1e-3, momentum: 0.8, weight_decay };
    descends_as("rmsprop_momentum", Rule::RmsProp(config));
}

#[test]
fn sparse_adam_leaves_rows_alone_that_were_not_read() {
    let golden = Golden::load("sparse_adam");
    let start: Matrix<Cpu> = golden.tensor("start");
    let mut table = SparseTable::new(start.as_vec(), 2);
    let rule = SparseRule::Adam { lr: 0.1, betas: [0.9, 0.999], eps: 1e-8 };
    let gradients = golden.array("args", "gradients").1;
    for (rows, gradient) in golden.indices("indices").chunks(3).zip(gradients.chunks(6)) {
        let gradient = gradient.iter().map(|&number| number as f32).collect();
        table.update(rule, rows, &start.device().tensor_from_vec(gradient, (3, 2)));
    }
    close("table", table.values(), &golden.array("outputs", "table").1, 1e-6);
}
