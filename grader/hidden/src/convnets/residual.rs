//! Cases for `convnets::residual`: blocks here, the whole network in `network`.

pub mod formula;
mod network;
pub mod oracle;

use rand::Rng;

use crate::{Args, Budget, Suite, Tensor, Terms, as_it_is};

pub use network::resnet18;
use oracle::{Block, ConvNorm, Maps, Shortcut, Walk};

/// A block's sizes.
#[derive(Clone, Copy)]
struct Plan {
    image: [usize; 3],
    inputs: usize,
    outputs: usize,
    stride: usize,
    shortcut: &'static str,
    training: bool,
    /// What the images are multiplied by.
    spread: f64,
}

pub fn residual_block(t: &mut Suite) {
    for round in 0..4 {
        for training in [false, true] {
            let mode = if training { "training" } else { "evaluation" };
            for (shortcut, about) in [
                ("identity", "identity shortcut"),
                ("projection", "projection shortcut"),
                ("nothing", "no shortcut: a plain block"),
            ] {
                let plan = Plan { training, ..random(t, shortcut, round % 2 + 1) };
                check(t, &format!("{about}, stride {}, {mode}", plan.stride), plan);
            }
        }
    }
    let plan = Plan {
        image: [1, 4, 3],
        inputs: 2,
        outputs: 2,
        stride: 1,
        shortcut: "identity",
        training: false,
        spread: 1.0,
    };
    let half = Plan { outputs: 3, stride: 2, shortcut: "projection", ..plan };
    for (about, plan) in [
        ("a batch of one image", plan),
        ("a batch of one image, training", Plan { training: true, ..plan }),
        ("images of one pixel", Plan { image: [3, 1, 1], ..plan }),
        ("images of one row", Plan { image: [2, 1, 5], ..plan }),
        ("one channel", Plan { inputs: 1, outputs: 1, ..plan }),
        ("stride 2, odd height and width", Plan { image: [1, 3, 5], ..half }),
        ("stride 2, even height and width", Plan { image: [1, 4, 6], ..half }),
        ("stride 2, odd height and even width, training", Plan { image: [2, 5, 4], training: true, ..half }),
        ("stride 2, images of one pixel", Plan { image: [2, 1, 1], ..half }),
        ("stride 2, and as many channels as before", Plan { image: [1, 3, 5], outputs: 2, ..half }),
        ("stride 1, a projection to fewer channels", Plan { inputs: 3, outputs: 1, stride: 1, ..half }),
        ("very large inputs", Plan { spread: 1e4, ..plan }),
        ("very small inputs", Plan { spread: 1e-4, ..half }),
    ] {
        check(t, about, plan);
    }
}

fn random(t: &mut Suite, shortcut: &'static str, stride: usize) -> Plan {
    // Four values in each channel at least: those of two would be normalized to ±1, and have next to no gradient.
    let image = [2, t.rng.gen_range(2..=4), t.rng.gen_range(3..=4)];
    let (inputs, outputs) = (t.rng.gen_range(1..=2), t.rng.gen_range(1..=3));
    let same = shortcut == "identity";
    Plan {
        image,
        inputs,
        outputs: if same { inputs } else { outputs },
        stride: if same { 1 } else { stride },
        shortcut,
        training: false,
        spread: 1.0,
    }
}

/// Draws until no relu stands at its kink and no channel is constant; then the answer and its gradients are those of the
/// oracle.
fn check(t: &mut Suite, about: &str, plan: Plan) {
    t.decisive_or_vanishing(|t| drawn(t, about, plan));
}

fn drawn(t: &mut Suite, about: &str, plan: Plan) {
    let args = loop {
        let args = draw(t, plan);
        let (_, walk) = as_it_is(|| answer(&args, plan));
        if walk.margin > 1e-3 * plan.spread.min(1.0) && walk.variance > 0.05 {
            break args;
        }
    };
    let (_, walk) = answer(&args, plan);
    let terms = 9 * plan.inputs.max(plan.outputs) + plan.image.iter().product::<usize>();
    // Two layers one after the other. Where variances are small, what cancels is up to 1 / 0.05 times as large; a normalization
    // may undo all that a weight does, so that nothing but ε is left of terms of that size.
    let (sum, cancelled) = (Budget::sum(terms), if plan.training { 10.0 } else { 1.0 });
    let budget = |output: &str, terms: Terms| match output {
        "y" => sum.scale(cancelled),
        _ if plan.training => sum.scale(cancelled.max(terms.largest)),
        _ => sum.scale(terms.largest),
    };
    let case = t.differentiable_each(about, args, budget, |args| {
        let y = answer(args, plan).0;
        Tensor::from_shape_vec(y.shape.to_vec(), y.values).unwrap_or_default()
    });
    // A running mean may cancel the batch's.
    let budget = if plan.training { Budget::sum(terms).scale(1.0) } else { Budget::exact() };
    for (number, [mean, variance]) in walk.statistics.into_iter().enumerate() {
        let vector =
            |values: Vec<f64>| Tensor::from_shape_vec(vec![values.len()], values).unwrap_or_default();
        case.close(&format!("running_mean{}", number + 1), &vector(mean), budget).close(
            &format!("running_variance{}", number + 1),
            &vector(variance),
            budget,
        );
    }
}

fn draw(t: &mut Suite, plan: Plan) -> Args {
    let [n, h, w] = plan.image;
    let x = t.normal(&[n, h, w, plan.inputs], 1.0).mapv(|x| f64::from((x * plan.spread) as f32));
    let mut args = Args::new().tensor("x", x);
    let mut layers = vec![[3, 3, plan.inputs, plan.outputs], [3, 3, plan.outputs, plan.outputs]];
    if plan.shortcut == "projection" {
        layers.push([1, 1, plan.inputs, plan.outputs]);
    }
    for (i, shape) in layers.iter().enumerate() {
        let named = |name: &str| format!("{name}{}", i + 1);
        let std = (2.0 / (shape[0] * shape[1] * shape[2]) as f64).sqrt();
        let c = &shape[3..];
        args = args
            .tensor(&named("kernel"), t.normal(shape, std))
            .tensor(&named("gamma"), t.uniform(c, 0.5, 1.5))
            .tensor(&named("beta"), t.normal(c, 0.5))
            .constant(&named("running_mean"), t.normal(c, 0.5))
            .constant(&named("running_variance"), t.uniform(c, 0.5, 2.0));
    }
    args.count("stride", plan.stride).text("shortcut", plan.shortcut).flag("training", plan.training)
}

fn answer(args: &Args, plan: Plan) -> (Maps, Walk) {
    let values = |name: &str| args.get(name).iter().copied().collect::<Vec<f64>>();
    let layer = |number: usize, stride: usize| {
        let named = |name: &str| values(&format!("{name}{number}"));
        let kernel = args.get(&format!("kernel{number}"));
        ConvNorm {
            shape: [0, 1, 2, 3].map(|axis| kernel.shape()[axis]),
            kernel: named("kernel"),
            stride,
            gamma: named("gamma"),
            beta: named("beta"),
            running_mean: named("running_mean"),
            running_variance: named("running_variance"),
        }
    };
    let shortcut = match plan.shortcut {
        "nothing" => Shortcut::Nothing,
        "identity" => Shortcut::Identity,
        _ => Shortcut::Projection(layer(3, plan.stride)),
    };
    let block = Block { first: layer(1, plan.stride), second: layer(2, 1), shortcut };
    let [n, h, w] = plan.image;
    let x = Maps { shape: [n, h, w, plan.inputs], values: values("x") };
    let mut walk = Walk::new(plan.training);
    (walk.block(&x, &block), walk)
}
