//! Ways to seem fast without computing, and whether a program uses one beyond doubt. Pure.
//!
//! An accusation must not come from noise. What one block shows of a trick is a yes or a no that an honest program gives by
//! chance half of the time at most: it compares two times that are of the same kind, student's and reference's or a first and
//! a second call, and demands much more than that one is the larger; however wild the noise is, it hits either as often. Where
//! most blocks say yes, [`CLOSER`] new ones are taken, with new processes and new inputs, and only if as many of these say yes
//! as `FALSE_ALARM` asks of a fair coin, the trick has a name in the verdict. Anything less is no accusation.

use hidden::sized::Work;

use super::{
    sample::{Block, Samples},
    speed::{Speed, asleep, between, time},
    stats::{heads, median},
};
use crate::process::Cost;

/// Blocks of a closer look.
pub const CLOSER: usize = 40;
/// Timed rounds in each of them: a process is warm only after some calls.
pub const CLOSER_ROUNDS: usize = 3;
/// How likely an honest program is found guilty of one trick in one row, at most.
const FALSE_ALARM: f64 = 1e-7;
/// Fewer blocks raise no suspicion.
const FEW: usize = 5;
/// A millisecond is never suspicious.
const SLACK: f64 = 1e-3;
/// No core does more in a second: 64 operations a cycle (two 512-bit multiply-adds of single precision) at 6 GHz, and 128 bytes a
/// cycle from its nearest cache.
const MOST_FLOPS: f64 = 64.0 * 6e9;
const MOST_BYTES: f64 = 128.0 * 6e9;

const TRICKS: [Trick; 4] = [Trick::Waits, Trick::WorksAfterwards, Trick::Remembers, Trick::Impossible];

#[derive(Clone, Copy, PartialEq)]
enum Trick {
    Waits,
    WorksAfterwards,
    Remembers,
    Impossible,
}

/// Whether some suspicion is neither confirmed nor dropped yet.
pub fn wants_a_closer_look(samples: &Samples) -> bool {
    let open = |trick: Trick| {
        let misses = samples.closer.len() - trick.count(&samples.closer, samples.work);
        trick.is_suspected(samples) && misses <= CLOSER - enough()
    };
    samples.closer.len() < CLOSER && TRICKS.into_iter().any(open)
}

/// The trick that was found beyond doubt.
pub fn found(samples: &Samples) -> Option<Speed> {
    let closer = &samples.closer;
    let sure = |trick: &Trick| closer.len() >= CLOSER && trick.count(closer, samples.work) >= enough();
    let calls = |of: fn(&Cost) -> f64| {
        median(&closer.iter().flat_map(|block| block.student.iter().map(of)).collect::<Vec<_>>())
    };
    Some(match TRICKS.into_iter().find(sure)? {
        Trick::Waits => Speed::Waits { seconds: calls(asleep) },
        Trick::WorksAfterwards => Speed::WorksAfterwards { seconds: calls(between) },
        Trick::Remembers => Speed::Remembers { fraction: median(&fractions(closer)) },
        Trick::Impossible => Speed::Impossible,
    })
}

/// How many of [`CLOSER`] blocks must say yes.
fn enough() -> usize {
    (0..=CLOSER).find(|&k| heads(CLOSER, k) <= FALSE_ALARM).unwrap_or(CLOSER + 1)
}

impl Trick {
    fn is_suspected(self, samples: &Samples) -> bool {
        let blocks = &samples.blocks;
        blocks.len() >= FEW && 4 * self.count(blocks, samples.work) >= 3 * blocks.len()
    }

    fn count(self, blocks: &[Block], work: Option<Work>) -> usize {
        blocks.iter().filter(|block| self.shows(block, work)).count()
    }

    fn shows(self, block: &Block, work: Option<Work>) -> bool {
        let of = |calls: &[Cost], of: fn(&Cost) -> f64| calls.iter().map(of).collect::<Vec<_>>();
        // Who has no reference is compared with calls that do nothing.
        let others = if block.reference.is_empty() { &block.nothing } else { &block.reference };
        let most = |what: fn(&Cost) -> f64| of(others, what).into_iter().fold(0.0, f64::max);
        let much = 0.25 * median(&of(&block.student, time)) + SLACK;
        match self {
            Trick::Waits => median(&of(&block.student, asleep)) > 2.0 * most(asleep) + much,
            Trick::WorksAfterwards => {
                let least = of(&block.student, between).into_iter().fold(f64::INFINITY, f64::min);
                least.is_finite() && least > 3.0 * most(between) + much
            }
            Trick::Remembers => {
                let halved = |first: Option<&Cost>, again: Option<Cost>| {
                    first.zip(again).is_some_and(|(first, again)| time(&again) < 0.5 * time(first))
                };
                halved(block.student.last(), block.again.0) && !halved(block.reference.last(), block.again.1)
            }
            Trick::Impossible => is_impossible(&block.student, work),
        }
    }
}

/// Whether no core of any machine could have done the work meanwhile. The time is taken with all that a call costs beside its
/// work: what that is, is not known well enough to be subtracted before an accusation. On the wall many cores help.
fn is_impossible(calls: &[Cost], work: Option<Work>) -> bool {
    let least = match work {
        Some(Work::Flops(flops)) => flops / MOST_FLOPS,
        Some(Work::Bytes(bytes)) => bytes / MOST_BYTES,
        None => return false,
    };
    !calls.is_empty() && calls.iter().all(|call| call.cpu.is_some_and(|cpu| cpu.as_secs_f64() < least))
}

/// What the second call with the same inputs took, as a fraction of the first.
fn fractions(blocks: &[Block]) -> Vec<f64> {
    let pairs = blocks.iter().filter_map(|block| Some((block.student.last()?, block.again.0?)));
    pairs.map(|(first, again)| time(&again) / time(first)).collect()
}
