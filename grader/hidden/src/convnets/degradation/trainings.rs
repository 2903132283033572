//! Trainings whose course is known beforehand.

use rand::Rng;

use super::{Drawn, Plan, draw, loss, maps, vector};
use crate::{
    Args, Budget, Rule, Suite, Tensor,
    convnets::residual::oracle::{Maps, Network},
};

const SMALL: Plan = Plan { residual: true, depth: 1, channels: 1, width: 2, classes: 2 };

#[derive(Clone, Copy)]
struct Recipe {
    epochs: usize,
    batch_size: usize,
    rate: f64,
}

impl Recipe {
    fn args(self, args: Args, seed: usize) -> Args {
        let args = args.function("train").count("epochs", self.epochs).count("batch_size", self.batch_size);
        args.number("learning_rate", self.rate).count("seed", seed)
    }
}

pub fn trainings(t: &mut Suite) {
    // First, since misconceptions are told apart by the first and the last of the checks that they fail, among others.
    several_steps(t);
    for round in 0..6 {
        t.decisive(|t| one_batch(t, round));
    }
    equal_images(t);
    seeds(t);
    let drawn = draw(t, SMALL, [2, 3, 3]);
    let idle = Recipe { epochs: 0, batch_size: 2, rate: 0.1 };
    t.call("no epochs, no losses", idle.args(drawn.args(), 1))
        .check("losses", Rule::Shape { shape: vec![0] });
}

/// All images in one batch: their order is all the same, and the course is that of gradient descent with momentum.
fn one_batch(t: &mut Suite, round: usize) {
    let plan = Plan { residual: !round.is_multiple_of(3), classes: 2 + round % 2, ..SMALL };
    let n = t.rng.gen_range(3..=4);
    let rate = f64::from(t.rng.gen_range(0.02_f32..0.1));
    let recipe = Recipe { epochs: 4, batch_size: [n, 10][round % 2], rate };
    let (drawn, course) = loop {
        let drawn = draw(t, plan, [n, 3, 2]);
        if let Some(course) = Course::of(&drawn, recipe, 1) {
            break (drawn, course);
        }
    };
    let about = "one batch an epoch: gradient descent with momentum 0.9";
    let budget = sixteen_layers();
    t.call(about, recipe.args(drawn.args(), round))
        .close("losses", &vector(&course.losses), budget)
        .close("stem", &shaped(&course.network.stem.shape, &course.network.stem.kernel), budget)
        .close("head", &shaped(&[plan.width, plan.classes], &course.network.head), budget)
        .close("running_mean", &vector(&course.network.stem.running_mean), budget);
}

/// Four steps through four layers, each of which adds its roundings, some two dozen, to the next one's.
fn sixteen_layers() -> Budget {
    Budget { roundings: 24.0 * 16.0, ..Budget::sum(100) }.scale(1.0)
}

fn shaped(shape: &[usize], values: &[f64]) -> Tensor {
    Tensor::from_shape_vec(shape.to_vec(), values.to_vec()).unwrap_or_default()
}

/// What a training comes to.
struct Course {
    losses: Vec<f64>,
    network: Network,
}

impl Course {
    /// With so many equal steps an epoch; `None` where a relu comes too near to its kink.
    fn of(drawn: &Drawn, recipe: Recipe, steps: usize) -> Option<Self> {
        let (mut network, images) = (drawn.network.clone(), maps(&drawn.images));
        let (mut losses, mut velocity) = (Vec::new(), Vec::new());
        for _ in 0..recipe.epochs * steps {
            let (value, walk) = loss(&network, &images, &drawn.labels);
            if walk.margin < 5e-4 || walk.variance < 0.03 {
                return None;
            }
            losses.push(value);
            let slopes = slopes(&mut network, &images, &drawn.labels);
            velocity.resize(slopes.len(), 0.0);
            for ((parameter, v), slope) in parameters(&mut network).into_iter().zip(&mut velocity).zip(slopes)
            {
                *v = 0.9 * *v + slope;
                *parameter -= recipe.rate * *v;
            }
            network.stem.running_mean.clone_from(&walk.statistics[0][0]);
        }
        let mean = |losses: &[f64]| losses.iter().sum::<f64>() / steps as f64;
        Some(Self { losses: losses.chunks(steps).map(mean).collect(), network })
    }
}

fn parameters(network: &mut Network) -> Vec<&mut f64> {
    let mut layers = vec![&mut network.stem];
    for block in &mut network.blocks {
        layers.extend([&mut block.first, &mut block.second]);
    }
    let mut all: Vec<&mut f64> = Vec::new();
    for layer in layers {
        all.extend(layer.kernel.iter_mut().chain(&mut layer.gamma).chain(&mut layer.beta));
    }
    all.extend(network.head.iter_mut().chain(&mut network.biases));
    all
}

fn slopes(network: &mut Network, images: &Maps, labels: &[usize]) -> Vec<f64> {
    const STEP: f64 = 1e-5;
    let count = parameters(network).len();
    let mut slopes = Vec::with_capacity(count);
    for i in 0..count {
        let before = *parameters(network)[i];
        let mut at = |value: f64| {
            *parameters(network)[i] = value;
            loss(network, images, labels).0
        };
        slopes.push((at(before + STEP) - at(before - STEP)) / (2.0 * STEP));
        at(before);
    }
    slopes
}

/// The same image again and again, with different labels, and a learning rate of 0: whatever batch an image is in, its loss
/// is the same, and so is the mean over all images. The mean over batches would not be.
fn equal_images(t: &mut Suite) {
    let drawn = draw(t, SMALL, [1, 4, 3]);
    let images = ndarray::concatenate(ndarray::Axis(0), &vec![drawn.images.view(); 5]).unwrap_or_default();
    let drawn = Drawn { images, labels: vec![0, 0, 1, 0, 0], ..drawn };
    let (value, _) = loss(&drawn.network, &maps(&drawn.images), &drawn.labels);
    let recipe = Recipe { epochs: 3, batch_size: 4, rate: 0.0 };
    t.call(
        "a smaller last batch counts less: five times the same image, learning rate 0",
        recipe.args(drawn.args(), 3),
    )
    .close("losses", &vector(&[value; 3]), Budget::sum(100).times(4.0).scale(1.0));
}

/// The same image again and again with the same label: every batch is the same, and there are two of them to an epoch.
fn several_steps(t: &mut Suite) {
    let recipe = Recipe { epochs: 3, batch_size: 2, rate: 0.05 };
    let (drawn, course) = loop {
        let drawn = draw(t, SMALL, [1, 4, 3]);
        // Where hardly anything is left to learn, hardly anything moves, with momentum or without.
        match Course::of(&drawn, recipe, 2) {
            Some(course) if course.losses[0] > 0.5 => break (drawn, course),
            _ => (),
        }
    };
    let images = ndarray::concatenate(ndarray::Axis(0), &vec![drawn.images.view(); 4]).unwrap_or_default();
    let drawn = Drawn { labels: vec![drawn.labels[0]; 4], images, ..drawn };
    let budget = sixteen_layers();
    t.call(
        "two steps an epoch on the same image: momentum goes on from epoch to epoch",
        recipe.args(drawn.args(), 3),
    )
    .close("losses", &vector(&course.losses), budget)
    .close("stem", &shaped(&course.network.stem.shape, &course.network.stem.kernel), budget)
    .close("head", &shaped(&[2, 2], &course.network.head), budget);
}

fn seeds(t: &mut Suite) {
    let drawn = draw(t, Plan { classes: 3, ..SMALL }, [12, 3, 3]);
    let recipe = Recipe { epochs: 3, batch_size: 3, rate: 0.1 };
    t.call("the same seed gives the same training, another seed another order", recipe.args(drawn.args(), 5))
        .also(recipe.args(drawn.args(), 5))
        .check("losses", Rule::SameAs { call: 0, output: "losses".to_owned() })
        .also(recipe.args(drawn.args(), 6))
        .check("losses", Rule::DiffersFrom { call: 0, output: "losses".to_owned() });
}
