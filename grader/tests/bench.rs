//! A bench says the right sign of a large difference, and catches who only seems fast. What is timed are programs without
//! dfdx, which work for as long as they are told to.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{os::unix::fs::symlink, path::Path, time::Duration};

use grader::{
    bench::{
        sample::{Plan, Task, sample},
        speed::{Speed, Summary, summarize},
    },
    course::Course,
    device::Device,
    process::{harden, tool},
};
use hidden::sized::{Sizes, timed, workload};

const TIMED: &str = env!("CARGO_BIN_EXE_timed");
const PLAN: Plan = Plan { rounds: 2, least: 10, most: 16, time: Duration::from_secs(20) };

fn course() -> Course {
    Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Times the program of this name next to an honest one, or next to none.
fn bench(name: &str, with_reference: bool) -> Summary {
    harden().unwrap();
    let (course, folder) = (course(), tempfile::tempdir().unwrap());
    let program = |name: &str| {
        let path = folder.path().join(name);
        symlink(TIMED, &path).unwrap();
        path
    };
    let (student, reference) = (program(name), program("reference"));
    let mut exercise = course.one("relu").unwrap().clone();
    exercise.memory_limit = 4096;
    // An array of one axis comes back, whatever the shape was: what is compared are two of these.
    let sizes: Sizes = [("rows".to_owned(), 64), ("columns".to_owned(), 64)].into();
    let reference = with_reference.then_some(reference.as_path());
    let task = Task {
        exercise: &exercise,
        sizes: &sizes,
        backward: false,
        device: Device::Cpu,
        student: &student,
        reference,
    };
    summarize(&sample(&task, &PLAN).unwrap().unwrap())
}

/// Times until the summary `is` what it should be. On a machine that other programs keep busy a measurement can miss, since
/// threads wait for their turn: four in a row don't.
fn comes_out(name: &str, with_reference: bool, is: impl Fn(&Summary) -> bool) {
    let summaries: Vec<Summary> =
        (0..4).map(|_| bench(name, with_reference)).take_while(|s| !is(s)).collect();
    assert!(summaries.len() < 4, "{name}: {summaries:?}");
}

#[test]
fn the_same_code_is_as_fast_as_itself() {
    comes_out("honest", true, |summary| {
        let contains_1 = summary.ratio.is_some_and(|(low, _, high)| low <= 1.0 && high >= 1.0);
        contains_1 && matches!(summary.verdict, Speed::AsFast | Speed::TooNoisy)
    });
}

#[test]
fn four_times_the_work_is_slower_and_a_quarter_is_faster() {
    comes_out("naive", true, |summary| {
        summary.verdict == Speed::Slower && summary.ratio.is_some_and(|(_, ratio, _)| ratio > 2.0)
    });
    comes_out("quick", true, |summary| summary.verdict == Speed::Faster);
}

#[test]
fn an_answer_from_the_cache_is_wrong_in_the_timed_run() {
    for with_reference in [true, false] {
        let summary = bench("caches", with_reference);
        assert!(matches!(summary.verdict, Speed::Wrong { .. }), "{summary:?}");
    }
}

#[test]
fn half_the_work_is_wrong_in_the_timed_run() {
    let summary = bench("skips", true);
    assert!(matches!(summary.verdict, Speed::Wrong { .. }), "{summary:?}");
}

#[test]
fn who_remembers_inputs_is_named() {
    for with_reference in [true, false] {
        comes_out("remembers", with_reference, |s| matches!(s.verdict, Speed::Remembers { .. }));
    }
}

#[test]
fn who_sleeps_is_named() {
    comes_out("sleeps", true, |s| matches!(s.verdict, Speed::Waits { seconds } if seconds > 0.1));
}

/// On a machine so busy that the grader hears every answer late, the work is over by then, falls into the calls and is charged there:
/// no name for it, but no advantage either. That much must hold of each measurement.
#[test]
fn who_works_after_the_answer_is_named() {
    let mut charged = 0;
    while charged < 4 {
        let summary = bench("works-afterwards", true);
        match summary.verdict {
            Speed::WorksAfterwards { .. } => return,
            Speed::TooNoisy | Speed::Slower => charged += 1,
            _ => panic!("{summary:?}"),
        }
    }
    eprintln!(
        "not measured: too noisy; the machine is too busy to hear an answer before the work behind it is done"
    );
}

#[test]
fn without_a_reference_there_are_times_alone() {
    let summary = bench("honest", false);
    assert_eq!((summary.verdict, summary.ratio), (Speed::Alone, None));
    assert!(summary.seconds.is_some_and(|seconds| seconds > 0.0) && summary.rate.unwrap().0 > 0.0);
}

#[test]
fn what_is_to_be_timed_has_sizes_and_somebody_who_draws_its_calls() {
    let course = course();
    for exercise in course.exercises() {
        for sizes in &exercise.bench {
            let (call, _) = workload(&exercise.chapter, &exercise.id, sizes, 1, false)
                .unwrap_or_else(|| panic!("nobody draws calls of {}", exercise.full_id()));
            assert_eq!(call, workload(&exercise.chapter, &exercise.id, sizes, 1, false).unwrap().0);
            assert_ne!(call, workload(&exercise.chapter, &exercise.id, sizes, 2, false).unwrap().0);
            let bytes = protocol::encode(0, &call).unwrap().len();
            assert!(bytes < 4 << 20, "a call of {} takes {bytes} bytes", exercise.full_id());
        }
    }
    for (chapter, id) in timed() {
        let exercise = course.exercise(&format!("{chapter}/{id}"));
        assert!(exercise.is_some_and(|exercise| !exercise.bench.is_empty()), "{chapter}/{id} has no `bench`");
    }
}

#[test]
fn a_missing_device_is_named_and_never_passes() {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut said = Vec::new();
    let args = ["bench", "--device", "cuda", "--course", env!("CARGO_MANIFEST_DIR")];
    let mut hear = |line: &str| said.push(line.to_owned());
    let program = Path::new(env!("CARGO_BIN_EXE_grader"));
    let status = tool::run(program, &args, Path::new("/"), [("PATH", path.as_str())], &mut hear, &mut |_| ());
    assert_eq!(status.unwrap().code(), Some(3), "{said:?}");
    assert_eq!(said.iter().filter(|line| line.contains("not run: no CUDA device")).count(), 1, "{said:?}");
}
