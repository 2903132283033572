//! Cases for `random_labels`: labels by what a shuffle must keep, trainings by what must come of them.

use datasets::{Examples, Images, cifar10, mnist};
use rand::Rng;

use crate::{Args, Budget, Derived, Plot, Rule, Statistic, Suite, Tensor};

pub fn random_labels(t: &mut Suite) {
    shuffles(t);
    many_labels(t);
    quick_trainings(t);
    if let Some(digits) = t.load(mnist::bundled()) {
        let parts = [halved(t, &digits.train, 100), halved(t, &digits.test, 150)];
        let recipe = Recipe { filters: 8, hidden: 128, classes: 10, epochs: 24, batch_size: 20, rate: 0.01 };
        by_heart(t, &parts, recipe, (0.6, 0.3));
    }
}

/// CIFAR-10, as in the paper: 2,000 of its images.
pub fn full(t: &mut Suite) {
    if let Some(photographs) = t.load(cifar10::full()) {
        let parts = [&photographs.train, &photographs.test].map(|images| {
            let images = images.select(&images.numbers_of_each_class(0, 200));
            Part { images: tensor(t, &images.pixels, &[2000, 32, 32, 3]), labels: images.labels }
        });
        let recipe =
            Recipe { filters: 32, hidden: 256, classes: 10, epochs: 60, batch_size: 50, rate: 0.001 };
        by_heart(t, &parts, recipe, (0.3, 0.25));
    }
}

/// Images (n, h, w, c) and their classes.
#[derive(Clone)]
struct Part {
    images: Tensor,
    labels: Vec<usize>,
}

impl Part {
    fn add(&self, args: Args, name: &str) -> Args {
        args.constant(name, self.images.clone()).indexes(&format!("{name}_labels"), &self.labels)
    }
}

fn tensor(t: &Suite, pixels: &[f32], shape: &[usize]) -> Tensor {
    t.array(shape, &pixels.iter().map(|&x| f64::from(x)).collect::<Vec<_>>())
}

fn shuffle(part: &Part, seed: usize) -> Args {
    part.add(Args::new(), "train").count("seed", seed)
}

fn shuffles(t: &mut Suite) {
    for round in 0..64 {
        let n = if round == 0 { 1 } else { t.rng.gen_range(1..=20) };
        let (shape, classes) = ([&[n], &t.shape(3, 3)[..]].concat(), t.rng.gen_range(1..=5));
        let labels: Vec<usize> = (0..n).map(|_| t.rng.gen_range(0..classes)).collect();
        let part = Part { images: t.normal(&shape, 1.0), labels };
        let about = if n == 1 { "a single image" } else { "the images stay, the labels change places" };
        let seed = t.seed();
        t.call(about, shuffle(&part, seed))
            .close("images", &part.images, Budget::exact())
            .check("labels", Rule::Permutation { of: part.labels.iter().map(|&l| l as f64).collect() });
    }
}

fn many_labels(t: &mut Suite) {
    let (n, seed) = (400, t.seed());
    let part = |t: &mut Suite, classes: usize| Part {
        images: t.normal(&[n, 1, 1, 1], 1.0),
        labels: (0..n).map(|i| i * classes / n).collect(),
    };
    let kept = |part: &Part| {
        Derived::of("labels").equal(&Tensor::from_shape_fn(vec![n], |i| part.labels[i[0]] as f64))
    };
    // 200 of each: 200 keep their label, with a standard deviation of 10; six of those are missed once in 10⁸ draws.
    let two = part(t, 2);
    t.call("two classes of 200 images each: about half of the images keep their label", shuffle(&two, seed))
        .within(kept(&two), 0.35, 0.65);
    // As many labels as images: one stays on average, more than 12 with probability 10⁻¹⁰.
    let all = part(t, n);
    t.call("every image is a class of its own: next to none keeps its label", shuffle(&all, seed))
        .within(kept(&all), 0.0, 0.03)
        .also(shuffle(&all, seed))
        .check("labels", Rule::SameAs { call: 0, output: "labels".to_owned() })
        .also(shuffle(&all, seed + 1))
        .check("labels", Rule::DiffersFrom { call: 0, output: "labels".to_owned() });
}

#[derive(Clone, Copy)]
struct Recipe {
    filters: usize,
    hidden: usize,
    classes: usize,
    epochs: usize,
    batch_size: usize,
    rate: f64,
}

impl Recipe {
    fn args(self, [train, test]: &[Part; 2], random: bool, seed: usize) -> Args {
        let function = if random { "random_labels + train_and_test" } else { "train_and_test" };
        let args = test.add(train.add(Args::new().function(function), "train"), "test");
        let args = args.count("filters", self.filters).count("hidden", self.hidden).count("seed", seed);
        let args = args.count("classes", self.classes).count("epochs", self.epochs);
        args.count("batch_size", self.batch_size).number("learning_rate", self.rate)
    }
}

/// Bright images and dark ones, which nobody confuses after some steps.
fn bright_or_dark(t: &mut Suite, shape: [usize; 4]) -> Part {
    let labels: Vec<usize> = (0..shape[0]).map(|i| i % 2).collect();
    let mut images = t.normal(&shape, 0.2);
    for (mut image, &label) in images.outer_iter_mut().zip(&labels) {
        image.mapv_inplace(|x| f64::from((x + label as f64 * 2.0 - 1.0) as f32));
    }
    Part { images, labels }
}

fn quick_trainings(t: &mut Suite) {
    let recipe = Recipe { filters: 4, hidden: 16, classes: 2, epochs: 40, batch_size: 8, rate: 0.01 };
    let lengths = || Rule::Shape { shape: vec![recipe.epochs] };
    for (about, image, n) in [
        ("images that are higher than wide", [7, 4, 1], 20),
        ("images in colour, of odd width", [4, 5, 3], 19),
        ("the smallest images", [2, 2, 1], 12),
    ] {
        let shape = |n| [n, image[0], image[1], image[2]];
        let parts = [bright_or_dark(t, shape(n)), bright_or_dark(t, shape(7))];
        let about = format!("bright and dark images are told apart: {about}");
        t.call(&about, recipe.args(&parts, false, 1))
            .check("train", lengths())
            .check("test", lengths())
            .statistic("train", Statistic::Last, 1.0, 1.0)
            .statistic("test", Statistic::Last, 1.0, 1.0);
    }
    let parts = [bright_or_dark(t, [20, 4, 4, 1]), bright_or_dark(t, [30, 4, 4, 1])];
    let mut inverted = parts.clone();
    inverted[1].labels.iter_mut().for_each(|label| *label = 1 - *label);
    t.call(
        "test images whose labels are all wrong: none is right by what was learned",
        recipe.args(&inverted, false, 1),
    )
    .statistic("train", Statistic::Last, 1.0, 1.0)
    .statistic("test", Statistic::Last, 0.0, 0.0);
    let idle = Recipe { epochs: 0, ..recipe };
    let none = || Rule::Shape { shape: vec![0] };
    t.call("no epochs, nothing to measure", idle.args(&parts, false, 1))
        .check("train", none())
        .check("test", none());
    let noise = Part { images: t.normal(&[24, 3, 3, 1], 1.0), labels: (0..24).map(|i| i % 3).collect() };
    let (pair, short) = ([noise.clone(), noise], Recipe { classes: 3, epochs: 12, ..recipe });
    t.call("the same seed gives the same training, another seed another one", short.args(&pair, false, 5))
        .also(short.args(&pair, false, 5))
        .check("train", Rule::SameAs { call: 0, output: "train".to_owned() })
        .also(short.args(&pair, false, 6))
        .check("train", Rule::DiffersFrom { call: 0, output: "train".to_owned() });
}

/// The images with half the height and width, without the edge, where no digit reaches, and evenly chosen: each pixel is the
/// mean of four.
fn halved(t: &Suite, images: &Images, n: usize) -> Part {
    let rows: Vec<usize> = (0..n).map(|i| i * images.len() / n).collect();
    let (h, w) = (images.height / 2 - 2, images.width / 2 - 2);
    let mut pixels = Vec::with_capacity(n * h * w);
    for image in rows.iter().map(|&row| images.image(row)) {
        let mean = |y: usize, x: usize| {
            let at = |i: usize| image[(2 * y + 2 + i / 2) * images.width + 2 * x + 2 + i % 2];
            (0..4).map(at).sum::<f32>() / 4.0
        };
        pixels.extend((0..h * w).map(|i| mean(i / w, i % w)));
    }
    let labels = rows.iter().map(|&row| images.labels[row]).collect();
    Part { images: tensor(t, &pixels, &[n, h, w, 1]), labels }
}

/// True and random labels. Measured in 40 trainings each on the digits, with 40 seeds: on random labels the training accuracy is
/// 1 for the first time in the 18th epoch at the latest, and 0.01 to 0.19 of the test images are right; with true ones 0.75 to
/// 0.85 are. Adam's last step may undo a little, so the best epoch counts.
fn by_heart(t: &mut Suite, parts: &[Part; 2], recipe: Recipe, (true_at_least, random_at_most): (f64, f64)) {
    let plot = Plot::new("Learning by heart", "epoch", "accuracy");
    for (random, name, about, (low, high)) in [
        (false, "true labels", "true labels: what is learned helps with new images", (true_at_least, 1.0)),
        (
            true,
            "random labels",
            "random labels: learned by heart, and good for nothing else",
            (0.0, random_at_most),
        ),
    ] {
        t.call(about, recipe.args(parts, random, 1))
            .statistic("train", Statistic::Max, 0.99, 1.0)
            .statistic("test", Statistic::Last, low, high)
            .line(&plot, &format!("{name}: training images"), "train")
            .line(&plot, &format!("{name}: test images"), "test");
    }
}
