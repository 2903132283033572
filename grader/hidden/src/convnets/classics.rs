//! Cases for `convnets::classics`: small networks of all kinds of layers, then the four plans, whole and made narrow.

mod network;

use rand::Rng;

use crate::{Args, Budget, Rule, Suite, Tensor, Terms, as_it_is, otherwise, suppose::of_right_alone};
use network::{DROPOUT, Layer, RELU, TANH, average_pool, conv, dense, max_pool};

pub use network::Plan;

/// What torchvision's networks say to made images with made weights, every 100th logit: `golden/convnets/classics.py full`.
const ALEXNET: [f64; 10] = [
    -0.606642, -3.153588, -5.829017, -0.153778, -1.153491, -2.233391, 0.773263, 0.672027, 3.353058, -1.357687,
];
const VGG16: [f64; 10] =
    [0.503415, 4.056219, 5.817321, 1.513784, -1.033457, 1.122017, -1.653991, 0.688802, -0.919123, 0.627598];
const VGG19: [f64; 10] =
    [0.966248, 2.294270, 1.681118, 2.962207, 1.133153, -0.165647, 1.529282, 1.506817, 0.937622, 0.845235];

fn lenet() -> Plan {
    let pool = average_pool(2, 2);
    Plan {
        input: [32, 32, 1],
        features: vec![conv(6, 5, 1, 0), TANH, pool, conv(16, 5, 1, 0), TANH, pool],
        classifier: vec![dense(120), TANH, dense(84), TANH, dense(10)],
    }
}

fn alex() -> Plan {
    let pool = otherwise("poolings had 2 × 2 pixels", max_pool(3, 2), max_pool(2, 2));
    let stride = otherwise("the first convolution had a stride of 2", 4, 2);
    let wide = otherwise("the second convolution had kernels of 3 × 3", (5, 2), (3, 1));
    let first = [conv(64, 11, stride, 2), RELU, pool, conv(192, wide.0, 1, wide.1), RELU, pool];
    let second = [conv(384, 3, 1, 1), RELU, conv(256, 3, 1, 1), RELU, conv(256, 3, 1, 1), RELU, pool];
    let second = otherwise("the last pooling were left out", &second[..], &second[..6]);
    let second = otherwise("there were one convolution less", second, &second[2..]);
    let classifier = vec![DROPOUT, dense(4096), RELU, DROPOUT, dense(4096), RELU, dense(1000)];
    let input = otherwise("images had 227 × 227 pixels", [224, 224, 3], [227, 227, 3]);
    Plan { input, features: [&first[..], second].concat(), classifier: one_layer_less(classifier, 3) }
}

/// The table of Simonyan & Zisserman 2015: filters of each convolution, 0 for a pooling.
fn vgg(table: &[usize]) -> Plan {
    let layers = table.iter().flat_map(|&filters| match filters {
        0 => vec![max_pool(2, 2)],
        _ => vec![
            conv(otherwise("convolutions had half as many filters", filters, filters / 2), 3, 1, 1),
            RELU,
        ],
    });
    let classifier = vec![dense(4096), RELU, DROPOUT, dense(4096), RELU, DROPOUT, dense(1000)];
    let mut features: Vec<Layer> = layers.collect();
    features.truncate(otherwise("the last pooling were left out", features.len(), features.len() - 1));
    Plan { input: [224, 224, 3], features, classifier: one_layer_less(classifier, 3) }
}

/// Of a classifier so many entries belong to each hidden layer.
fn one_layer_less(classifier: Vec<Layer>, entries: usize) -> Vec<Layer> {
    let short = classifier[entries..].to_vec();
    otherwise("there were one hidden layer less", classifier, short)
}

/// VGG-16: configuration D.
pub fn vgg_d() -> Plan {
    vgg(&[64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0])
}

fn vgg_e() -> Plan {
    vgg(&[64, 64, 0, 128, 128, 0, 256, 256, 256, 256, 0, 512, 512, 512, 512, 0, 512, 512, 512, 512, 0])
}

/// A small network of random layers, for images that are not square.
pub fn draw(t: &mut Suite) -> Plan {
    loop {
        let input = [t.rng.gen_range(4..8), t.rng.gen_range(4..8), t.rng.gen_range(1..4)];
        let mut features = vec![];
        for _ in 0..t.rng.gen_range(1..3) {
            let (size, stride) = (t.rng.gen_range(1..4), t.rng.gen_range(1..3));
            features.push(conv(t.rng.gen_range(1..4), size, stride, t.rng.gen_range(0..2)));
            features.push([TANH, RELU, DROPOUT][t.rng.gen_range(0..3)]);
            let (size, stride) = (t.rng.gen_range(1..3), t.rng.gen_range(1..3));
            features.extend([max_pool(size, stride), average_pool(size, stride)].get(t.rng.gen_range(0..3)));
        }
        let classifier = match t.rng.gen_range(0..3) {
            0 => vec![dense(3)],
            1 => vec![DROPOUT, dense(4), TANH, dense(2)],
            _ => vec![dense(5), RELU, DROPOUT, dense(3)],
        };
        let plan = Plan { input, features, classifier };
        if fits(&plan) {
            return plan;
        }
    }
}

/// Whether every window fits what comes to it.
fn fits(plan: &Plan) -> bool {
    (0..plan.features.len()).all(|i| {
        let before = Plan { features: plan.features[..i].to_vec(), ..plan.clone() };
        let [h, w, _] = before.maps();
        match plan.features[i] {
            [0, _, size, _, padding] => size <= h.min(w) + 2 * padding,
            [4 | 5, size, ..] => size <= h.min(w),
            _ => true,
        }
    })
}

/// Names and shapes.
fn summary(t: &mut Suite, about: &str, plan: &Plan, args: Args) {
    let parameters = plan.parameters();
    let lines: Vec<String> = parameters.iter().map(|(name, shape)| format!("{name} {shape:?}")).collect();
    let sizes = |[h, w, c]: [usize; 3]| Tensor::from_shape_vec(vec![3], vec![h as f64, w as f64, c as f64]);
    let (Ok(input), Ok(maps)) = (sizes(plan.input), sizes(plan.maps())) else { return };
    t.call(about, args)
        .close("input", &input, Budget::exact())
        .close("maps", &maps, Budget::exact())
        .check("shapes", Rule::Text { want: lines.join("\n") });
}

/// Sums of `plan`'s widest layer, in a chain of all its layers, each of which adds eight roundings at most to each number.
fn budget(plan: &Plan) -> Budget {
    let widest = plan.parameters().iter().map(|(_, shape)| shape[..shape.len() - 1].iter().product()).max();
    let layers = plan.features.len() + plan.classifier.len();
    Budget { roundings: 8.0 * layers.max(1) as f64, ..Budget::sum(widest.unwrap_or(1)) }
}

/// For values: activations and weights are about 1 and seldom above 2.5.
const ACTIVATION: f64 = 2.5;

/// Values alone.
fn values(t: &mut Suite, about: &str, plan: &Plan, args: Args, n: usize) {
    let args = plan.filled(t, args, n);
    let want = plan.logits(&args).0;
    t.call(about, args).close("y", &want, budget(plan).scale(ACTIVATION));
}

/// Values of a plan that may be supposed to be another, whose parameters nobody has.
fn values_of(t: &mut Suite, about: &str, (right, supposed): (&Plan, &Plan), args: Args, n: usize) {
    let args = right.filled(t, args, n);
    let want = right.logits(&args).0;
    let want = if right == supposed { want } else { of_right_alone(want) };
    t.call(about, args).close("y", &want, budget(right).scale(ACTIVATION));
}

fn drawn(plan: &Plan) -> Args {
    plan.args().function("logits of a drawn plan")
}

fn small_networks(t: &mut Suite) {
    for _ in 0..32 {
        let plan = draw(t);
        let args = plan.args().function("maps + parameter_shapes of a drawn plan");
        summary(t, "names and shapes of a small network's parameters", &plan, args);
    }
    for _ in 0..64 {
        t.decisive(|t| {
            let (plan, n) = (draw(t), t.rng.gen_range(1..4));
            values(t, "a small network of random layers", &plan, drawn(&plan), n);
        });
    }
    for _ in 0..12 {
        t.decisive(gradients);
    }
}

fn gradients(t: &mut Suite) {
    // Central differences are no gradients within a step of a kink.
    let (plan, args) = loop {
        let plan = draw(t);
        let args = plan.filled(t, drawn(&plan), 2);
        if as_it_is(|| plan.logits(&args)).1 > 1e-3 {
            break (plan, args);
        }
    };
    // Paths back through the layers may cancel in part, and 1 − tanh² loses a digit or two.
    let chain = budget(&plan);
    let budget = |output: &str, terms: Terms| match output {
        "y" => chain.scale(ACTIVATION),
        _ => chain.scale(4.0 * terms.largest),
    };
    let about = "gradients of a small network with respect to the images and all parameters";
    t.differentiable_each(about, args, budget, |args| plan.logits(args).0);
}

pub fn lenet5(t: &mut Suite) {
    small_networks(t);
    let plain = Plan { input: [4, 6, 2], features: vec![], classifier: vec![dense(3)] };
    values(
        t,
        "no layers on images: pixels, flattened row by row with their channels together",
        &plain,
        drawn(&plain),
        2,
    );
    let dropped = Plan { classifier: vec![DROPOUT, dense(3)], ..plain.clone() };
    values(t, "dropout, through which everything passes", &dropped, drawn(&dropped), 2);
    let plan = lenet();
    summary(t, "LeNet-5: names and shapes of 61706 parameters", &plan, Args::new());
    let own = || Args::new().function("logits");
    values(t, "LeNet-5 with random weights", &plan, own(), 2);
    values(t, "LeNet-5 on a single image", &plan, own(), 1);
    for (about, size) in [
        ("an image that is too high", [33, 32, 1]),
        ("an image that is too narrow", [32, 28, 1]),
        ("an image in colour", [32, 32, 3]),
        ("an image with as many pixels, but of another shape", [16, 64, 1]),
    ] {
        let args = lenet().filled(t, own(), 1);
        let args = args.tensor("x", Tensor::zeros(vec![1, size[0], size[1], size[2]]));
        let [h, w, c] = size.map(|length| length.to_string());
        t.call(about, args).refuses(&["32", &h, &w, &c]);
    }
}

/// The plan as it is, then on small images that are not square, with a sixteenth of its filters and units.
fn whole_and_narrow(t: &mut Suite, name: &str, plan: fn() -> Plan, input: [usize; 3]) {
    let (right, plan) = (as_it_is(plan), &plan());
    let count: usize = plan.parameters().iter().map(|(_, shape)| shape.iter().product::<usize>()).sum();
    summary(t, &format!("{name}: names and shapes of {count} parameters"), plan, Args::new());
    let (right, narrow) = (right.narrowed(16, input), plan.narrowed(16, input));
    let args = || Args::new().count("narrow", 16).indexes("input", &input);
    summary(
        t,
        &format!("{name} with a sixteenth of its filters and units, on smaller images"),
        &narrow,
        args().function("maps + parameter_shapes of a narrow plan"),
    );
    for n in [1, 2] {
        let about =
            format!("{name} with a sixteenth of its filters and units and random weights, batch of {n}");
        values_of(t, &about, (&right, &narrow), args().function("logits of a narrow plan"), n);
    }
}

pub fn alexnet(t: &mut Suite) {
    whole_and_narrow(t, "AlexNet", alex, [95, 127, 3]);
}

pub fn vgg16(t: &mut Suite) {
    whole_and_narrow(t, "VGG-16", vgg_d, [32, 64, 3]);
}

pub fn vgg19(t: &mut Suite) {
    whole_and_narrow(t, "VGG-19", vgg_e, [64, 32, 3]);
}

/// Every 100th logit of a full-size network that both sides make by rule.
pub fn full_logits(t: &mut Suite, name: &str, args: Args, want: &[f64]) {
    let want = t.array(&[want.len()], want);
    // Sums of up to 25,088 terms, one layer after the other; what a layer rounds, the next ones carry on.
    let budget = Budget::sum(25_088);
    t.call(&format!("{name} at its full size, as torchvision computes it"), args.count("made", 100))
        .close("logits", &want, budget);
}

fn by_rule() -> Args {
    Args::new().function("logits by rule")
}

pub fn full_alexnet(t: &mut Suite) {
    full_logits(t, "AlexNet", by_rule(), &ALEXNET);
}

pub fn full_vgg16(t: &mut Suite) {
    full_logits(t, "VGG-16", by_rule(), &VGG16);
}

pub fn full_vgg19(t: &mut Suite) {
    full_logits(t, "VGG-19", by_rule(), &VGG19);
}
