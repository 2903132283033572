//! Calls into `convnets::degradation`.

use convnets::{
    degradation as student,
    given::resnet_parts::{BatchNorm, Block, ConvNorm, ResNet, Shortcut},
};
use dfdx::prelude::*;
use probe::{Dev, Fault, Formula, Inputs, Outputs, Plain, serve};

type Images = Plain<(usize, usize, usize, usize)>;

pub(crate) fn main() -> std::io::Result<()> {
    serve(&[
        ("degradation/stack", stack),
        ("degradation/gradient_sizes", |call| gradients(call, &by_formula(call)?)),
        ("degradation/stack + gradient_sizes", |call| {
            let plan = plan(call, call.count("depth")?)?;
            gradients(call, &student::stack(plan, &call.dev, &mut call.rng("seed")?))
        }),
        ("degradation/train", training),
        ("degradation/stack + train", depths),
    ])
}

fn plan(call: &Inputs, depth: usize) -> Result<student::Plan, Fault> {
    Ok(student::Plan {
        residual: call.flag("residual")?,
        depth,
        channels: call.count("channels")?,
        width: call.count("width")?,
        classes: call.count("classes")?,
    })
}

fn recipe(call: &Inputs) -> Result<student::Recipe, Fault> {
    Ok(student::Recipe {
        epochs: call.count("epochs")?,
        batch_size: call.count("batch_size")?,
        learning_rate: call.number("learning_rate")?,
    })
}

/// What kind of network it is, in words, and its weights.
fn stack(call: &Inputs) -> Result<Outputs, Fault> {
    let plan = plan(call, call.count("depth")?)?;
    let network = student::stack(plan, &call.dev, &mut call.rng("seed")?);
    let layers = network.blocks.iter().flat_map(|block| [&block.first, &block.second]);
    let kernels: Vec<f32> = layers.clone().flat_map(|layer| layer.kernel.as_vec()).collect();
    let all = || layers.clone().chain([&network.stem]);
    let ones = all()
        .flat_map(|l| [l.norm.gamma.as_vec(), l.norm.running_variance.as_vec()].concat())
        .collect::<Vec<_>>();
    let zeros =
        all().flat_map(|l| [l.norm.beta.as_vec(), l.norm.running_mean.as_vec()].concat()).collect::<Vec<_>>();
    let mut words = format!(
        "stem: {}, {}\n",
        describe(&network.stem),
        if network.pools { "pooled" } else { "not pooled" }
    );
    for Block { first, second, shortcut } in &network.blocks {
        let shortcut = match shortcut {
            Shortcut::Nothing => "no shortcut",
            Shortcut::Identity => "identity shortcut",
            Shortcut::Projection(_) => "projection",
        };
        words += &format!("block: {}; {}; {shortcut}\n", describe(first), describe(second));
    }
    Ok(Outputs::new()
        .text("network", &words)
        .tensor("stem", &network.stem.kernel)
        .numbers("kernels", &kernels)
        .numbers("gammas_and_running_variances", &ones)
        .numbers("betas_and_running_means", &zeros)
        .tensor("head", &network.head.0)
        .tensor("biases", &network.head.1))
}

fn describe(layer: &ConvNorm<Dev>) -> String {
    let (h, w, inputs, outputs) = *layer.kernel.shape();
    format!("{h} × {w} from {inputs} to {outputs} with stride {}", layer.stride)
}

/// The network of the call's plan with weights by the formula, as `stack` has it: nothing of the student's.
fn by_formula(call: &Inputs) -> Result<ResNet<Dev>, Fault> {
    let (formula, dev) = (Formula { seed: call.count("weights")? as u32 }, &call.dev);
    let student::Plan { residual, depth, channels, width, classes } = plan(call, call.count("depth")?)?;
    let layer = |name: &str, inputs: usize| {
        let part = |part: &str| -> Plain<(usize,)> {
            dev.tensor_from_vec(formula.array(&format!("{name}.bn.{part}"), &[width]), (width,))
        };
        let norm = BatchNorm {
            gamma: part("weight"),
            beta: part("bias"),
            running_mean: part("running_mean"),
            running_variance: part("running_var"),
            momentum: 0.1,
            epsilon: 1e-5,
        };
        let kernel = formula.array(&format!("{name}.conv.weight"), &[3, 3, inputs, width]);
        ConvNorm { kernel: dev.tensor_from_vec(kernel, (3, 3, inputs, width)), stride: 1, norm }
    };
    let block = |i: usize| Block {
        first: layer(&format!("blocks.{i}.first"), width),
        second: layer(&format!("blocks.{i}.second"), width),
        shortcut: if residual { Shortcut::Identity } else { Shortcut::Nothing },
    };
    let head = dev.tensor_from_vec(formula.array("fc.weight", &[width, classes]), (width, classes));
    let biases = dev.tensor_from_vec(formula.array("fc.bias", &[classes]), (classes,));
    Ok(ResNet {
        stem: layer("stem", channels),
        pools: false,
        blocks: (0..depth).map(block).collect(),
        head: (head, biases),
    })
}

/// Sizes of a network's gradients.
fn gradients(call: &Inputs, network: &ResNet<Dev>) -> Result<Outputs, Fault> {
    let (images, labels): (Images, _) = (call.tensor("images")?, call.indexes("labels")?);
    Ok(Outputs::new()
        .numbers("sizes", &student::gradient_sizes(network, &images, &labels))
        .tensor("running_mean", &network.stem.norm.running_mean))
}

fn training(call: &Inputs) -> Result<Outputs, Fault> {
    let (images, labels, mut network): (Images, _, _) =
        (call.tensor("images")?, call.indexes("labels")?, by_formula(call)?);
    let losses = student::train(&mut network, &images, &labels, recipe(call)?, &mut call.rng("seed")?);
    Ok(Outputs::new()
        .numbers("losses", &losses)
        .tensor("stem", &network.stem.kernel)
        .tensor("head", &network.head.0)
        .tensor("running_mean", &network.stem.norm.running_mean))
}

/// New networks of growing depth, each trained from the same seed.
fn depths(call: &Inputs) -> Result<Outputs, Fault> {
    let (images, labels): (Images, _) = (call.tensor("images")?, call.indexes("labels")?);
    let (mut outputs, mut ends) = (Outputs::new(), Vec::new());
    for depth in call.indexes("depths")? {
        let mut rng = call.rng("seed")?;
        let mut network = student::stack(plan(call, depth)?, &call.dev, &mut rng);
        let losses = student::train(&mut network, &images, &labels, recipe(call)?, &mut rng);
        ends.push(losses.last().copied().unwrap_or(f32::NAN));
        outputs = outputs.numbers(&format!("losses_of_{depth}"), &losses);
    }
    Ok(outputs.numbers("last_losses", &ends))
}
