//! Cases for `convnets::mnist_cnn`: logits and losses by their formulas, trainings by what must come of them.

mod network;
mod pieces;
mod trainings;

use datasets::{Examples, Images, mnist};

use self::network::{Widths, network};
use crate::{
    Args, Derived, Plot, Rule, Statistic, Suite, Tensor,
    oracles::digits::{CLASSES, labels},
};

pub fn mnist_cnn(t: &mut Suite) {
    pieces::initial(t);
    pieces::training_logits(t);
    pieces::masks(t);
    pieces::evaluations(t);
    trainings::only_biases_learn(t);
    trainings::every_image_once(t);
    trainings::dropout(t);
    trainings::no_epochs(t);
    refusals(t);
    other_sets(t);
    secrets(t);
    if let Some(data) = t.load(mnist::bundled()) {
        let [train, validation] = [(0, 1900), (1900, 2000)]
            .map(|(from, to)| part(t, &data.train, &data.train.numbers_of_each_class(from, to)));
        let test = part(t, &data.test, &(0..data.test.len()).collect::<Vec<_>>());
        // Four trainings with this recipe: 0.978, 0.984, 0.983, 0.976.
        whole(t, [train, validation, test], BUNDLED, 0.97);
    }
}

/// All of MNIST, with layers of 32, 64 and 128.
pub fn full(t: &mut Suite) {
    if let Some(data) = t.load(mnist::full()) {
        let [train, validation] =
            [0..58_000, 58_000..60_000].map(|numbers| part(t, &data.train, &numbers.collect::<Vec<_>>()));
        let test = part(t, &data.test, &(0..data.test.len()).collect::<Vec<_>>());
        whole(t, [train, validation, test], FULL, 0.9895);
    }
}

/// How a call trains. The numbers are exact in single precision, or rounded to it by `args`.
#[derive(Clone, Copy)]
struct Recipe {
    widths: Widths,
    dropout: (f64, f64),
    epochs: usize,
    batch_size: usize,
    learning_rate: f64,
}

const SMALL: Recipe =
    Recipe { widths: [4, 8, 32], dropout: (0.0, 0.0), epochs: 3, batch_size: 4, learning_rate: 0.015_625 };

const BUNDLED: Recipe =
    Recipe { widths: [8, 16, 64], dropout: (0.1, 0.25), epochs: 3, batch_size: 64, learning_rate: 0.004 };

const FULL: Recipe =
    Recipe { widths: [32, 64, 128], dropout: (0.25, 0.5), epochs: 5, batch_size: 64, learning_rate: 0.0015 };

impl Recipe {
    /// For `train_cnn`, with the network and the digits in `args`.
    fn args(self, args: Args) -> Args {
        self.training(args.function("train_cnn"))
    }

    fn training(self, args: Args) -> Args {
        args.number("pooled_dropout", self.dropout.0)
            .number("hidden_dropout", self.dropout.1)
            .count("epochs", self.epochs)
            .count("batch_size", self.batch_size)
            .number("learning_rate", self.learning_rate)
    }

    /// For `mnist_cnn`: training, validation and test images.
    fn whole(self, sets: [(&Tensor, &[usize]); 3], seed: usize) -> Args {
        let names = ["train", "validation", "test"];
        let args = names.into_iter().zip(sets).fold(Args::new(), |args, (name, set)| digits(args, name, set));
        let [first, second, hidden] = self.widths;
        let args = args.count("first", first).count("second", second).count("hidden", hidden);
        self.training(args).count("seed", seed)
    }
}

fn digits(args: Args, name: &str, (images, labels): (&Tensor, &[usize])) -> Args {
    args.constant(name, images.clone()).indexes(&format!("{name}_labels"), labels)
}

fn refusals(t: &mut Suite) {
    let (images, classes) = (t.normal(&[5, 6, 6, 1], 1.0), labels(t, 5));
    let data = (&images, &classes[..]);
    for (rate, name) in [(1.0, "1"), (-0.5, "-0.5"), (f64::NAN, "NaN")] {
        for (dropout, where_) in [((rate, 0.0), "pooled maps"), ((0.0, rate), "hidden units")] {
            let logits = pieces::batch(network(t, [6, 6], [2, 2, 3]), images.clone(), dropout, 1);
            let logits = logits.constant("d_y", Tensor::ones(vec![5, CLASSES]));
            t.call(&format!("logits with a dropout of {name} for {where_}"), logits).refuses(&[name]);
            let args = Recipe { dropout, ..SMALL }.whole([data; 3], 1);
            t.call(&format!("a training with a dropout of {name} for {where_}"), args).refuses(&[name]);
        }
    }
}

/// A training depends on the training images alone.
fn other_sets(t: &mut Suite) {
    for (dropout, about) in [
        ((0.0, 0.0), "other validation and test images: the training must not know them"),
        ((0.25, 0.5), "other validation and test images, with dropout: the training must not know them"),
    ] {
        let (seed, sets) = (t.seed(), [10, 3, 4, 7].map(|n| (t.normal(&[n, 7, 8, 1], 1.0), labels(t, n))));
        let [train, few, some, more] = [0, 1, 2, 3].map(|k| (&sets[k].0, &sets[k].1[..]));
        let recipe = Recipe { widths: [2, 3, 6], dropout, ..SMALL };
        let outputs = ["train_loss", "output_weights"];
        let case = t.call(about, recipe.whole([train, few, some], seed));
        for others in [[few, more], [more, some]] {
            case.also(recipe.whole([train, others[0], others[1]], seed));
            for output in outputs {
                case.check(output, Rule::SameAs { call: 0, output: output.to_owned() });
            }
        }
        case.also(recipe.whole([train, few, some], seed + 1))
            .check("output_weights", Rule::DiffersFrom { call: 0, output: "output_weights".to_owned() });
    }
}

/// Data that shows what a training has seen, and what it was judged by.
fn secrets(t: &mut Suite) {
    let recipe = Recipe { epochs: 40, batch_size: 10, ..SMALL };
    let [(noise, guesses), (others, wrong)] = [40, 30].map(|n| (t.normal(&[n, 8, 8, 1], 1.0), labels(t, n)));
    let args = recipe.whole([(&noise, &guesses), (&others, &wrong), (&others, &wrong)], t.seed());
    // Who knows nothing has a mean loss of ln 10 = 2.3 at best, and the lowest of 40 of 30 images is hardly below 2.
    t.call("pixels and labels at random: what was not trained on can't be known", args)
        .statistic("validation_loss", Statistic::Min, 1.2, 100.0)
        .check("train_loss", Rule::Shape { shape: vec![160] })
        .statistic("train_loss", Statistic::Last, 0.0, 0.5);
    let classes: Vec<usize> = (0..40).map(|i| i % CLASSES).collect();
    let patterns = t.normal(&[CLASSES, 8, 8], 1.0);
    let mut noisy = || {
        let noise = t.normal(&[40, 8, 8, 1], 0.25);
        Tensor::from_shape_fn(vec![40, 8, 8, 1], |i| patterns[[i[0] % CLASSES, i[1], i[2]]] + noise[&i])
            .mapv(|pixel| f64::from(pixel as f32))
    };
    let sets = [noisy(), noisy(), noisy()];
    let wrong: Vec<usize> = classes.iter().map(|class| (class + 1) % CLASSES).collect();
    for (validation, test, name, about) in [
        (&classes, &classes, "right", "images that are easy to tell apart"),
        (&classes, &wrong, "wrong", "every test label is wrong, and the test accuracy must say so"),
        (&wrong, &classes, "right", "every validation label is wrong, and the test accuracy does not care"),
    ] {
        let args = recipe.whole([(&sets[0], &classes), (&sets[1], validation), (&sets[2], test)], t.seed());
        let (low, high) = if name == "right" { (0.9, 1.0) } else { (0.0, 0.1) };
        t.call(about, args).statistic("test_accuracy", Statistic::Mean, low, high);
    }
}

/// These images (n, height, width, 1), and what they show.
fn part(t: &Suite, images: &Images, numbers: &[usize]) -> (Tensor, Vec<usize>) {
    let images = images.select(numbers);
    let values: Vec<f64> = images.pixels.iter().map(|&grey| f64::from(grey)).collect();
    (t.array(&[numbers.len(), images.height, images.width, 1], &values), images.labels)
}

/// The whole experiment. A seed of its own would teach nothing: the draws differ with every way to write the program.
fn whole(t: &mut Suite, sets: [(Tensor, Vec<usize>); 3], recipe: Recipe, goal: f64) {
    let args = recipe.whole([0, 1, 2].map(|k| (&sets[k].0, &sets[k].1[..])), 1);
    let (losses, accuracies) =
        (Plot::new("Losses", "epoch", "loss"), Plot::new("Accuracies", "epoch", "accuracy"));
    let about =
        format!("{} handwritten digits: at least {} % of the test images", sets[0].1.len(), 100.0 * goal);
    let (at, means) = drawn(recipe.epochs, sets[0].1.len().div_ceil(recipe.batch_size));
    let end = Derived::known("test_accuracy", &Tensor::from_elem(vec![1], recipe.epochs as f64));
    t.call(&about, args)
        .statistic("test_accuracy", Statistic::Mean, goal, 1.0)
        .number("test accuracy", "test_accuracy")
        .line_over(&losses, "training", at, means)
        .line(&losses, "validation", "validation_loss")
        .line(&accuracies, "validation", "validation_accuracy")
        .line_over(&accuracies, "test, after the last epoch", end, "test_accuracy");
}

/// Points of the drawn curve of the training loss: batches are averaged until there are no more than these.
const POINTS: usize = 60;

/// The training loss for a picture: means over some batches, at the middle of these, counted in epochs.
fn drawn(epochs: usize, batches: usize) -> (Derived, Derived) {
    let steps = epochs * batches;
    let size = steps.div_ceil(POINTS).max(1);
    let middle = |i: usize| (i as f64 + 0.5) * size as f64 / batches as f64;
    let at: ndarray::Array1<f64> = (0..steps / size).map(middle).collect();
    let means = Derived::of("train_loss").dot(&vec![1.0 / size as f64; size]);
    (Derived::known("train_loss", &at.into_dyn()), means)
}
