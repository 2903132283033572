//! Trainings with momentum and weight decay, repeated in double precision: one batch an epoch, so that no order matters.

use rand::Rng;

use super::{
    Scene,
    oracle::{Plan, loss, pass, trained},
};
use crate::{Args, Budget, Rule, Suite, Tensor, as_it_is, gradient::gradient};

pub fn fine_tune(t: &mut Suite) {
    // Nothing is supposed of trainings, which take an oracle its time.
    as_it_is(|| trainings(t));
}

fn trainings(t: &mut Suite) {
    // These two come first: they tell misconceptions apart that come to the same in most of the others.
    no_epochs(t);
    let settings = Settings { unfrozen: 1, epochs: 2, ..Settings::draw(t) };
    trains(t, 2, settings, Some(2), false);
    for round in 0..16 {
        let blocks = 1 + round % 3;
        let settings =
            Settings { unfrozen: round % (blocks + 1), epochs: 1 + round % 3, ..Settings::draw(t) };
        trains(t, blocks, settings, None, round % 5 == 4);
    }
    for _ in 0..3 {
        t.decisive(equal_images);
    }
    refusals(t);
    seeds(t);
}

/// How a call trains. The numbers are exact in single precision.
#[derive(Clone, Copy)]
struct Settings {
    unfrozen: usize,
    epochs: usize,
    batch_size: usize,
    rate: f64,
    momentum: f64,
    decay: f64,
}

impl Settings {
    fn draw(t: &mut Suite) -> Self {
        let (momentum, decay) = ([0.5, 0.75][t.rng.gen_range(0..2)], [0.125, 0.25][t.rng.gen_range(0..2)]);
        Self { unfrozen: 0, epochs: 1, batch_size: t.rng.gen_range(4..=9), rate: 0.125, momentum, decay }
    }

    fn args(self, scene: &Scene, seed: usize) -> Args {
        let args = scene.args().constant("images", scene.images.clone()).indexes("labels", &scene.labels);
        args.count("unfrozen", self.unfrozen)
            .count("epochs", self.epochs)
            .count("batch_size", self.batch_size)
            .number("learning_rate", self.rate)
            .number("momentum", self.momentum)
            .number("weight_decay", self.decay)
            .count("seed", seed)
    }
}

/// What a training comes to.
struct Trained {
    /// All tensors at the end.
    tensors: Vec<(String, Tensor)>,
    losses: Vec<f64>,
    delicate: bool,
}

/// The same training with the oracle: `batches` of an epoch are numbers of images, in any order.
fn train(scene: &Scene, settings: Settings, batches: &[usize]) -> Trained {
    let blocks = scene.plan.pooled.len();
    let everything = Scene { plan: Plan { frozen: 0, ..scene.plan.clone() }, ..clone(scene) };
    let mut state =
        Scene { plan: Plan { frozen: blocks - settings.unfrozen, ..scene.plan.clone() }, ..clone(scene) };
    // The adapter's earlier step, of weight decay alone: it is all that the momentum begins with.
    let mut velocities: Vec<(String, Tensor)> = Vec::new();
    let all = trained(&everything.plan);
    for (name, tensor) in state.tensors.iter_mut().filter(|(name, _)| all.contains(name)) {
        velocities.push((name.clone(), tensor.mapv(|p| settings.decay * p)));
        tensor.mapv_inplace(|p| p - settings.rate * settings.decay * p);
    }
    let mut losses = Vec::new();
    for _ in 0..settings.epochs {
        let mut sum = 0.0;
        for &images in batches {
            let Some(value) = step(&mut state, &mut velocities, settings, images) else {
                return Trained { tensors: state.tensors, losses, delicate: true };
            };
            sum += value * images as f64;
        }
        losses.push(sum / batches.iter().sum::<usize>() as f64);
    }
    Trained { tensors: state.tensors, losses, delicate: false }
}

/// One step on the first `n` images: its loss, or `None` where roundings could decide.
fn step(state: &mut Scene, velocities: &mut [(String, Tensor)], settings: Settings, n: usize) -> Option<f64> {
    let (plan, labels, names) = (state.plan.clone(), state.labels[..n].to_vec(), trained(&state.plan));
    let images = state.images.slice_axis(ndarray::Axis(0), ndarray::Slice::from(..n)).to_owned();
    let args = state.args();
    let before = pass(&args, &images, &plan);
    if before.delicate {
        return None;
    }
    let objective =
        |args: &Args| Tensor::from_elem(vec![], loss(&pass(args, &images, &plan).logits, &labels));
    let one = Tensor::ones(vec![]);
    let mut named = args.clone();
    let gradients: Vec<(String, Tensor)> = args
        .differentiated()
        .map(|i| (named.at(i).0.to_owned(), gradient(&objective, &args, i, &one).values))
        .collect();
    for (name, tensor) in state.tensors.iter_mut().filter(|(name, _)| names.contains(name)) {
        let of = |list: &[(String, Tensor)]| list.iter().position(|(known, _)| known == name).unwrap_or(0);
        let velocity = &mut velocities[of(velocities)].1;
        let gradient = &gradients[of(&gradients)].1 + &(&*tensor * settings.decay);
        *velocity = &*velocity * settings.momentum + gradient;
        *tensor -= &(&*velocity * settings.rate);
    }
    for (i, statistics) in before.statistics.iter().enumerate() {
        for (name, values) in [("mean", &statistics.mean), ("variance", &statistics.variance)] {
            let name = format!("{name}{i}");
            let tensor = state.tensors.iter_mut().find(|(known, _)| *known == name);
            tensor.into_iter().for_each(|(_, tensor)| {
                tensor.iter_mut().zip(values).for_each(|(at, value)| *at = *value);
            });
        }
    }
    Some(loss(&before.logits, &labels))
}

fn clone(scene: &Scene) -> Scene {
    let Scene { tensors, plan, images, labels } = scene;
    Scene { tensors: tensors.clone(), plan: plan.clone(), images: images.clone(), labels: labels.clone() }
}

/// A training on all images at once; so many blocks are frozen beforehand, or any number.
fn trains(t: &mut Suite, blocks: usize, settings: Settings, before: Option<usize>, pools: bool) {
    t.decisive(|t| drawn(t, blocks, settings, before, pools));
}

fn drawn(t: &mut Suite, blocks: usize, settings: Settings, before: Option<usize>, pools: bool) {
    let (scene, after) = loop {
        let frozen = before.unwrap_or_else(|| t.rng.gen_range(0..=blocks));
        let scene = Scene::draw(t, blocks, frozen, pools);
        let after = train(&scene, settings, &[scene.labels.len()]);
        if !after.delicate {
            break (scene, after);
        }
    };
    let about = match settings.unfrozen {
        0 => format!("the head learns alone, {blocks} blocks are frozen"),
        all if all == blocks => "all blocks are trained".to_owned(),
        some => format!("the last {some} of {blocks} blocks are trained"),
    };
    check(t, &about, &scene, settings, &after);
}

/// Copies of one image, so that batches may be cut in any order; the last of them is smaller.
fn equal_images(t: &mut Suite) {
    let settings = loop {
        let settings = Settings { unfrozen: 1, epochs: 2, batch_size: 3, ..Settings::draw(t) };
        let mut scene = Scene::draw(t, 2, 1, false);
        let n = t.rng.gen_range(4..=5);
        let shape = [n, scene.images.shape()[1], scene.images.shape()[2], scene.images.shape()[3]];
        let one = scene.images.index_axis(ndarray::Axis(0), 0).to_owned();
        scene.images = Tensor::from_shape_fn(shape.to_vec(), |at| one[[at[1], at[2], at[3]]]);
        scene.labels = vec![scene.labels[0]; n];
        let after = train(&scene, settings, &[3, n - 3]);
        if !after.delicate {
            break (scene, settings, after);
        }
    };
    let (scene, settings, after) = settings;
    check(t, "copies of one image, and a last batch that is smaller", &scene, settings, &after);
}

fn check(t: &mut Suite, about: &str, scene: &Scene, settings: Settings, after: &Trained) {
    let seed = t.seed();
    let losses = t.array(&[after.losses.len()], &after.losses);
    let frozen = scene.plan.pooled.len() - settings.unfrozen;
    // What the frozen tensors are before: the adapter's first step has rounded them once.
    let budget = scene.budget().times(settings.epochs as f64);
    // All tensors are about 1, and so are the steps that move them.
    let steps = budget.scale(1.0);
    let case = t.call(about, settings.args(scene, seed));
    case.close("frozen", &Tensor::from_elem(vec![], frozen as f64), Budget::exact());
    let untrained = |name: &str| {
        let block = name.trim_start_matches(|c: char| c.is_alphabetic()).parse::<usize>();
        block.is_ok_and(|block| block < frozen)
    };
    for (name, tensor) in &after.tensors {
        let budget = if untrained(name) { Budget { roundings: 4.0, ..Budget::elementwise() } } else { steps };
        case.close(name, tensor, budget);
    }
    case.close("losses", &losses, budget);
    // Bit for bit: the same network without an epoch.
    let still = Settings { epochs: 0, ..settings };
    case.also(still.args(scene, seed));
    for (name, _) in after.tensors.iter().filter(|(name, _)| untrained(name)) {
        case.check(name, Rule::SameAs { call: 0, output: name.clone() });
    }
}

fn no_epochs(t: &mut Suite) {
    let scene = Scene::draw(t, 3, 1, false);
    let settings = Settings { epochs: 0, unfrozen: 1, ..Settings::draw(t) };
    let about = "no epochs: no losses, but of three blocks the last is unfrozen, and the others are frozen";
    let case = t.call(about, settings.args(&scene, 1));
    case.check("losses", Rule::Shape { shape: vec![0] }).close(
        "frozen",
        &Tensor::from_elem(vec![], 2.0),
        Budget::exact(),
    );
}

fn refusals(t: &mut Suite) {
    for (blocks, unfrozen) in [(1, 2), (2, 3), (3, 17)] {
        let scene = Scene::draw(t, blocks, 0, false);
        let settings = Settings { unfrozen, ..Settings::draw(t) };
        t.call(&format!("{unfrozen} of {blocks} blocks to unfreeze"), settings.args(&scene, 1))
            .refuses(&[&unfrozen.to_string(), &blocks.to_string()]);
    }
}

/// The order of the images comes from the seed.
fn seeds(t: &mut Suite) {
    let mut scene = Scene::draw(t, 2, 0, false);
    let (n, channels) = (16, scene.images.shape()[3]);
    scene.images = t.normal(&[n, 3, 3, channels], 1.0);
    scene.labels = (0..n).map(|i| i % 2).collect();
    let settings = Settings { unfrozen: 1, epochs: 2, batch_size: 4, ..Settings::draw(t) };
    let seed = t.seed();
    t.call("the same seed twice, then another", settings.args(&scene, seed))
        .also(settings.args(&scene, seed))
        .check("losses", Rule::SameAs { call: 0, output: "losses".to_owned() })
        .also(settings.args(&scene, seed + 1))
        .check("losses", Rule::DiffersFrom { call: 0, output: "losses".to_owned() });
}
