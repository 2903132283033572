//! Cases for `convnets::cats_vs_dogs`: the pieces by their rules, small comparisons by what must come of them. Photographs are
//! in [`photographs`].

mod photographs;

use datasets::weights::Weight;
use rand::Rng;
use std::collections::BTreeMap;

use super::efficientnet::{weights, with_weights};
use crate::{Args, Budget, Derived, Rule, Statistic, Suite, Tensor};

pub use photographs::full;
use photographs::photographs;

pub fn cats_vs_dogs(t: &mut Suite) {
    mirrors(t);
    maps(t);
    heads(t);
    shares(t);
    curves(t);
    if let Some(weights) = weights(t) {
        comparisons(t, &weights);
        photographs(t, &weights);
    }
}

fn mirrors(t: &mut Suite) {
    for round in 0..48 {
        let shape = if round == 0 { vec![1; 4] } else { t.shape(4, 4) };
        let (n, width) = (shape[0], shape[2]);
        let (images, labels) = (t.normal(&shape, 1.0), labels(t, n, 3));
        let doubled = [2 * n, shape[1], width, shape[3]];
        let want = Tensor::from_shape_fn(doubled.to_vec(), |at| {
            let column = if at[0] < n { at[2] } else { width - 1 - at[2] };
            images[[at[0] % n, at[1], column, at[3]]]
        });
        let twice = Tensor::from_shape_fn(vec![2 * n], |at| labels[at[0] % n] as f64);
        let args = Args::new().function("with_mirror_images");
        t.call("images, and behind them their mirror images", part(args, "images", &(images, labels)))
            .close("images", &want, Budget::exact())
            .close("labels", &twice, Budget::exact());
    }
}

fn labels(t: &mut Suite, n: usize, classes: usize) -> Vec<usize> {
    (0..n).map(|_| t.rng.gen_range(0..classes)).collect()
}

/// Images (n, h, w, c) and their classes.
type Part = (Tensor, Vec<usize>);

fn part(args: Args, name: &str, (images, labels): &Part) -> Args {
    args.constant(name, images.clone()).indexes(&format!("{name}_labels"), labels)
}

fn maps(t: &mut Suite) {
    for round in 0..40 {
        let shape = t.shape(4, 4);
        let (n, inputs, width) = (shape[0] + round % 5, shape[1..].iter().product(), t.rng.gen_range(1..=3));
        let batch = if round % 8 == 0 { 100 } else { t.rng.gen_range(1..=4) };
        let images = t.normal(&[n, shape[1], shape[2], shape[3]], 1.0);
        let weight = t.normal(&[inputs, 2 * width], 1.0);
        let flat: Vec<f64> = images.iter().copied().collect();
        let maps = Tensor::from_shape_fn(vec![n, 1, width, 2], |at| {
            (0..inputs).map(|i| flat[at[0] * inputs + i] * weight[[i, 2 * at[2] + at[3]]]).sum()
        });
        let calls = n.div_ceil(batch) as f64;
        let args = Args::new().function("frozen_maps").constant("images", images).constant("weight", weight);
        t.call(
            &format!("{n} images through the frozen part, {batch} at a time"),
            args.count("batch_size", batch),
        )
        .close("maps", &maps, Budget::sum(inputs).scale(3.0))
        .check("batches", Rule::Within { low: 1.0, high: batch as f64 })
        .statistic("batches", Statistic::Count, calls, calls)
        .statistic("batches", Statistic::Sum, n as f64, n as f64);
    }
}

fn training(args: Args, name: &str, (epochs, rate): (usize, f64)) -> Args {
    args.count(&format!("{name}_epochs"), epochs).number(&format!("{name}_rate"), rate)
}

fn heads(t: &mut Suite) {
    let args = |features: &Tensor, labels: &[usize], classes: usize, training_: (usize, f64), seed: usize| {
        let args = Args::new().function("train_head");
        let args = args.constant("features", features.clone()).indexes("labels", labels);
        training(args.count("classes", classes).count("batch_size", 7), "head", training_).count("seed", seed)
    };
    for classes in 2..=4 {
        let (n, width, seed) = (24, classes + 2, t.seed());
        let labels: Vec<usize> = (0..n).map(|i| i % classes).collect();
        let noise = t.normal(&[n, width], 0.2);
        let about = |at: &ndarray::IxDyn| if at[1] == labels[at[0]] { 2.0 } else { 0.0 };
        let features =
            Tensor::from_shape_fn(vec![n, width], |at| f64::from((noise[&at] + about(&at)) as f32));
        let limit = (6.0 / (width + classes) as f64).sqrt() * (1.0 + 1e-6);
        t.call("features that tell the classes apart", args(&features, &labels, classes, (60, 0.1), seed))
            .within(Derived::of("logits").accuracy(&labels), 1.0, 1.0)
            .check("weight", Rule::Shape { shape: vec![width, classes] });
        let case =
            t.call("no epochs: the head as it was drawn", args(&features, &labels, classes, (0, 0.1), seed));
        case.close("bias", &Tensor::zeros(vec![classes]), Budget::exact())
            .check("weight", Rule::Within { low: -limit, high: limit })
            .also(args(&features, &labels, classes, (0, 0.1), seed))
            .check("weight", Rule::SameAs { call: 0, output: "weight".to_owned() })
            .also(args(&features, &labels, classes, (0, 0.1), seed + 1))
            .check("weight", Rule::DiffersFrom { call: 0, output: "weight".to_owned() })
            .also(args(&features, &labels, classes, (1, 0.1), seed))
            .check("weight", Rule::DiffersFrom { call: 0, output: "weight".to_owned() });
    }
}

/// Equal features of which three in four are of the first class: nothing tells them apart, and the best logits are those of the
/// shares, ln 3 apart.
fn shares(t: &mut Suite) {
    let labels: Vec<usize> = (0..28).map(|i| usize::from(i % 4 == 3)).collect();
    let args = Args::new().function("train_head").constant("features", Tensor::from_elem(vec![28, 2], 1.0));
    let args = args.indexes("labels", &labels).count("classes", 2).count("batch_size", 28);
    let apart = 3f64.ln();
    let args = training(args, "head", (300, 0.05)).count("seed", t.seed());
    t.call("three of four equal features are of one class", args).within(
        Derived::of("logits").dot(&[1.0, -1.0]),
        apart - 0.05,
        apart + 0.05,
    );
}

/// Images of two kinds in turns, in noise; `light` says how much of it a pixel of a label has in a channel.
fn two_kinds(t: &mut Suite, shape: [usize; 4], noise: f64, light: impl Fn(usize, usize) -> f64) -> Part {
    let labels: Vec<usize> = (0..shape[0]).map(|i| i % 2).collect();
    let noise = t.normal(&shape, noise);
    let images = Tensor::from_shape_fn(shape.to_vec(), |at| {
        f64::from((noise[&at] + light(labels[at[0]], at[3])).clamp(0.0, 1.0) as f32)
    });
    (images, labels)
}

/// Bright images and dark ones, which nobody confuses after some steps.
fn bright_or_dark(t: &mut Suite, shape: [usize; 4]) -> Part {
    two_kinds(t, shape, 0.05, |label, _| 0.2 + 0.6 * label as f64)
}

/// Blue images and red ones: a network that was trained on photographs has more to say about colours than about light.
fn blue_or_red(t: &mut Suite, n: usize) -> Part {
    two_kinds(t, [n, 8, 8, 3], 0.15, |label, channel| if channel == [2, 0][label] { 0.8 } else { 0.2 })
}

/// The same images, each with the other label.
fn mistaken((images, labels): &Part) -> Part {
    (images.clone(), labels.iter().map(|label| 1 - label).collect())
}

fn curves(t: &mut Suite) {
    let (others, train) = (bright_or_dark(t, [12, 4, 4, 3]), bright_or_dark(t, [16, 4, 4, 3]));
    let seed = t.seed();
    let args = |validation: &Part, sizes: &[usize], training_: (usize, f64), tuning: (usize, f64)| {
        let args = part(Args::new().function("learning_curve"), "others", &others);
        let args = part(part(args, "train", &train), "validation", validation);
        let args = training(args.indexes("channels", &[3, 4, 6]), "pretraining", (10, 0.02));
        let args = training(training(args, "training", training_), "tuning", tuning);
        args.indexes("sizes", sizes).count("unfrozen", 1).count("batch_size", 4).count("seed", seed)
    };
    let two = || Rule::Shape { shape: vec![2] };
    let half = |case: &mut crate::Case, name: &str, at: f64| {
        case.check(
            name,
            Rule::Close { want: protocol::Array::f64(&[1], vec![at]), budget: Budget::elementwise() },
        );
    };
    t.call(
        "two sizes, and the pretrained network stays as it is",
        args(&train, &[4, 16], (3, 0.02), (2, 0.005)),
    )
    .check("scratch", two())
    .check("transferred", two())
    .check("scratch", Rule::Within { low: 0.0, high: 1.0 })
    .same("pretrained_after", "pretrained_before");
    t.call("all images: bright and dark are told apart", args(&train, &[16], (40, 0.02), (10, 0.005)))
        .statistic("scratch", Statistic::Min, 0.9, 1.0)
        .statistic("transferred", Statistic::Min, 0.9, 1.0);
    // Untrained blocks make the same maps of bright and dark, only fainter: what is learnt about one holds for the other.
    let one = t.call(
        "a single image: whatever it shows, half of the others don't",
        args(&train, &[1], (40, 0.3), (1, 0.0)).count("pretraining_epochs", 0),
    );
    half(one, "transferred", 0.5);
    t.call(
        "labels of the validation images that are all wrong",
        args(&mistaken(&train), &[16], (40, 0.02), (10, 0.005)),
    )
    .statistic("scratch", Statistic::Max, 0.0, 0.1)
    .statistic("transferred", Statistic::Max, 0.0, 0.1);
    t.call("the same seed gives the same curves", args(&train, &[8], (2, 0.02), (1, 0.005)))
        .also(args(&train, &[8], (2, 0.02), (1, 0.005)))
        .check("scratch", Rule::SameAs { call: 0, output: "scratch".to_owned() })
        .check("transferred", Rule::SameAs { call: 0, output: "transferred".to_owned() });
}

/// How a call compares.
#[derive(Clone, Copy)]
struct Recipe {
    side: usize,
    depth: usize,
    batch_size: usize,
    channels: [usize; 3],
    scratch: (usize, f64),
    head: (usize, f64),
    tuning: (usize, f64),
}

impl Recipe {
    fn args(self, [train, validation]: [&Part; 2], seed: usize) -> Args {
        let args = part(part(Args::new(), "train", train), "validation", validation);
        let args = training(training(args, "scratch", self.scratch), "head", self.head);
        let args = training(args, "tuning", self.tuning).indexes("channels", &self.channels);
        let args = args.count("side", self.side).count("depth", self.depth);
        args.count("batch_size", self.batch_size).count("seed", seed)
    }
}

/// EfficientNet on a few small images.
fn comparisons(t: &mut Suite, weights: &BTreeMap<String, Weight>) {
    let quick = Recipe {
        side: 32,
        depth: 15,
        batch_size: 4,
        channels: [4, 4, 6],
        scratch: (1, 0.01),
        head: (2, 0.01),
        tuning: (1, 0.001),
    };
    let (train, validation) = (blue_or_red(t, 6), blue_or_red(t, 5));
    let seed = t.seed();
    let args = |recipe: Recipe, validation: &Part, seed: usize| {
        with_weights(recipe.args([&train, validation], seed), weights)
    };
    let same = |output: &str| Rule::SameAs { call: 0, output: output.to_owned() };
    let fifths = |share: f64| Tensor::from_elem(vec![], share);
    let moved = Derived::of("features").minus("features_before_tuning");
    t.call("what the frozen blocks make of validation images", args(quick, &validation, seed))
        .within(Derived::of("maps").minus("maps_of_the_network"), -1e-3, 1e-3)
        .statistic(moved, Statistic::Norm, 1e-5, 1e3)
        .also(args(quick, &mistaken(&validation), seed))
        .check("head", same("head"))
        .check("maps", same("maps"))
        .also(args(quick, &validation, seed + 1))
        .check("head", Rule::DiffersFrom { call: 0, output: "head".to_owned() });
    // What six images teach may be wrong about a seventh; about themselves it is not.
    let known: Part =
        (train.0.slice_axis(ndarray::Axis(0), ndarray::Slice::from(..5)).to_owned(), train.1[..5].to_vec());
    let still = Recipe { scratch: (40, 0.02), head: (200, 0.003), tuning: (2, 0.0), ..quick };
    t.call(
        "blue and red images are told apart; a step size of 0 changes nothing any more",
        args(still, &known, seed),
    )
    .close("frozen", &fifths(1.0), Budget::elementwise())
    .close("tuned", &fifths(1.0), Budget::elementwise())
    .statistic("scratch", Statistic::Mean, 0.8, 1.0);
    t.call(
        "labels of the validation images that are all wrong: nothing learns from them",
        args(still, &mistaken(&known), seed),
    )
    .close("frozen", &fifths(0.0), Budget::elementwise())
    .close("tuned", &fifths(0.0), Budget::elementwise())
    .statistic("scratch", Statistic::Mean, 0.0, 0.2);
    let tuned = Recipe { depth: 14, head: (0, 0.01), tuning: (20, 0.001), ..quick };
    t.call("a head that never learned, and the last two blocks that do", args(tuned, &known, seed)).close(
        "tuned",
        &fifths(1.0),
        Budget::elementwise(),
    );
}
