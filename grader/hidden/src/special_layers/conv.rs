//! Cases for `special_layers::conv`: layers of every sort, on images and sequences.

pub(super) mod layer;

use crate::Suite;
use layer::{Layer, Plan};

pub fn conv1d(t: &mut Suite) {
    for _ in 0..40 {
        for same in [false, true] {
            let plan = Plan::random(t, true, same);
            plan.check(t, if same { "random sizes, same padding" } else { "random sizes, valid padding" });
        }
    }
    let plain =
        Plan { sequence: true, n: 2, image: (1, 7), size: (1, 3), channels: (2, 3), ..Plan::default() };
    let same = Plan { same: true, ..plain };
    for (about, plan) in [
        ("one sequence, one channel, one output", Plan { n: 1, channels: (1, 1), ..plain }),
        ("a kernel of one element", Plan { size: (1, 1), ..plain }),
        ("a kernel as long as the input", Plan { size: (1, 7), ..plain }),
        ("a stride that leaves the last elements over", Plan { size: (1, 2), stride: 3, ..plain }),
        ("a stride longer than the kernel, which skips elements", Plan { size: (1, 1), stride: 3, ..plain }),
        ("dilation, valid padding", Plan { dilation: 3, ..plain }),
        ("an even kernel with same padding: the odd zero goes behind", Plan { size: (1, 4), ..same }),
        ("same padding with stride 2 and an even length", Plan { image: (1, 6), stride: 2, ..same }),
        ("same padding with stride 2 and an odd length", Plan { stride: 2, ..same }),
        ("same padding, a dilated even kernel", Plan { size: (1, 2), dilation: 3, ..same }),
        ("same padding, a kernel longer than the input", Plan { image: (1, 2), size: (1, 5), ..same }),
        ("same padding, an input of one element", Plan { image: (1, 1), size: (1, 4), ..same }),
        ("two groups of two channels", Plan { groups: 2, ..plain }),
        ("as many groups as channels: depthwise", Plan { groups: 3, channels: (1, 1), ..plain }),
    ] {
        plan.check(t, about);
    }
    extremes(t, plain);
    refusals(t, plain);
}

pub fn conv2d(t: &mut Suite) {
    for _ in 0..40 {
        for same in [false, true] {
            let plan = Plan::random(t, false, same);
            plan.check(t, if same { "random sizes, same padding" } else { "random sizes, valid padding" });
        }
    }
    let plain = Plan { n: 2, image: (4, 5), size: (3, 2), channels: (2, 2), ..Plan::default() };
    let same = Plan { same: true, ..plain };
    for (about, plan) in [
        (
            "one image, not square, one channel, a kernel that is not square",
            Plan { n: 1, channels: (1, 1), ..plain },
        ),
        ("a kernel of 1 × 1, a dense layer at every pixel", Plan { size: (1, 1), ..plain }),
        ("a kernel as large as the image", Plan { size: (4, 5), ..plain }),
        ("a kernel of one row", Plan { size: (1, 3), ..plain }),
        ("a kernel of one column", Plan { size: (3, 1), ..plain }),
        ("a stride that leaves rows and columns over", Plan { size: (2, 2), stride: 3, ..plain }),
        (
            "dilation, and room for it in the columns only",
            Plan { image: (3, 7), size: (1, 3), dilation: 3, ..plain },
        ),
        ("an even kernel with same padding: odd zeros go below and right", Plan { size: (2, 4), ..same }),
        ("same padding with stride 2, even height and odd width", Plan { size: (3, 3), stride: 2, ..same }),
        ("same padding, a dilated even kernel", Plan { size: (2, 2), dilation: 3, ..same }),
        (
            "same padding, a kernel larger than the image",
            Plan { image: (2, 3), size: (4, 5), channels: (1, 2), ..same },
        ),
        ("images of one pixel with same padding", Plan { image: (1, 1), size: (3, 2), ..same }),
        ("two groups of two channels", Plan { groups: 2, ..plain }),
        ("depthwise, two outputs for each channel", Plan { groups: 3, channels: (1, 2), ..plain }),
    ] {
        plan.check(t, about);
    }
    extremes(t, plain);
    refusals(t, plain);
}

/// Values of unusual size; their products still fit single precision.
pub(super) fn extremes(t: &mut Suite, plain: Plan) {
    for (about, x, kernel) in [
        ("very large values", 1e10, 1e10),
        ("very small values", 1e-10, 1e-10),
        ("large inputs and small weights", 1e4, 1e-4),
    ] {
        Layer::draw(t, plain).scaled(x, kernel).check(t, about);
    }
}

fn refusals(t: &mut Suite, plain: Plan) {
    let valid = "valid padding, ";
    let (size, window, input) = if plain.sequence {
        ((1, 3), "window of 5 ", "input of 4")
    } else {
        ((2, 3), "window of 3 × 5 ", "input of 2 × 4")
    };
    let small = Plan { image: if plain.sequence { (1, 4) } else { (2, 4) }, size, dilation: 2, ..plain };
    refuse(t, &format!("{valid}a kernel that fits, but not with its gaps"), small, &[window, input]);
    if plain.sequence {
        let long = Plan { image: (1, 2), size: (1, 3), ..plain };
        refuse(t, &format!("{valid}a kernel longer than the input"), long, &["window of 3 ", "input of 2"]);
    } else {
        let (wide, high) = (Plan { size: (2, 6), ..plain }, Plan { size: (5, 2), ..plain });
        let (image, wide_window, high_window) = ("input of 4 × 5", "window of 2 × 6 ", "window of 5 × 2 ");
        refuse(t, &format!("{valid}a kernel wider than the image"), wide, &[wide_window, image]);
        refuse(t, &format!("{valid}a kernel higher than the image"), high, &[high_window, image]);
    }
    for same in [false, true] {
        refuse(t, "a stride of 0", Plan { stride: 0, same, ..plain }, &["stride"]);
        refuse(t, "a dilation of 0", Plan { dilation: 0, same, ..plain }, &["dilation"]);
    }
    let channels = |input, kernel, groups| Plan { wrong: Some((input, kernel)), groups, ..plain };
    refuse(t, "no groups at all", channels(2, (2, 2), 0), &["groups"]);
    let (other, few, odd) = (channels(3, (2, 4), 1), channels(2, (2, 4), 2), channels(4, (2, 3), 2));
    refuse(t, "a kernel for other channels", other, &["from 2 to 4", "3 channels"]);
    refuse(t, "two groups, each for as many channels as there are", few, &["from 2 to 4", "2 groups"]);
    refuse(t, "three outputs from two groups", odd, &["from 2 to 3", "2 groups"]);
}

/// A call that a right answer refuses, with an error that says this.
pub(super) fn refuse(t: &mut Suite, about: &str, plan: Plan, mentions: &[&str]) {
    let layer = Layer::draw(t, plan);
    t.call(about, layer.args()).refuses(mentions);
}
