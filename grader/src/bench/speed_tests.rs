//! Verdicts on samples made up for the purpose: no clock, no processes.

use std::time::Duration;

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::*;
use crate::{
    bench::sample::{Plan, gather},
    verdict::Kind,
};

const PLAN: Plan = Plan { rounds: 4, least: 10, most: 10, time: Duration::ZERO };

/// A call that computed for `cpu` milliseconds and slept for `asleep`, after `between` milliseconds of work nobody asked for.
fn spent(cpu: f64, asleep: f64, between: f64) -> Cost {
    let of = |ms: f64| Duration::from_secs_f64(ms / 1e3);
    Cost { wall: of(cpu + asleep), cpu: Some(of(cpu)), between: Some(of(between)), asleep: of(asleep) }
}

/// Ten blocks of four rounds, and a closer look where there is need of one. A call that does nothing takes 1 ms, the reference's
/// takes 11.
fn samples(student: impl Fn(usize) -> Cost, again: f64) -> Samples {
    let block = |rounds: usize, block: usize| Block {
        student: (0..rounds).map(|round| student(4 * block + round)).collect(),
        reference: (0..rounds).map(|round| spent(11.0 + 0.1 * round as f64, 0.2, 0.1)).collect(),
        nothing: vec![spent(1.0, 0.2, 0.1); rounds],
        again: (Some(spent(again, 0.2, 0.1)), Some(spent(11.0, 0.2, 0.1))),
    };
    gather(&PLAN, Some(Work::Flops(1e9)), |rounds, number| Ok(Ok(block(rounds, number)))).unwrap()
}

fn verdict_on(student: impl Fn(usize) -> Cost, again: f64) -> Speed {
    summarize(&samples(student, again)).verdict
}

/// A little different each time.
fn about(ms: f64) -> impl Fn(usize) -> Cost {
    move |i| spent(ms * (1.0 + 0.01 * (i % 7) as f64), 0.2, 0.1)
}

#[test]
fn ratios_are_those_of_the_work_alone() {
    let summary = summarize(&samples(about(31.0), 31.0));
    let (low, ratio, high) = summary.ratio.unwrap();
    assert!((2.9..3.2).contains(&ratio) && low < ratio && ratio < high, "{summary:?}");
    assert!((summary.overhead_seconds - 1e-3).abs() < 1e-9);
    assert_eq!(summary.verdict, Speed::Slower);
    assert_eq!(verdict_on(about(4.0), 4.0), Speed::Faster);
    assert_eq!(verdict_on(about(11.0), 11.0), Speed::AsFast);
}

#[test]
fn noise_that_drowns_the_difference_is_named() {
    let wild = |i: usize| spent([3.0, 40.0, 11.0, 90.0, 5.0, 20.0, 8.0][i * i % 7], 0.2, 0.1);
    assert_eq!(verdict_on(wild, 11.0), Speed::TooNoisy);
    assert!(!is_decided(&samples(wild, 11.0)));
    assert!(is_decided(&samples(about(11.0), 11.0)) && is_decided(&samples(about(31.0), 31.0)));
}

#[test]
fn who_sleeps_is_found_although_cpu_time_does_not_show_it() {
    assert!(
        matches!(verdict_on(|_| spent(11.0, 15.0, 0.1), 11.0), Speed::Waits { seconds } if seconds > 0.01)
    );
    // Kept from a processor by others, but never asleep.
    let kept = |_| Cost { wall: Duration::from_millis(200), ..spent(11.0, 0.0, 0.1) };
    assert_eq!(verdict_on(kept, 11.0), Speed::AsFast);
}

#[test]
fn who_answers_repeated_inputs_from_memory_is_found() {
    assert!(matches!(verdict_on(about(11.0), 1.5), Speed::Remembers { fraction } if fraction < 0.2));
    assert_eq!(verdict_on(about(11.0), 9.0), Speed::AsFast);
}

#[test]
fn who_computes_after_the_answer_is_found() {
    assert!(matches!(verdict_on(|_| spent(11.0, 0.2, 8.0), 11.0), Speed::WorksAfterwards { .. }));
}

#[test]
fn no_time_at_all_is_impossible() {
    assert_eq!(verdict_on(|_| spent(1.0, 0.2, 0.1), 1.0), Speed::Impossible);
    // By the clock on the wall many cores, or a GPU, may have helped.
    let wall = |_| Cost { cpu: None, ..spent(1.0, 0.0, 0.1) };
    assert_ne!(verdict_on(wall, 1.0), Speed::Impossible);
}

#[test]
fn what_a_call_costs_hides_a_short_call_and_no_time_is_negative() {
    let short = |ms: f64, reference: f64| {
        let block = |rounds: usize, _| Block {
            student: vec![spent(ms, 0.0, 0.0); rounds],
            reference: vec![spent(reference, 0.0, 0.0); rounds],
            nothing: vec![spent(1.0, 0.0, 0.0); rounds],
            again: (Some(spent(0.99 * ms, 0.0, 0.0)), Some(spent(reference, 0.0, 0.0))),
        };
        summarize(&gather(&PLAN, None, |rounds, number| Ok(Ok(block(rounds, number)))).unwrap())
    };
    let summary = short(0.95, 1.1);
    assert_eq!((summary.seconds, summary.reference_seconds, summary.ratio), (None, None, None));
    assert_eq!((summary.verdict, short(1.1, 1.05).verdict), (Speed::TooShort, Speed::TooShort));
    assert_eq!((short(1.1, 3.0).verdict, short(3.0, 1.1).verdict), (Speed::Faster, Speed::Slower));
}

/// A machine on which others work: times are stretched now and then, some of them beyond all measure, and for a while.
struct Noise {
    rng: StdRng,
    scatter: f64,
    spikes: f64,
    bursts: f64,
    /// How much slower everything is just now.
    slowness: f64,
}

impl Noise {
    fn new(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let scatter = rng.gen_range(0.01..0.8);
        let (spikes, bursts) = (rng.gen_range(0.0..0.4), rng.gen_range(0.0..0.3));
        Self { rng, scatter, spikes, bursts, slowness: 1.0 }
    }

    fn stretch(&mut self, ms: f64) -> f64 {
        if self.rng.gen_bool(self.bursts) {
            self.slowness = if self.slowness > 1.0 { 1.0 } else { self.rng.gen_range(1.0..10.0) };
        }
        // Lognormal, and now and then Pareto's: without a mean.
        let normal: f64 = (0..12).map(|_| self.rng.gen_range(-0.5..0.5)).sum();
        let spike = self.rng.gen_range(1e-4f64..1.0).powf(-1.25);
        let spike = if self.rng.gen_bool(self.spikes) { spike } else { 1.0 };
        ms * self.slowness * (self.scatter * normal).exp() * spike
    }

    fn call(&mut self, ms: f64) -> Cost {
        let (cpu, between) = (self.stretch(ms), self.stretch(0.05));
        let asleep = if self.rng.gen_bool(0.2) { self.stretch(2.0) } else { 0.0 };
        spent(cpu, asleep, between)
    }

    /// A block of an honest program whose calls take `work` beside `overhead`, as the reference's do, if there is one.
    fn block(&mut self, rounds: usize, (overhead, work): (f64, f64), nothing: f64, reference: bool) -> Block {
        let (mut block, honest) = (Block::default(), overhead + work);
        for _ in 0..rounds {
            block.student.push(self.call(honest));
            block.reference.extend(reference.then(|| self.call(honest)));
            block.nothing.push(self.call(nothing));
        }
        // What is asked again is found in the caches, a little sooner.
        block.again = (Some(self.call(0.9 * honest)), reference.then(|| self.call(0.9 * honest)));
        block
    }
}

#[test]
fn no_noise_makes_an_accusation_or_a_negative_time() {
    let plan = Plan { rounds: 3, least: 10, most: 12, time: Duration::MAX };
    for seed in 0..4000 {
        let mut noise = Noise::new(seed);
        let overhead = 10f64.powf(noise.rng.gen_range(-2.0..0.5));
        let work = overhead * [0.0, 0.01, 0.1, 0.5, 1.0, 10.0][seed as usize % 6];
        // Doing nothing with the inputs costs more or less than doing something with them does beside its work.
        let nothing = overhead * noise.rng.gen_range(0.7..1.4);
        let reference = !seed.is_multiple_of(5);
        let flops = (work > 0.0).then_some(Work::Flops(work * 1e-3 * 1e10));
        let block = |rounds: usize, _| Ok(Ok(noise.block(rounds, (overhead, work), nothing, reference)));
        let samples = gather(&plan, flops, block).unwrap();
        let summary = summarize(&samples);
        let accused = matches!(
            summary.verdict,
            Speed::Waits { .. } | Speed::Remembers { .. } | Speed::WorksAfterwards { .. } | Speed::Impossible
        );
        assert!(!accused, "seed {seed}: {summary:?}");
        let times = [summary.seconds, summary.reference_seconds];
        assert!(times.into_iter().flatten().all(|seconds| seconds > 0.0), "seed {seed}: {summary:?}");
    }
}

#[test]
fn noise_hides_no_trick_for_long() {
    let plan = Plan { rounds: 3, least: 10, most: 12, time: Duration::MAX };
    let trick = |seed: u64, change: fn(&mut Block)| {
        let mut noise = Noise { scatter: 0.1, spikes: 0.02, bursts: 0.02, ..Noise::new(seed) };
        let block = |rounds: usize, _| {
            let mut block = noise.block(rounds, (1.0, 10.0), 1.0, seed.is_multiple_of(2));
            change(&mut block);
            Ok(Ok(block))
        };
        summarize(&gather(&plan, None, block).unwrap()).verdict
    };
    let found = |change: fn(&mut Block), is: fn(&Speed) -> bool| {
        (0..100).filter(|&seed| is(&trick(seed, change))).count()
    };
    let remembers = found(
        |block| block.again.0 = Some(spent(1.0, 0.0, 0.1)),
        |verdict| matches!(verdict, Speed::Remembers { .. }),
    );
    let waits = found(
        |block| block.student.iter_mut().for_each(|call| call.asleep = Duration::from_millis(100)),
        |verdict| matches!(verdict, Speed::Waits { .. }),
    );
    let works = found(
        |block| block.student.iter_mut().for_each(|call| call.between = Some(Duration::from_millis(30))),
        |verdict| matches!(verdict, Speed::WorksAfterwards { .. }),
    );
    assert!([remembers, waits, works].iter().all(|&found| found >= 90), "{remembers} {waits} {works} of 100");
}

#[test]
fn a_wrong_answer_has_no_time() {
    let fault = Some(Fault { kind: Kind::Wrong, message: "`y` is wrong".to_owned() });
    let verdict = summarize(&Samples { fault, ..samples(about(11.0), 11.0) }).verdict;
    assert_eq!(verdict, Speed::Wrong { message: "`y` is wrong".to_owned() });
}

#[test]
fn without_a_reference_there_is_no_ratio() {
    let mut samples = samples(about(11.0), 11.0);
    for block in &mut samples.blocks {
        (block.reference, block.again.1) = (Vec::new(), None);
    }
    let summary = summarize(&samples);
    assert_eq!((summary.ratio, summary.reference_seconds, summary.verdict), (None, None, Speed::Alone));
    assert!(summary.rate.unwrap().0 > 90.0);
}
