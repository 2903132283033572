//! Cases for the parts that a training is made of: start, logits, evaluation, split.

use rand::Rng;

use super::network::{Statistics, cross_entropy, logits, network, normalized, of_tensors};
use crate::{
    Args, Budget, Derived, Distribution, Rule, Statistic, Suite, Tensor, Terms, draws,
    oracles::digits::{CLASSES, labels, one},
};

fn start(pixels: usize, hidden: usize, seed: usize) -> Args {
    let args = Args::new().function("initial_mlp").count("pixels", pixels);
    args.count("hidden", hidden).count("seed", seed)
}

pub fn initial(t: &mut Suite) {
    for (pixels, hidden) in [(90, 40), (20, 120)] {
        let seed = t.seed();
        let args = |seed| start(pixels, hidden, seed);
        let case = t.call(&format!("a new network of {pixels} pixels and {hidden} hidden units"), args(seed));
        for (weights, shape) in [("hidden_weights", [pixels, hidden]), ("output_weights", [hidden, CLASSES])]
        {
            let (n, std) = ((shape[0] * shape[1]) as f64, (2.0 / shape[0] as f64).sqrt());
            // Missed once in 10⁶ draws at most: the std of n normal numbers is off by 1/√(2n), and never by five times
            // that; P(distance > d) ≤ 2·exp(−2nd²), Massart's bound, is 10⁻⁶ for d = 2.7/√n. Whoever cuts the tails, as
            // Keras does, moves the distribution function by at most 0.023, and that is well below 2.7/√n.
            let (slack, distance) = (5.0 * std / (2.0 * n).sqrt(), 2.7 / n.sqrt());
            case.check(weights, Rule::Shape { shape: shape.to_vec() })
                .statistic(weights, Statistic::Std, std - slack, std + slack)
                .statistic(
                    weights,
                    Statistic::DistanceTo(Distribution::Normal { mean: 0.0, std }),
                    0.0,
                    distance,
                );
        }
        for (output, value, n) in [
            ("gamma", 1.0, hidden),
            ("beta", 0.0, hidden),
            ("running_mean", 0.0, hidden),
            ("running_variance", 1.0, hidden),
            ("output_bias", 0.0, CLASSES),
        ] {
            case.close(output, &Tensor::from_elem(vec![n], value), Budget::exact());
        }
        for output in ["hidden_weights", "output_weights"] {
            case.also(args(seed)).check(output, Rule::SameAs { call: 0, output: output.to_owned() });
            let other = Rule::DiffersFrom { call: 0, output: output.to_owned() };
            case.also(args(seed + 1)).check(output, other);
        }
    }
}

/// Half a million weights: a spread that is 1 % off is far outside. Whoever cuts the tails, as Keras does, is right too.
pub fn large_start(t: &mut Suite) {
    let (pixels, hidden) = (700, 800);
    let args = start(pixels, hidden, t.seed());
    let (std, (low, high)) = ((2.0 / pixels as f64).sqrt(), draws::std(pixels * hidden));
    let middle = std * draws::mean(pixels * hidden);
    t.call("a new network of half a million weights", args)
        .statistic("hidden_weights", Statistic::Std, low * std, high * std)
        .statistic("hidden_weights", Statistic::Mean, -middle, middle);
}

/// Of the numbers 0 to 399, sorted, 200 at random have the mean 199.5 ± 5.8 and the spread 115.5 ± 1.8 (drawn without putting
/// back: half the variances of independent draws): bounds at seven of these. A block of 200 has 57.7.
pub fn fair_splits(t: &mut Suite) {
    for _ in 0..2 {
        let numbers: Vec<usize> = (0..400).map(|i| i % CLASSES).collect();
        let args = Args::new()
            .function("hold_out")
            .constant("images", Tensor::from_shape_fn(vec![400, 1], |i| i[0] as f64))
            .indexes("images_labels", &numbers)
            .count("held_out", 200)
            .count("seed", t.seed());
        t.call("images that are sorted by something: those held out must be a fair sample", args)
            .statistic("validation_images", Statistic::Mean, 199.5 - 41.0, 199.5 + 41.0)
            .statistic("validation_images", Statistic::Std, 115.5 - 13.0, 115.5 + 13.0);
    }
}

/// For `training_logits`.
pub fn batch(args: Args, x: Tensor, (input, hidden): (f64, f64), seed: usize) -> Args {
    let args = args
        .function("training_logits")
        .tensor("x", x)
        .number("input_dropout", input)
        .number("hidden_dropout", hidden);
    args.count("seed", seed)
}

/// Without dropout: values, gradients, and the running statistics that are left behind.
pub fn training_logits(t: &mut Suite) {
    for _ in 0..48 {
        t.decisive(|t| {
            let [n, pixels] = [(3, 6), (2, 5)].map(|(least, most)| t.rng.gen_range(least..=most));
            logits_of(t, "logits in training, but nothing is dropped", n, pixels);
        });
    }
    for _ in 0..4 {
        let about = "logits of a batch of two, in which the gradients before the normalization vanish";
        t.decisive_or_vanishing(|t| logits_of(t, about, 2, 3));
        let about =
            "logits of images of one pixel, whose weights only scale it, which the normalization undoes";
        t.decisive_or_vanishing(|t| logits_of(t, about, 4, 1));
    }
}

fn logits_of(t: &mut Suite, about: &str, n: usize, pixels: usize) {
    let hidden = t.rng.gen_range(1..=5);
    let args = loop {
        let args = batch(network(t, pixels, hidden), t.normal(&[n, pixels], 1.0), (0.0, 0.0), 1);
        let statistics = Statistics::of_batch(&args, args.get("x"));
        let before_relu = normalized(&args, args.get("x"), &statistics);
        // The kink of the relu is no place to take differences, and a small spread of the batch none to round at.
        if before_relu.iter().all(|h| h.abs() > 1e-2) && statistics.variance.iter().all(|&v| v > 0.1) {
            break args;
        }
    };
    let running = Statistics::running(&args);
    let running = running.after(&Statistics::of_batch(&args, args.get("x")), n);
    // Sums of products of numbers up to about 4, divided by a spread of 0.3 once, in gradients twice. Back through the
    // normalization much of that cancels: of a batch of two, or to weights of a single pixel, everything but ε.
    let sum = Budget::sum(n + pixels + hidden);
    let budget = |output: &str, terms: Terms| match output {
        "y" => sum.scale(20.0),
        _ => sum.scale(terms.largest.max(50.0)),
    };
    let oracle = |a: &Args| logits(a, a.get("x"), &Statistics::of_batch(a, a.get("x")));
    // A tenth of the mean, and of the variance, of sums of products of numbers up to 4.
    t.differentiable_each(about, args, budget, oracle)
        .close("running_mean", &running.mean, sum.scale(4.0))
        .close("running_variance", &running.variance, sum.scale(10.0));
}

/// Networks whose answer shows what was dropped.
pub fn masks(t: &mut Suite) {
    let net = |gamma: f64, beta: f64| {
        let all = |value: f64| Tensor::from_elem(vec![CLASSES], value);
        of_tensors([one(), all(gamma), all(beta), all(0.0), all(1.0), one(), all(8.0)])
    };
    for (input, hidden) in [(0.2, 0.5), (0.5, 0.75), (0.25, 0.0), (0.0, 0.5)] {
        let seed = t.seed();
        let call = |net: Args, seed| {
            let (x, d_y) = (Tensor::ones(vec![200, CLASSES]), Tensor::ones(vec![200, CLASSES]));
            batch(net, x, (input, hidden), seed).constant("d_y", d_y)
        };
        let about = format!("γ = 0 and β = 1: each hidden unit is 1, and {hidden} of them are dropped");
        let (factor, lowest) = (1.0 / (1.0 - hidden), if hidden > 0.0 { 8.0 } else { 9.0 });
        let args = call(net(0.0, 1.0), seed);
        // 2000 units: at least one is dropped and one is kept but once in 0.75⁻²⁰⁰⁰.
        t.call(&about, args)
            .statistic("y", Statistic::Min, lowest, lowest)
            .statistic("y", Statistic::Max, 8.0 + factor, 8.0 + factor)
            .statistic("y", Statistic::Distinct, if hidden > 0.0 { 2.0 } else { 1.0 }, 2.0);
        let about = format!("pixels of 1, of which {input} are dropped: the running statistics show it");
        let network = net(1.0, 0.0);
        // With q the fraction kept of N = 2000 pixels, mean q/(1 − p) and, over 200 images each, variance q(1 − q)/(1 − p)².
        // Five standard deviations of q, √(p(1 − p)/N), are 10⁻⁶; variances are taken unit by unit, so ±30 % is generous
        // enough for their mean, and 0 is what a network without dropout has.
        let (kept, variance) = (1.0 - input, input / (1.0 - input));
        let slack = 5.0 * (input * kept / 2000.0).sqrt() / kept;
        let case = t
            .call(&about, call(network.clone(), seed))
            .statistic(
                "running_mean",
                Statistic::Mean,
                0.1 * (1.0 - slack) - 1e-6,
                0.1 * (1.0 + slack) + 1e-6,
            )
            .statistic(
                "running_variance",
                Statistic::Mean,
                0.9 + 0.07 * variance - 1e-6,
                0.9 + 0.13 * variance + 1e-6,
            );
        if input > 0.0 {
            case.also(call(network.clone(), seed))
                .check("y", Rule::SameAs { call: 0, output: "y".to_owned() })
                .also(call(network, seed + 1))
                .check("y", Rule::DiffersFrom { call: 0, output: "y".to_owned() });
        }
    }
}

pub fn evaluations(t: &mut Suite) {
    for round in 0..64 {
        let [pixels, hidden] = [5, 6].map(|most| t.rng.gen_range(1..=most));
        let (n, about) = match round % 4 {
            0 => (1, "an evaluation of a single image: running statistics, no dropout"),
            _ => (t.rng.gen_range(2..=8), "an evaluation: running statistics, no dropout"),
        };
        let size = if round % 8 == 7 { 30.0 } else { 1.0 };
        let (net, images, labels, logits) = loop {
            let (net, images) = (network(t, pixels, hidden), t.normal(&[n, pixels], size));
            let logits = logits(&net, &images, &Statistics::running(&net));
            if logits.outer_iter().all(|row| first_two_differ(row.iter().copied().collect())) {
                break (net, images, labels(t, n), logits);
            }
        };
        let right =
            logits.outer_iter().zip(&labels).filter(|(row, label)| row.iter().all(|&z| z <= row[**label]));
        let accuracy = Tensor::from_elem(vec![], right.count() as f64 / n as f64);
        let loss = Tensor::from_elem(vec![], cross_entropy(&logits, &labels));
        let args = net.function("evaluate").constant("images", images).indexes("images_labels", &labels);
        t.call(about, args).close("loss", &loss, Budget::sum(pixels + hidden).scale(30.0 * size)).close(
            "accuracy",
            &accuracy,
            Budget::elementwise(),
        );
    }
}

/// Whether it is clear which number is largest.
fn first_two_differ(mut row: Vec<f64>) -> bool {
    row.sort_by(f64::total_cmp);
    row[row.len() - 1] - row[row.len() - 2] > 0.01
}

pub fn splits(t: &mut Suite) {
    // A pixel less its label is a hundred times the image's number, or else the label is another's.
    let pixel = |i: usize| (10 * CLASSES * i + i % CLASSES) as f64;
    let call = |n: usize, held_out: usize, seed: usize| {
        let numbers: Vec<usize> = (0..n).map(|i| i % CLASSES).collect();
        Args::new()
            .function("hold_out")
            .constant("images", Tensor::from_shape_fn(vec![n, 1], |i| pixel(i[0])))
            .indexes("images_labels", &numbers)
            .count("held_out", held_out)
            .count("seed", seed)
    };
    for round in 0..24 {
        let n = t.rng.gen_range(3..=40);
        let held_out = match round {
            0..4 => 1,
            4..8 => n - 2,
            _ => t.rng.gen_range(1..=n - 2),
        };
        let args = call(n, held_out, t.seed());
        t.call(&format!("{held_out} of {n} images held out"), args)
            .check("train_images", Rule::Shape { shape: vec![n - held_out, 1] })
            .check("validation_images", Rule::Shape { shape: vec![held_out, 1] })
            .check("images_of_both_sets", Rule::Permutation { of: (0..n).map(pixel).collect() })
            .check("labels", Rule::Shape { shape: vec![n] })
            .check(
                Derived::of("images_of_both_sets").minus("labels"),
                Rule::Permutation { of: (0..n).map(|i| (10 * CLASSES * i) as f64).collect() },
            );
    }
    let seed = t.seed();
    t.call("30 of 60 images: another seed holds out others", call(60, 30, seed))
        .also(call(60, 30, seed))
        .check("validation_images", Rule::SameAs { call: 0, output: "validation_images".to_owned() })
        .also(call(60, 30, seed + 1))
        .check("validation_images", Rule::DiffersFrom { call: 0, output: "validation_images".to_owned() });
    for (n, held_out) in [(5, 0), (5, 4), (5, 5), (5, 7), (2, 1)] {
        t.call(&format!("{held_out} of {n} images held out"), call(n, held_out, 1))
            .refuses(&[&held_out.to_string(), &n.to_string()]);
    }
}
