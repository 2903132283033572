//! A student's `static` outlives a call. What it remembers is worth nothing: no call has what an earlier one was asked for.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::path::Path;

use grader::{
    build::assemble::Sources,
    course::{Course, Exercise},
    events::Silence,
    grade::{Grader, Options},
    source::tree::Tree,
    verdict::{Kind, Marks, Verdict},
};

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
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let events = Silence;
    let grader = Grader::new(&course, &events).unwrap();
    let chapter = course.chapters.iter().find(|chapter| chapter.name == "rnn").unwrap();
    let mut tree = Tree::read(&grader.paths.solution("rnn")).unwrap();
    for (find, replace) in patches {
        tree.patch(Path::new("src/echo_state.rs"), find, replace).unwrap();
    }
    let wanted: Vec<&Exercise> =
        chapter.exercises.iter().filter(|exercise| exercise.id == "echo_state_network").collect();
    let (mut graded, options) = (Marks::default(), Options { seed: Some(11), force: true });
    let submission = Sources { chapter, source, tree: &tree };
    grader.grade(&submission, &wanted, &options, None, &mut graded).unwrap();
    graded
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
