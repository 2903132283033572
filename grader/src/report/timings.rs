//! Timings in words: a row a pass, counts below it, and the slides' table of precisions.

use std::fmt::Write;

use hidden::sized::Sizes;

use super::Style;
use crate::clean::clean;
use crate::{
    bench::{
        Timing,
        counts::Counts,
        speed::{Speed, Summary},
    },
    course::Exercise,
    device::{Device, NoDevice},
};

/// The exercise whose timings are the slides' table.
const TABLE: &str = "matmul_throughput";

/// All timings of an exercise on a device. The slides' table says of a GPU that is `missing` why nothing was run on it.
pub fn timings(
    style: Style,
    exercise: &Exercise,
    timings: &[Timing],
    (device, missing): (Device, Option<&NoDevice>),
) -> String {
    let mut text = String::new();
    for timing in timings {
        _ = writeln!(text, "{} · {}", style.strong(&exercise.full_id()), sizes(&timing.sizes));
        text += &row(style, "forward", &timing.forward);
        text +=
            &timing.both.as_ref().map_or_else(String::new, |both| row(style, "forward and backward", both));
        text += &counts(style, timing.counts.as_ref(), timing.reference_counts.as_ref());
    }
    if exercise.id == TABLE { text + &table(timings, device, missing) } else { text }
}

/// A timing of what was solved just now, in a line.
pub fn quick(style: Style, exercise: &Exercise, summary: &Summary, program: &str) -> String {
    let size = exercise.bench.first().map(sizes).unwrap_or_default();
    let command = style.command(&format!("{program} bench {}", exercise.full_id()));
    format!(
        "  {} takes {}{} ({size}); next to the reference: {command}\n",
        exercise.full_id(),
        summary.seconds.map_or_else(String::new, seconds),
        rate(summary)
    )
}

fn row(style: Style, name: &str, summary: &Summary) -> String {
    let ratio = summary.ratio.map_or_else(String::new, |(low, ratio, high)| {
        format!("{ratio:.2} × the reference ({low:.2} to {high:.2})   ")
    });
    let time = summary.seconds.map_or_else(|| "–".to_owned(), seconds) + &rate(summary);
    let mut text = format!("  {name:<21} {time:<24} {ratio}{}\n", word(style, summary));
    if let Speed::Wrong { message } = &summary.verdict {
        text = format!("  {name:<21} {}\n", word(style, summary));
        clean(message).lines().take(8).for_each(|line| _ = writeln!(text, "    {line}"));
    }
    text
}

fn rate(summary: &Summary) -> String {
    summary.rate.map_or_else(String::new, |(rate, unit)| format!(", {} {unit}", digits(rate)))
}

fn word(style: Style, summary: &Summary) -> String {
    match &summary.verdict {
        Speed::AsFast => style.good("as fast as the reference"),
        Speed::Faster => style.good("faster"),
        Speed::Slower => style.strong("slower"),
        Speed::TooNoisy => style.strong("too noisy to say"),
        Speed::Alone => String::new(),
        Speed::TooShort => style.strong(&format!(
            "too short to measure here: {} of a call go into handing over its inputs and outputs",
            seconds(summary.overhead_seconds)
        )),
        Speed::Wrong { .. } => style.bad("wrong in the timed run"),
        Speed::Waits { seconds: s } => {
            style.bad(&format!("waits: {} of each call nothing is computed in this process", seconds(*s)))
        }
        Speed::Remembers { fraction } => style.bad(&format!(
            "remembers: the same inputs a second time take {:.0} % of the first",
            100.0 * fraction
        )),
        Speed::WorksAfterwards { seconds: s } => {
            style.bad(&format!("goes on computing for {} after its answer", seconds(*s)))
        }
        Speed::Impossible => style.bad("impossible: no processor computes that fast"),
    }
}

fn counts(style: Style, student: Option<&Counts>, reference: Option<&Counts>) -> String {
    let Some(student) = student else { return String::new() };
    let beside = |of: fn(&Counts) -> Option<f64>, show: fn(f64) -> String| {
        let reference =
            reference.and_then(of).map(|n| format!(" (reference {})", show(n))).unwrap_or_default();
        of(student).map(|n| show(n) + &reference)
    };
    let whole = |n: f64| format!("{n:.0}");
    let parts = [
        beside(|c| Some(c.allocations), whole).map(|n| format!("allocations {n}")),
        beside(|c| Some(c.bytes), |n| format!("{:.1} MB", n / 1e6)).map(|n| format!("allocated {n}")),
        beside(|c| c.tape_operations, whole).map(|n| format!("tape operations {n}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("  {}\n", style.faint(&format!("counted by the program itself: {}", parts.join(", "))))
}

/// The slides' “single vs double precision”, from the student's own product.
fn table(timings: &[Timing], device: Device, missing: Option<&NoDevice>) -> String {
    let rate = |n: usize, double: usize| {
        let found = timings
            .iter()
            .find(|timing| timing.sizes.get("n") == Some(&n) && timing.sizes.get("double") == Some(&double));
        found.and_then(|timing| timing.forward.rate).map(|(rate, _)| rate)
    };
    let mut ns: Vec<usize> = timings.iter().filter_map(|timing| timing.sizes.get("n").copied()).collect();
    ns.sort_unstable();
    ns.dedup();
    let mut text = format!("\n  {:<22} {:>10} {:>10} {:>8}\n", "GFLOP/s", "single", "double", "ratio");
    for n in ns {
        let (single, double) = (rate(n, 0), rate(n, 1));
        let show = |rate: Option<f64>| rate.map_or_else(|| "–".to_owned(), digits);
        let ratio = single.zip(double).map(|(single, double)| single / double);
        let name = format!("{}, n = {n}", processor(device));
        _ = writeln!(text, "  {name:<22} {:>10} {:>10} {:>8}", show(single), show(double), show(ratio));
    }
    if let Some(missing) = missing {
        _ = writeln!(text, "  {:<22} {missing}", processor(Device::Cuda));
    }
    text
}

fn processor(device: Device) -> &'static str {
    match device {
        Device::Cpu => "CPU",
        Device::Cuda => "GPU",
    }
}

fn sizes(sizes: &Sizes) -> String {
    sizes.iter().map(|(name, size)| format!("{name} {size}")).collect::<Vec<_>>().join(", ")
}

/// Three digits that count.
fn digits(number: f64) -> String {
    let decimals = if number >= 100.0 {
        0
    } else if number >= 10.0 {
        1
    } else {
        2
    };
    format!("{number:.decimals$}")
}

fn seconds(seconds: f64) -> String {
    if seconds.is_nan() {
        "no time".to_owned()
    } else if seconds >= 1.0 {
        format!("{} s", digits(seconds))
    } else if seconds >= 1e-3 {
        format!("{} ms", digits(seconds * 1e3))
    } else {
        format!("{} µs", digits(seconds * 1e6))
    }
}
