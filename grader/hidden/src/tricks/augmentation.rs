//! Cases for `tricks::augmentation`: index arithmetic, the bilinear weights as a tent, crops read off coordinate images.

use rand::Rng;

use crate::{
    Args, Budget, Derived, Distribution, Rule, Statistic, Suite, Tensor, draws, otherwise,
    suppose::is_supposing,
};

pub fn flips(t: &mut Suite) {
    for _ in 0..64 {
        let shape = t.shape(4, 4);
        flip(t, "random images", &shape);
    }
    flip(t, "a batch of one image, not square, with three channels", &[1, 2, 5, 3]);
    flip(t, "several images: each must keep its place in the batch", &[3, 2, 3, 1]);
    flip(t, "images of a single column", &[2, 4, 1, 2]);
    flip(t, "images of a single row", &[2, 1, 4, 2]);
}

fn flip(t: &mut Suite, about: &str, shape: &[usize]) {
    let x = t.normal(shape, 1.0);
    let (h, w) = (shape[1], shape[2]);
    let horizontal = Tensor::from_shape_fn(shape, |i| x[[i[0], i[1], w - 1 - i[2], i[3]]]);
    let vertical = Tensor::from_shape_fn(shape, |i| x[[i[0], h - 1 - i[1], i[2], i[3]]]);
    let both = otherwise("the two were exchanged", (&horizontal, &vertical), (&vertical, &horizontal));
    let along = |axis| {
        Tensor::from_shape_fn(shape, |mut i| {
            i[axis] = shape[axis] - 1 - i[axis];
            x[i]
        })
    };
    let horizontal = otherwise("the channels were mirrored", both.0.clone(), along(3));
    let vertical = otherwise("the batch were mirrored", both.1.clone(), along(0));
    // One pixel further, around the edge.
    let beyond = |axis| {
        Tensor::from_shape_fn(shape, |mut i| {
            i[axis] = (shape[axis] - i[axis]) % shape[axis];
            x[i]
        })
    };
    let around = "the first row or column stayed in its place, and the others were mirrored";
    let (horizontal, vertical) = otherwise(around, (horizontal, vertical), (beyond(2), beyond(1)));
    let channels = "rows were mirrored along the colour channels";
    let vertical = otherwise(channels, vertical, along(3));
    let (horizontal, vertical) =
        otherwise("nothing were mirrored", (horizontal, vertical), (x.clone(), x.clone()));
    t.call(about, Args::new().constant("x", x)).close("horizontal", &horizontal, Budget::exact()).close(
        "vertical",
        &vertical,
        Budget::exact(),
    );
}

pub fn random_crop_resize(t: &mut Suite) {
    for _ in 0..64 {
        let (n, h, w, c) =
            (t.rng.gen_range(1..=2), t.rng.gen_range(1..=6), t.rng.gen_range(1..=6), t.rng.gen_range(1..=2));
        let (height, width) = (t.rng.gen_range(1..=h), t.rng.gen_range(1..=w));
        let (top, left) = (t.rng.gen_range(0..=h - height), t.rng.gen_range(0..=w - width));
        let size = [t.rng.gen_range(1..=6), t.rng.gen_range(1..=6)];
        resize(t, "a random crop and size", [n, h, w, c], [top, left, height, width], size);
    }
    resize(t, "the whole image at its own size, which changes nothing", [2, 3, 5, 2], [0, 0, 3, 5], [3, 5]);
    resize(t, "a single pixel, which fills the whole result", [1, 3, 4, 2], [2, 1, 1, 1], [3, 2]);
    resize(t, "the last rows and columns of an image that is not square", [2, 5, 3, 1], [3, 1, 2, 2], [4, 3]);
    resize(t, "shrinking to a single pixel", [1, 4, 5, 1], [0, 1, 4, 4], [1, 1]);
    resize(t, "stretching columns while rows shrink", [1, 6, 2, 1], [0, 0, 6, 2], [2, 6]);
    refusals(t);
    whole_images(t);
    if !is_supposing() {
        random_crops(t);
    }
}

/// A call of `crop_resize`.
fn cropped(x: Tensor, crop: [usize; 4], size: [usize; 2]) -> Args {
    Args::new().function("crop_resize").constant("x", x).indexes("crop", &crop).indexes("size", &size)
}

/// A crop with this `[top, left, height, width]`.
fn resize(t: &mut Suite, about: &str, shape: [usize; 4], crop: [usize; 4], size: [usize; 2]) {
    let x = t.normal(&shape, 1.0);
    let want = bilinear(&x, crop, size);
    t.call(about, cropped(x, crop, size)).close("y", &want, resampled());
}

/// Places reach 6 pixels and are rounded a few times before they become weights, and pixels that differ by up to 6 are
/// weighed with them: 64 roundings of 4.
fn resampled() -> Budget {
    Budget::elementwise().scale(4.0)
}

/// Every pixel of the crop, weighted by a tent around the place where the new pixel looks.
fn bilinear(x: &Tensor, [top, left, height, width]: [usize; 4], [rows, columns]: [usize; 2]) -> Tensor {
    let weight = |new: usize, size: usize, old: usize, length: usize| {
        let scale = length as f64 / size as f64;
        let half = otherwise("indexes were scaled, and not centres", 0.5, 0.0);
        let place = (new as f64 + half) * scale - half;
        let ends = new as f64 * (length as f64 - 1.0) / (size as f64 - 1.0).max(1.0);
        let place = otherwise("the first and the last pixels lay on each other", place, ends);
        let place = otherwise("the place were rounded to the nearest pixel", place, place.round());
        let place = otherwise("the place were rounded down", place, place.floor());
        let place = otherwise("the place were rounded up", place, place.ceil());
        let place = otherwise("the half pixel were added, but not subtracted", place, place + half);
        let clamped = place.clamp(0.0, length as f64 - 1.0);
        let place = otherwise("black lay beyond the crop's edge", clamped, place);
        // As near to the next pixel as it is to the one before.
        let turned = (2.0 * place.floor() + 1.0 - place).clamp(0.0, length as f64 - 1.0);
        let place = otherwise("the weights of both neighbours were exchanged", place, turned);
        (1.0 - (place - old as f64).abs()).max(0.0)
    };
    let (top, left) = otherwise("`top` and `left` were exchanged", (top, left), (left, top));
    let (top, left) = otherwise("the crop began at the image's corner", (top, left), (0, 0));
    Tensor::from_shape_fn(vec![x.shape()[0], rows, columns, x.shape()[3]], |i| {
        let pixels = (0..height).flat_map(|r| (0..width).map(move |c| (r, c)));
        pixels
            .map(|(r, c)| {
                weight(i[1], rows, r, height)
                    * weight(i[2], columns, c, width)
                    * x.get([i[0], top + r, left + c, i[3]]).copied().unwrap_or(f64::NAN)
            })
            .sum()
    })
}

fn refusals(t: &mut Suite) {
    let crops = [
        ("a crop that reaches below an image of 3 × 5", [2, 0, 2, 4]),
        ("a crop that reaches beyond the right of an image of 3 × 5", [0, 3, 3, 3]),
        ("a crop that begins below an image of 3 × 5", [4, 0, 1, 1]),
        ("a crop without rows", [1, 1, 0, 2]),
        ("a crop without columns", [1, 1, 2, 0]),
        ("a crop so far out that row + height is beyond usize", [usize::MAX, 0, 2, 2]),
    ];
    for (about, crop) in crops {
        let x = t.normal(&[1, 3, 5, 1], 1.0);
        let [top, left, height, width] = crop;
        let place = format!("row {top}, column {left}");
        t.call(about, cropped(x, crop, [2, 2])).refuses(&[&place, &format!("{height} × {width}"), "3 × 5"]);
    }
}

/// Random crops that are none: everything of every image.
fn whole_images(t: &mut Suite) {
    for (about, smallest) in [
        ("smallest = 1, which takes the whole of every image", 1.0),
        ("smallest above 1, which is clamped to 1", 1.5),
    ] {
        for shape in [[2, 3, 5, 1], [1, 6, 2, 2], [3, 1, 4, 1]] {
            let x = t.normal(&shape, 1.0);
            let want = bilinear(&x, [0, 0, shape[1], shape[2]], [4, 3]);
            let case = t.call(about, random(x, smallest, [4, 3], 1));
            case.check("y", Rule::Shape { shape: want.shape().to_vec() }).close("y", &want, resampled());
        }
    }
    // What follows is known of right interpolations alone.
    if is_supposing() {
        return;
    }
    for smallest in [0.0, -1.0] {
        let x = t.normal(&[4, 1, 2, 1], 1.0);
        let (low, high) =
            x.iter().fold((f64::INFINITY, -f64::INFINITY), |(low, high), &x| (low.min(x), high.max(x)));
        // Interpolation stays between the pixels, up to roundings.
        t.call(
            "smallest = 0 or less in tiny images: a crop has at least one pixel",
            random(x, smallest, [2, 2], 2),
        )
        .check("y", Rule::Shape { shape: vec![4, 2, 2, 1] })
        .check("y", Rule::Within { low: low - 1e-5, high: high + 1e-5 });
    }
}

fn random(x: Tensor, smallest: f64, size: [usize; 2], seed: usize) -> Args {
    Args::new().constant("x", x).number("smallest", smallest).indexes("size", &size).count("seed", seed)
}

/// Images whose two channels are each pixel's row and column, so that crops can be read off the result.
fn coordinates([n, h, w]: [usize; 3], smallest: f64, seed: usize) -> Args {
    let x = Tensor::from_shape_fn(vec![n, h, w, 2], |i| i[1 + i[3]] as f64);
    random(x, smallest, [2, 2], seed)
}

/// Read off the pixels of a crop that was resized to 2 × 2: rows and columns of its places at a quarter and at three quarters.
const HEIGHT: [f64; 8] = [-2.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0];
const WIDTH: [f64; 8] = [0.0, -2.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0];
const HEIGHT_LESS_WIDTH: [f64; 8] = [-2.0, 2.0, 0.0, -2.0, 2.0, 0.0, 0.0, 0.0];
const MIDDLE_ROW: [f64; 8] = [0.5, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0];
const MIDDLE_COLUMN: [f64; 8] = [0.0, 0.5, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0];

fn random_crops(t: &mut Suite) {
    let seed = t.rng.gen_range(0..1 << 32);
    let args = |seed| coordinates([10, 12, 12], 0.25, seed);
    let read = |what: [f64; 8]| Derived::of("y").dot(&what);
    // Ten lengths from 3 to 12: ten images agree in a length once in 10⁸ runs, in height and width once in 10⁹.
    t.call("square images: each has a crop of its own, with a height and a width of its own", args(seed))
        .check("y", Rule::Shape { shape: vec![10, 2, 2, 2] })
        .statistic(read(HEIGHT), Statistic::Distinct, 2.0, 10.0)
        .statistic(read(WIDTH), Statistic::Distinct, 2.0, 10.0)
        .statistic(read(HEIGHT_LESS_WIDTH), Statistic::Distinct, 2.0, 10.0);
    t.call("the same seed again, then another seed", args(seed))
        .also(args(seed))
        .check("y", Rule::SameAs { call: 0, output: "y".to_owned() })
        .also(args(seed + 1))
        .check("y", Rule::DiffersFrom { call: 0, output: "y".to_owned() });
    let strips = [
        ("crops of 1500 tall images, read off their pixels", [1500, 40, 1], HEIGHT, MIDDLE_ROW),
        ("crops of 1500 wide images, read off their pixels", [1500, 1, 40], WIDTH, MIDDLE_COLUMN),
    ];
    for (about, shape, lengths, middles) in strips {
        let case = t.call(about, coordinates(shape, 0.25, seed));
        // A quarter of 40 pixels to all of them. A thousandth for roundings.
        case.within(read(lengths), 9.999, 40.001);
        // Rounding to whole pixels, up or down, adds 1/30.
        let uniform = Statistic::DistanceTo(Distribution::Uniform { low: 10.0, high: 40.0 });
        case.statistic(read(lengths), uniform, 0.0, draws::distance(1500) + 1.0 / 30.0);
        // The 60th part of all lengths is rounded to either end: (59/60)¹⁵⁰⁰ = e⁻²⁵; who rounds down has no whole images, but
        // some that lack a pixel.
        case.statistic(read(lengths), Statistic::Min, 9.999, 11.001);
        case.statistic(read(lengths), Statistic::Max, 38.999, 40.001);
        // Where a crop of length L fits, its middle is 19.5 ± (40 − L)/2, uniformly: std √(30²/36) = 5 over all L, or 5.15
        // for whole pixels. The mean of 1500 has std 0.13, their std has std 0.1.
        let middles = read(middles);
        case.statistic(middles.clone(), Statistic::Mean, 18.6, 20.4);
        case.statistic(middles, Statistic::Std, 4.3, 5.9);
    }
}
