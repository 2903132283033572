//! Cases for `regularization::mnist_mlp`: logits, losses and splits by their formulas, trainings by what must come of them.

mod network;
mod pieces;
mod trainings;

use datasets::{Dataset, Images, mnist};

use self::network::network;
use crate::{
    Args, Plot, Rule, Statistic, Suite, Tensor,
    oracles::digits::{CLASSES, labels, rows},
};

pub fn mnist_mlp(t: &mut Suite) {
    pieces::initial(t);
    pieces::training_logits(t);
    pieces::masks(t);
    pieces::evaluations(t);
    pieces::splits(t);
    trainings::only_biases_learn(t);
    trainings::only_statistics_move(t);
    trainings::no_epochs(t);
    refusals(t);
    test_set(t);
    secrets(t);
    if let Some(digits) = t.load(mnist::bundled()) {
        // Five trainings with this recipe: 0.967 to 0.971. 0.95 is ten of their deviations below.
        digits_of(t, &digits, BUNDLED, 0.95);
    }
    pieces::large_start(t);
    pieces::fair_splits(t);
    trainings::sorted(t);
}

/// All of MNIST, at its full size.
pub fn full(t: &mut Suite) {
    if let Some(digits) = t.load(mnist::full()) {
        digits_of(t, &digits, FULL, 0.982);
    }
}

/// How a call trains. The numbers are exact in single precision, or rounded to it by `args`.
#[derive(Clone, Copy)]
struct Recipe {
    hidden: usize,
    dropout: (f64, f64),
    held_out: usize,
    epochs: usize,
    patience: usize,
    batch_size: usize,
    learning_rate: f64,
    decay: f64,
}

const SMALL: Recipe = Recipe {
    hidden: 6,
    dropout: (0.0, 0.0),
    held_out: 4,
    epochs: 3,
    patience: 3,
    batch_size: 4,
    learning_rate: 0.015_625,
    decay: 1.0,
};

const BUNDLED: Recipe = Recipe {
    hidden: 512,
    dropout: (0.2, 0.3),
    held_out: 1000,
    epochs: 8,
    patience: 3,
    batch_size: 128,
    learning_rate: 0.003,
    decay: 0.7,
};

const FULL: Recipe = Recipe { held_out: 5000, epochs: 30, patience: 5, decay: 0.85, ..BUNDLED };

impl Recipe {
    /// For `train_mlp`, with the network and the examples in `args`.
    fn args(self, args: Args) -> Args {
        self.training(args.function("train_mlp"))
    }

    fn training(self, args: Args) -> Args {
        args.number("input_dropout", self.dropout.0)
            .number("hidden_dropout", self.dropout.1)
            .count("epochs", self.epochs)
            .count("patience", self.patience)
            .count("batch_size", self.batch_size)
            .number("learning_rate", self.learning_rate)
            .number("decay", self.decay)
    }

    /// For `mnist_mlp`.
    fn whole(self, train: (&Tensor, &[usize]), test: (&Tensor, &[usize]), seed: usize) -> Args {
        let args = examples(examples(Args::new(), "train", train), "test", test);
        self.training(args).count("hidden", self.hidden).count("held_out", self.held_out).count("seed", seed)
    }
}

fn examples(args: Args, name: &str, (images, labels): (&Tensor, &[usize])) -> Args {
    args.constant(name, images.clone()).indexes(&format!("{name}_labels"), labels)
}

fn refusals(t: &mut Suite) {
    let (images, classes) = (t.normal(&[9, 3], 1.0), labels(t, 9));
    let data = (&images, &classes[..]);
    for (rate, name) in [(1.0, "1"), (-0.5, "-0.5"), (f64::NAN, "NaN")] {
        for (dropout, where_) in [((rate, 0.0), "pixels"), ((0.0, rate), "hidden units")] {
            let logits = pieces::batch(network(t, 3, 4), images.clone(), dropout, 1);
            let logits = logits.constant("d_y", Tensor::ones(vec![9, CLASSES]));
            t.call(&format!("logits with a dropout of {name} for {where_}"), logits).refuses(&[name]);
            let args = Recipe { dropout, ..SMALL }.whole(data, data, 1);
            t.call(&format!("a training with a dropout of {name} for {where_}"), args).refuses(&[name]);
        }
    }
    let impatient = Recipe { patience: 0, ..SMALL }.whole(data, data, 1);
    t.call("a training with a patience of 0 epochs", impatient).refuses(&["patience", "0"]);
    let greedy = Recipe { held_out: 8, ..SMALL }.whole(data, data, 1);
    t.call("8 of 9 images held out, so that one is left to train on", greedy).refuses(&["8", "9"]);
}

/// A training does not depend on the test set.
fn test_set(t: &mut Suite) {
    let (images, classes) = (t.normal(&[24, 5], 1.0), labels(t, 24));
    for (dropout, about) in [
        ((0.0, 0.0), "two test sets: the training must not know which of them will be used"),
        ((0.2, 0.5), "two test sets, with dropout: the training must not know which of them will be used"),
    ] {
        let (seed, others) = (t.seed(), [3, 7].map(|n| (t.normal(&[n, 5], 1.0), labels(t, n))));
        let recipe = Recipe { dropout, held_out: 8, batch_size: 5, epochs: 6, ..SMALL };
        let args = |k: usize, seed| recipe.whole((&images, &classes), (&others[k].0, &others[k].1), seed);
        let case = t.call(about, args(0, seed)).also(args(1, seed));
        for output in ["validation_loss", "train_loss", "output_weights", "running_mean"] {
            case.check(output, Rule::SameAs { call: 0, output: output.to_owned() });
        }
        case.also(args(0, seed + 1))
            .check("output_weights", Rule::DiffersFrom { call: 0, output: "output_weights".to_owned() });
    }
}

/// Data that shows what a training has seen.
fn secrets(t: &mut Suite) {
    let recipe = Recipe { hidden: 64, held_out: 20, batch_size: 10, epochs: 60, patience: 60, ..SMALL };
    let (noise, guesses) = (t.normal(&[40, 30], 1.0), labels(t, 40));
    // Nobody can do better than ln 10 = 2.3 on average, and the lowest of 60 losses of 20 images is hardly below 2.
    let args = recipe.whole((&noise, &guesses), (&noise, &guesses), t.seed());
    t.call(
        "pixels and labels at random: what was not trained on can't be known, and the validation loss stays high",
        args,
    )
    .statistic("validation_loss", Statistic::Min, 1.2, 100.0)
    .check("train_loss", Rule::Shape { shape: vec![60] })
    .statistic("train_loss", Statistic::Last, 0.0, 0.5);
    let classes: Vec<usize> = (0..80).map(|i| i % CLASSES).collect();
    let one_hot = Tensor::from_shape_fn(vec![80, CLASSES], |i| f64::from(u8::from(i[0] % CLASSES == i[1])));
    let images = one_hot + t.uniform(&[80, CLASSES], 0.0, 0.25);
    let wrong: Vec<usize> = classes.iter().map(|class| (class + 1) % CLASSES).collect();
    for (test, low, high, about) in [
        (&classes, 0.95, 1.0, "images that are easy to tell apart"),
        (&wrong, 0.0, 0.05, "every test label is wrong, and the test accuracy must say so"),
    ] {
        let args = recipe.whole((&images, &classes), (&images, test), t.seed());
        t.call(about, args).statistic("test_accuracy", Statistic::Mean, low, high);
    }
}

/// The whole experiment. A seed of its own would teach nothing: the draws differ with every way to write the program.
fn digits_of(t: &mut Suite, digits: &Dataset<Images>, recipe: Recipe, goal: f64) {
    let (train, test) = (rows(t, &digits.train), rows(t, &digits.test));
    let args = recipe.whole((&train, &digits.train.labels), (&test, &digits.test.labels), 1);
    let plot = Plot::new("Losses", "epoch", "loss");
    let about =
        format!("{} handwritten digits: at least {} % of the test images", train.shape()[0], 100.0 * goal);
    t.call(&about, args)
        .statistic("test_accuracy", Statistic::Mean, goal, 1.0)
        .number("test accuracy", "test_accuracy")
        .number("best epoch", "best_epoch")
        .line(&plot, "training", "train_loss")
        .line(&plot, "validation", "validation_loss")
        .line_over(&plot, "network that was kept", "best_epoch", "best_loss");
}
