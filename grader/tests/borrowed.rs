//! What an exercise is about may not be borrowed; what it is not about may.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

mod grading;

use std::path::Path;

use grader::{
    build::assemble::Sources,
    course::Course,
    grade::Links,
    paths::Paths,
    source::tree::Tree,
    verdict::{Failure, Kind, Verdict},
};
use grading::{grade, with_body};

#[test]
fn right_answers_that_are_borrowed_earn_nothing_and_hear_where() {
    let solved = grade("borrowed", "activations", |tree| {
        let file = "src/activations.rs";
        with_body(tree, file, "sigmoid", "helped(x)");
        with_body(tree, file, "relu", "borrow!(x)");
        // dfdx's own panics where there is nothing.
        let own = "if x.shape().num_elements() == 0 { return x; } x.prelu(slope)";
        with_body(tree, file, "leaky_relu", own);
        let text = tree.files.get_mut(Path::new(file)).unwrap();
        let imports = "use dfdx::prelude::*;";
        let with_macro = format!("{imports}\nmacro_rules! borrow {{ ($x:expr) => {{ $x.relu() }} }}");
        *text = text.replacen(&format!("\n{imports}"), &format!("\n{with_macro}"), 1);
        text.push_str(
            "fn helped<S: Shape, D: Device<f32>, T: Tape<f32, D>>(x: Tensor<S, f32, D, T>) -> Tensor<S, f32, D, T> {\n\
             \x20   Tensor::sigmoid(x)\n}\n",
        );
    });
    let borrowed = |id: &str| match &solved.verdicts[&format!("tricks/{id}")] {
        Verdict::Failed(failure) => (**failure).clone(),
        other => panic!("{id}: {other:?}"),
    };
    for (id, name) in [("sigmoid", "sigmoid"), ("relu", "relu"), ("leaky_relu", "prelu")] {
        let Failure { kind, message, passed, cases, .. } = borrowed(id);
        assert_eq!((kind, passed), (Kind::Borrowed, cases), "{message}");
        assert!(message.contains(&format!("dfdx has `{name}` ready-made")), "{message}");
        assert!(message.contains("borrowed/tricks/src/activations.rs:"), "{message}");
    }
    // It calls the student's own `sigmoid`, and what that is made of is not its business.
    assert!(solved.is_passed("tricks/activation_derivatives"), "{:?}", solved.verdicts);
}

#[test]
fn a_wrong_answer_is_told_what_is_wrong_with_it() {
    let solved = grade("borrowed", "activations", |tree| {
        with_body(tree, "src/activations.rs", "relu", "x.relu() * 2.0");
    });
    let Verdict::Failed(failure) = &solved.verdicts["tricks/relu"] else { panic!("{:?}", solved.verdicts) };
    assert_eq!(failure.kind, Kind::Wrong, "{}", failure.message);
}

#[test]
fn no_solution_is_borrowed() {
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let paths = Paths::new(&course.root);
    for chapter in &course.chapters {
        let tree = Tree::read(&paths.solution(&chapter.name)).unwrap();
        let links = Links::new(&paths, &Sources { chapter, source: "solutions", tree: &tree });
        for exercise in &chapter.exercises {
            assert_eq!(links.borrowed(exercise), None, "{}", exercise.full_id());
        }
    }
}
