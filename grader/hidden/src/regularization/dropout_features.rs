//! Cases for `regularization::dropout_features`: reconstructions and kurtosis by their formulas; trainings are in a file of
//! their own.

mod trainings;

use datasets::{Examples, mnist};
use ndarray::Axis;
use rand::Rng;

use crate::{
    Args, Budget, Statistic, Suite, Tensor, Terms,
    oracles::{digits::rows, product},
};
use trainings::{Recipe, SMALL, halved};

pub fn dropout_features(t: &mut Suite) {
    reconstructions(t);
    masks(t);
    measurements(t);
    trainings::starts(t);
    trainings::losses(t);
    trainings::same_seed(t);
    refusals(t);
    if let Some(digits) = t.load(mnist::bundled()) {
        // 6,000 images, and a quarter of their pixels, are enough for strokes, and seconds instead of a minute.
        let some = digits.train.select(&digits.train.numbers_of_each_class(0, 600));
        let images = halved(t, &some);
        trainings::with_and_without(t, &images, digits.train.height / 2, 40, 2.1);
    }
    trainings::large_start(t);
}

/// All of MNIST, at its full size.
pub fn full(t: &mut Suite) {
    if let Some(digits) = t.load(mnist::full()) {
        let images = rows(t, &digits.train);
        trainings::with_and_without(t, &images, digits.train.height, 12, 2.1);
    }
}

/// A call of `reconstruct`.
fn network(x: Tensor, [encoder, encoder_bias, decoder, decoder_bias]: [Tensor; 4]) -> Args {
    Args::new()
        .function("reconstruct")
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

fn reconstructions(t: &mut Suite) {
    for round in 0..64 {
        t.decisive(|t| reconstruction(t, round));
    }
}

fn reconstruction(t: &mut Suite, round: usize) {
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
fn masks(t: &mut Suite) {
    let (n, units) = (40, 30);
    for (p, factor) in [(0.5, 2.0), (0.75, 4.0)] {
        let one = || Tensor::from_shape_fn(vec![units, units], |i| f64::from(u8::from(i[0] == i[1])));
        let biases = [1.0, 8.0].map(|b| Tensor::from_elem(vec![units], b));
        let [encoder_bias, decoder_bias] = biases;
        let args = network(Tensor::ones(vec![n, units]), [one(), encoder_bias, one(), decoder_bias])
            .constant("d_y", Tensor::ones(vec![n, units]));
        let seed = t.seed();
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

fn measurements(t: &mut Suite) {
    for _ in 0..64 {
        t.decisive(random_features);
    }
    let stroke = Tensor::from_shape_fn(vec![100, 2], |i| if i[0] / 5 == 3 { 1.0 + i[1] as f64 } else { 0.0 });
    measure(t, "a stroke: five pixels of a hundred", stroke);
    let constant = Tensor::from_shape_fn(vec![4, 3], |i| if i[1] == 1 { 0.5 } else { (i[0] * i[0]) as f64 });
    measure(t, "a feature of equal weights has no kurtosis: NaN", constant);
    measure(t, "features of one pixel have no kurtosis: NaN", Tensor::ones(vec![1, 3]));
}

fn random_features(t: &mut Suite) {
    let [pixels, units] = [(4, 60), (1, 5)].map(|(least, most)| t.rng.gen_range(least..=most));
    let power = [1, 3][t.rng.gen_range(0..2)];
    let [size, centre] = [[1.0, 1e-6, 1e6], [0.0, 2.0, -5.0]].map(|choices| choices[t.rng.gen_range(0..3)]);
    // Cubes of normal numbers have heavy tails; the cast makes them what the student sees.
    let weights =
        t.normal(&[pixels, units], 1.0).mapv(|w| f64::from((size * (w.powi(power) + centre)) as f32));
    measure(t, "the kurtosis of random features", weights);
}

fn measure(t: &mut Suite, about: &str, weights: Tensor) {
    let want = excess_kurtosis(&weights);
    // Weights up to five spreads from 0 lose as many roundings when they are centred, and four times that to the fourth
    // power; what is compared is m₄/m₂², 3 more than the kurtosis.
    let budget = Budget::sum(weights.shape()[0]).scale(10.0);
    t.call(about, Args::new().function("kurtosis").constant("weights", weights))
        .close("kurtosis", &want, budget);
}

fn refusals(t: &mut Suite) {
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
