//! An error of the compiler costs the function that contains it, is shown once, and leaves every other right answer its points.
//!
//! The submissions are the solutions of `tricks` with something spoiled; they are staged and built as a student's are.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

#[path = "grading/mod.rs"]
mod grading;

use grader::verdict::{Marks, Verdict};
use grading::Grading;

const RELU: &str = "x.gt(0.0).choose(x, zeros)";
const LEAKY: &str = "positive.choose(x, leaked)";

/// Grades the solutions of `tricks` with `patches` (file, find, replace), looking at `ids` only.
fn grade(source: &str, patches: &[(&str, &str, &str)], ids: &[&str]) -> Marks {
    Grading { source, chapter: "tricks", ids, seed: 3 }.patched(patches)
}

#[track_caller]
fn broken<'a>(graded: &'a Marks, id: &str) -> &'a str {
    match &graded.verdicts[&format!("tricks/{id}")] {
        Verdict::Broken { message } => message,
        other => panic!("{id}: {other:?}"),
    }
}

#[track_caller]
fn passes(graded: &Marks, ids: &[&str]) {
    for id in ids {
        assert!(
            graded.is_passed(&format!("tricks/{id}")),
            "{id}: {:?}",
            graded.verdicts[&format!("tricks/{id}")]
        );
    }
}

/// The exercises under which `text` is said.
fn saying<'a>(graded: &'a Marks, text: &str) -> Vec<&'a str> {
    let says = |verdict: &Verdict| matches!(verdict, Verdict::Broken { message } if message.contains(text));
    graded.verdicts.iter().filter(|(_, verdict)| says(verdict)).map(|(id, _)| id.as_str()).collect()
}

#[test]
fn an_error_costs_its_function_and_what_calls_it() {
    let wrong = "use dfdx::prelude::*;\n\
                 macro_rules! chosen { ($p:expr, $x:expr, $l:expr) => { $p.choose($x, $l).no_such_method() } }\n";
    let patches = [
        ("activations.rs", RELU, "{ let _ = zeros; \"a text\" }"),
        (
            "activations.rs",
            "use dfdx::prelude::*;\n\n/// The logistic",
            &format!("{wrong}\n/// The logistic"),
        ),
        ("activations.rs", LEAKY, "chosen!(positive, x, leaked)"),
        (
            "initialization.rs",
            "fn fill<S: Shape, D: Device<f32>>(",
            "fn unused() -> f32 { nothing }\nfn fill<S: Shape, D: Device<f32>>(",
        ),
        ("initialization.rs", "(fan_in as f32, fan_out as f32)", "(fan_in, fan_out)"),
    ];
    let ids = [
        "sigmoid",
        "relu",
        "leaky_relu",
        "activation_derivatives",
        "calculate_gain",
        "xavier_normal",
        "xavier_uniform",
    ];
    let graded = grade("blame", &patches, &ids);
    passes(&graded, &["sigmoid", "activation_derivatives"]);
    let relu = broken(&graded, "relu");
    assert!(relu.contains("mismatched types") && relu.contains("activations.rs:"), "{relu}");
    assert_eq!(saying(&graded, "mismatched types"), ["tricks/relu", "tricks/xavier_normal"]);
    assert_eq!(saying(&graded, "no_such_method"), ["tricks/leaky_relu"]);
    // What nobody calls is shown all the same, under the file's first exercise, and costs no other.
    assert_eq!(saying(&graded, "nothing"), ["tricks/calculate_gain"]);
    assert!(broken(&graded, "xavier_normal").contains("mismatched types"));
    let user = broken(&graded, "xavier_uniform");
    assert!(user.contains("uses `fans_of`, which does not compile (see tricks/xavier_normal)"), "{user}");
}

#[test]
fn errors_outside_a_body_cost_the_item_or_the_file() {
    let patches = [
        ("affine.rs", "    fill: FillMode,\n}\n\nimpl Plane", "    fill: NoSuchMode,\n}\n\nimpl Plane"),
        (
            "batch_norm.rs",
            "use std::{error::Error, fmt};",
            "use std::{error::Error, fmt};\nuse no_such_crate::Thing;",
        ),
        ("color.rs", "fn grey<D: Device<f32>>(x: Images<D>)", "fn grey<D: Device<f32>>(x: NoSuchImages<D>)"),
    ];
    let ids = ["affine_augment", "batch_norm_train", "batch_norm_eval", "color_jitter"];
    let graded = grade("blame-items", &patches, &ids);
    let affine = broken(&graded, "affine_augment");
    assert!(affine.contains("NoSuchMode") && affine.contains("`affine_augment` uses `Plane`"), "{affine}");
    let grey = broken(&graded, "color_jitter");
    assert!(grey.contains("NoSuchImages") && grey.contains("`adjust_contrast` uses `grey`"), "{grey}");
    let crates = "If `no_such_crate` is to be a crate: what you write is compiled with `std`, `dfdx`,";
    assert!(broken(&graded, "batch_norm_eval").contains(crates));
    assert_eq!(saying(&graded, "no_such_crate"), ["tricks/batch_norm_eval", "tricks/batch_norm_train"]);
}

#[test]
fn an_error_inside_a_library_is_the_callers() {
    let shapes = "{ let t: Tensor<Rank2<2, 3>, f32, Cpu> = Cpu::default().zeros(); \
                  let u: Tensor<Rank1<5>, f32, Cpu> = t.reshape(); let _ = (u, zeros); x }";
    let graded =
        grade("blame-shapes", &[("activations.rs", RELU, shapes)], &["sigmoid", "relu", "leaky_relu"]);
    passes(&graded, &["sigmoid", "leaky_relu"]);
    assert!(broken(&graded, "relu").contains("t.reshape()"), "{}", broken(&graded, "relu"));
}

/// Fails in a library, which says nothing of who uses it.
const HEADS: &str = "{ use dfdx::nn::{DeviceBuildExt, builders::MultiHeadAttention}; \
                     let heads = Cpu::default().build_module::<MultiHeadAttention<3, 2>, f32>(); let _ = (heads, zeros); x }";

#[test]
fn an_error_that_points_at_no_caller_is_found_by_looking_for_it() {
    let graded = grade("blame-heads", &[("activations.rs", RELU, HEADS)], &["sigmoid", "relu"]);
    passes(&graded, &["sigmoid"]);
    assert!(broken(&graded, "relu").contains("NUM_HEADS must divide"), "{}", broken(&graded, "relu"));
}
