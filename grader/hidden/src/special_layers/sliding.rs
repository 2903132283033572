//! Cases for `special_layers::sliding`: windows that slide along sequences, with steps and padding or without.

use super::conv::{
    extremes,
    layer::{Knobs, Plan},
    refuse,
};
use crate::Suite;

pub fn sliding_window(t: &mut Suite) {
    for _ in 0..60 {
        Plan::random_with(t, true, false, Knobs::None).check(t, "random sizes");
    }
    let plain = plain(Knobs::None);
    for (about, plan) in [
        ("one sequence, one channel, one output", Plan { n: 1, channels: (1, 1), ..plain }),
        ("a kernel of one element: a dense layer at every place", Plan { size: (1, 1), ..plain }),
        ("a kernel as long as the input", Plan { size: (1, 7), ..plain }),
        ("a kernel of even length", Plan { size: (1, 4), ..plain }),
        ("many windows over each element", Plan { image: (1, 30), size: (1, 9), ..plain }),
    ] {
        plan.check(t, about);
    }
    extremes(t, plain);
    let long = Plan { image: (1, 2), size: (1, 3), ..plain };
    refuse(t, "a kernel longer than the input", long, &["window of 3 ", "input of 2"]);
    other_channels(t, plain);
}

pub fn strided_conv1d(t: &mut Suite) {
    for _ in 0..40 {
        for same in [false, true] {
            let plan = Plan::random_with(t, true, same, Knobs::Steps);
            plan.check(t, if same { "random sizes, same padding" } else { "random sizes, valid padding" });
        }
    }
    let plain = plain(Knobs::Steps);
    let same = Plan { same: true, ..plain };
    for (about, plan) in [
        ("valid padding, stride 1: the sliding window", plain),
        ("a stride that leaves the last elements over", Plan { size: (1, 2), stride: 3, ..plain }),
        ("a stride longer than the kernel, which skips elements", Plan { size: (1, 1), stride: 3, ..plain }),
        ("a stride longer than the input", Plan { stride: 9, ..plain }),
        ("same padding, an odd kernel: as many zeros on either side", Plan { size: (1, 5), ..same }),
        ("an even kernel with same padding: the odd zero goes behind", Plan { size: (1, 4), ..same }),
        ("same padding with stride 2 and an even length", Plan { image: (1, 6), stride: 2, ..same }),
        ("same padding with stride 2 and an odd length", Plan { stride: 2, ..same }),
        ("same padding where nothing is missing", Plan { size: (1, 1), stride: 2, ..same }),
        ("same padding, a kernel longer than the input", Plan { image: (1, 2), size: (1, 5), ..same }),
        ("same padding, an input of one element", Plan { image: (1, 1), size: (1, 4), ..same }),
    ] {
        plan.check(t, about);
    }
    extremes(t, plain);
    let long = Plan { image: (1, 2), size: (1, 3), ..plain };
    refuse(t, "valid padding, a kernel longer than the input", long, &["window of 3 ", "input of 2"]);
    for plan in [plain, same] {
        refuse(t, "a stride of 0", Plan { stride: 0, ..plan }, &["stride"]);
        other_channels(t, plan);
    }
}

/// Two sequences of seven elements, and a kernel of three.
fn plain(knobs: Knobs) -> Plan {
    Plan { sequence: true, knobs, n: 2, image: (1, 7), size: (1, 3), channels: (2, 3), ..Plan::default() }
}

fn other_channels(t: &mut Suite, plain: Plan) {
    let other = Plan { wrong: Some((3, (2, 4))), ..plain };
    refuse(t, "a kernel for other channels", other, &["from 2 to 4", "3 channels"]);
}
