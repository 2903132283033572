//! Cases for `tricks::color`: torchvision's formulas, and images on which a random factor shows as a pixel's value.

use rand::Rng;

use crate::{
    Args, Budget, Distribution, Rule, Statistic, Suite, Tensor, draws, is_supposed, otherwise,
    suppose::is_supposing,
};

const KINDS: [&str; 3] = ["brightness", "contrast", "saturation"];

pub fn color_jitter(t: &mut Suite) {
    for round in 0..72 {
        let (n, h, w) = (t.rng.gen_range(1..=3), t.rng.gen_range(1..=3), t.rng.gen_range(1..=4));
        let factor = t.rng.gen_range(0.0..2.5);
        adjust(t, "random images and factors", KINDS[round % 3], &[n, h, w, 3], factor);
    }
    for kind in KINDS {
        adjust(t, "a batch of one image, not square", kind, &[1, 2, 5, 3], 1.5);
        adjust(t, "a single pixel", kind, &[1, 1, 1, 3], 0.5);
        adjust(t, "factor 0", kind, &[2, 2, 3, 3], 0.0);
        adjust(t, "factor 1, which changes nothing", kind, &[2, 2, 3, 3], 1.0);
        adjust(t, "a large factor: results are clamped to [0, 1]", kind, &[2, 2, 3, 3], 8.0);
        two_exposures(t, kind);
        refusals(t, kind);
    }
    adjust(t, "the brightness of images with one channel", "brightness", &[2, 3, 2, 1], 1.5);
    jitter_refusals(t);
    // What follows is known of right adjustments alone.
    if is_supposing() {
        return;
    }
    jitters(t);
    strengths(t);
}

fn single(x: f64) -> f64 {
    f64::from(x as f32)
}

fn adjust(t: &mut Suite, about: &str, kind: &str, shape: &[usize], factor: f64) {
    let (x, factor) = (t.uniform(shape, 0.0, 1.0), single(factor));
    let want = adjusted(kind, &x, factor);
    // Before the clamp, the terms of the blend are as large as the factor.
    t.call(about, args(kind, x, factor)).close("y", &want, Budget::elementwise().scale(factor.max(1.0)));
}

fn args(kind: &str, x: Tensor, factor: f64) -> Args {
    Args::new().function(&format!("adjust_{kind}")).constant("x", x).number("factor", factor)
}

/// A dark and a bright image in one batch: a mean over the batch would mix them.
fn two_exposures(t: &mut Suite, kind: &str) {
    let mut x = t.uniform(&[2, 2, 2, 3], 0.0, 0.2);
    x.indexed_iter_mut().filter(|(i, _)| i[0] == 1).for_each(|(_, x)| *x = single(*x + 0.8));
    let want = adjusted(kind, &x, 0.5);
    t.call("a dark and a bright image in one batch", args(kind, x, 0.5)).close(
        "y",
        &want,
        Budget::elementwise(),
    );
}

fn adjusted(kind: &str, x: &Tensor, factor: f64) -> Tensor {
    let (h, w) = (x.shape()[1], x.shape()[2]);
    let grey = |n: usize, r: usize, c: usize| {
        let [red, green, blue] = otherwise("red and blue were exchanged", [0, 1, 2], [2, 1, 0]);
        let weights = otherwise("grey were the mean of the colours", [0.2989, 0.587, 0.114], [1.0 / 3.0; 3]);
        let newer = [0.2126, 0.7152, 0.0722];
        let weights = otherwise("grey were that of high definition, 0.2126, 0.7152, 0.0722", weights, newer);
        let [first, second, third] = weights;
        let weights =
            otherwise("the weights of red and green were exchanged", weights, [second, first, third]);
        let weights = otherwise("grey were the sum of the colours", weights, [1.0; 3]);
        let grey = weights[0] * x[[n, r, c, red]]
            + weights[1] * x[[n, r, c, green]]
            + weights[2] * x[[n, r, c, blue]];
        otherwise("grey were the green channel", grey, x[[n, r, c, green]])
    };
    Tensor::from_shape_fn(x.shape(), |i| {
        let other = match kind {
            "brightness" => otherwise("white stood in place of black", 0.0, 1.0),
            "saturation" if is_supposed("the image's mean grey stood in place of each pixel's own") => {
                mean_grey(&grey, i[0], (h, w))
            }
            "saturation" => grey(i[0], i[1], i[2]),
            _ => {
                let mean = mean_grey(&grey, i[0], (h, w));
                let mean = otherwise(
                    "each pixel's own grey stood in place of the image's mean",
                    mean,
                    grey(i[0], i[1], i[2]),
                );
                otherwise("a grey of 0.5 stood in place of the image's mean", mean, 0.5)
            }
        };
        let (factor, rest) = (factor, 1.0 - factor);
        let (factor, rest) =
            otherwise("`factor` and 1 − `factor` were exchanged", (factor, rest), (rest, factor));
        let rest = otherwise("the other image were added in full", rest, 1.0);
        let rest = otherwise("the other image were left out", rest, 0.0);
        let rest = otherwise("the other image were subtracted", rest, -rest);
        let factor = otherwise("the image counted in full", factor, 1.0);
        let blended = factor * x[&i] + rest * other;
        let kept = otherwise("only what is above 1 were clamped", blended.clamp(0.0, 1.0), blended.min(1.0));
        let kept = otherwise("only what is below 0 were clamped", kept, blended.max(0.0));
        otherwise("nothing were clamped", kept, blended)
    })
}

/// The mean of an image's grey.
fn mean_grey(grey: &dyn Fn(usize, usize, usize) -> f64, image: usize, (h, w): (usize, usize)) -> f64 {
    (0..h * w).map(|at| grey(image, at / w, at % w)).sum::<f64>() / (h * w) as f64
}

fn refusals(t: &mut Suite, kind: &str) {
    let x = t.uniform(&[1, 2, 2, 3], 0.0, 1.0);
    let factors = [
        ("a negative factor", -0.5, "-0.5"),
        ("a factor that is not a number", f64::NAN, "NaN"),
        ("an infinite factor", f64::INFINITY, "inf"),
    ];
    for (about, factor, named) in factors {
        t.call(about, args(kind, x.clone(), factor)).refuses(&[named]);
    }
    if kind != "brightness" {
        let grey = t.uniform(&[1, 2, 2, 1], 0.0, 1.0);
        t.call("images with one channel, which have no colours", args(kind, grey, 1.5))
            .refuses(&["images have 1"]);
    }
}

fn jitter(x: Tensor, strengths: [f64; 3], seed: usize) -> Args {
    let args = Args::new().constant("x", x).count("seed", seed);
    KINDS.iter().zip(strengths).fold(args, |args, (kind, strength)| args.number(kind, strength))
}

fn jitter_refusals(t: &mut Suite) {
    let x = t.uniform(&[1, 2, 2, 3], 0.0, 1.0);
    let strengths = [
        ("a negative strength", [-0.5, 0.5, 0.5], "-0.5"),
        ("a strength above 1", [0.5, 1.5, 0.5], "1.5"),
        ("a strength that is not a number", [0.5, 0.5, f64::NAN], "NaN"),
    ];
    for (about, strengths, named) in strengths {
        t.call(about, jitter(x.clone(), strengths, 1)).refuses(&["strength", named]);
    }
    let grey = t.uniform(&[1, 2, 2, 1], 0.0, 1.0);
    t.call("jitter for images with one channel, which have no colours", jitter(grey, [0.5; 3], 1))
        .refuses(&["images have 1"]);
}

fn jitters(t: &mut Suite) {
    let x = t.uniform(&[2, 2, 3, 3], 0.0, 1.0);
    t.call("all strengths 0: jitter changes nothing", jitter(x.clone(), [0.0; 3], 1)).close(
        "y",
        &x,
        Budget::elementwise(),
    );
    let seed = t.rng.gen_range(0..1 << 32);
    let args = |seed| jitter(x.clone(), [0.5, 0.5, 0.5], seed);
    t.call("the same seed again, then another seed", args(seed))
        .check("y", Rule::Within { low: 0.0, high: 1.0 })
        .also(args(seed))
        .check("y", Rule::SameAs { call: 0, output: "y".to_owned() })
        .also(args(seed + 1))
        .check("y", Rule::DiffersFrom { call: 0, output: "y".to_owned() });
}

/// Strengths one at a time, on 2000 equal images that turn the factor into a pixel's value.
///
/// Repeated values within an image change nothing about the Kolmogorov–Smirnov distance. Grey weights sum to 0.9999, which
/// moves values by 10⁻⁴ and that distance by less than 0.01.
fn strengths(t: &mut Suite) {
    const IMAGES: usize = 2000;
    let seed = t.rng.gen_range(0..1 << 32);
    let batch = |pixels: &[f64]| {
        Tensor::from_shape_fn(vec![IMAGES, 1, pixels.len() / 3, 3], |i| single(pixels[3 * i[2] + i[3]]))
    };
    let distance = |low, high| Statistic::DistanceTo(Distribution::Uniform { low, high });
    let far = draws::distance(IMAGES) + 0.01;
    // How near one of so many factors comes to either end of its range, as a part of the range.
    let end = draws::outermost(IMAGES);
    // Uniform grey, of which contrast and saturation leave everything: 0.4 · (1 ± 0.5).
    let about = "brightness alone: 2000 images, each with a factor of its own";
    t.call(about, jitter(batch(&[0.4; 3]), [0.5, 0.0, 0.0], seed))
        .statistic("y", Statistic::Distinct, 1000.0, 6000.0)
        .statistic("y", Statistic::Max, 0.6 - 0.4 * end - 2e-4, 0.6 + 1e-4)
        .statistic("y", Statistic::Min, 0.2 - 1e-4, 0.2 + 0.4 * end + 2e-4)
        .statistic("y", distance(0.2, 0.6), 0.0, far);
    // Two greys at 0.5 ± 0.1 · (1 ± 1): both together fill 0.3 to 0.7 evenly.
    let about = "contrast alone: 2000 images, each with a factor of its own";
    t.call(about, jitter(batch(&[0.4, 0.4, 0.4, 0.6, 0.6, 0.6]), [0.0, 1.0, 0.0], seed))
        .statistic("y", Statistic::Distinct, 1000.0, 12_000.0)
        .statistic("y", Statistic::Max, 0.7 - 0.2 * end - 2e-4, 0.7 + 1e-4)
        .statistic("y", Statistic::Min, 0.3 - 1e-4, 0.3 + 0.2 * end + 2e-4)
        .statistic("y", distance(0.3, 0.7), 0.0, far);
    // A reddish pixel of grey 0.45974: red runs from there to 0.74026, green and blue down to 0.34026.
    let about = "saturation alone: 2000 images, each with a factor of its own";
    t.call(about, jitter(batch(&[0.6, 0.4, 0.4]), [0.0, 0.0, 1.0], seed))
        .statistic("y", Statistic::Distinct, 1000.0, 6000.0)
        .statistic("y", Statistic::Max, 0.74026 - 0.28052 * end - 2e-4, 0.7404)
        .statistic("y", Statistic::Min, 0.3401, 0.34026 + 0.11948 * end + 2e-4);
}
