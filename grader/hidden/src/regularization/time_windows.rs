//! Cases for `regularization::time_windows`: windows picked step by step, copies all of them.

use rand::Rng;

use crate::{Args, Budget, Case, Suite, Tensor, is_supposed, otherwise};

/// A window's length and how far ahead its target lies.
type Span = (usize, usize);

pub fn time_windows(t: &mut Suite) {
    for _ in 0..24 {
        let (span, features) = (random_span(t), t.rng.gen_range(1..=3));
        let (start, behind) = (t.rng.gen_range(0..=4), t.rng.gen_range(0..=4));
        let end = start + span.0 + span.1 + t.rng.gen_range(1..=6);
        part(t, "some steps of a series", [end + behind, features], start..end, span);
    }
    for _ in 0..4 {
        let span = random_span(t);
        let needed = span.0 + span.1;
        part(t, "all steps of a series", [needed + 5, 2], 0..needed + 5, span);
        part(t, "room for a single window", [needed + 6, 2], 4..needed + 4, span);
        part(t, "windows of one step, and the next step as target", [9, 2], 1..8, (1, 1));
        part(t, "a target far ahead", [16, 1], 2..15, (2, 8));
        part(t, "one feature", [12, 1], 0..11, (4, 1));
    }
    for _ in 0..16 {
        let (span, features) = (random_span(t), t.rng.gen_range(1..=3));
        let [training, validation, test] = [0; 3].map(|_| span.0 + span.1 + t.rng.gen_range(0..=5));
        split(t, "a series in three parts", features, [training, validation, test], span);
    }
    for _ in 0..4 {
        split(t, "parts of the same length", 2, [7, 7, 7], (3, 2));
        split(t, "one window in each part", 1, [4, 4, 4], (2, 2));
        split(t, "a long past and a short test part", 1, [14, 5, 3], (2, 1));
    }
    refusals(t);
}

fn random_span(t: &mut Suite) -> Span {
    (t.rng.gen_range(1..=4), t.rng.gen_range(1..=3))
}

/// Inputs and targets of the steps `part`.
fn windows(series: &Tensor, part: std::ops::Range<usize>, (length, horizon): Span) -> (Tensor, Tensor) {
    let (count, features) = (part.len() + 1 - length - horizon, series.shape()[1]);
    let count = otherwise("the last window were left out", count, count - 1);
    let start = otherwise("windows began at the series' first step, not at the part's", part.start, 0);
    let start = otherwise("windows began one step too late", start, start + 1);
    let at = |step: usize, feature: usize| series.get([start + step, feature]).copied().unwrap_or(f64::NAN);
    let stride = otherwise("windows did not overlap", 1, length);
    let count = otherwise("windows did not overlap", count, count.div_ceil(length));
    let backwards = is_supposed("each window's steps stood the other way round");
    let inputs = Tensor::from_shape_fn(vec![count, length, features], |i| {
        at(i[0] * stride + if backwards { length - 1 - i[1] } else { i[1] }, i[2])
    });
    let ahead = otherwise("the target were the next step", length - 1 + horizon, length);
    let ahead = otherwise("the target were the window's last step", ahead, length - 1);
    let ahead = otherwise("`horizon` were counted from the window's beginning", ahead, horizon);
    let ahead = otherwise("the target lay one step further", ahead, ahead + 1);
    let ahead = otherwise("the target lay one step nearer", ahead, ahead.saturating_sub(1));
    let targets = Tensor::from_shape_fn(vec![count, features], |i| at(i[0] * stride + ahead, i[1]));
    (inputs, targets)
}

fn part(t: &mut Suite, about: &str, shape: [usize; 2], part: std::ops::Range<usize>, span: Span) {
    let series = t.normal(&shape, 2.0);
    let (inputs, targets) = windows(&series, part.clone(), span);
    t.call(about, of_part(series, part, span)).close("inputs", &inputs, Budget::exact()).close(
        "targets",
        &targets,
        Budget::exact(),
    );
}

fn split(t: &mut Suite, about: &str, features: usize, parts: [usize; 3], span: Span) {
    let [training, validation, test] = parts;
    let series = t.normal(&[training + validation + test, features], 2.0);
    let borders = [0, training, training + validation, training + validation + test];
    let wanted: Vec<_> =
        borders.windows(2).map(|border| windows(&series, border[0]..border[1], span)).collect();
    let case = t.call(about, of_split(series, validation, test, span));
    for (name, (inputs, targets)) in ["training", "validation", "test"].iter().zip(&wanted) {
        case.close(&format!("{name}_inputs"), inputs, Budget::exact()).close(
            &format!("{name}_targets"),
            targets,
            Budget::exact(),
        );
    }
}

fn of_part(series: Tensor, part: std::ops::Range<usize>, (length, horizon): Span) -> Args {
    let args = Args::new().constant("series", series).count("start", part.start).count("end", part.end);
    args.count("length", length).count("horizon", horizon)
}

fn of_split(series: Tensor, validation: usize, test: usize, (length, horizon): Span) -> Args {
    let args = Args::new().function("split_by_time").constant("series", series);
    args.count("validation", validation).count("test", test).count("length", length).count("horizon", horizon)
}

fn refusals(t: &mut Suite) {
    let series = t.normal(&[12, 2], 2.0);
    let mut refused = |about: &str, args: Args, mentions: &[&str]| {
        let _: &mut Case = t.call(about, args).refuses(mentions);
    };
    let of = |part, span| of_part(series.clone(), part, span);
    refused("one step too few for a window and its target", of(3..7, (3, 2)), &["4", "5"]);
    refused("a part shorter than a window", of(3..5, (4, 1)), &["2", "5"]);
    refused("a part without steps", of(5..5, (1, 1)), &["0", "2"]);
    refused("windows without steps", of(0..12, (0, 1)), &["length", "horizon", "0", "1"]);
    refused("a target that is the window's last step", of(0..12, (3, 0)), &["length", "horizon", "3", "0"]);
    let of = |validation, test| of_split(series.clone(), validation, test, (3, 1));
    refused("a training part that is too short", of(5, 4), &["3", "4"]);
    refused("a validation part that is too short", of(2, 5), &["2", "4"]);
    refused("a test part that is too short", of(4, 3), &["3", "4"]);
    refused("no test part", of(6, 0), &["0", "4"]);
    refused("nothing left to train on", of(8, 4), &["0", "4"]);
    refused("validation and test part longer than the series", of(9, 8), &["0", "4"]);
}
