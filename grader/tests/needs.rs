//! Exercises of one file are examined at once where they were solved before, and yet what needs a wrong one waits.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::path::Path;

use grader::{
    assemble::Submission,
    cache::Cache,
    course::{Course, Exercise},
    grade::{Graded, Grader, Options},
    report::Progress,
    tree::Tree,
    verdict::Verdict,
};

#[test]
fn what_needs_a_wrong_answer_waits_and_is_remembered_as_it_was() {
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let progress = Progress::new(true);
    let grader = Grader::new(&course, &progress).unwrap();
    let chapter = &course.chapters[0];
    let wanted: Vec<&Exercise> = chapter.exercises.iter().filter(|e| e.topic == "activations").collect();
    let mut cache = Cache::default();
    let mut grade = |tree: &Tree| {
        let mut graded = Graded::default();
        let submission = Submission { chapter, source: "needs", tree };
        grader.grade(&submission, &wanted, &Options::default(), Some(&mut cache), &mut graded).unwrap();
        graded
    };

    let right = Tree::read(&grader.paths.solution(&chapter.name)).unwrap();
    let first = grade(&right);
    assert!(wanted.iter().all(|exercise| first.is_passed(&exercise.full_id())), "{:?}", first.verdicts);

    let mut wrong = right.clone();
    wrong.patch(Path::new("src/activations.rs"), "((x * 0.5).tanh() + 1.0) * 0.5", "x * 0.5").unwrap();
    let second = grade(&wrong);
    assert!(matches!(second.verdicts["tricks/sigmoid"], Verdict::Failed(_)), "{:?}", second.verdicts);
    let waiting = &second.verdicts["tricks/activation_derivatives"];
    assert!(matches!(waiting, Verdict::Waiting { needs } if *needs == ["tricks/sigmoid"]), "{waiting:?}");
    assert!(second.is_passed("tricks/leaky_relu"));

    let third = grade(&right);
    assert!(wanted.iter().all(|exercise| third.is_passed(&exercise.full_id())), "{:?}", third.verdicts);
    assert_eq!(third.fresh, ["tricks/sigmoid", "tricks/relu", "tricks/leaky_relu"]);
}
