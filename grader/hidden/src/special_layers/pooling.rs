//! Cases for `special_layers::pooling`. A pooled pixel is a weighted sum of its window's pixels, whatever is pooled: one of
//! them has all the weight, or all have the same. The weights are the gradient, too.

mod windows;

use rand::{Rng, seq::SliceRandom};

use crate::{Args, Budget, Suite, Tensor, is_supposed, otherwise, suppose::of_right_alone};
use windows::{Plan, evenly, first, mean};

pub fn max_pool(t: &mut Suite) {
    for round in 0..80 {
        let (sequence, same) = (round % 2 == 0, round % 4 < 2);
        let plan = Plan::random(t, sequence, same);
        max(t, if same { "random sizes, same padding" } else { "random sizes, valid padding" }, plan);
    }
    let image = Plan { shape: [2, 5, 7, 2], size: 2, stride: 2, same: false, sequence: false };
    let sequence = Plan { shape: [2, 1, 7, 2], sequence: true, ..image };
    let (same_image, same_sequence) = (Plan { same: true, ..image }, Plan { same: true, ..sequence });
    for (about, plan) in [
        ("one image, not square, one channel", Plan { shape: [1, 4, 6, 1], ..image }),
        ("a sequence that windows don't divide: its last element is dropped", sequence),
        ("images that windows don't divide: last row and column are dropped", image),
        ("windows that overlap: one pixel wins in several", Plan { size: 3, stride: 1, ..image }),
        ("a stride longer than the window, which skips pixels", Plan { stride: 3, ..image }),
        ("windows of one pixel, which change nothing", Plan { size: 1, stride: 1, ..image }),
        ("same padding, an even window: the odd row and column go below and right", same_image),
        ("same padding, windows that overlap", Plan { size: 3, stride: 2, ..same_image }),
        ("same padding, an even window with stride 1", Plan { size: 4, stride: 1, ..same_sequence }),
        ("same padding, a window larger than the image", Plan { shape: [1, 2, 3, 2], size: 5, ..same_image }),
    ] {
        max(t, about, plan);
    }
    extremes(t, image, same_image, same_sequence);
    ties(t, Plan { size: 3, stride: 1, ..image }, same_sequence);
    refusals(t, image);
    refuse(t, "a window longer than the sequence", Plan { size: 8, ..sequence }, &["window of 8", "of 7"]);
    refuse(t, "a window of no elements", Plan { size: 0, ..sequence }, &["size"]);
    refuse(t, "a stride of 0", Plan { stride: 0, ..same_sequence }, &["stride"]);
}

fn extremes(t: &mut Suite, image: Plan, same_image: Plan, same_sequence: Plan) {
    for (about, plan) in [
        ("same padding, all values negative: padding must not win", Plan { size: 3, ..same_image }),
        ("same padding, all values negative: padding must not win", same_sequence),
        ("valid padding, all values negative", image),
    ] {
        let x = distinct(t, &plan.shape).mapv(|x| x - 1e3);
        plan.check(t, about, x, &[first]);
    }
    let large = distinct(t, &image.shape) * 2f64.powi(90);
    image.check(t, "very large values of both signs", large, &[first]);
}

/// Equal elements: the first has the gradient, or all have the same share of it.
fn ties(t: &mut Suite, image: Plan, sequence: Plan) {
    let about = "equal pixels: their windows' gradient goes to the first, or is shared evenly";
    for plan in [image, Plan { stride: 3, ..image }, sequence] {
        let grey = Tensor::from_elem(plan.shape.to_vec(), 0.5);
        plan.check(t, about, grey, &[first, evenly]);
        let few = t.uniform(&plan.shape, -1.0, 2.0).mapv(f64::floor);
        plan.check(t, about, few, &[first, evenly]);
    }
}

fn max(t: &mut Suite, about: &str, plan: Plan) {
    let x = distinct(t, &plan.shape);
    plan.check(t, about, x, &[first]);
}

/// Values of both signs, no two alike: with ties the gradient would not be determined.
fn distinct(t: &mut Suite, shape: &[usize]) -> Tensor {
    let n: usize = shape.iter().product();
    let mut values: Vec<f64> = (0..n).map(|i| (i as f64 - n as f64 / 2.0 + 0.25) / 8.0).collect();
    values.shuffle(&mut t.rng);
    t.array(shape, &values)
}

pub fn average_pool(t: &mut Suite) {
    for _ in 0..40 {
        for same in [false, true] {
            let plan = Plan::random(t, false, same);
            let x = t.normal(&plan.shape, 1.0);
            let about = if same { "random sizes, same padding" } else { "random sizes, valid padding" };
            plan.check(t, about, x, &[mean]);
        }
    }
    let image = Plan { shape: [2, 5, 7, 2], size: 2, stride: 2, same: false, sequence: false };
    let same = Plan { same: true, ..image };
    for (about, plan) in [
        ("one image, not square, one channel", Plan { shape: [1, 4, 6, 1], ..image }),
        ("images that windows don't divide: last row and column are dropped", image),
        ("windows that overlap", Plan { size: 3, stride: 1, ..image }),
        ("a stride longer than the window, which skips pixels", Plan { stride: 3, ..image }),
        ("same padding, an even window: the odd row and column go below and right", same),
        ("same padding, a window larger than the image", Plan { shape: [1, 2, 3, 2], size: 5, ..same }),
    ] {
        let x = t.normal(&plan.shape, 1.0);
        plan.check(t, about, x, &[mean]);
    }
    let grey = Tensor::from_elem(same.shape.to_vec(), 0.75);
    let about = "same padding, a constant image: it stays what it is, at the edges too";
    Plan { size: 3, stride: 1, ..same }.check(t, about, grey, &[mean]);
    let far = t.normal(&image.shape, 1.0).mapv(|x| f64::from((1e4 + x) as f32));
    image.check(t, "values far from 0 compared with their spread", far, &[mean]);
    refusals(t, image);
}

/// What no images can be pooled by.
fn refusals(t: &mut Suite, image: Plan) {
    let square = |size: usize| format!("window of {size} × {size}");
    let (wide, high) = (Plan { shape: [1, 6, 2, 1], ..image }, Plan { shape: [1, 2, 6, 1], ..image });
    let about = "valid padding, a window wider than the image";
    refuse(t, about, Plan { size: 3, ..wide }, &[&square(3), "input of 6 × 2"]);
    let about = "valid padding, a window higher than the image";
    refuse(t, about, Plan { size: 4, ..high }, &[&square(4), "input of 2 × 6"]);
    for same in [false, true] {
        refuse(t, "a window of no pixels", Plan { size: 0, same, ..image }, &["size"]);
        refuse(t, "a stride of 0", Plan { stride: 0, same, ..image }, &["stride"]);
    }
}

fn refuse(t: &mut Suite, about: &str, plan: Plan, mentions: &[&str]) {
    let x = t.normal(&plan.shape, 1.0);
    t.call(about, plan.args(&x)).refuses(mentions);
}

pub fn global_average_pool(t: &mut Suite) {
    let plain = [2, 3, 5, 2];
    let random: Vec<_> = (0..64).map(|_| ("random images", t.shape(4, 5), 0.0)).collect();
    let named = [
        ("one image, not square, one channel", [1, 2, 7, 1].to_vec(), 0.0),
        ("as many rows as channels, as many images as columns", [4, 3, 4, 3].to_vec(), 0.0),
        ("images of one pixel, which stay what they are", [3, 1, 1, 4].to_vec(), 0.0),
        ("values far from 0 compared with their spread", plain.to_vec(), 1e4),
    ];
    for (about, shape, centre) in random.into_iter().chain(named) {
        let x = t.normal(&shape, 1.0).mapv(|x| f64::from((centre + x) as f32));
        let (n, pixels, c) = (shape[0], shape[1] * shape[2], shape[3]);
        let d_y = t.normal(&[n, c], 1.0);
        let mut y = Tensor::zeros(vec![n, c]);
        for (at, x) in x.indexed_iter() {
            y[[at[0], at[3]]] += x / pixels as f64;
        }
        if is_supposed("the largest stood in place of the mean") {
            y.fill(f64::NEG_INFINITY);
            x.indexed_iter().for_each(|(at, x)| y[[at[0], at[3]]] = y[[at[0], at[3]]].max(*x));
        }
        if is_supposed("the root of the mean square stood in place of the mean") {
            y.fill(0.0);
            x.indexed_iter().for_each(|(at, x)| y[[at[0], at[3]]] += x * x / pixels as f64);
            y.mapv_inplace(f64::sqrt);
        }
        if is_supposed("the sum were divided by one pixel less than there are") {
            y *= pixels as f64 / (pixels as f64 - 1.0);
        }
        if is_supposed("the sum were divided by the channels' number as well") {
            y /= c as f64;
        }
        let d_x = Tensor::from_shape_fn(shape, |at| d_y[[at[0], at[3]]] / pixels as f64);
        let d_x = of_right_alone(d_x);
        t.call(about, Args::new().constant("x", x).constant("d_y", d_y))
            .close("y", &y, Budget::sum(pixels).scale(centre + 4.0))
            .close("d_x", &d_x, Budget::elementwise());
    }
}

pub fn flatten(t: &mut Suite) {
    let random: Vec<_> = (0..64).map(|_| ("random maps", t.shape(4, 4))).collect();
    let named = [
        ("one image, not square, with three channels", vec![1, 2, 5, 3]),
        ("images of one channel: both orders are the same", vec![2, 3, 4, 1]),
        ("images of one pixel: both orders are the same", vec![3, 1, 1, 5]),
        ("several images: each keeps its numbers together", vec![3, 2, 2, 2]),
    ];
    for (about, shape) in random.into_iter().chain(named) {
        let (n, h, w, c) = (shape[0], shape[1], shape[2], shape[3]);
        let (x, d_y) = (t.normal(&shape, 1.0), t.normal(&[n, h * w * c], 1.0));
        let outputs = t.rng.gen_range(1..=3);
        let weights = t.normal(&[h * w * c, outputs], 1.0);
        let (mut y, mut converted) = (d_y.clone(), weights.clone());
        for (at, &x) in x.indexed_iter() {
            let place = (at[1] * w + at[2]) * c + at[3];
            let place = otherwise("the channels came first", place, (at[3] * h + at[1]) * w + at[2]);
            let place = otherwise(
                "each row's channels came before its columns",
                place,
                (at[1] * c + at[3]) * w + at[2],
            );
            let backwards = h * w * c - 1 - place;
            let place = otherwise("the numbers stood in the opposite order", place, backwards);
            y[[at[0], otherwise("columns came before rows", place, (at[2] * h + at[1]) * c + at[3])]] = x;
            let from = (at[3] * h + at[1]) * w + at[2];
            let from =
                otherwise("PyTorch's columns came before its rows", from, (at[3] * w + at[2]) * h + at[1]);
            let from = otherwise(
                "PyTorch's channels came last, and its columns before its rows",
                from,
                (at[2] * h + at[1]) * c + at[3],
            );
            for o in 0..outputs {
                converted[[(at[1] * w + at[2]) * c + at[3], o]] = weights[[from, o]];
            }
        }
        let d_x = Tensor::from_shape_fn(shape, |at| d_y[[at[0], (at[1] * w + at[2]) * c + at[3]]]);
        let d_x = of_right_alone(d_x);
        let args = Args::new().constant("x", x).constant("d_y", d_y);
        t.call(about, args.constant("weights", weights).indexes("size", &[h, w, c]))
            .close("y", &y, Budget::exact())
            .close("d_x", &d_x, Budget::exact())
            .close("converted", &converted, Budget::exact());
    }
}
