//! EfficientNet-Lite0 on photographs, against PyTorch's float64 logits.

use std::collections::BTreeMap;

use datasets::{efficientnet, weights::Weight};
use dfdx::prelude::*;
use serde_json::Value;

use crate::efficientnet::{EfficientNetLite0, Weights};
use crate::optim::{Optimizer, Rule, SgdConfig};
use crate::tensor::Images;

fn network(arrays: BTreeMap<String, Weight>) -> EfficientNetLite0<Cpu> {
    let weights: Weights = arrays.into_iter().map(|(name, w)| (name, (w.shape, w.values))).collect();
    EfficientNetLite0::new(&Cpu::default(), &weights).unwrap()
}

/// A byte b of a pixel as (b − 127) / 128.
fn photograph(name: &str) -> Images<Cpu> {
    let image = efficientnet::photograph(name).unwrap();
    let pixels = image.pixels.iter().map(|x| (x * 255.0 - 127.0) / 128.0).collect();
    Cpu::default().tensor_from_vec(pixels, (1, 224, 224, 3))
}

/// The largest difference of all logits of all photographs.
fn error(network: &EfficientNetLite0<Cpu>) -> f64 {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../grader/golden/toolkit/efficientnet.json");
    let golden: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let errors = efficientnet::PHOTOGRAPHS.iter().flat_map(|name| {
        let wanted = golden["logits"][name].as_array().unwrap().iter().map(|x| x.as_f64().unwrap());
        let logits = network.logits(photograph(name)).as_vec();
        logits.into_iter().zip(wanted).map(|(x, y)| (f64::from(x) - y).abs()).collect::<Vec<_>>()
    });
    errors.fold(0.0, f64::max)
}

#[test]
fn the_bundled_network_knows_a_cat() {
    let network = network(efficientnet::bundled().unwrap());
    let logits = network.logits(photograph("chelsea")).as_vec();
    let best = (0..1000).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap();
    let names = efficientnet::labels().unwrap();
    assert!(["tabby cat", "tiger cat", "Egyptian Mau"].contains(&names[best].as_str()), "{}", names[best]);
    let error = error(&network);
    assert!(error < 0.05, "half precision moves a logit by {error}");
}

#[test]
fn logits_are_pytorchs() {
    let Ok(weights) = efficientnet::full() else {
        return println!("CRASH_COURSE_DATA has no EfficientNet: not compared in single precision");
    };
    let error = error(&network(weights));
    assert!(error < 2e-4, "a logit is wrong by {error}");
}

#[test]
fn gradients_reach_the_image() {
    let network = network(efficientnet::bundled().unwrap());
    let x: Images<Cpu> = Cpu::default().sample_normal_like(&(1, 32, 48, 3));
    let gradients = network.features(x.leaky_trace()).square().mean::<Rank0, _>().backward();
    assert!(gradients.get(&x).as_vec().iter().filter(|g| **g != 0.0).count() > 1000);
}

/// Through all blocks: along its gradient, a class’s logit grows by the gradient’s length. A step of 0.003 is
/// short enough for the bends of the relus, and long enough for single precision.
#[test]
fn gradients_are_slopes() {
    let network = network(efficientnet::bundled().unwrap());
    let x: Images<Cpu> = Cpu::seed_from_u64(1).sample_normal_like(&(1, 40, 48, 3));
    let logit = |x: Images<Cpu>| f64::from(network.logits(x).as_vec()[281]);
    let class = Cpu::default().tensor_from_vec(vec![281], (1,));
    let traced = network.logits(x.leaky_trace()).select::<(usize,), _>(class).sum::<Rank0, _>();
    let slope = traced.backward().get(&x);
    let length = slope.clone().square().sum::<Rank0, _>().array().sqrt();
    let step = slope * (0.003 / length);
    let measured = (logit(x.clone() + step.clone()) - logit(x - step)) / 0.006;
    assert!((measured / f64::from(length) - 1.0).abs() < 0.03, "{measured} instead of {length}");
}

#[test]
fn a_beginning_needs_its_own_weights_only() {
    let (x, depth) = (Cpu::seed_from_u64(1).sample_normal_like(&(2, 32, 40, 3)), 3);
    let arrays = efficientnet::bundled().unwrap();
    let maps = network(arrays.clone()).feature_map(x.clone(), depth).as_vec();
    let weights = efficientnet::beginning(arrays, depth).into_iter();
    let weights = weights.map(|(name, weight)| (name, (weight.shape, weight.values))).collect();
    let beginning = EfficientNetLite0::beginning(&Cpu::default(), &weights, depth).unwrap();
    assert_eq!((beginning.depth(), beginning.feature_map(x, depth).as_vec()), (depth, maps));
    let missing = EfficientNetLite0::beginning(&Cpu::default(), &weights, depth + 1).unwrap_err();
    assert!(missing.name.starts_with("_blocks.3."), "{missing}");
}

#[test]
fn a_tail_ends_what_the_first_blocks_begin() {
    let network = network(efficientnet::bundled().unwrap());
    let x: Images<Cpu> = Cpu::seed_from_u64(1).sample_normal_like(&(2, 32, 40, 3));
    let features = network.features(x.clone()).as_vec();
    for depth in [0, 11, 15, network.depth()] {
        let maps = network.feature_map(x.clone(), depth);
        assert_eq!(network.tail(depth).features(maps).as_vec(), features, "after {depth} blocks");
    }
}

#[test]
fn a_trained_tail_leaves_the_network_alone() {
    let network = network(efficientnet::bundled().unwrap());
    let maps = network.feature_map(Cpu::seed_from_u64(1).sample_normal_like(&(2, 32, 32, 3)), 15);
    let (mut tail, before) = (network.tail(15), network.tail(15).features(maps.clone()).as_vec());
    let loss = tail.features(maps.clone().leaky_trace()).square().mean::<Rank0, _>();
    let rule = Rule::Sgd(SgdConfig { lr: 0.1, momentum: None, weight_decay: None });
    Optimizer::new(rule).step(&mut tail, loss.backward()).unwrap();
    assert_ne!(tail.features(maps.clone()).as_vec(), before);
    assert_eq!(network.tail(15).features(maps).as_vec(), before);
}

#[test]
fn wrong_weights_are_named() {
    let mut weights = Weights::new();
    let message = |weights: &Weights| {
        EfficientNetLite0::new(&Cpu::default(), weights).map(|_| ()).unwrap_err().to_string()
    };
    assert_eq!(message(&weights), "`_bn0.weight`, of shape [32], is missing");
    weights.insert("_bn0.weight".into(), (vec![31], vec![0.0; 31]));
    assert_eq!(message(&weights), "`_bn0.weight` has the shape [31], not [32]");
}
