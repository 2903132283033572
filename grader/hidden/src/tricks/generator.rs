//! Cases for `tricks::generator`: order, coverage and labels by images that carry their own number, standardization by value
//! in batches of one image, refusals; what is random is left to `ranges`.

mod ranges;
mod values;

use rand::Rng;

use crate::{Args, Budget, Rule, Suite, Tensor};

pub fn image_data_generator(t: &mut Suite) {
    for _ in 0..24 {
        let (n, batch_size) = (t.rng.gen_range(1..=9), t.rng.gen_range(1..=10));
        epochs(t, "small random sets in small random batches", n, batch_size);
    }
    epochs(t, "a last batch that is smaller than the others", 24, 5);
    epochs(t, "batches of one image", 24, 1);
    epochs(t, "all images in one batch", 24, 24);
    epochs(t, "a batch larger than the set", 24, 100);
    order(t);
    values::check(t);
    ranges::check(t);
    refusals(t);
}

/// `n` images of these lengths; image `i` holds nothing but the number `i`, which is also its label.
fn numbered(n: usize, (height, width, channels): (usize, usize, usize)) -> (Tensor, Vec<usize>) {
    let images = Tensor::from_shape_fn(vec![n, height, width, channels], |at| at[0] as f64);
    (images, (0..n).collect())
}

/// A generator that does nothing but what `args` is given afterwards.
fn call(x: Tensor, labels: &[usize], batch_size: usize, epochs: usize, seed: usize) -> Args {
    let args = Args::new().constant("x", x).indexes("labels", labels);
    args.count("batch_size", batch_size).count("epochs", epochs).count("seed", seed)
}

/// The same, to which these images are shown first.
fn fitted(args: Args, images: Tensor) -> Args {
    args.function("ImageDataGenerator::fit + flow").constant("fit", images)
}

/// Three epochs: the sizes of their batches, every image once in each, and its own label with each.
fn epochs(t: &mut Suite, about: &str, n: usize, batch_size: usize) {
    const EPOCHS: usize = 3;
    let lengths = (t.rng.gen_range(1..=2), t.rng.gen_range(1..=3), t.rng.gen_range(1..=2));
    let (x, labels) = numbered(n, lengths);
    let sizes = labels.chunks(batch_size).map(|batch| batch.len() as f64).collect::<Vec<_>>().repeat(EPOCHS);
    let sizes = t.array(&[sizes.len()], &sizes);
    let flip = t.rng.gen_bool(0.5);
    let args =
        call(x, &labels, batch_size, EPOCHS, 1).flag("horizontal_flip", flip).flag("vertical_flip", flip);
    let case = t.call(about, args);
    case.close("sizes", &sizes, Budget::exact());
    let (height, width, channels) = lengths;
    let all: Vec<f64> = (0..n * height * width * channels).map(|k| (k % n) as f64).collect();
    for epoch in 0..EPOCHS {
        let (pixels, labels) = (format!("pixels{epoch}"), format!("labels{epoch}"));
        case.check(&pixels, Rule::Permutation { of: (0..n).map(|i| i as f64).collect() })
            .check(&labels, Rule::SameAs { call: 0, output: pixels })
            .check(&format!("images{epoch}"), Rule::Shape { shape: vec![n, height, width, channels] })
            .check(&format!("images{epoch}"), Rule::Permutation { of: all.clone() });
    }
}

/// Orders of 24 images are the same by chance once in 24! ≈ 10²³ draws.
fn order(t: &mut Suite) {
    let (x, labels) = numbered(24, (1, 1, 1));
    let differs = |call, output: &str| Rule::DiffersFrom { call, output: output.to_owned() };
    t.call("every epoch comes in an order of its own", call(x.clone(), &labels, 7, 3, 5))
        .check("pixels0", differs(0, "given"))
        .check("pixels1", differs(0, "pixels0"))
        .check("pixels2", differs(0, "pixels1"))
        .check("pixels2", differs(0, "pixels0"));
    // A ramp, so that transforms show.
    let ramp = Tensor::from_shape_fn(vec![24, 1, 8, 1], |at| at[2] as f64);
    let shifted = |x, seed| call(x, &labels, 7, 2, seed).number("width_shift_range", f64::from(0.3_f32));
    t.call("the same seed gives the same batches, another seed other ones", shifted(ramp.clone(), 5))
        .also(shifted(ramp.clone(), 5))
        .check("pixels", Rule::SameAs { call: 0, output: "pixels".to_owned() })
        .also(shifted(ramp, 6))
        .check("pixels", differs(0, "pixels"));
    t.call("another seed gives another order", call(x.clone(), &labels, 7, 1, 5))
        .also(call(x, &labels, 7, 1, 6))
        .check("pixels", differs(0, "pixels"));
}

fn refusals(t: &mut Suite) {
    let (x, labels) = numbered(2, (2, 2, 1));
    let start = || call(x.clone(), &labels, 2, 1, 1);
    let wrong = [
        ("rotation_range", 360.0, "360"),
        ("width_shift_range", 1.5, "1.5"),
        ("height_shift_range", -0.25, "-0.25"),
        ("shear_range", 90.0, "90"),
        ("zoom_range", 1.0, "1"),
        ("channel_shift_range", f64::NAN, "NaN"),
    ];
    for (argument, value, mention) in wrong {
        t.call("a range that makes no sense", start().number(argument, value)).refuses(&[argument, mention]);
    }
    for argument in ["featurewise_center", "featurewise_std_normalization", "zca_whitening"] {
        let args = start().flag(argument, true);
        t.call("`flow` before `fit`, although statistics are needed", args).refuses(&[argument, "fit"]);
    }
    t.call("three labels for two images", call(x.clone(), &[0, 1, 2], 2, 1, 1)).refuses(&["3", "2"]);
    t.call("a batch size of 0", call(x.clone(), &labels, 0, 1, 1)).refuses(&["batch", "0"]);
    let nothing = Tensor::zeros(vec![0, 2, 2, 1]);
    t.call("no images to stream", call(nothing.clone(), &[], 2, 1, 1)).refuses(&["no images"]);
    t.call("no images to fit", fitted(start(), nothing)).refuses(&["no images"]);
}
