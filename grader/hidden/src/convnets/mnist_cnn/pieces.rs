//! Cases for the parts that a training is made of: start, logits, evaluation.

use rand::Rng;

use super::network::{LAYERS, Widths, is_smooth, logits, network, pooled, shapes, winner};
use crate::{
    Args, Budget, Distribution, Rule, Statistic, Suite, Tensor, draws,
    oracles::{
        digits::{CLASSES, labels, one},
        losses, mean,
    },
};

fn start([h, w]: [usize; 2], [first, second, hidden]: Widths, seed: usize) -> Args {
    let args = Args::new().function("initial_cnn").count("height", h).count("width", w).count("seed", seed);
    args.count("first", first).count("second", second).count("hidden", hidden)
}

pub fn initial(t: &mut Suite) {
    for (size, widths) in [([9, 12], [30, 20, 50]), ([12, 7], [25, 16, 40]), ([6, 6], [64, 30, 60])] {
        let seed = t.seed();
        let about = format!("a new network for images of {} × {} pixels", size[0], size[1]);
        let case = t.call(&about, start(size, widths, seed));
        for ([weights, _], shape) in LAYERS.into_iter().zip(shapes(size, widths)) {
            let inputs: usize = shape[..shape.len() - 1].iter().product();
            let (n, std) = (shape.iter().product::<usize>() as f64, (2.0 / inputs as f64).sqrt());
            // Missed once in 10⁶ draws at most, as for `regularization::mnist_mlp`: the std of n normal numbers is off by
            // 1/√(2n), and the distance to the distribution is below 2.7/√n.
            let (slack, distance) = (5.0 * std / (2.0 * n).sqrt(), 2.7 / n.sqrt());
            case.check(weights, Rule::Shape { shape })
                .statistic(weights, Statistic::Std, std - slack, std + slack)
                .statistic(
                    weights,
                    Statistic::DistanceTo(Distribution::Normal { mean: 0.0, std }),
                    0.0,
                    distance,
                );
        }
        for ([_, biases], shape) in LAYERS.into_iter().zip(shapes(size, widths)) {
            case.close(biases, &Tensor::zeros(vec![shape[shape.len() - 1]]), Budget::exact());
        }
        let weights = LAYERS.map(|[weights, _]| weights);
        case.also(start(size, widths, seed));
        for output in weights {
            case.check(output, Rule::SameAs { call: 0, output: output.to_owned() });
        }
        case.also(start(size, widths, seed + 1));
        for output in weights {
            case.check(output, Rule::DiffersFrom { call: 0, output: output.to_owned() });
        }
    }
    let shape = |lengths: &[usize]| Rule::Shape { shape: lengths.to_vec() };
    let case = t.call("the network for MNIST: 1,199,882 parameters", start([28, 28], [32, 64, 128], 1));
    let wanted = [&[3, 3, 1, 32][..], &[3, 3, 32, 64], &[9216, 128], &[128, CLASSES]];
    for ([weights, biases], lengths) in LAYERS.into_iter().zip(wanted) {
        case.check(weights, shape(lengths)).check(biases, shape(&lengths[lengths.len() - 1..]));
    }
    // A million weights: a spread that is 1 % off is far outside. Whoever cuts the tails, as Keras does, is right too.
    let (inputs, hidden) = (9216, 128);
    let (std, (low, high)) = ((2.0 / inputs as f64).sqrt(), draws::std(inputs * hidden));
    case.statistic("hidden_weights", Statistic::Std, std * low, std * high);
}

/// For `training_logits`.
pub fn batch(args: Args, x: Tensor, (pooled, hidden): (f64, f64), seed: usize) -> Args {
    let args = args.function("training_logits").constant("x", x);
    args.number("pooled_dropout", pooled).number("hidden_dropout", hidden).count("seed", seed)
}

/// Without dropout: values and gradients.
pub fn training_logits(t: &mut Suite) {
    for round in 0..16 {
        t.decisive_or_vanishing(|t| smooth_logits(t, round));
    }
}

fn smooth_logits(t: &mut Suite, round: usize) {
    let size = [t.rng.gen_range(6..=9), t.rng.gen_range(6..=9)];
    let widths = [3, 3, 4].map(|most| t.rng.gen_range(1..=most));
    let n = t.rng.gen_range(1..=3);
    let args = loop {
        let args = batch(network(t, size, widths), t.normal(&[n, size[0], size[1], 1], 1.0), (0.0, 0.0), 1);
        if is_smooth(&args, args.get("x")) {
            break args;
        }
    };
    // The longest sum, and products of numbers up to about 5 through four layers.
    let budget = Budget::sum(pooled(size, widths).max(9 * widths[0])).scale(50.0);
    let about = match round {
        0 => "logits, nothing dropped: convolutions, relu, pooling, dense layers",
        _ => "logits when nothing is dropped",
    };
    t.differentiable(about, args, budget, |args| logits(args, args.get("x")));
}

/// A network in which each pooled number is 1 whatever the image, and `hidden_weights`, `hidden_bias` make of that what they
/// will. The logits are the ten hidden units and 8.
pub fn plain(second: usize, hidden_weights: Tensor, hidden_bias: f64) -> Args {
    let zeros = |channels| Tensor::zeros(vec![3, 3, 1, channels]);
    let layers = [
        [zeros(1), Tensor::zeros(vec![1])],
        [zeros(second), Tensor::ones(vec![second])],
        [hidden_weights, Tensor::from_elem(vec![CLASSES], hidden_bias)],
        [one(), Tensor::from_elem(vec![CLASSES], 8.0)],
    ];
    let tensors = LAYERS.into_iter().zip(layers).flat_map(|(names, layer)| names.into_iter().zip(layer));
    tensors.fold(Args::new(), |args, (name, tensor)| args.constant(name, tensor))
}

/// Networks whose answer shows what was dropped.
pub fn masks(t: &mut Suite) {
    let call = |net: Args, width: usize, rates, seed| {
        batch(net, Tensor::ones(vec![200, 6, width, 1]), rates, seed)
            .constant("d_y", Tensor::ones(vec![200, CLASSES]))
    };
    for (pooled, hidden) in [(0.25, 0.5), (0.5, 0.0), (0.0, 0.75), (0.2, 0.2)] {
        let seed = t.seed();
        // Ten pooled numbers of 1: five pixels of two channels.
        let args = |seed| call(plain(2, one(), 0.0), 14, (pooled, hidden), seed);
        let kept: f64 = (1.0 - pooled) * (1.0 - hidden);
        // The mean of 2000 numbers that are 1/kept with probability kept: five standard deviations are missed in 10⁻⁶.
        let slack = 5.0 * ((1.0 - kept) / kept / 2000.0).sqrt();
        let about =
            format!("pooled maps of 1: {pooled} of the numbers are dropped, then {hidden} of the units");
        t.call(&about, args(seed))
            .statistic("y", Statistic::Mean, 9.0 - slack, 9.0 + slack)
            .statistic("y", Statistic::Min, 8.0, 8.0)
            .statistic("y", Statistic::Max, 8.0 + 1.0 / kept - 1e-5, 8.0 + 1.0 / kept + 1e-5)
            .also(args(seed))
            .check("y", Rule::SameAs { call: 0, output: "y".to_owned() })
            .also(args(seed + 1))
            .check("y", Rule::DiffersFrom { call: 0, output: "y".to_owned() });
        let units = call(plain(2, Tensor::zeros(vec![CLASSES, CLASSES]), 1.0), 14, (pooled, hidden), seed);
        let largest = 8.0 + 1.0 / (1.0 - hidden);
        let about = format!("hidden units of 1, whatever the maps: {hidden} of them are dropped");
        t.call(&about, units).statistic("y", Statistic::Max, largest - 1e-5, largest + 1e-5).statistic(
            "y",
            Statistic::Distinct,
            if hidden > 0.0 { 2.0 } else { 1.0 },
            2.0,
        );
    }
    let (seed, all) = (t.seed(), Tensor::ones(vec![CLASSES, CLASSES]));
    // Sums of ten numbers that are 0 or 2. 200 of them have at least five values but once in 10⁹.
    t.call(
        "one channel of ten pixels, half of which are dropped, each by itself",
        call(plain(1, all, 0.0), 24, (0.5, 0.0), seed),
    )
    .statistic("y", Statistic::Distinct, 5.0, 11.0);
}

/// After so many images in a row that are not clear none will be.
const PATIENCE: usize = 1000;

/// Images whose winner roundings can't change. `None` where the network has none: with all hidden units off it says the same of
/// every image, and where that is not clear another network must be drawn.
pub fn clear_images(t: &mut Suite, net: &Args, n: usize, size: [usize; 2]) -> Option<Tensor> {
    let (mut values, mut in_vain) = (Vec::new(), 0);
    while values.len() < n * size[0] * size[1] {
        let image = t.normal(&[1, size[0], size[1], 1], 1.0);
        if winner(&logits(net, &image).into_iter().collect::<Vec<_>>()).is_some() {
            values.extend(image);
            in_vain = 0;
        } else {
            in_vain += 1;
        }
        if in_vain == PATIENCE {
            return None;
        }
    }
    Some(t.array(&[n, size[0], size[1], 1], &values))
}

pub fn evaluations(t: &mut Suite) {
    for round in 0..20 {
        let size = [t.rng.gen_range(6..=9), t.rng.gen_range(6..=9)];
        let widths = [3, 3, 4].map(|most| t.rng.gen_range(1..=most));
        let (n, about) = match round {
            0 => (1, "an evaluation of a single image"),
            1..4 => (t.rng.gen_range(250..700), "an evaluation of some hundred images"),
            _ => (t.rng.gen_range(2..=8), "an evaluation: nothing is dropped"),
        };
        let (net, images) = loop {
            let net = network(t, size, widths);
            if let Some(images) = clear_images(t, &net, n, size) {
                break (net, images);
            }
        };
        let (labels, logits) = (labels(t, n), logits(&net, &images));
        let right =
            logits.outer_iter().zip(&labels).filter(|(row, label)| row.iter().all(|&z| z <= row[**label]));
        let accuracy = Tensor::from_elem(vec![], right.count() as f64 / n as f64);
        let loss = Tensor::from_elem(vec![], mean(&losses(&logits, &labels)));
        let args = net.function("evaluate").constant("images", images).indexes("images_labels", &labels);
        // Logits up to about 30, and the mean of n losses.
        let budget = Budget::sum(pooled(size, widths) + 9 * widths[0] + n).scale(30.0);
        t.call(about, args).close("loss", &loss, budget).close("accuracy", &accuracy, Budget::elementwise());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_that_is_clear_about_nothing_is_given_up() {
        let mut t = Suite::new("mnist_cnn", 1);
        // All hidden units are off, and all logits 8.
        let nothing = plain(1, Tensor::zeros(vec![1, CLASSES]), -1.0);
        assert!(clear_images(&mut t, &nothing, 1, [6, 6]).is_none());
    }
}
