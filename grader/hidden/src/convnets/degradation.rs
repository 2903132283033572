//! Cases for `convnets::degradation`: new networks, gradients and trainings by oracles, and then digits.

mod digits;
mod trainings;

use rand::Rng;

use super::residual::{
    formula::Formula,
    oracle::{Block, Maps, Network, Shortcut, Walk, cross_entropy},
};
use crate::{Args, Budget, Distribution, Rule, Statistic, Suite, Tensor, as_it_is};

pub use digits::full;

pub fn degradation(t: &mut Suite) {
    stacks(t);
    // Nothing is supposed of what oracles train for seconds.
    as_it_is(|| {
        gradients(t);
        trainings::trainings(t);
        digits::digits(t);
    });
}

/// A network's sizes.
#[derive(Clone, Copy)]
struct Plan {
    residual: bool,
    depth: usize,
    channels: usize,
    width: usize,
    classes: usize,
}

impl Plan {
    fn args(self) -> Args {
        let args = Args::new().flag("residual", self.residual).count("channels", self.channels);
        args.count("width", self.width).count("classes", self.classes)
    }

    /// The network whose weights `seed` stands for.
    fn network(self, seed: usize) -> Network {
        let (formula, width) = (Formula { seed: seed as u32 }, self.width);
        let layer = |name: &str, inputs: usize| {
            formula.conv_norm(&format!("{name}.conv"), &format!("{name}.bn"), [3, 3, inputs, width], 1)
        };
        let block = |i: usize| Block {
            first: layer(&format!("blocks.{i}.first"), width),
            second: layer(&format!("blocks.{i}.second"), width),
            shortcut: if self.residual { Shortcut::Identity } else { Shortcut::Nothing },
        };
        Network {
            stem: layer("stem", self.channels),
            pools: false,
            blocks: (0..self.depth).map(block).collect(),
            head: formula.array("fc.weight", &[width, self.classes]),
            biases: formula.array("fc.bias", &[self.classes]),
        }
    }
}

fn vector(values: &[f64]) -> Tensor {
    Tensor::from_shape_vec(vec![values.len()], values.to_vec()).unwrap_or_default()
}

fn maps(x: &Tensor) -> Maps {
    Maps { shape: [0, 1, 2, 3].map(|axis| x.shape()[axis]), values: x.iter().copied().collect() }
}

/// The loss in training mode, and what was seen on the way.
fn loss(network: &Network, x: &Maps, labels: &[usize]) -> (f64, Walk) {
    let mut walk = Walk::new(true);
    let logits = walk.logits(x, network);
    (cross_entropy(&logits, labels), walk)
}

fn start(plan: Plan, seed: usize) -> Args {
    plan.args().function("stack").count("depth", plan.depth).count("seed", seed)
}

fn stacks(t: &mut Suite) {
    for (residual, kind) in [(true, "identity shortcut"), (false, "no shortcut")] {
        let plan = Plan { residual, depth: 8, channels: 3, width: 24, classes: 10 };
        let seed = t.seed();
        let call = |seed: usize| start(plan, seed);
        let layer = |inputs: usize| format!("3 × 3 from {inputs} to {} with stride 1", plan.width);
        let block = format!("block: {0}; {0}; {kind}\n", layer(plan.width));
        let words = format!("stem: {}, not pooled\n", layer(plan.channels)) + &block.repeat(plan.depth);
        let std = |inputs: usize| (2.0 / (9 * inputs) as f64).sqrt();
        let normal =
            |inputs: usize| Statistic::DistanceTo(Distribution::Normal { mean: 0.0, std: std(inputs) });
        let count = 9 * plan.width * plan.width * 2 * plan.depth;
        let near = |inputs: usize, n: usize| 2.0 / ((9 * inputs * n) as f64).sqrt();
        // Of a normal sample the standard deviation is known to 1 / √(2n): five times that.
        let spread = 5.0 / (2.0 * count as f64).sqrt();
        let limit = (6.0 / (plan.width + plan.classes) as f64).sqrt();
        let about = format!("a new network of eight blocks, {kind}");
        let case = t.call(&about, call(seed));
        case.check("network", Rule::Text { want: words })
            .statistic(
                "kernels",
                Statistic::Std,
                std(plan.width) * (1.0 - spread),
                std(plan.width) * (1.0 + spread),
            )
            .statistic("kernels", normal(plan.width), 0.0, near(plan.width, plan.width * 2 * plan.depth))
            .statistic("stem", normal(plan.channels), 0.0, near(plan.channels, plan.width))
            // Equal numbers among so many happen, but hardly a hundred of them.
            .statistic("kernels", Statistic::Distinct, count as f64 * 0.98, count as f64)
            .check("head", Rule::Shape { shape: vec![plan.width, plan.classes] })
            .check("head", Rule::Within { low: -limit, high: limit })
            .statistic("head", Statistic::Std, limit * 0.5, limit * 0.66)
            .check("biases", Rule::Within { low: 0.0, high: 0.0 })
            .check("gammas_and_running_variances", Rule::Within { low: 1.0, high: 1.0 })
            .check("betas_and_running_means", Rule::Within { low: 0.0, high: 0.0 });
        for output in ["kernels", "stem", "head"] {
            case.also(call(seed))
                .check(output, Rule::SameAs { call: 0, output: output.to_owned() })
                .also(call(seed + 1))
                .check(output, Rule::DiffersFrom { call: 0, output: output.to_owned() });
        }
    }
    let plan = Plan { residual: true, depth: 0, channels: 1, width: 3, classes: 2 };
    let words = "stem: 3 × 3 from 1 to 3 with stride 1, not pooled\n".to_owned();
    t.call("no blocks at all", start(plan, 1)).check("network", Rule::Text { want: words });
}

/// A small network with its images, none of whose relus stands at its kink.
struct Drawn {
    plan: Plan,
    seed: usize,
    network: Network,
    images: Tensor,
    labels: Vec<usize>,
}

fn draw(t: &mut Suite, plan: Plan, image: [usize; 3]) -> Drawn {
    loop {
        let seed = t.rng.gen_range(0..1 << 31);
        let network = plan.network(seed);
        let images = t.normal(&[image[0], image[1], image[2], plan.channels], 1.0);
        let labels: Vec<usize> = (0..image[0]).map(|_| t.rng.gen_range(0..plan.classes)).collect();
        let (_, walk) = as_it_is(|| loss(&network, &maps(&images), &labels));
        if walk.margin > 5e-4 && walk.variance > 0.05 {
            return Drawn { plan, seed, network, images, labels };
        }
    }
}

impl Drawn {
    fn args(&self) -> Args {
        let args = self.plan.args().count("depth", self.plan.depth).count("weights", self.seed);
        args.constant("images", self.images.clone()).indexes("labels", &self.labels)
    }
}

fn gradients(t: &mut Suite) {
    for round in 0..6 {
        for (residual, kind) in [(true, "residual"), (false, "plain")] {
            let plan = Plan {
                residual,
                depth: 1 + round % 3,
                channels: 1 + round % 2,
                width: 2,
                classes: 2 + round % 2,
            };
            let image = [t.rng.gen_range(2..=3), t.rng.gen_range(2..=3), t.rng.gen_range(2..=4)];
            let drawn = draw(t, plan, image);
            let sizes: Vec<f64> = (0..plan.depth).map(|block| size(&drawn, block)).collect();
            // What arrives at the first block came through at most seven layers.
            let budget = Budget::sum(100).times(20.0);
            t.call(
                &format!("gradients of a {kind} network of {} blocks", plan.depth),
                drawn.args().function("gradient_sizes"),
            )
            .close("sizes", &vector(&sizes), budget)
            .close("running_mean", &vector(&drawn.network.stem.running_mean), Budget::exact());
        }
    }
}

/// The root mean square of the difference quotients for the first kernel of a block.
fn size(drawn: &Drawn, block: usize) -> f64 {
    const STEP: f64 = 1e-5;
    let (mut network, images) = (drawn.network.clone(), maps(&drawn.images));
    let count = network.blocks[block].first.kernel.len();
    let squares = (0..count).map(|i| {
        let weight = drawn.network.blocks[block].first.kernel[i];
        let mut at = |weight: f64| {
            network.blocks[block].first.kernel[i] = weight;
            loss(&network, &images, &drawn.labels).0
        };
        let slope = (at(weight + STEP) - at(weight - STEP)) / (2.0 * STEP);
        at(weight);
        slope * slope
    });
    (squares.sum::<f64>() / count as f64).sqrt()
}
