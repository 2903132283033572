//! Trainings whose course is known beforehand.

use rand::Rng;

use super::{
    Recipe, SMALL, digits,
    network::{logits, network, winner},
    pieces::{clear_images, plain},
};
use crate::{
    Args, Budget, Derived, Rule, Statistic, Suite, Tensor,
    oracles::{
        digits::{Biases, CLASSES, labels, one},
        losses, mean,
    },
};

const SIZE: [usize; 2] = [6, 7];

fn images(t: &mut Suite, n: usize) -> Tensor {
    t.normal(&[n, SIZE[0], SIZE[1], 1], 1.0)
}

/// What a training must come to.
#[derive(Default)]
struct Course {
    train_loss: Vec<f64>,
    validation_loss: Vec<f64>,
    validation_accuracy: Vec<f64>,
}

/// With hidden biases far below 0 all hidden units are off, and no gradient gets past them: the last biases learn alone. All
/// training images show the same digit, so that the order of the batches does not matter.
pub fn only_biases_learn(t: &mut Suite) {
    for round in 0..32 {
        let (recipe, net, train, validation, biases, course) = loop {
            let recipe = Recipe {
                dropout: [(0.0, 0.0), (0.25, 0.5)][round % 2],
                epochs: t.rng.gen_range(1..=6),
                batch_size: t.rng.gen_range(1..=6),
                learning_rate: f64::from(t.rng.gen_range(0.05_f32..0.5)),
                ..SMALL
            };
            let (n, strangers) = (t.rng.gen_range(1..=12), t.rng.gen_range(1..=3));
            let train = vec![t.rng.gen_range(0..CLASSES); n];
            let validation = [labels(t, strangers), train.clone()].concat();
            let off = Tensor::from_elem(vec![4], -1000.0);
            let bias = t.normal(&[CLASSES], 1.0);
            let mut biases = Biases::starting_at(&bias);
            if let Some(course) = course(&mut biases, &train, &validation, recipe) {
                let net = network(t, SIZE, [2, 2, 4]).tensor("hidden_bias", off).tensor("output_bias", bias);
                break (recipe, net, train, validation, biases.values, course);
            }
        };
        let (x, others) = (images(t, train.len()), images(t, validation.len()));
        let args = digits(digits(net, "train", (&x, &train)), "validation", (&others, &validation));
        let about = if train.len().is_multiple_of(recipe.batch_size) {
            "only the last biases learn, with a learning rate that falls in a straight line"
        } else {
            "only the last biases learn; the last batch of an epoch is smaller"
        };
        // Losses up to 5, after as many steps. Adam's corrections 1 − βᵗ lose digits in single precision, hence 4.
        let budget = Budget::sum(recipe.epochs * train.len()).scale(5.0).times(4.0);
        let [losses, validation_losses, accuracies] =
            [&course.train_loss, &course.validation_loss, &course.validation_accuracy]
                .map(|curve| t.array(&[curve.len()], curve));
        let biases = t.array(&[CLASSES], &biases);
        t.call(about, recipe.args(args).count("seed", round))
            .close("train_loss", &losses, budget)
            .close("validation_loss", &validation_losses, budget)
            .close("validation_accuracy", &accuracies, Budget::elementwise())
            .close("output_bias", &biases, budget);
    }
}

/// The course of such a training, where it is clear after each epoch which bias is largest.
fn course(biases: &mut Biases, train: &[usize], validation: &[usize], recipe: Recipe) -> Option<Course> {
    let steps = (recipe.epochs * train.len().div_ceil(recipe.batch_size)) as f64;
    let mut course = Course::default();
    for _ in 0..recipe.epochs {
        for batch in train.chunks(recipe.batch_size) {
            let left = 1.0 - course.train_loss.len() as f64 / steps;
            course.train_loss.push(biases.loss(batch));
            biases.step(batch, recipe.learning_rate * left);
        }
        let winner = winner(&biases.values)?;
        let right = validation.iter().filter(|&&label| label == winner).count();
        course.validation_loss.push(biases.loss(validation));
        course.validation_accuracy.push(right as f64 / validation.len() as f64);
    }
    Some(course)
}

/// A learning rate of 0 and batches of one: each image's loss comes up once an epoch, with the image's own label.
pub fn every_image_once(t: &mut Suite) {
    for _ in 0..6 {
        // Twelve losses come in the same order twice once in 5·10⁸.
        let n = t.rng.gen_range(12..=20);
        let (net, x, others) = loop {
            let (net, x) = (network(t, SIZE, [2, 3, 4]), images(t, n));
            if let Some(others) = clear_images(t, &net, 5, SIZE) {
                break (net, x, others);
            }
        };
        let (train, validation) = (labels(t, n), labels(t, 5));
        let mut expected = losses(&logits(&net, &x), &train);
        expected.sort_by(f64::total_cmp);
        let sorted = t.array(&[n], &expected);
        let measured = mean(&losses(&logits(&net, &others), &validation));
        let measured = Tensor::from_elem(vec![2], measured);
        // Logits up to about 30 from four layers.
        let budget = Budget::sum(60).scale(30.0);
        let recipe = Recipe { epochs: 2, batch_size: 1, learning_rate: 0.0, ..SMALL };
        let args = digits(digits(net, "train", (&x, &train)), "validation", (&others, &validation));
        let args = recipe.args(args).count("seed", t.seed());
        t.call(
            "a learning rate of 0, batches of one: every image comes up once an epoch, in another order each time",
            args,
        )
        .close(Derived::of("first_epoch").sorted(), &sorted, budget)
        .close(Derived::of("second_epoch").sorted(), &sorted, budget)
        .close("validation_loss", &measured, budget)
        .check("second_epoch", Rule::DiffersFrom { call: 0, output: "first_epoch".to_owned() });
    }
}

/// A learning rate of 0, and networks whose loss shows what was dropped.
pub fn dropout(t: &mut Suite) {
    let zeros = Tensor::zeros(vec![CLASSES, CLASSES]);
    for (rates, net, what) in [
        ((0.5, 0.0), plain(2, one(), 0.0), "pooled maps"),
        ((0.0, 0.5), plain(2, zeros, 1.0), "hidden units"),
    ] {
        let (recipe, x) = (
            Recipe { dropout: rates, epochs: 2, batch_size: 1, learning_rate: 0.0, ..SMALL },
            Tensor::ones(vec![20, 6, 14, 1]),
        );
        let (train, n) = (vec![3; 20], 2);
        let net = || digits(digits(net.clone(), "train", (&x, &train)), "validation", (&x, &train));
        // Without dropout all logits are 9. With it, how many of ten are 10 decides, and whether digit 3 is among them: fewer
        // than three losses in 40 batches never happen.
        let uniform = Tensor::from_elem(vec![n], (CLASSES as f64).ln());
        let (about, seed) =
            (format!("a learning rate of 0: training drops {what}, evaluation nothing"), t.seed());
        t.call(&about, recipe.args(net()).count("seed", seed))
            .close("validation_loss", &uniform, Budget::elementwise())
            .check("train_loss", Rule::Shape { shape: vec![40] })
            .statistic("train_loss", Statistic::Distinct, 3.0, 40.0)
            .also(recipe.args(net()).count("seed", seed))
            .check("train_loss", Rule::SameAs { call: 0, output: "train_loss".to_owned() })
            .also(recipe.args(net()).count("seed", seed + 1))
            .check("train_loss", Rule::DiffersFrom { call: 0, output: "train_loss".to_owned() });
    }
}

pub fn no_epochs(t: &mut Suite) {
    let (net, x) = (network(t, SIZE, [2, 2, 3]), images(t, 4));
    let [kernel, weights] = ["first_kernel", "output_weights"].map(|name| net.get(name).clone());
    let data = (&x, &[0, 5, 9, 5][..]);
    let args: Args = digits(digits(net, "train", data), "validation", data);
    let none = || Rule::Shape { shape: vec![0] };
    t.call(
        "no epochs: no losses, and the network as it was",
        Recipe { epochs: 0, ..SMALL }.args(args).count("seed", 1),
    )
    .check("train_loss", none())
    .check("validation_loss", none())
    .close("first_kernel", &kernel, Budget::exact())
    .close("output_weights", &weights, Budget::exact());
}
