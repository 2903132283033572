//! What samples say: a ratio with its interval, absolute times, and a verdict. Pure.
//!
//! A time is CPU time of all threads of the process, as the kernel counts it, less what a call costs that does nothing: a busy
//! machine stretches the clock on the wall threefold and CPU time by a few per cent. Where the system counts no CPU time, all
//! is the wall's. A call of which next to nothing is left then is too short to measure, and no number is made of it. Who
//! waits, remembers or computes elsewhere is found in `tricks`.

use hidden::sized::Work;
use serde::Serialize;

use super::{
    sample::{Block, Samples},
    stats::{Interval, median, outliers, trimmed_mean},
    tricks,
};
use crate::{process::Cost, verdict::Fault};

/// Ratios within 1/MARGIN to MARGIN are “as fast”: neither is worth a thought.
const MARGIN: f64 = 1.25;
/// What a call costs beside its work is known to about a quarter: it also depends on what a call does with its inputs.
const MEASURABLE: f64 = 0.25;

/// The verdict on one row of a bench.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Speed {
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
    /// What a call costs beside its work hides the work.
    TooShort,
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
    /// Median time of the student's calls, without what every call costs; none where they are too short to be measured.
    pub seconds: Option<f64>,
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
    pub verdict: Speed,
}

/// Sums up samples.
pub fn summarize(samples: &Samples) -> Summary {
    let Samples { blocks, work, .. } = samples;
    let seconds = seconds(blocks, |block| &block.student);
    let ratio = ratio(blocks);
    let walls: Vec<f64> = blocks.iter().flat_map(|block| &block.student).map(wall).collect();
    Summary {
        seconds,
        reference_seconds: self::seconds(blocks, |block| &block.reference),
        wall_seconds: median(&walls),
        overhead_seconds: overhead(blocks),
        ratio: ratio.map(|ratio| (ratio.low, ratio.estimate, ratio.high)),
        rate: work.zip(seconds).map(|(work, seconds)| rate(work, seconds)),
        blocks: blocks.len(),
        outliers: outliers(&log_ratios(blocks, overhead(blocks))),
        verdict: verdict(samples, ratio),
    }
}

/// Whether more blocks would hardly change the verdict.
pub fn is_decided(samples: &Samples) -> bool {
    // To stop as soon as an interval leaves 1 behind would be to wait for a chance that it does.
    let clear = MARGIN.sqrt();
    match ratio(&samples.blocks) {
        Some(ratio) => {
            (ratio.low > 1.0 / clear && ratio.high < clear) || ratio.low > clear || ratio.high < 1.0 / clear
        }
        None => is_too_short(&samples.blocks),
    }
}

fn verdict(samples: &Samples, ratio: Option<Interval>) -> Speed {
    if let Some(Fault { message, .. }) = &samples.fault {
        return Speed::Wrong { message: message.clone() };
    }
    tricks::found(samples).unwrap_or_else(|| match ratio {
        Some(ratio) => compare(ratio),
        None if is_too_short(&samples.blocks) => compare_short(&samples.blocks),
        None if !has_reference(&samples.blocks) => Speed::Alone,
        None => Speed::TooNoisy,
    })
}

/// Of two times one of which is lost in what a call costs, the whole calls still show which is the larger.
fn compare_short(blocks: &[Block]) -> Speed {
    let whole = trimmed_mean(&log_ratios(blocks, 0.0));
    let (student, reference) =
        (seconds(blocks, |block| &block.student), seconds(blocks, |block| &block.reference));
    match (student, reference, whole) {
        (None, Some(_), Some(whole)) if whole.high < 0.0 => Speed::Faster,
        (Some(_), None, Some(whole)) if whole.low > 0.0 => Speed::Slower,
        _ => Speed::TooShort,
    }
}

fn compare(ratio: Interval) -> Speed {
    if ratio.low >= 1.0 / MARGIN && ratio.high <= MARGIN {
        Speed::AsFast
    } else if ratio.low > 1.0 {
        Speed::Slower
    } else if ratio.high < 1.0 {
        Speed::Faster
    } else {
        Speed::TooNoisy
    }
}

/// Whether there is a time that can't be told from what a call costs.
fn is_too_short(blocks: &[Block]) -> bool {
    let short = |calls: fn(&Block) -> &Vec<Cost>| {
        blocks.iter().any(|block| !calls(block).is_empty()) && seconds(blocks, calls).is_none()
    };
    short(|block| &block.student) || short(|block| &block.reference)
}

fn has_reference(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| !block.reference.is_empty())
}

/// The median time of calls without what every call costs, if enough is left of it.
fn seconds(blocks: &[Block], calls: fn(&Block) -> &Vec<Cost>) -> Option<f64> {
    let overhead = overhead(blocks);
    let seconds = median(&times(blocks, calls)) - overhead;
    (seconds > 0.0 && seconds >= MEASURABLE * overhead).then_some(seconds)
}

/// The ratio of the medians of each block, summed up over all blocks; none where one of the times is too short.
fn ratio(blocks: &[Block]) -> Option<Interval> {
    if !has_reference(blocks) || is_too_short(blocks) {
        return None;
    }
    trimmed_mean(&log_ratios(blocks, overhead(blocks))).map(Interval::exp)
}

/// A call of which noise leaves nothing but overhead makes its ratio 0 or infinite: of a few, an interval is none the worse.
fn log_ratios(blocks: &[Block], overhead: f64) -> Vec<f64> {
    let net = |spent: &[Cost]| (median(&spent.iter().map(time).collect::<Vec<_>>()) - overhead).max(0.0);
    let with_reference = blocks.iter().filter(|block| !block.reference.is_empty());
    with_reference.map(|block| (net(&block.student) / net(&block.reference)).ln()).collect()
}

fn overhead(blocks: &[Block]) -> f64 {
    median(&times(blocks, |block| &block.nothing))
}

fn times(blocks: &[Block], calls: fn(&Block) -> &Vec<Cost>) -> Vec<f64> {
    blocks.iter().flat_map(|block| calls(block).iter().map(time)).collect()
}

/// What a call took.
pub(super) fn time(spent: &Cost) -> f64 {
    spent.cpu.unwrap_or(spent.wall).as_secs_f64()
}

fn wall(spent: &Cost) -> f64 {
    spent.wall.as_secs_f64()
}

pub(super) fn asleep(spent: &Cost) -> f64 {
    spent.asleep.as_secs_f64()
}

pub(super) fn between(spent: &Cost) -> f64 {
    spent.between.unwrap_or_default().as_secs_f64()
}

fn rate(work: Work, seconds: f64) -> (f64, &'static str) {
    match work {
        Work::Flops(flops) => (flops / seconds / 1e9, "GFLOP/s"),
        Work::Bytes(bytes) => (bytes / seconds / 1e9, "GB/s"),
    }
}

#[cfg(test)]
#[path = "speed_tests.rs"]
mod tests;
