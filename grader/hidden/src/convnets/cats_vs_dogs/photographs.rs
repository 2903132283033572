//! Cats and dogs out of CIFAR-10, and EfficientNet's ImageNet: the comparison itself, small by default.

use std::collections::BTreeMap;

use datasets::{Images, cats_and_dogs, cifar10, weights::Weight};

use super::{Part, Recipe, training};
use crate::{
    Args, Derived, Plot, Statistic, Suite,
    convnets::efficientnet::{weights, with_weights},
};

/// What must come of it.
struct Thresholds {
    frozen: f64,
    gain: f64,
}

/// 200 images to learn from, 200 to be measured by, scaled to 96 × 96. Three trainings: 0.530, 0.615, 0.645 from scratch; 0.755,
/// 0.795, 0.755 frozen; 0.785, 0.805, 0.785 tuned. So few images leave a lot to chance: the bounds are about three of their
/// deviations below the means, 0.768 and a gain of 0.172.
pub fn photographs(t: &mut Suite, weights: &BTreeMap<String, Weight>) {
    let recipe = Recipe {
        side: 96,
        depth: 15,
        batch_size: 20,
        channels: [16, 32, 48],
        scratch: (15, 0.002),
        head: (20, 0.001),
        tuning: (4, 0.0001),
    };
    compare(t, weights, (200, 200), recipe, Thresholds { frozen: 0.7, gain: 0.02 });
}

/// All images, scaled to 128 × 128; and a network that learnt CIFAR-10's other eight classes. One training: 0.654 from scratch,
/// 0.835 frozen, 0.853 tuned; PyTorch's 0.736, 0.827, 0.840. The goal is a gain of 0.1; the bound leaves room for a
/// training from scratch that ends luckily.
pub fn full(t: &mut Suite) {
    let recipe = Recipe {
        side: 128,
        depth: 15,
        batch_size: 32,
        channels: [32, 64, 128],
        scratch: (20, 0.001),
        head: (10, 0.001),
        tuning: (5, 0.0001),
    };
    let Some(weights) = weights(t) else { return };
    compare(t, &weights, (2000, 1000), recipe, Thresholds { frozen: 0.8, gain: 0.05 });
    eight_classes(t);
}

/// So many images of both classes together, evenly chosen.
fn some(t: &Suite, images: &Images, n: usize) -> Part {
    chosen(t, images, &images.numbers_of_each_class(0, n / 2))
}

fn chosen(t: &Suite, images: &Images, rows: &[usize]) -> Part {
    let pixels: Vec<f64> = rows.iter().flat_map(|&row| images.image(row)).map(|&x| f64::from(x)).collect();
    let shape = [rows.len(), images.height, images.width, images.channels];
    (t.array(&shape, &pixels), rows.iter().map(|&row| images.labels[row]).collect())
}

fn compare(
    t: &mut Suite,
    weights: &BTreeMap<String, Weight>,
    (learned, measured): (usize, usize),
    recipe: Recipe,
    least: Thresholds,
) {
    let Some(pets) = t.load(cats_and_dogs::bundled()) else { return };
    let (train, validation) = (some(t, &pets.train, learned), some(t, &pets.test, measured));
    let about = format!("{learned} cats and dogs to learn from, {measured} others to be measured by");
    let args = recipe.args([&train, &validation], 1).function("cats_vs_dogs with a picture");
    t.call(&about, with_weights(args, weights))
        .statistic("frozen", Statistic::Mean, least.frozen, 1.0)
        .within(Derived::of("frozen").minus("scratch"), least.gain, 1.0)
        // two standard deviations of an accuracy of 0.8
        .within(Derived::of("tuned").minus("frozen"), -2.0 * (0.16 / measured as f64).sqrt(), 1.0)
        // The classifier is as good as it is said to be, but for a rounding.
        .within(Derived::of("logits").accuracy(&validation.1).minus("tuned"), -1e-6, 1e-6)
        .number("accuracy from scratch", "scratch")
        .number("accuracy with frozen ImageNet features", "frozen")
        .number("accuracy after fine-tuning", "tuned")
        .images("a cat and a dog, and what their class depends on", "picture");
}

/// Where the other classes help: with few images.
fn eight_classes(t: &mut Suite) {
    let (Some(cifar), Some(pets)) = (t.load(cifar10::full()), t.load(cats_and_dogs::bundled())) else {
        return;
    };
    let others = cifar.train.of_classes(&[0, 1, 2, 4, 6, 7, 8, 9]);
    let others = chosen(t, &others, &others.numbers_of_each_class(0, 1000));
    let (train, validation) = (some(t, &pets.train, 2000), some(t, &pets.test, 1000));
    let args = super::part(Args::new().function("learning_curve"), "others", &others);
    let args = super::part(args, "train", &train);
    let args = super::part(args, "validation", &validation).indexes("channels", &[3, 32, 64, 128]);
    let args = training(training(args, "pretraining", (10, 0.001)), "training", (15, 0.001));
    let args = training(args, "tuning", (8, 0.0003)).indexes("sizes", &[100, 250, 500, 1000, 2000]);
    let x = Derived::known("scratch", &t.array(&[5], &[100.0, 250.0, 500.0, 1000.0, 2000.0]));
    let gain = Derived::of("transferred").minus("scratch").dot(&[0.5, 0.5, 0.0, 0.0, 0.0]);
    let plot = Plot::new("What eight other classes are good for", "training images", "accuracy");
    t.call(
        "a small network that learnt CIFAR-10's other eight classes first",
        args.count("unfrozen", 1).count("batch_size", 32).count("seed", 1),
    )
    .within(gain.clone(), 0.0, 1.0)
    .number("gain with 100 and 250 images", gain)
    .line_over(&plot, "from scratch", x.clone(), "scratch")
    .line_over(&plot, "after eight other classes", x, "transferred");
}
