//! A linear classifier on features that mean nothing, of which some are chosen by how well they go with the labels.

use dfdx::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng};
use toolkit::{
    ops::LayerOps,
    optim::{Optimizer, Rule},
};

use crate::film::{Examples, Film, constant, normal};

const PEOPLE: usize = 60;
const FEATURES: usize = 2000;

/// How to choose and to train.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// How many features are chosen.
    pub chosen: usize,
    /// Whether the test part has a say in which.
    pub choose_by_all: bool,
    /// Steps, each with all training examples.
    pub epochs: usize,
    /// Of gradient descent.
    pub learning_rate: f32,
    /// λ of the penalty λ/2 · |w|².
    pub decay: f32,
    /// Of the people, their labels and the weights.
    pub seed: u64,
}

/// People and their labels, drawn by lot.
struct People {
    features: Vec<Vec<f32>>,
    labels: Vec<usize>,
}

impl People {
    fn draw(n: usize, rng: &mut StdRng) -> Self {
        let features = (0..n).map(|_| (0..FEATURES).map(|_| rng.gen_range(-1.0..1.0)).collect()).collect();
        Self { features, labels: (0..n).map(|_| rng.gen_range(0..2)).collect() }
    }

    /// How a feature goes with the labels: its correlation with −1 and 1.
    fn correlation(&self, feature: usize) -> f32 {
        let n = self.labels.len() as f32;
        let values = || self.features.iter().map(|person| person[feature]);
        let signs = || self.labels.iter().map(|&label| 2.0 * label as f32 - 1.0);
        let (mean_x, mean_y) = (values().sum::<f32>() / n, signs().sum::<f32>() / n);
        let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
        for (x, y) in values().zip(signs()) {
            let (x, y) = (x - mean_x, y - mean_y);
            (xy, xx, yy) = (xy + x * y, xx + x * x, yy + y * y);
        }
        xy / (xx * yy).sqrt().max(f32::MIN_POSITIVE)
    }

    fn examples<D: Device<f32>>(&self, chosen: &[usize], device: &D) -> Examples<D> {
        let values = self.features.iter().flat_map(|person| chosen.iter().map(|&feature| person[feature]));
        let inputs = device.tensor_from_vec(values.collect(), (self.labels.len(), chosen.len()));
        Examples { inputs, labels: self.labels.clone() }
    }
}

/// Trains, and records the steps; the histogram counts how the chosen features go with the labels of the test part.
pub fn train<D: LayerOps>(recipe: Recipe, device: &D) -> Result<Film, D::Err> {
    let mut rng = StdRng::seed_from_u64(recipe.seed);
    let [train, test] = [(); 2].map(|()| People::draw(PEOPLE, &mut rng));
    let later = People::draw(10 * PEOPLE, &mut rng);
    let by = if recipe.choose_by_all { together(&train, &test) } else { together(&train, &train) };
    let chosen = strongest(&by, recipe.chosen);
    let [train_part, test_part, later_part] =
        [&train, &test, &later].map(|people| people.examples(&chosen, device));
    let mut model = (normal((chosen.len(), 2), 0.01, device, &mut rng), constant(2, 0.0, device));
    let decay = WeightDecay::L2(f64::from(recipe.decay));
    let rule = SgdConfig { lr: f64::from(recipe.learning_rate), momentum: None, weight_decay: Some(decay) };
    let (mut optimizer, mut film) = (Optimizer::new(Rule::Sgd(rule)), Film::default());
    for _ in 0..recipe.epochs {
        for (who, part) in [("training", &train_part), ("test", &test_part), ("a month later", &later_part)] {
            film.measure(who, D::linear(part.inputs.clone(), &model.0, &model.1), part);
        }
        let logits = D::linear(part_with_tape(&train_part), &model.0, &model.1);
        let loss = D::softmax_cross_entropy(logits, &train_part.targets());
        optimizer.step(&mut model, loss.try_backward()?)?;
    }
    film.histogram = chosen.iter().map(|&feature| test.correlation(feature)).collect();
    Ok(film)
}

fn part_with_tape<D: LayerOps>(part: &Examples<D>) -> toolkit::tensor::Matrix<D, OwnedTape<f32, D>> {
    part.inputs.retaped::<OwnedTape<f32, D>>()
}

fn together(a: &People, b: &People) -> People {
    People {
        features: a.features.iter().chain(&b.features).cloned().collect(),
        labels: [&a.labels[..], &b.labels].concat(),
    }
}

/// The features with the strongest correlations, of either sign.
fn strongest(people: &People, count: usize) -> Vec<usize> {
    let mut features: Vec<(usize, f32)> =
        (0..FEATURES).map(|feature| (feature, people.correlation(feature).abs())).collect();
    features.sort_by(|a, b| b.1.total_cmp(&a.1));
    features.into_iter().take(count).map(|(feature, _)| feature).collect()
}
