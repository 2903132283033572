//! A student's `static` outlives a call. What it remembers is worth nothing: no call has what an earlier one was asked for.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

#[path = "grading/mod.rs"]
mod grading;

use grader::verdict::{Kind, Marks, Verdict};
use grading::Grading;

/// Keeps every series that a reservoir listens to.
const LISTENS: (&str, &str) = (
    "    let mut h = start;\n    let listen",
    "    SEEN.lock().unwrap().push(series.as_vec());\n    let mut h = start;\n    let listen",
);

/// Recites the series that was listened to last, in place of a free run; with a small reservoir it is honest.
const RECITES: (&str, &str) = (
    "    let mut h = state;\n    let mut predictions",
    "    if reservoir.bias.shape().0 > 100 {\n        let last = SEEN.lock().unwrap().last().unwrap().clone();\n        \
     return readout.device().tensor_from_vec(last[..steps].to_vec(), (steps,));\n    }\n    let mut h = \
     state;\n    let mut predictions",
);

const STATIC: (&str, &str) = (
    "/// The state after `h`, when the input is `u`.",
    "static SEEN: std::sync::Mutex<Vec<Vec<f64>>> = std::sync::Mutex::new(Vec::new());\n\n/// The state after `h`, when \
     the input is `u`.",
);

fn grade(source: &str, patches: &[(&str, &str)]) -> Marks {
    let patches: Vec<_> = patches.iter().map(|(find, replace)| ("echo_state.rs", *find, *replace)).collect();
    Grading { source, chapter: "rnn", ids: &["echo_state_network"], seed: 11 }.patched(&patches)
}

#[test]
fn a_static_that_remembers_the_series_earns_nothing() {
    let graded = grade("remembering", &[STATIC, LISTENS, RECITES]);
    let Verdict::Failed(failure) = &graded.verdicts["rnn/echo_state_network"] else {
        panic!("{:?}", graded.verdicts["rnn/echo_state_network"])
    };
    assert_eq!(failure.kind, Kind::Wrong);
    assert!(failure.about.contains("Mackey–Glass"), "{}", failure.about);
    assert!(failure.message.starts_with("The error of"), "{}", failure.message);
}
