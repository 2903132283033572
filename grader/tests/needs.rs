//! A right answer earns its points whatever it builds on; what fails waits only for what it calls.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

mod grading;

use std::path::Path;

use grader::{
    grade::cache::Cache,
    verdict::{Kind, Marks, Verdict},
};
use grading::{grade, grade_tree, solutions, with_body};

const ACTIVATIONS: &str = "src/activations.rs";

#[track_caller]
fn kind(graded: &Marks, id: &str) -> Kind {
    match &graded.verdicts[id] {
        Verdict::Failed(failure) => failure.kind,
        other => panic!("{id}: {other:?}"),
    }
}

#[track_caller]
fn assert_waits(graded: &Marks, id: &str, for_what: &[&str]) {
    let verdict = &graded.verdicts[id];
    assert!(matches!(verdict, Verdict::Waiting { needs } if needs == for_what), "{id}: {verdict:?}");
}

#[test]
fn what_uses_a_wrong_answer_waits_and_passes_once_that_is_right() {
    let (right, mut cache) = (solutions(), Cache::default());
    let all = ["tricks/sigmoid", "tricks/relu", "tricks/leaky_relu", "tricks/activation_derivatives"];
    let first = grade_tree("needs", &["activations"], &right, &mut cache);
    assert!(all.iter().all(|id| first.is_passed(id)), "{:?}", first.verdicts);

    let mut wrong = right.clone();
    with_body(&mut wrong, ACTIVATIONS, "sigmoid", "x * 0.5");
    for _ in 0..2 {
        let second = grade_tree("needs", &["activations"], &wrong, &mut cache);
        assert_eq!(kind(&second, "tricks/sigmoid"), Kind::Wrong);
        assert_waits(&second, "tricks/activation_derivatives", &["tricks/sigmoid"]);
        assert!(second.is_passed("tricks/relu") && second.is_passed("tricks/leaky_relu"));
    }
    let again = grade_tree("needs", &["activations"], &wrong, &mut cache);
    assert!(again.fresh.is_empty(), "what waits is not run again until something changes: {:?}", again.fresh);

    let third = grade_tree("needs", &["activations"], &right, &mut cache);
    assert!(all.iter().all(|id| third.is_passed(id)), "{:?}", third.verdicts);
}

#[test]
fn right_answers_that_need_no_call_earn_their_points_without_what_they_are_said_to_need() {
    let mut tree = solutions();
    with_body(&mut tree, ACTIVATIONS, "relu", "todo!()");
    tree.patch(Path::new("src/init_matters.rs"), "relu(self.layer(0, x))", "self.layer(0, x).relu()")
        .unwrap();
    let graded = grade_tree("needs", &["activations", "init_matters"], &tree, &mut Cache::default());
    assert_eq!(graded.verdicts["tricks/relu"], Verdict::NotStarted);
    // The capstone says that it needs `relu`, and so does `leaky_relu`.
    for id in ["tricks/leaky_relu", "tricks/activation_derivatives", "tricks/does_init_matter"] {
        assert!(graded.is_passed(id), "{id}: {:?}", graded.verdicts[id]);
    }
}

#[test]
fn only_what_calls_a_failing_function_waits_for_it() {
    let graded = grade("needs", "activations", |tree| {
        with_body(tree, ACTIVATIONS, "relu", "todo!()");
        // Wrong by itself: `relu` has no part in it.
        with_body(tree, ACTIVATIONS, "leaky_relu", "x * slope");
        with_body(tree, ACTIVATIONS, "relu_derivative", "helper(x)");
        let text = tree.files.get_mut(Path::new(ACTIVATIONS)).unwrap();
        text.push_str(
            "fn helper<S: Shape, D: Device<f32>>(x: Tensor<S, f32, D>) -> Tensor<S, f32, D> {\n\
             let y = [relu(x.clone())]; let [y] = y; (y / x).nans_to(0.0) }\n",
        );
    });
    assert_eq!(kind(&graded, "tricks/leaky_relu"), Kind::Wrong);
    assert_waits(&graded, "tricks/activation_derivatives", &["tricks/relu"]);
}

#[test]
fn what_is_unfinished_itself_waits_for_nothing() {
    let graded = grade("needs", "activations", |tree| {
        with_body(tree, ACTIVATIONS, "sigmoid", "todo!()");
        with_body(tree, ACTIVATIONS, "tanh_derivative", "todo!()");
    });
    assert_eq!(kind(&graded, "tricks/activation_derivatives"), Kind::Todo);
}

#[test]
fn what_calls_a_function_that_does_not_compile_waits_for_it() {
    let graded = grade("needs", "activations", |tree| {
        with_body(tree, ACTIVATIONS, "relu", "\"a text\"");
        with_body(tree, ACTIVATIONS, "sigmoid", "helper(x)");
        with_body(tree, ACTIVATIONS, "relu_derivative", "(relu(x.clone()) / x).nans_to(0.0)");
        let text = tree.files.get_mut(Path::new(ACTIVATIONS)).unwrap();
        text.push_str("fn helper<T>(x: T) -> T { nothing }\n");
    });
    assert!(matches!(graded.verdicts["tricks/relu"], Verdict::Broken { .. }), "{:?}", graded.verdicts);
    assert!(matches!(graded.verdicts["tricks/sigmoid"], Verdict::Broken { .. }), "{:?}", graded.verdicts);
    assert_waits(&graded, "tricks/activation_derivatives", &["tricks/sigmoid", "tricks/relu"]);
    assert!(graded.is_passed("tricks/leaky_relu"));
}
