//! Calls into `convnets::transfer`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use convnets::{
    given::small_net::{
        BatchNorm, Block, Examples, Network,
        optim::{Momentum, Optimizer, Rule, SgdConfig, WeightDecay},
    },
    transfer as student,
};
use dfdx::prelude::*;
use probe::{Dev, Fault, Inputs, Leaf, Outputs, Plain, serve};

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("freeze_and_replace_head", |call| {
            let mut network = network(call)?;
            student::freeze_and_replace_head(&mut network, call.count("classes")?, &mut call.rng("seed")?);
            Ok(state(Outputs::new(), &network))
        }),
        ("freeze_and_replace_head/training_logits", |call| batch(call, network(call)?)),
        // A step with weight decay alone.
        ("freeze_and_replace_head/visit_trained", |call| {
            let mut network = network(call)?;
            optimizer(call)?.step(&mut network, Gradients::leaky()).map_err(Fault::device)?;
            Ok(state(Outputs::new(), &network))
        }),
        ("fine_tune", fine_tune),
    ])
}

/// Logits, gradients, running statistics, and which tensors of frozen blocks have a gradient.
fn batch(call: &Inputs, mut network: Network<Dev>) -> Result<Outputs, Fault> {
    let y = student::training_logits(&mut network, call.tensor("images")?);
    let outputs = state(Outputs::new().tensor("y", &y), &network);
    let cotangent: Plain<(usize, usize)> = call.tensor("d_y")?;
    if cotangent.shape() != y.shape() {
        return Ok(outputs);
    }
    let mut gradients = (y * cotangent).sum::<Rank0, _>().backward();
    let frozen = call.count("frozen")?;
    let mut known = Vec::new();
    for (i, Block { kernel, norm, .. }) in network.blocks[..frozen].iter().enumerate() {
        known.push((format!("kernel{i}"), has_gradient(&gradients, kernel)));
        known.push((format!("gamma{i}"), has_gradient(&gradients, &norm.gamma)));
        known.push((format!("beta{i}"), has_gradient(&gradients, &norm.beta)));
    }
    let names: Vec<String> = known.into_iter().filter_map(|(name, has)| has.then_some(name)).collect();
    let outputs = outputs.text("frozen_tensors_with_a_gradient", &names.join("\n"));
    let mut leaves: Vec<(String, &dyn Leaf)> =
        vec![("head_weight".to_owned(), &network.head.0), ("head_bias".to_owned(), &network.head.1)];
    for (i, block) in network.blocks.iter().enumerate().skip(frozen) {
        leaves.push((format!("kernel{i}"), &block.kernel));
        leaves.push((format!("gamma{i}"), &block.norm.gamma));
        leaves.push((format!("beta{i}"), &block.norm.beta));
    }
    Ok(leaves.into_iter().fold(outputs, |outputs, (name, leaf)| {
        outputs.array(&format!("d_{name}"), leaf.gradient(&mut gradients))
    }))
}

/// dfdx's `get` panics where nothing was ever allocated, and there is no other way to ask.
fn has_gradient<S: Shape>(gradients: &Gradients<f32, Dev>, tensor: &Plain<S>) -> bool {
    catch_unwind(AssertUnwindSafe(|| gradients.get(tensor))).is_ok()
}

fn fine_tune(call: &Inputs) -> Result<Outputs, Fault> {
    let (mut network, mut optimizer) = (network(call)?, optimizer(call)?);
    // An earlier training of everything, from which the optimiser remembers something of every tensor.
    let frozen = std::mem::take(&mut network.frozen);
    optimizer.step(&mut network, Gradients::leaky()).map_err(Fault::device)?;
    network.frozen = frozen;
    let train = Examples { images: call.tensor("images")?, labels: call.indexes("labels")? };
    let plan = student::Plan {
        unfrozen: call.count("unfrozen")?,
        epochs: call.count("epochs")?,
        batch_size: call.count("batch_size")?,
    };
    let losses = student::fine_tune(&mut network, &mut optimizer, &train, plan, &mut call.rng("seed")?)?;
    Ok(state(Outputs::new().numbers("losses", &losses), &network))
}

fn network(call: &Inputs) -> Result<Network<Dev>, Fault> {
    let block = |(i, pooled): (usize, usize)| -> Result<Block<Dev>, Fault> {
        let (gamma, beta) = (call.tensor(&format!("gamma{i}"))?, call.tensor(&format!("beta{i}"))?);
        let running_mean = call.tensor(&format!("mean{i}"))?;
        let running_variance = call.tensor(&format!("variance{i}"))?;
        let norm = BatchNorm { gamma, beta, running_mean, running_variance, momentum: 0.1, epsilon: 1e-5 };
        Ok(Block { kernel: call.tensor(&format!("kernel{i}"))?, norm, pooled: pooled == 1 })
    };
    let blocks = call.indexes("pooled")?.into_iter().enumerate().map(block).collect::<Result<_, _>>()?;
    let head = (call.tensor("head_weight")?, call.tensor("head_bias")?);
    Ok(Network { blocks, head, frozen: call.count("frozen")? })
}

fn optimizer(call: &Inputs) -> Result<Optimizer<Dev>, Fault> {
    let number = |name: &str| call.number(name).map(f64::from);
    let decay = WeightDecay::L2(number("weight_decay")?);
    let momentum = Some(Momentum::Classic(number("momentum")?));
    let config = SgdConfig { lr: number("learning_rate")?, momentum, weight_decay: Some(decay) };
    Ok(Optimizer::new(Rule::Sgd(config)))
}

/// Everything that a network is.
fn state(outputs: Outputs, network: &Network<Dev>) -> Outputs {
    let outputs = outputs.number("frozen", network.frozen as f64);
    let outputs = outputs.tensor("head_weight", &network.head.0).tensor("head_bias", &network.head.1);
    network.blocks.iter().enumerate().fold(outputs, |outputs, (i, Block { kernel, norm, .. })| {
        outputs
            .tensor(&format!("kernel{i}"), kernel)
            .tensor(&format!("gamma{i}"), &norm.gamma)
            .tensor(&format!("beta{i}"), &norm.beta)
            .tensor(&format!("mean{i}"), &norm.running_mean)
            .tensor(&format!("variance{i}"), &norm.running_variance)
    })
}
