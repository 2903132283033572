//! Cases for `convnets::transfer`: what must stay, bit for bit; what is trained, by an oracle that trains too.

mod oracle;
mod training;

use rand::Rng;

use self::oracle::{Plan, draw, pass, trained};
use crate::{Args, Budget, Rule, Statistic, Suite, Tensor, Terms, as_it_is, otherwise};

pub use training::fine_tune;

pub fn freeze_and_replace_head(t: &mut Suite) {
    for _ in 0..24 {
        new_head(t);
    }
    draws(t);
    for round in 0..24 {
        let blocks = 1 + round % 3;
        batch(t, blocks, round % (blocks + 1), round % 4 == 3);
    }
    for round in 0..12 {
        shown(t, 1 + round % 3, round % (2 + round % 3));
    }
}

/// A random network and what may be asked of it.
struct Scene {
    tensors: Vec<(String, Tensor)>,
    plan: Plan,
    images: Tensor,
    labels: Vec<usize>,
}

impl Scene {
    fn draw(t: &mut Suite, blocks: usize, frozen: usize, pools: bool) -> Self {
        let most = if blocks < 3 { 3 } else { 2 };
        let channels: Vec<usize> = (0..=blocks).map(|_| t.rng.gen_range(1..=most)).collect();
        let (n, classes) = (t.rng.gen_range(2..=4), t.rng.gen_range(2..=4));
        let (h, w) = if pools { (4, 2 * t.rng.gen_range(1..=2)) } else { (t.rng.gen_range(2..=4), 3) };
        let pooled = (0..blocks).map(|i| pools && i == 0).collect();
        Self {
            tensors: draw(t, &channels, classes),
            plan: Plan { pooled, frozen },
            images: t.normal(&[n, h, w, channels[0]], 1.0),
            labels: (0..n).map(|_| t.rng.gen_range(0..classes)).collect(),
        }
    }

    /// All tensors; only those that are trained are differentiated.
    fn args(&self) -> Args {
        let pooled: Vec<usize> = self.plan.pooled.iter().map(|&pooled| usize::from(pooled)).collect();
        let args = Args::new().indexes("pooled", &pooled).count("frozen", self.plan.frozen);
        let trained = trained(&self.plan);
        self.tensors.iter().fold(args, |args, (name, tensor)| {
            let tensor = tensor.clone();
            if trained.contains(name) { args.tensor(name, tensor) } else { args.constant(name, tensor) }
        })
    }

    /// Sums of nine pixels of some channels, through a few blocks, of numbers up to 5; a batch normalization divides by
    /// what may be small: a chain four times as long for each block.
    fn budget(&self) -> Budget {
        Budget::sum(27).times(4.0 * self.plan.pooled.len() as f64).scale(5.0)
    }
}

fn new_head(t: &mut Suite) {
    let blocks = t.rng.gen_range(1..=3);
    let before = t.rng.gen_range(0..=blocks);
    let scene = Scene::draw(t, blocks, before, false);
    let (classes, seed) = (t.rng.gen_range(1..=6), t.seed());
    let args = scene.args().count("classes", classes).count("seed", seed);
    let channels = scene.tensors[scene.tensors.len() - 2].1.shape()[0];
    let limit = (6.0 / (channels + classes) as f64).sqrt() * (1.0 + 1e-6);
    let case = t.call("a new head for another number of classes", args);
    case.close("frozen", &Tensor::from_elem(vec![], blocks as f64), Budget::exact())
        .check("head_weight", Rule::Shape { shape: vec![channels, classes] })
        .check("head_weight", Rule::Within { low: -limit, high: limit })
        .close("head_bias", &Tensor::zeros(vec![classes]), Budget::exact());
    for (name, tensor) in scene.tensors.iter().filter(|(name, _)| !name.starts_with("head")) {
        case.close(name, tensor, Budget::exact());
    }
}

/// A head of many weights: how they are drawn, and that old classes leave no trace.
fn draws(t: &mut Suite) {
    let (channels, classes, seed) = (40, 5, t.seed());
    let scene = Scene {
        tensors: draw(t, &[1, channels], classes),
        plan: Plan { pooled: vec![false], frozen: 0 },
        images: Tensor::zeros(vec![0]),
        labels: vec![],
    };
    let args = |seed: usize| scene.args().count("classes", classes).count("seed", seed);
    // Uniform up to √(6 / 45) = 0.365, so with a deviation of 0.211. That of 200 draws is within 15 % of it, but for one in 10⁶.
    let case = t.call("a new head for as many classes as before: drawn at random all the same", args(seed));
    case.statistic("head_weight", Statistic::Std, 0.18, 0.242)
        .statistic("head_weight", Statistic::Distinct, 190.0, 200.0)
        .close("head_bias", &Tensor::zeros(vec![classes]), Budget::exact())
        .also(args(seed))
        .check("head_weight", Rule::SameAs { call: 0, output: "head_weight".to_owned() })
        .also(args(seed + 1))
        .check("head_weight", Rule::DiffersFrom { call: 0, output: "head_weight".to_owned() });
}

/// A batch in training: logits, gradients of what is trained, none of what is frozen, statistics.
fn batch(t: &mut Suite, blocks: usize, frozen: usize, pools: bool) {
    t.decisive(|t| drawn_batch(t, blocks, frozen, pools));
}

fn drawn_batch(t: &mut Suite, blocks: usize, frozen: usize, pools: bool) {
    let scene = loop {
        let scene = Scene::draw(t, blocks, frozen, pools);
        if !as_it_is(|| pass(&scene.args(), &scene.images, &scene.plan)).delicate {
            break scene;
        }
    };
    let after = pass(&scene.args(), &scene.images, &scene.plan);
    let about = match (frozen, blocks - frozen) {
        (0, _) => "a batch in training, nothing frozen".to_owned(),
        (_, 0) => "a batch in training, all blocks frozen".to_owned(),
        (frozen, trained) => format!("a batch in training, {frozen} frozen and then {trained} trained"),
    };
    let (images, plan, budget) = (scene.images.clone(), scene.plan.clone(), scene.budget());
    let args = scene.args().function("training_logits").constant("images", images.clone());
    let each = |output: &str, terms: Terms| match output {
        "y" => budget,
        // What a normalization takes from them is up to 1 at least.
        _ => budget.scale(terms.largest.max(1.0)),
    };
    let case = t.differentiable_each(&about, args, each, move |args| pass(args, &images, &plan).logits);
    case.check("frozen_tensors_with_a_gradient", Rule::Text { want: String::new() });
    for (i, statistics) in after.statistics.iter().enumerate() {
        // Nine tenths of what they were, which is about 1, and a tenth of the batch's.
        let budget = if i < frozen { Budget::exact() } else { budget.scale(1.0) };
        let vector = |values: &[f64]| Tensor::from_shape_fn(vec![values.len()], |at| values[at[0]]);
        case.close(&format!("mean{i}"), &vector(&statistics.mean), budget);
        case.close(&format!("variance{i}"), &vector(&statistics.variance), budget);
    }
}

/// A step of weight decay alone: what is shown to the optimiser shrinks, and nothing else changes.
fn shown(t: &mut Suite, blocks: usize, frozen: usize) {
    let scene = Scene::draw(t, blocks, frozen, false);
    let (rate, decay) = (0.5, [0.25, 0.5][frozen % 2]);
    let args = scene.args().function("visit_trained");
    let args = args.number("learning_rate", rate).number("weight_decay", decay);
    let about =
        format!("a step with weight decay, and without a gradient: {frozen} of {blocks} blocks frozen");
    let case = t.call(&about, args.number("momentum", 0.0));
    let trained = trained(&scene.plan);
    for (name, tensor) in &scene.tensors {
        if trained.contains(name) {
            let kept = otherwise(
                "the decay were not multiplied by the learning rate",
                1.0 - rate * decay,
                1.0 - decay,
            );
            let is_bias = name.starts_with("beta") || name == "head_bias";
            let kept = otherwise("shifts and biases were not shown", kept, if is_bias { 1.0 } else { kept });
            let is_head = name.starts_with("head");
            let kept = otherwise("the head alone were shown", kept, if is_head { kept } else { 1.0 });
            case.close(name, &tensor.mapv(|p| p * kept), Budget::elementwise());
        } else {
            case.close(name, tensor, Budget::exact());
        }
    }
}
