//! Calls into `convnets::residual`.

use convnets::{
    given::resnet_parts::{BatchNorm, Block, ConvNorm, Mode, Shortcut, Sizes},
    residual as student,
};
use dfdx::prelude::*;
use probe::{Dev, Fault, Formula, Inputs, Outputs, Plain, serve};

type Images = Plain<(usize, usize, usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("residual_block", residual_block),
        ("resnet18", arrays),
        ("resnet18/resnet18 + resnet_logits", logits),
    ])
}

fn mode(call: &Inputs) -> Result<Mode, Fault> {
    Ok(if call.flag("training")? { Mode::Training } else { Mode::Evaluation })
}

/// The layer whose tensors' names end with `number`.
fn layer(call: &Inputs, number: usize, stride: usize) -> Result<ConvNorm<Dev>, Fault> {
    let vector = |name: &str| call.tensor::<(usize,)>(&format!("{name}{number}"));
    let norm = BatchNorm {
        gamma: vector("gamma")?,
        beta: vector("beta")?,
        running_mean: vector("running_mean")?,
        running_variance: vector("running_variance")?,
        momentum: 0.1,
        epsilon: 1e-5,
    };
    Ok(ConvNorm { kernel: call.tensor(&format!("kernel{number}"))?, stride, norm })
}

fn residual_block(call: &Inputs) -> Result<Outputs, Fault> {
    let (x, stride): (Images, usize) = (call.tensor("x")?, call.count("stride")?);
    let shortcut = match call.text("shortcut")? {
        "nothing" => Shortcut::Nothing,
        "identity" => Shortcut::Identity,
        _ => Shortcut::Projection(layer(call, 3, stride)?),
    };
    let mut block = Block { first: layer(call, 1, stride)?, second: layer(call, 2, 1)?, shortcut };
    let y = student::residual_block(x.leaky_trace(), &mut block, mode(call)?);
    let mut layers = vec![&block.first, &block.second];
    if let Shortcut::Projection(projection) = &block.shortcut {
        layers.push(projection);
    }
    let mut outputs = Outputs::new();
    let mut leaves: Vec<(String, &dyn probe::Leaf)> = vec![("x".to_owned(), &x)];
    for (i, layer) in layers.iter().enumerate() {
        let named = |name: &str| format!("{name}{}", i + 1);
        outputs = outputs
            .tensor(&named("running_mean"), &layer.norm.running_mean)
            .tensor(&named("running_variance"), &layer.norm.running_variance);
        leaves.push((named("kernel"), &layer.kernel));
        leaves.push((named("gamma"), &layer.norm.gamma));
        leaves.push((named("beta"), &layer.norm.beta));
    }
    let leaves: Vec<_> = leaves.iter().map(|(name, leaf)| (name.as_str(), *leaf)).collect();
    outputs.gradients(call, y, &leaves)
}

fn sizes(call: &Inputs) -> Result<Sizes, Fault> {
    Ok(Sizes {
        channels: call.count("channels")?,
        width: call.count("width")?,
        classes: call.count("classes")?,
    })
}

/// What arrays the network asks for, in the order of their names.
fn arrays(call: &Inputs) -> Result<Outputs, Fault> {
    let mut names = Vec::new();
    let network = student::resnet18(sizes(call)?, &call.dev, &mut |name: &str, shape: &[usize]| {
        let count = shape.iter().product();
        names.push(format!("{name} {shape:?}\n"));
        vec![0.0; count]
    });
    names.sort();
    Ok(Outputs::new().text("arrays", &names.concat()).number("blocks", network.blocks.len() as f64))
}

/// Logits and gradients of a network with weights by a formula.
fn logits(call: &Inputs) -> Result<Outputs, Fault> {
    let (x, formula): (Images, _) = (call.tensor("x")?, Formula { seed: call.count("weights")? as u32 });
    let mut network = student::resnet18(sizes(call)?, &call.dev, &mut |name: &str, shape: &[usize]| {
        formula.array(name, shape)
    });
    let y = student::resnet_logits(x.leaky_trace(), &mut network, mode(call)?);
    let stem = &network.stem;
    let outputs = Outputs::new().tensor("running_mean", &stem.norm.running_mean);
    let mut leaves: Vec<(&str, &dyn probe::Leaf)> = vec![
        ("x", &x),
        ("conv1", &stem.kernel),
        ("gamma", &stem.norm.gamma),
        ("beta", &stem.norm.beta),
        ("fc", &network.head.0),
        ("fc_bias", &network.head.1),
    ];
    if let Some(Shortcut::Projection(projection)) = network.blocks.get(2).map(|block| &block.shortcut) {
        leaves.push(("projection", &projection.kernel));
        leaves.push(("projection_gamma", &projection.norm.gamma));
    }
    outputs.gradients(call, y, &leaves)
}
