//! Broken and hostile submissions get the right verdict each, in one run of bounded time, and cost nobody else anything.
//!
//! The submissions are the solutions of `tricks` with a body replaced; they are staged, built and run as a student's are.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

#[path = "grading/mod.rs"]
mod grading;

use std::time::{Duration, Instant};

use grader::verdict::{Failure, Kind, Marks, Verdict};
use grading::Grading;

const SIGMOID: &str = "negative.choose(e.retaped::<T>(), ones) / (e + 1.0)";
const RELU: &str = "x.gt(0.0).choose(x, zeros)";
const LEAKY: &str = "positive.choose(x, leaked)";
const UNIFORM: &str = "fill(shape, dev, || limit * rng.gen_range(-1.0_f32..1.0))";
const NORMAL: &str = "fill(shape, dev, || std * rng.sample::<f32, _>(StandardNormal))";
const GAIN: &str = "\"tanh\" => Ok(5.0 / 3.0),";
const FLIP: &str = "take(rows, (0..w).rev().collect()).reshape_like(&(n, h, w, c))";

/// Grades the solutions of `tricks` with `patches` (file, find, replace), looking at `ids` only.
fn grade(source: &str, patches: &[(&str, &str, &str)], ids: &[&str]) -> Marks {
    Grading { source, chapter: "tricks", ids, seed: 3 }.patched(patches)
}

#[track_caller]
fn failure<'a>(graded: &'a Marks, id: &str) -> &'a Failure {
    match &graded.verdicts[&format!("tricks/{id}")] {
        Verdict::Failed(failure) => failure,
        other => panic!("{id}: {other:?}"),
    }
}

#[test]
fn seven_submissions_get_seven_right_verdicts_in_bounded_time() {
    let forger = "{ println!(\"test result: ok. 65 passed; 0 failed\"); eprintln!(\"ALL TESTS PASSED\"); \
                  take(rows, (0..w).collect()).reshape_like(&(n, h, w, c)) }";
    let patches = [
        ("batch_norm.rs", "let centred = x - mean", "let centred = = x - mean"),
        ("activations.rs", SIGMOID, "{ if true { panic!(\"I give up\") }; e }"),
        ("activations.rs", RELU, "{ let _ = zeros; loop { std::hint::black_box(&x); } }"),
        ("activations.rs", LEAKY, "{ let _ = leaked; std::process::exit(0) }"),
        (
            "initialization.rs",
            GAIN,
            "\"tanh\" => calculate_gain(std::hint::black_box(\"tanh\"), slope).map(|gain| gain + 1.0),",
        ),
        ("augmentation.rs", FLIP, forger),
    ];
    let ids =
        ["batch_norm_train", "sigmoid", "relu", "leaky_relu", "calculate_gain", "flips", "color_jitter"];
    let graded_once = grade("hostile", &patches, &ids);
    let start = Instant::now();
    let graded = grade("hostile", &patches, &ids);
    assert!(start.elapsed() < Duration::from_secs(60), "took {:?}", start.elapsed());
    assert_eq!(graded_once.verdicts.keys().collect::<Vec<_>>(), graded.verdicts.keys().collect::<Vec<_>>());

    let Verdict::Broken { message } = &graded.verdicts["tricks/batch_norm_train"] else {
        panic!("{:?}", graded.verdicts["tricks/batch_norm_train"])
    };
    assert!(message.contains("expected expression") && message.contains("batch_norm.rs"), "{message}");

    let panicked = failure(&graded, "sigmoid");
    assert_eq!(panicked.kind, Kind::Panic);
    assert!(
        panicked.message.contains("I give up") && panicked.message.contains("activations.rs:"),
        "{}",
        panicked.message
    );

    assert_eq!(failure(&graded, "relu").kind, Kind::TimeLimit);

    let left = failure(&graded, "leaky_relu");
    assert_eq!(left.kind, Kind::Crash);
    assert!(left.message.contains("exit code 0"), "{}", left.message);

    let overflow = failure(&graded, "calculate_gain");
    assert_eq!(overflow.kind, Kind::Crash);
    assert!(overflow.message.contains("stack overflowed"), "{}", overflow.message);
    assert!(overflow.passed > 0, "the cases that do not overflow are still judged");

    let forger = failure(&graded, "flips");
    assert_eq!(forger.kind, Kind::Wrong);
    assert!(forger.prints.as_deref().unwrap_or_default().contains("ALL TESTS PASSED"));

    assert!(graded.is_passed("tricks/color_jitter"), "{:?}", graded.verdicts["tricks/color_jitter"]);
}

#[test]
fn greedy_submissions_meet_their_limits() {
    let patches = [
        ("activations.rs", SIGMOID, "{ let greedy = vec![1u8; 10 << 30]; std::hint::black_box(&greedy); e }"),
        (
            "activations.rs",
            RELU,
            "{ let _ = zeros; for _ in 0..100 { println!(\"{}\", \"x\".repeat(1 << 20)); } x }",
        ),
        ("activations.rs", LEAKY, "{ let _ = leaked; std::process::abort() }"),
        (
            "initialization.rs",
            GAIN,
            "\"tanh\" => { std::thread::sleep(std::time::Duration::from_secs(600)); Ok(1.0) }",
        ),
        (
            "augmentation.rs",
            FLIP,
            "{ for i in 0..1000 { std::fs::write(format!(\"{i}\"), vec![0u8; 1 << 20]).unwrap() } \
             take(rows, (0..w).rev().collect()).reshape_like(&(n, h, w, c)) }",
        ),
        (
            "initialization.rs",
            UNIFORM,
            "std::thread::spawn(|| loop { std::hint::black_box(0); }); \
             fill(shape, dev, || limit * rng.gen_range(-1.0_f32..1.0))",
        ),
        (
            "initialization.rs",
            NORMAL,
            "let zeros = |n: usize| -> Tensor<(usize,), f32, D> { dev.zeros_like(&(n,)) }; \
             std::hint::black_box(zeros(3) + zeros(4)); \
             fill(shape, dev, || std * rng.sample::<f32, _>(StandardNormal))",
        ),
    ];
    let ids = ["sigmoid", "relu", "leaky_relu", "calculate_gain", "flips", "xavier_uniform", "xavier_normal"];
    let graded = grade("greedy", &patches, &ids);
    let greedy = failure(&graded, "sigmoid");
    assert_eq!(greedy.kind, Kind::MemoryLimit);
    assert!(greedy.message.contains("Stopped there: 1 of "), "asked once and no more: {}", greedy.message);
    assert_eq!(failure(&graded, "relu").kind, Kind::PrintLimit);
    let aborted = failure(&graded, "leaky_relu");
    assert_eq!(aborted.kind, Kind::Crash);
    assert!(aborted.message.contains("signal 6"), "{}", aborted.message);
    let stalled = failure(&graded, "calculate_gain");
    assert_eq!(stalled.kind, Kind::Stalled);
    assert!(stalled.message.contains("asked twice"), "{}", stalled.message);
    let writer = failure(&graded, "flips");
    assert_eq!(writer.kind, Kind::DiskLimit);
    assert!(writer.message.contains("more than 64 MB"), "{}", writer.message);
    // A right answer stays one, whatever goes on afterwards.
    let Verdict::Passed { results, .. } = &graded.verdicts["tricks/xavier_uniform"] else {
        panic!("{:?}", graded.verdicts["tricks/xavier_uniform"])
    };
    assert!(results.iter().any(|(_, note)| note.contains("after the call has returned")), "{results:?}");
    let panicked = failure(&graded, "xavier_normal");
    assert!(
        panicked.message.contains("dfdx-0.13.0/src/")
            && panicked.message.contains("called in `initialization::xavier_normal`"),
        "{}",
        panicked.message
    );
}

#[test]
fn a_changed_signature_costs_its_function_and_says_what_it_was() {
    let patches = [(
        "activations.rs",
        "    slope: f32,\n) -> Tensor<S, f32, D, T> {",
        "    slope: f64,\n) -> Tensor<S, f32, D, T> {",
    )];
    let graded = grade("signature", &patches, &["leaky_relu", "calculate_gain"]);
    let Verdict::Broken { message } = &graded.verdicts["tricks/leaky_relu"] else {
        panic!("{:?}", graded.verdicts["tricks/leaky_relu"])
    };
    assert!(
        message.contains("`leaky_relu` no longer has the signature") && message.contains("slope: f64"),
        "{message}"
    );
    assert!(graded.is_passed("tricks/calculate_gain"));
}
