//! Trainings whose course is known beforehand.

use rand::Rng;

use super::{
    Recipe, SMALL, examples,
    network::{Statistics, Watched, cross_entropy, logits, network, network_with, watch},
};
use crate::{
    Args, Budget, Rule, Statistic, Suite, Tensor,
    oracles::digits::{Biases, CLASSES, labels},
};

/// What a training must come to.
struct Expected {
    watched: Watched,
    train_loss: Vec<f64>,
    validation_loss: Vec<f64>,
}

impl Expected {
    fn new(train_loss: Vec<f64>, validation_loss: Vec<f64>, patience: usize) -> Self {
        Self { watched: watch(&validation_loss, patience), train_loss, validation_loss }
    }

    /// A call, checked against all this but the training loss, which comes back for who knows it.
    fn check<'t>(&self, t: &'t mut Suite, about: &str, args: Args, budget: Budget) -> &'t mut crate::Case {
        let trained = self.watched.trained;
        let [train_loss, validation_loss] =
            [&self.train_loss, &self.validation_loss].map(|losses| t.array(&[trained], &losses[..trained]));
        let best = t.array(&[1], &[self.watched.best as f64]);
        t.call(about, args)
            .close("validation_loss", &validation_loss, budget)
            .close("best_epoch", &best, Budget::exact())
            .close("train_loss", &train_loss, budget)
    }
}

/// With γ = β = 0 all hidden units are 0, and no gradient reaches them: the last biases learn alone. All training images are
/// of one class, so that the order of the batches does not matter. Some validation images are of other classes, so that
/// their loss falls first and then rises.
pub fn only_biases_learn(t: &mut Suite) {
    for round in 0..48 {
        let (recipe, net, train, validation, biases, expected) = loop {
            let recipe = Recipe {
                dropout: [(0.0, 0.0), (0.25, 0.5)][round % 2],
                epochs: t.rng.gen_range(1..=15),
                patience: t.rng.gen_range(1..=4),
                batch_size: t.rng.gen_range(2..=6),
                learning_rate: f64::from(t.rng.gen_range(0.05_f32..0.5)),
                decay: [1.0, 0.75, 0.5][round % 3],
                ..SMALL
            };
            let (n, strangers) = (t.rng.gen_range(2..=12), t.rng.gen_range(1..=3));
            let train = vec![t.rng.gen_range(0..CLASSES); n];
            let validation = [labels(t, strangers), train.clone()].concat();
            let zeros = || Tensor::zeros(vec![4]);
            let net = network_with(t, 3, zeros(), zeros());
            let (biases, expected) = biases(&net, &train, &validation, recipe);
            if !expected.watched.narrow {
                break (recipe, net, train, validation, biases, expected);
            }
        };
        let [images, others] = [&train, &validation].map(|labels| t.normal(&[labels.len(), 3], 1.0));
        let args = examples(examples(net, "train", (&images, &train)), "validation", (&others, &validation));
        let about = if train.len() % recipe.batch_size == 1 {
            "only the last biases learn; a single image would be left for the last batch, and is left out"
        } else {
            "only the last biases learn, and some validation images are of classes that were not trained on"
        };
        // Losses up to 5, after as many steps. Adam's corrections 1 − βᵗ lose digits in single precision, hence 4.
        let budget = Budget::sum(recipe.epochs * train.len()).scale(5.0).times(4.0);
        let biases = t.array(&[CLASSES], &biases);
        let args = recipe.args(args).count("seed", t.seed());
        expected.check(t, about, args, budget).close("output_bias", &biases, budget);
    }
}

/// The course of such a training, and the biases of the best epoch.
fn biases(net: &Args, train: &[usize], validation: &[usize], recipe: Recipe) -> ([f64; CLASSES], Expected) {
    let mut biases = Biases::starting_at(net.get("output_bias"));
    let (mut kept, mut train_loss, mut validation_loss) = (Vec::new(), Vec::new(), Vec::new());
    for epoch in 0..recipe.epochs {
        let learning_rate = recipe.learning_rate * recipe.decay.powi(epoch as i32);
        let (mut sum, mut images) = (0.0, 0);
        for batch in train.chunks(recipe.batch_size).filter(|batch| batch.len() > 1) {
            sum += biases.loss(batch) * batch.len() as f64;
            images += batch.len();
            biases.step(batch, learning_rate);
        }
        train_loss.push(sum / images as f64);
        validation_loss.push(biases.loss(validation));
        kept.push(biases.values);
    }
    let expected = Expected::new(train_loss, validation_loss, recipe.patience);
    (kept[expected.watched.best - 1], expected)
}

/// With a learning rate of 0, only the running statistics move, towards those of the one batch that there is, and with
/// them the validation loss.
pub fn only_statistics_move(t: &mut Suite) {
    for round in 0..32 {
        let (recipe, net, data, expected, statistics) = loop {
            let recipe = Recipe {
                // Dropped hidden units come after the statistics: the validation loss does not see them.
                dropout: (0.0, [0.0, 0.5][round % 2]),
                epochs: t.rng.gen_range(2..=12),
                patience: t.rng.gen_range(1..=3),
                batch_size: 20,
                learning_rate: 0.0,
                ..SMALL
            };
            let net = network(t, 3, 5);
            let data = [(2, 8), (1, 6)].map(|(least, most)| {
                let n = t.rng.gen_range(least..=most);
                (t.normal(&[n, 3], 1.0), labels(t, n))
            });
            let (expected, statistics) = moved(&net, &data, recipe);
            // Mostly curves whose best epoch is not the last.
            let telling = expected.watched.best < expected.watched.trained || round % 4 == 0;
            if telling && !expected.watched.narrow {
                break (recipe, net, data, expected, statistics);
            }
        };
        let [(train, train_labels), (validation, validation_labels)] = &data;
        let args = examples(net, "train", (train, train_labels));
        let args = examples(args, "validation", (validation, validation_labels));
        let args = recipe.args(args).count("seed", t.seed());
        // Two layers of 3 and 5 terms, and products of about 30; a spread of 0.1 in the batch would be ten times that.
        let budget = Budget::sum(8).scale(300.0);
        let about = match recipe.dropout.1 {
            0.0 => {
                "a learning rate of 0: only the running statistics move, and best are those of the best epoch"
            }
            _ => "the same with dropout of hidden units, which evaluation must not have",
        };
        let case = expected.check(t, about, args, budget);
        if recipe.dropout.1 > 0.0 {
            // What the training loss is depends on what was dropped.
            case.checks.retain(|check| check.output != "train_loss");
        }
        // Of numbers up to 10, and of their squares; each epoch keeps nine tenths of the errors before.
        case.close("running_mean", &statistics.mean, Budget::sum(20).scale(10.0)).close(
            "running_variance",
            &statistics.variance,
            Budget::sum(20).scale(50.0),
        );
    }
}

/// The course of such a training, and the running statistics of the best epoch.
fn moved(net: &Args, data: &[(Tensor, Vec<usize>); 2], recipe: Recipe) -> (Expected, Statistics) {
    let [(train, train_labels), (validation, validation_labels)] = data;
    let batch = Statistics::of_batch(net, train);
    let mut running = Statistics::running(net);
    let (mut kept, mut validation_loss) = (Vec::new(), Vec::new());
    for _ in 0..recipe.epochs {
        running = running.after(&batch, train_labels.len());
        validation_loss.push(cross_entropy(&logits(net, validation, &running), validation_labels));
        kept.push(running.clone());
    }
    let loss = cross_entropy(&logits(net, train, &batch), train_labels);
    let expected = Expected::new(vec![loss; recipe.epochs], validation_loss, recipe.patience);
    let best = kept.swap_remove(expected.watched.best - 1);
    (expected, best)
}

/// Images that are easy to tell apart, sorted by their class as many files hold them. Who does not shuffle ends every epoch with
/// ten batches of the last class.
pub fn sorted(t: &mut Suite) {
    let classes: Vec<usize> = (0..400).map(|i| i / 40).collect();
    let one_hot = Tensor::from_shape_fn(vec![400, CLASSES], |i| f64::from(u8::from(i[0] / 40 == i[1])));
    let images = (one_hot + t.uniform(&[400, CLASSES], 0.0, 0.25)).mapv(|x| f64::from(x as f32));
    let data = (&images, &classes[..]);
    let args = examples(examples(network(t, CLASSES, 24), "train", data), "validation", data);
    let recipe = Recipe { epochs: 3, patience: 3, batch_size: 4, learning_rate: 0.03125, ..SMALL };
    let args = recipe.args(args).count("seed", t.seed());
    t.call("training images sorted by their class, as many files hold them", args).statistic(
        "validation_loss",
        Statistic::Last,
        0.0,
        0.3,
    );
}

pub fn no_epochs(t: &mut Suite) {
    let (net, images) = (network(t, 3, 5), t.normal(&[4, 3], 1.0));
    let [weights, mean] = ["output_weights", "running_mean"].map(|name| net.get(name).clone());
    let data = (&images, &[0, 5, 9, 5][..]);
    let args = examples(examples(net, "train", data), "validation", data);
    t.call("no epochs: no losses, no best epoch, and the network as it was", {
        Recipe { epochs: 0, ..SMALL }.args(args).count("seed", 1)
    })
    .check("train_loss", Rule::Shape { shape: vec![0] })
    .check("validation_loss", Rule::Shape { shape: vec![0] })
    .check("best_epoch", Rule::Shape { shape: vec![0] })
    .close("output_weights", &weights, Budget::exact())
    .close("running_mean", &mean, Budget::exact());
}
