//! A network learns digits, by a recipe that may be broken.

use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use toolkit::{
    ops::LayerOps,
    optim::{Optimizer, Rule},
    tensor::Matrix,
};

use crate::{
    film::{Examples, Film, shuffled},
    network::Mlp,
};

/// The digits.
pub const CLASSES: usize = 10;
const HIDDEN: usize = 64;

/// How to train. A healthy recipe has `shift` 0, a `decay` of at least 0, one softmax, shuffled examples of the training part alone,
/// a bias of 0 and statistics that follow to the end.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Of the training examples, how many.
    pub examples: usize,
    /// Passes through them.
    pub epochs: usize,
    /// Examples a step.
    pub batch: usize,
    /// Of stochastic gradient descent.
    pub learning_rate: f32,
    /// λ of the penalty λ/2 · |w|².
    pub decay: f32,
    /// What each hidden unit's bias starts with.
    pub bias: f32,
    /// Each image gets the label of the image so many places further on.
    pub shift: usize,
    /// Whether the loss, which takes logits, is given probabilities.
    pub softmax_twice: bool,
    /// Whether the examples come class by class, in every epoch.
    pub sorted: bool,
    /// Whether the test images are trained on, too.
    pub with_test: bool,
    /// Whether the network has batch normalization, and for how many epochs the running statistics follow.
    pub statistics_follow: Option<usize>,
    /// Of the weights and the order.
    pub seed: u64,
}

/// What the histogram counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// The probabilities that the loss sees at the test images' labels.
    Right,
    /// The classes that the network takes the test images for.
    Classes,
    /// The hidden weights.
    Weights,
    /// The share of test images for which a hidden unit is active.
    Active,
    /// What the relus get in evaluation.
    BeforeRelu,
}

/// Images to learn from, to measure by, and others that nobody has looked at.
pub struct Parts<D: Device<f32>> {
    /// To learn from.
    pub train: Examples<D>,
    /// To measure by.
    pub test: Examples<D>,
    /// What comes later.
    pub fresh: Option<Examples<D>>,
}

/// Trains, and records the epochs.
pub fn train<D: LayerOps>(parts: &Parts<D>, recipe: Recipe, count: Count) -> Result<Film, D::Err> {
    let mut rng = StdRng::seed_from_u64(recipe.seed);
    let learned = learned(parts, recipe);
    let (n, device) = (learned.labels.len(), learned.inputs.device().clone());
    let features = learned.inputs.shape().1;
    let has_norm = recipe.statistics_follow.is_some();
    let mut mlp = Mlp::new([features, HIDDEN, CLASSES], recipe.bias, has_norm, &device, &mut rng);
    let decay = WeightDecay::L2(f64::from(recipe.decay));
    let rule = SgdConfig { lr: f64::from(recipe.learning_rate), momentum: None, weight_decay: Some(decay) };
    let (mut optimizer, mut film) = (Optimizer::new(Rule::Sgd(rule)), Film::default());
    for epoch in 0..recipe.epochs {
        let order = if recipe.sorted { by_label(&learned.labels) } else { shuffled(n, &mut rng) };
        let follows = recipe.statistics_follow.is_some_and(|epochs| epoch < epochs);
        let mut sum = 0.0;
        for places in order.chunks(recipe.batch) {
            let batch = learned.pick(places);
            let logits = recipe.handed_to_loss(mlp.train(batch.inputs.clone(), follows));
            let loss = D::softmax_cross_entropy(logits, &batch.targets());
            sum += loss.as_vec()[0] * places.len() as f32;
            optimizer.step(&mut mlp, loss.try_backward()?)?;
        }
        film.note("loss/training", sum / n as f32);
        record(&mut film, &mlp, parts, recipe, &learned);
    }
    film.histogram = counted(&mlp, &parts.test, recipe, count);
    Ok(film)
}

impl Recipe {
    fn handed_to_loss<D: LayerOps, T: Tape<f32, D>>(&self, logits: Matrix<D, T>) -> Matrix<D, T> {
        if self.softmax_twice { logits.softmax::<Axis<1>>() } else { logits }
    }
}

/// The examples that the network sees, with the labels that it is told.
fn learned<D: LayerOps>(parts: &Parts<D>, recipe: Recipe) -> Examples<D> {
    let n = recipe.examples.min(parts.train.labels.len());
    let mut learned = parts.train.pick(&(0..n).collect::<Vec<_>>());
    if recipe.with_test {
        learned.inputs = (learned.inputs, parts.test.inputs.clone()).concat_along(Axis::<0>);
        learned.labels.extend(&parts.test.labels);
    }
    learned.labels.rotate_left(recipe.shift);
    learned
}

fn by_label(labels: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by_key(|&place| labels[place]);
    order
}

fn record<D: LayerOps>(
    film: &mut Film,
    mlp: &Mlp<D>,
    parts: &Parts<D>,
    recipe: Recipe,
    learned: &Examples<D>,
) {
    let logits = |x: &Matrix<D>| recipe.handed_to_loss(mlp.logits(x.clone()));
    let right = toolkit::fit::accuracy(&logits(&learned.inputs), &learned.labels);
    film.note("accuracy/training", right);
    if mlp.norm.is_some() {
        let loss = D::softmax_cross_entropy(logits(&learned.inputs), &learned.targets());
        film.note("loss/training images in evaluation", loss.as_vec()[0]);
    }
    film.measure("test", logits(&parts.test.inputs), &parts.test);
    if let Some(fresh) = &parts.fresh {
        film.measure("a month later", logits(&fresh.inputs), fresh);
    }
}

fn counted<D: LayerOps>(mlp: &Mlp<D>, test: &Examples<D>, recipe: Recipe, count: Count) -> Vec<f32> {
    let x = test.inputs.clone();
    let logits = recipe.handed_to_loss(mlp.logits(x.clone()));
    match count {
        Count::Right => {
            let probabilities = logits.softmax::<Axis<1>>().as_vec();
            test.labels.iter().enumerate().map(|(i, &label)| probabilities[i * CLASSES + label]).collect()
        }
        Count::Classes => logits.as_vec().chunks(CLASSES).map(|row| largest(row) as f32).collect(),
        Count::Weights => mlp.hidden_weights.as_vec(),
        Count::BeforeRelu => mlp.before_relu(x).as_vec(),
        Count::Active => {
            let (z, n) = (mlp.before_relu(x).as_vec(), test.labels.len());
            let share = |unit| z.iter().skip(unit).step_by(HIDDEN).filter(|&&z| z > 0.0).count() as f32;
            (0..HIDDEN).map(|unit| share(unit) / n as f32).collect()
        }
    }
}

fn largest(row: &[f32]) -> usize {
    (0..row.len()).fold(0, |best, k| if row[k] > row[best] { k } else { best })
}
