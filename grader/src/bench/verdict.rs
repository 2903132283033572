//! What samples say: a ratio with its interval, absolute times, and a verdict. Pure.
//!
//! A time is CPU time of all threads of the process, as the kernel counts it, less what a call costs that does nothing: a busy
//! machine stretches the clock on the wall threefold and CPU time by a few per cent. Who waits instead of computing, or has
//! somebody else compute, is found asleep. Where the system counts no CPU time, all is the wall's.

use hidden::sized::Work;
use serde::Serialize;

use super::{
    sample::{Block, Samples},
    stats::{Interval, median, outliers, quantile, trimmed_mean},
};
use crate::{judge::Fault, process::Spent};

/// Ratios within 1/MARGIN to MARGIN are “as fast”: neither is worth a thought.
const MARGIN: f64 = 1.25;
/// A millisecond is never suspicious.
const SLACK: f64 = 1e-3;
/// No core does more in a second: 64 operations a cycle (two 512-bit multiply-adds of single precision) at 6 GHz, and 128 bytes a
/// cycle from its nearest cache.
const MOST_FLOPS: f64 = 64.0 * 6e9;
const MOST_BYTES: f64 = 128.0 * 6e9;

/// The verdict on one row of a bench.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Verdict {
    /// The interval lies within a fifth or a quarter of the reference's time.
    AsFast,
    /// The whole interval is above 1.
    Slower,
    /// The whole interval is below 1.
    Faster,
    /// The interval is too wide to say.
    TooNoisy,
    /// There is no reference to compare with.
    Alone,
    /// A timed answer was wrong, or there was none.
    Wrong {
        /// What was wrong with it.
        message: String,
    },
    /// It spent most of a call doing nothing.
    Waits {
        /// Seconds of each call.
        seconds: f64,
    },
    /// A second call with the same inputs took a fraction of the first.
    Remembers {
        /// That fraction.
        fraction: f64,
    },
    /// It went on computing after its answer.
    WorksAfterwards {
        /// Seconds after each answer.
        seconds: f64,
    },
    /// No core of any machine computes that fast.
    Impossible,
}

/// A row of a bench, seconds a call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Median time of the student's calls, without what every call costs.
    pub seconds: f64,
    /// The same of the reference's.
    pub reference_seconds: Option<f64>,
    /// Median time on the wall, with everything.
    pub wall_seconds: f64,
    /// What a call costs that does nothing.
    pub overhead_seconds: f64,
    /// Student's time over the reference's: lower end, estimate, upper end of the 99.9 % interval.
    pub ratio: Option<(f64, f64, f64)>,
    /// 10⁹ floating-point operations, or bytes, a second.
    pub rate: Option<(f64, &'static str)>,
    /// Pairs of fresh processes.
    pub blocks: usize,
    /// Pairs whose ratio lies outside Tukey's fences.
    pub outliers: usize,
    /// What it comes to.
    pub verdict: Verdict,
}

/// Sums up samples.
pub fn summarize(samples: &Samples) -> Summary {
    let Samples { blocks, fault, work } = samples;
    let overhead = overhead(blocks);
    let seconds = median(&times(blocks, |block| &block.student)) - overhead;
    let reference = times(blocks, |block| &block.reference);
    let ratio = ratio(blocks);
    let walls: Vec<f64> = blocks.iter().flat_map(|block| &block.student).map(wall).collect();
    Summary {
        seconds,
        reference_seconds: (!reference.is_empty()).then(|| median(&reference) - overhead),
        wall_seconds: median(&walls),
        overhead_seconds: overhead,
        ratio: ratio.map(|ratio| (ratio.low, ratio.estimate, ratio.high)),
        rate: work.filter(|_| seconds > 0.0).map(|work| rate(work, seconds)),
        blocks: blocks.len(),
        outliers: outliers(&log_ratios(blocks)),
        verdict: verdict(blocks, fault.as_ref(), *work, ratio),
    }
}

/// Whether more blocks would hardly change the verdict.
pub fn is_decided(samples: &Samples) -> bool {
    // To stop as soon as an interval leaves 1 behind would be to wait for a chance that it does.
    let clear = MARGIN.sqrt();
    ratio(&samples.blocks).is_some_and(|ratio| {
        (ratio.low > 1.0 / clear && ratio.high < clear) || ratio.low > clear || ratio.high < 1.0 / clear
    })
}

fn verdict(blocks: &[Block], fault: Option<&Fault>, work: Option<Work>, ratio: Option<Interval>) -> Verdict {
    if let Some(Fault { message, .. }) = fault {
        return Verdict::Wrong { message: message.clone() };
    }
    trick(blocks, work).unwrap_or_else(|| match ratio {
        None if blocks.iter().all(|block| block.reference.is_empty()) => Verdict::Alone,
        None => Verdict::TooNoisy,
        Some(ratio) => compare(ratio),
    })
}

fn compare(ratio: Interval) -> Verdict {
    if ratio.low >= 1.0 / MARGIN && ratio.high <= MARGIN {
        Verdict::AsFast
    } else if ratio.low > 1.0 {
        Verdict::Slower
    } else if ratio.high < 1.0 {
        Verdict::Faster
    } else {
        Verdict::TooNoisy
    }
}

/// Time that was not spent computing the answer within the call.
fn trick(blocks: &[Block], work: Option<Work>) -> Option<Verdict> {
    let student = |of: fn(&Spent) -> f64| all(blocks, |block| &block.student, of);
    let other = |of: fn(&Spent) -> f64| {
        let reference = all(blocks, |block| &block.reference, of);
        if reference.is_empty() { all(blocks, |block| &block.nothing, of) } else { reference }
    };
    let computing = median(&student(time));
    let waiting = median(&student(asleep));
    if waiting > 2.0 * median(&other(asleep)) + 0.25 * computing + SLACK {
        return Some(Verdict::Waits { seconds: waiting });
    }
    let after = quantile(&student(between), 0.25);
    if after > 3.0 * quantile(&other(between), 0.75) + 0.25 * computing + SLACK {
        return Some(Verdict::WorksAfterwards { seconds: after });
    }
    if let Some(fraction) = remembered(blocks) {
        return Some(Verdict::Remembers { fraction });
    }
    let least = match work? {
        Work::Flops(flops) => flops / MOST_FLOPS,
        Work::Bytes(bytes) => bytes / MOST_BYTES,
    };
    (computing - overhead(blocks) < least).then_some(Verdict::Impossible)
}

/// How long the repeated calls took, if that is less than half of what they took before, and not so for the reference.
fn remembered(blocks: &[Block]) -> Option<f64> {
    let overhead = overhead(blocks);
    let fraction = |calls: fn(&Block) -> &Vec<Spent>, again: fn(&Block) -> Option<Spent>| {
        let again: Vec<f64> = blocks.iter().filter_map(again).map(|spent| time(&spent)).collect();
        (median(&again) - overhead).max(0.0) / (median(&all(blocks, calls, time)) - overhead)
    };
    let student = fraction(|block| &block.student, |block| block.again.0);
    let reference = fraction(|block| &block.reference, |block| block.again.1);
    // Without a reference there is only the student's word for what a call costs that does nothing.
    let usual = if reference.is_finite() { reference } else { 1.0 };
    (student < 0.5 * usual.min(1.0)).then_some(student)
}

/// The ratio of the medians of each block, summed up over all blocks.
fn ratio(blocks: &[Block]) -> Option<Interval> {
    trimmed_mean(&log_ratios(blocks)).map(Interval::exp)
}

/// A call of which noise leaves nothing but overhead makes its ratio 0 or infinite: of a few, an interval is none the worse.
fn log_ratios(blocks: &[Block]) -> Vec<f64> {
    let overhead = overhead(blocks);
    let net = |spent: &[Spent]| (median(&spent.iter().map(time).collect::<Vec<_>>()) - overhead).max(0.0);
    let with_reference = blocks.iter().filter(|block| !block.reference.is_empty());
    with_reference.map(|block| (net(&block.student) / net(&block.reference)).ln()).collect()
}

fn overhead(blocks: &[Block]) -> f64 {
    median(&times(blocks, |block| &block.nothing))
}

fn times(blocks: &[Block], calls: fn(&Block) -> &Vec<Spent>) -> Vec<f64> {
    all(blocks, calls, time)
}

fn all(blocks: &[Block], calls: fn(&Block) -> &Vec<Spent>, of: fn(&Spent) -> f64) -> Vec<f64> {
    blocks.iter().flat_map(|block| calls(block).iter().map(of)).collect()
}

fn time(spent: &Spent) -> f64 {
    spent.cpu.unwrap_or(spent.wall).as_secs_f64()
}

fn wall(spent: &Spent) -> f64 {
    spent.wall.as_secs_f64()
}

fn asleep(spent: &Spent) -> f64 {
    spent.asleep.as_secs_f64()
}

fn between(spent: &Spent) -> f64 {
    spent.between.unwrap_or_default().as_secs_f64()
}

fn rate(work: Work, seconds: f64) -> (f64, &'static str) {
    match work {
        Work::Flops(flops) => (flops / seconds / 1e9, "GFLOP/s"),
        Work::Bytes(bytes) => (bytes / seconds / 1e9, "GB/s"),
    }
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
mod tests;
