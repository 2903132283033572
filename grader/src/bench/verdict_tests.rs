//! Verdicts on samples made up for the purpose: no clock, no processes.

use std::time::Duration;

use super::*;
use crate::verdict::Kind;

/// A call that computed for `cpu` milliseconds and slept for `asleep`, after `between` milliseconds of work nobody asked for.
fn spent(cpu: f64, asleep: f64, between: f64) -> Spent {
    let of = |ms: f64| Duration::from_secs_f64(ms / 1e3);
    Spent { wall: of(cpu + asleep), cpu: Some(of(cpu)), between: Some(of(between)), asleep: of(asleep) }
}

/// Ten blocks of four rounds, in which a call that does nothing takes 1 ms and the reference's takes 11.
fn samples(student: impl Fn(usize) -> Spent, again: f64) -> Samples {
    let blocks = (0..10).map(|block| Block {
        student: (0..4).map(|round| student(4 * block + round)).collect(),
        reference: (0..4).map(|round| spent(11.0 + 0.1 * f64::from(round), 0.2, 0.1)).collect(),
        nothing: vec![spent(1.0, 0.2, 0.1); 4],
        again: (Some(spent(again, 0.2, 0.1)), Some(spent(11.0, 0.2, 0.1))),
    });
    Samples { blocks: blocks.collect(), fault: None, work: Some(Work::Flops(1e7)) }
}

fn verdict_on(student: impl Fn(usize) -> Spent, again: f64) -> Verdict {
    summarize(&samples(student, again)).verdict
}

/// A little different each time.
fn about(ms: f64) -> impl Fn(usize) -> Spent {
    move |i| spent(ms * (1.0 + 0.01 * (i % 7) as f64), 0.2, 0.1)
}

#[test]
fn ratios_are_those_of_the_work_alone() {
    let summary = summarize(&samples(about(31.0), 31.0));
    let (low, ratio, high) = summary.ratio.unwrap();
    assert!((2.9..3.2).contains(&ratio) && low < ratio && ratio < high, "{summary:?}");
    assert!((summary.overhead_seconds - 1e-3).abs() < 1e-9);
    assert_eq!(summary.verdict, Verdict::Slower);
    assert_eq!(verdict_on(about(4.0), 4.0), Verdict::Faster);
    assert_eq!(verdict_on(about(11.0), 11.0), Verdict::AsFast);
}

#[test]
fn noise_that_drowns_the_difference_is_named() {
    let wild = |i: usize| spent([3.0, 40.0, 11.0, 90.0, 5.0, 20.0, 8.0][i * i % 7], 0.2, 0.1);
    assert_eq!(verdict_on(wild, 11.0), Verdict::TooNoisy);
    assert!(!is_decided(&samples(wild, 11.0)));
    assert!(is_decided(&samples(about(11.0), 11.0)) && is_decided(&samples(about(31.0), 31.0)));
}

#[test]
fn who_sleeps_is_found_although_cpu_time_does_not_show_it() {
    assert!(
        matches!(verdict_on(|_| spent(11.0, 15.0, 0.1), 11.0), Verdict::Waits { seconds } if seconds > 0.01)
    );
    // Kept from a processor by others, but never asleep.
    let kept = |_| Spent { wall: Duration::from_millis(200), ..spent(11.0, 0.0, 0.1) };
    assert_eq!(verdict_on(kept, 11.0), Verdict::AsFast);
}

#[test]
fn who_answers_repeated_inputs_from_memory_is_found() {
    assert!(matches!(verdict_on(about(11.0), 1.5), Verdict::Remembers { fraction } if fraction < 0.1));
    assert_eq!(verdict_on(about(11.0), 9.0), Verdict::AsFast);
}

#[test]
fn who_computes_after_the_answer_is_found() {
    assert!(matches!(verdict_on(|_| spent(11.0, 0.2, 8.0), 11.0), Verdict::WorksAfterwards { .. }));
}

#[test]
fn no_time_at_all_is_impossible() {
    assert_eq!(verdict_on(|_| spent(1.0, 0.2, 0.1), 1.0), Verdict::Impossible);
}

#[test]
fn a_wrong_answer_has_no_time() {
    let fault = Some(Fault { kind: Kind::Wrong, message: "`y` is wrong".to_owned() });
    let verdict = summarize(&Samples { fault, ..samples(about(11.0), 11.0) }).verdict;
    assert_eq!(verdict, Verdict::Wrong { message: "`y` is wrong".to_owned() });
}

#[test]
fn without_a_reference_there_is_no_ratio() {
    let mut samples = samples(about(11.0), 11.0);
    for block in &mut samples.blocks {
        (block.reference, block.again.1) = (Vec::new(), None);
    }
    let summary = summarize(&samples);
    assert_eq!((summary.ratio, summary.reference_seconds, summary.verdict), (None, None, Verdict::Alone));
    assert!(summary.rate.unwrap().0 > 0.9);
}
