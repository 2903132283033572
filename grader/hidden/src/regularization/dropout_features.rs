//! Cases for `regularization::dropout_features`: reconstructions and kurtosis by their formulas, trainings by their results.

use datasets::{Examples, Images, mnist};
use ndarray::Axis;
use rand::Rng;

use crate::{Args, Budget, Derived, Distribution, Rule, Statistic, Tensor, Terms, Tests, draws};

pub fn dropout_features(t: &mut Tests) {
    reconstructions(t);
    masks(t);
    measurements(t);
    starts(t);
    losses(t);
    same_seed(t);
    refusals(t);
    if let Some(digits) = t.load(mnist::bundled()) {
        // 6,000 images, and a quarter of their pixels, are enough for strokes, and seconds instead of a minute.
        let images = halved(t, &digits.train.select(&digits.train.numbers_of_each_class(0, 600)));
        trainings(t, &images, digits.train.height / 2, 40, 2.1);
    }
    large_start(t);
}

/// All of MNIST, at its full size.
pub fn full(t: &mut Tests) {
    if let Some(digits) = t.load(mnist::full()) {
        let images = rows(t, &digits.train);
        trainings(t, &images, digits.train.height, 12, 2.1);
    }
}

/// A call of `reconstruct`.
fn network(x: Tensor, [encoder, encoder_bias, decoder, decoder_bias]: [Tensor; 4]) -> Args {
    Args::new()
        .tensor("x", x)
        .tensor("encoder", encoder)
        .tensor("encoder_bias", encoder_bias)
        .tensor("decoder", decoder)
        .tensor("decoder_bias", decoder_bias)
}

fn mode(args: Args, p: f64, training: bool, seed: usize) -> Args {
    args.number("p", p).flag("training", training).count("seed", seed)
}

/// The hidden units before the relu.
fn hidden(args: &Args) -> Tensor {
    product(args.get("x"), args.get("encoder")) + args.get("encoder_bias")
}

fn oracle(args: &Args) -> Tensor {
    product(&hidden(args).mapv(|h| h.max(0.0)), args.get("decoder")) + args.get("decoder_bias")
}

fn product(a: &Tensor, b: &Tensor) -> Tensor {
    let shape = vec![a.shape()[0], b.shape()[1]];
    Tensor::from_shape_fn(shape, |i| (0..b.shape()[0]).map(|k| a[[i[0], k]] * b[[k, i[1]]]).sum())
}

fn reconstructions(t: &mut Tests) {
    for round in 0..64 {
        t.decisive(|t| reconstruction(t, round));
    }
}

fn reconstruction(t: &mut Tests, round: usize) {
    let [n, pixels, units] = [4, 6, 6].map(|most| t.rng.gen_range(1..=most));
    let args = loop {
        let shapes: [&[usize]; 4] = [&[pixels, units], &[units], &[units, pixels], &[pixels]];
        let args = network(t.normal(&[n, pixels], 1.0), shapes.map(|shape| t.normal(shape, 0.8)));
        // The kink of the relu is no place to take differences.
        if hidden(&args).iter().all(|h| h.abs() > 1e-3) {
            break args;
        }
    };
    let (p, training, about) = match round % 3 {
        0 => (0.0, true, "training, but nothing is dropped"),
        _ => (t.rng.gen_range(0..8) as f64 / 8.0, false, "evaluation: nothing is dropped"),
    };
    // Sums of a few products of numbers up to 4, one after the other: intermediate values up to about 30. Back, paths through
    // the units may cancel: each is a product of two weights.
    let largest = |name: &str| args.get(name).fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let path = largest("encoder") * largest("decoder");
    let sum = Budget::sum(n + pixels + units);
    let budget = |output: &str, terms: Terms| match output {
        "y" => sum.scale(30.0),
        "d_x" => sum.scale(terms.largest.max(path * terms.cotangent)),
        _ => sum.scale(terms.largest),
    };
    t.differentiable_each(about, mode(args, p, training, round), budget, oracle);
}

/// Identities as weights: the output shows what was dropped, where, and what it was scaled by.
fn masks(t: &mut Tests) {
    let (n, units) = (40, 30);
    for (p, factor) in [(0.5, 2.0), (0.75, 4.0)] {
        let one = || Tensor::from_shape_fn(vec![units, units], |i| f64::from(u8::from(i[0] == i[1])));
        let biases = [1.0, 8.0].map(|b| Tensor::from_elem(vec![units], b));
        let [encoder_bias, decoder_bias] = biases;
        let args = network(Tensor::ones(vec![n, units]), [one(), encoder_bias, one(), decoder_bias])
            .constant("d_y", Tensor::ones(vec![n, units]));
        let seed = t.rng.gen_range(0..1_000_000);
        // 1200 hidden units of size 2: at least one is dropped and one is kept but once in 0.75⁻¹²⁰⁰.
        t.call("each hidden unit is 2 and the last bias 8: dropped units leave 8", mode(args, p, true, seed))
            .statistic("y", Statistic::Min, 8.0, 8.0)
            .statistic("y", Statistic::Max, 8.0 + 2.0 * factor, 8.0 + 2.0 * factor)
            .statistic("y", Statistic::Distinct, 2.0, 2.0)
            .statistic("d_x", Statistic::Min, 0.0, 0.0)
            .statistic("d_x", Statistic::Max, factor, factor);
    }
}

fn excess_kurtosis(weights: &Tensor) -> Tensor {
    let power = |n: i32| {
        let centred = weights - &weights.mean_axis(Axis(0)).unwrap_or_default();
        centred.mapv(|w| w.powi(n)).mean_axis(Axis(0)).unwrap_or_default()
    };
    let (second, fourth) = (power(2), power(4));
    fourth / second.mapv(|v| v * v) - 3.0
}

fn measurements(t: &mut Tests) {
    (0..64).for_each(|_| t.decisive(random_features));
    let stroke = Tensor::from_shape_fn(vec![100, 2], |i| if i[0] / 5 == 3 { 1.0 + i[1] as f64 } else { 0.0 });
    measure(t, "a stroke: five pixels of a hundred", stroke);
    let constant = Tensor::from_shape_fn(vec![4, 3], |i| if i[1] == 1 { 0.5 } else { (i[0] * i[0]) as f64 });
    measure(t, "a feature of equal weights has no kurtosis: NaN", constant);
    measure(t, "features of one pixel have no kurtosis: NaN", Tensor::ones(vec![1, 3]));
}

fn random_features(t: &mut Tests) {
    let [pixels, units] = [(4, 60), (1, 5)].map(|(least, most)| t.rng.gen_range(least..=most));
    let power = [1, 3][t.rng.gen_range(0..2)];
    let [size, centre] = [[1.0, 1e-6, 1e6], [0.0, 2.0, -5.0]].map(|choices| choices[t.rng.gen_range(0..3)]);
    // Cubes of normal numbers have heavy tails; the cast makes them what the student sees.
    let weights =
        t.normal(&[pixels, units], 1.0).mapv(|w| f64::from((size * (w.powi(power) + centre)) as f32));
    measure(t, "the kurtosis of random features", weights);
}

fn measure(t: &mut Tests, about: &str, weights: Tensor) {
    let want = excess_kurtosis(&weights);
    // Weights up to five spreads from 0 lose as many roundings when they are centred, and four times that to the fourth
    // power; what is compared is m₄/m₂², 3 more than the kurtosis.
    let budget = Budget::sum(weights.shape()[0]).scale(10.0);
    t.call(about, Args::new().constant("weights", weights)).close("kurtosis", &want, budget);
}

/// A call of `train_autoencoder`.
#[derive(Clone, Copy)]
struct Recipe {
    hidden: usize,
    dropout: f64,
    epochs: usize,
    batch_size: usize,
    learning_rate: f64,
}

impl Recipe {
    fn args(self, images: &Tensor, seed: usize) -> Args {
        Args::new()
            .constant("images", images.clone())
            .count("hidden", self.hidden)
            .number("dropout", self.dropout)
            .count("epochs", self.epochs)
            .count("batch_size", self.batch_size)
            .number("learning_rate", self.learning_rate)
            .count("seed", seed)
    }
}

const SMALL: Recipe = Recipe { hidden: 8, dropout: 0.0, epochs: 3, batch_size: 4, learning_rate: 0.01 };

fn seed(t: &mut Tests) -> usize {
    t.rng.gen_range(0..1_000_000)
}

/// Without epochs, the network is what was drawn.
fn starts(t: &mut Tests) {
    let (pixels, hidden) = (50, 60);
    let (images, seed) = (t.uniform(&[7, pixels], 0.0, 1.0), seed(t));
    let mean = images.mean_axis(Axis(0)).unwrap_or_default();
    let case = t.call(
        "no epochs: the network as it was drawn",
        Recipe { hidden, epochs: 0, ..SMALL }.args(&images, seed),
    );
    case.check("loss", Rule::Shape { shape: vec![0] }).close("decoder_bias", &mean, Budget::sum(7)).close(
        "encoder_bias",
        &Tensor::zeros(vec![hidden]),
        Budget::exact(),
    );
    let n = (pixels * hidden) as f64;
    // Both are missed once in 10⁶ draws at most: the std of n normal numbers is off by 1/√(2n), and never by five times
    // that; P(distance > d) ≤ 2·exp(−2nd²), Massart's bound, is 10⁻⁶ for d = 2.7/√n.
    let (slack, distance) = (5.0 * 0.01 / (2.0 * n).sqrt(), 2.7 / n.sqrt());
    for (weights, shape) in [("encoder", [pixels, hidden]), ("decoder", [hidden, pixels])] {
        let normal = Distribution::Normal { mean: 0.0, std: 0.01 };
        case.check(weights, Rule::Shape { shape: shape.to_vec() })
            .statistic(weights, Statistic::Std, 0.01 - slack, 0.01 + slack)
            .statistic(weights, Statistic::DistanceTo(normal), 0.0, distance);
    }
}

/// Half a million weights each: a spread that is 1 % off is far outside.
fn large_start(t: &mut Tests) {
    let (pixels, hidden) = (700, 800);
    let (images, seed) = (t.uniform(&[2, pixels], 0.0, 1.0), seed(t));
    let args = Recipe { hidden, epochs: 0, ..SMALL }.args(&images, seed);
    let case = t.call("no epochs: a large network as it was drawn", args);
    draws::normal(case, "encoder", pixels * hidden, 0.01);
    draws::normal(case, "decoder", pixels * hidden, 0.01);
}

/// With a learning rate of 0 nothing is learnt, and weights of 0.01 add next to nothing to the mean image: each image's
/// loss is its mean squared distance from that. One image is far from the others, so that it matters how much the last
/// batch counts. What the weights add is less than 0.3 % here, a seventh of the room.
fn losses(t: &mut Tests) {
    for (n, batch_size) in [(5, 4), (7, 3), (9, 2), (6, 5), (8, 20), (1, 1), (6, 2), (11, 10)] {
        let pixels = t.rng.gen_range(3..=6);
        let mut images = t.uniform(&[n, pixels], 0.0, 1.0);
        images.index_axis_mut(Axis(0), 0).mapv_inplace(|x| x + 3.0);
        let distances = &images - &images.mean_axis(Axis(0)).unwrap_or_default();
        let loss = distances.mapv(|d| d * d).mean().unwrap_or_default();
        let recipe = Recipe { hidden: 4, batch_size, learning_rate: 0.0, ..SMALL };
        let about = format!(
            "{n} images in batches of {batch_size}, and a learning rate of 0: the loss stays the same"
        );
        let args = recipe.args(&images, seed(t));
        let case = t.call(&about, args);
        case.check("loss", Rule::Shape { shape: vec![3] });
        // A single image is its own mean: what is left are the weights' squares, 10⁻⁸.
        let (low, high) = if n == 1 { (0.0, 1e-4) } else { (0.98 * loss, 1.02 * loss) };
        case.check("loss", Rule::Within { low, high });
    }
}

fn same_seed(t: &mut Tests) {
    let (images, seed) = (t.uniform(&[9, 6], 0.0, 1.0), seed(t));
    for dropout in [0.0, 0.5] {
        let args = |seed| Recipe { dropout, ..SMALL }.args(&images, seed);
        let case = t.call("the same seed gives the same network, another seed another one", args(seed));
        for output in ["loss", "encoder", "decoder"] {
            case.also(args(seed)).check(output, Rule::SameAs { call: 0, output: output.to_owned() });
        }
        case.also(args(seed + 1))
            .check("encoder", Rule::DiffersFrom { call: 0, output: "encoder".to_owned() });
    }
}

fn refusals(t: &mut Tests) {
    let images = t.uniform(&[5, 3], 0.0, 1.0);
    for (dropout, name) in [(1.0, "1"), (-0.5, "-0.5"), (f64::NAN, "NaN")] {
        for epochs in [2, 0] {
            let about = format!("{epochs} epochs with a dropout of {name}, which is no probability below 1");
            t.call(&about, Recipe { dropout, epochs, ..SMALL }.args(&images, 1)).refuses(&[name]);
        }
        let shapes: [&[usize]; 4] = [&[3, 2], &[2], &[2, 3], &[3]];
        let args = network(images.clone(), shapes.map(Tensor::ones));
        let args = mode(args.constant("d_y", images.clone()), dropout, true, 1);
        t.call(&format!("a reconstruction with p = {name}"), args).refuses(&[name]);
    }
}

/// The images, one a row.
fn rows(t: &Tests, images: &Images) -> Tensor {
    let values: Vec<f64> = images.pixels.iter().map(|&grey| f64::from(grey)).collect();
    t.array(&[images.labels.len(), images.size()], &values)
}

/// The images with half the height and width: each pixel is the mean of four.
fn halved(t: &Tests, images: &Images) -> Tensor {
    let (height, width) = (images.height / 2, images.width / 2);
    let mut values = Vec::new();
    for image in 0..images.labels.len() {
        let image = images.image(image);
        for (row, column) in (0..height * width).map(|i| (2 * (i / width), 2 * (i % width))) {
            let at = |r: usize, c: usize| f64::from(image[(row + r) * images.width + column + c]);
            values.push((at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4.0);
        }
    }
    t.array(&[images.labels.len(), height * width], &values)
}

/// The same digits with and without dropout. `between` lies between the mean kurtosis of the two. Measured in 29 trainings
/// each on the halved digits: 1.41 ± 0.08 without and 3.16 ± 0.17 with dropout, so that 2.1 is six deviations away.
fn trainings(t: &mut Tests, images: &Tensor, height: usize, epochs: usize, between: f64) {
    for (dropout, name, (low, high), about) in [
        (0.0, "without dropout", (-3.0, between), "digits without dropout: features all over the image"),
        (0.5, "with dropout", (between, 1000.0), "digits with dropout: features are strokes, and sparse"),
    ] {
        let recipe = Recipe { hidden: 256, dropout, epochs, batch_size: 150, learning_rate: 0.003 };
        let args = recipe.args(images, seed(t)).count("height", height);
        t.call(about, args)
            .statistic("kurtosis", Statistic::Mean, low, high)
            .images(&format!("features {name}"), "features")
            .number(&format!("mean kurtosis {name}"), Derived::of("kurtosis").statistic(Statistic::Mean))
            .curve(name, "loss");
    }
}
