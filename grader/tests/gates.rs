//! The cases of every exercise let no large error through, and no idle answer.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::path::Path;

use grader::{course::Course, judge::gates, parallel::side_by_side};
use hidden::{Args, Budget, Case, Rule, Statistic, Suite, Tensor};

/// The cases that an author writes.
fn cases(write: impl Fn(&mut Suite)) -> Vec<Case> {
    let mut tests = Suite::new("example", 1);
    write(&mut tests);
    tests.into_cases().unwrap()
}

#[track_caller]
fn assert_complaint(write: impl Fn(&mut Suite), words: &str) {
    let complaints = gates::complaints("chapter/example", &cases(write));
    assert!(complaints.iter().any(|complaint| complaint.contains(words)), "{words:?} in {complaints:#?}");
}

/// Doubles numbers of this size.
fn doubling(t: &mut Suite, size: f64, budget: Budget) {
    for _ in 0..3 {
        let x = t.normal(&[2, 3], size);
        t.differentiable("numbers", Args::new().tensor("x", x), budget, |args| args.get("x") * 2.0);
    }
}

#[test]
fn cases_that_decide_something_pass() {
    let cases = cases(|t| doubling(t, 1.0, Budget::elementwise()));
    assert_eq!(gates::complaints("chapter/example", &cases), Vec::<String>::new());
}

#[test]
fn a_tolerance_thousands_of_times_the_value_is_a_complaint() {
    // As large as values are, but gradients are not.
    let write = |t: &mut Suite| {
        doubling(t, 1.0, Budget::elementwise());
        doubling(t, 1e9, Budget::elementwise().scale(1e9));
    };
    assert_complaint(write, "`d_x` let an error of more than 1.00 % through");
}

#[test]
fn an_output_that_nothing_looks_at_closely_is_a_complaint() {
    let write = |t: &mut Suite| doubling(t, 1.0, Budget::elementwise().times(1000.0));
    assert_complaint(write, "no check of `y` is finer than 0.10 %");
}

#[test]
fn an_output_that_mostly_vanishes_is_a_complaint() {
    assert_complaint(
        |t| doubling(t, 1e-9, Budget::elementwise().scale(1.0)),
        "zeros pass 3 of 3 checks of `y`",
    );
}

#[test]
fn idle_answers_are_named() {
    for (rule, name) in [
        (Rule::Shape { shape: vec![4] }, "noise"),
        (Rule::Within { low: 0.0, high: 1.0 }, "the constant 0.5"),
        (Rule::Statistic { statistic: Statistic::Last, low: 2.0, high: 4.0 }, "the constant 3"),
        (Rule::Permutation { of: vec![1.0, 2.0] }, "`x` as it came"),
        (Rule::Refuses { mentions: vec![] }, "an `Err` without a word"),
    ] {
        let write = |t: &mut Suite| {
            let x = t.array(&[2], &[1.0, 2.0]);
            t.call("numbers", Args::new().constant("x", x)).check("y", rule.clone());
        };
        assert_complaint(write, name);
    }
}

#[test]
fn a_constant_that_meets_all_bounds_is_found() {
    let write = |t: &mut Suite| {
        for (low, high) in [(0.0, 0.31), (0.3, 1.0)] {
            t.call("a share", Args::new()).statistic("share", Statistic::Mean, low, high);
        }
    };
    assert_complaint(write, "all checks of `share`");
}

#[test]
fn what_must_come_back_as_it_came_is_no_idle_answer() {
    let cases = cases(|t| {
        let x = t.normal(&[3], 1.0);
        t.call("kept", Args::new().constant("x", x.clone())).close("x_after", &x, Budget::exact());
    });
    assert_eq!(gates::complaints("chapter/example", &cases), Vec::<String>::new());
}

#[test]
fn cases_are_drawn_anew_until_they_decide_something() {
    let write = |decisive: bool| {
        cases(|t| {
            let draw = |t: &mut Suite| {
                let x = t.normal(&[1], 1.0);
                t.value("one number", Args::new().tensor("x", x), Budget::elementwise().scale(1e3), |args| {
                    args.get("x").clone()
                });
            };
            (0..32).for_each(|_| if decisive { t.decisive(draw) } else { draw(t) });
            // Whatever one may draw.
            t.value("zeros", Args::new().tensor("x", Tensor::zeros(vec![1])), Budget::exact(), |args| {
                args.get("x").clone()
            });
        })
    };
    let wide =
        |cases: &[Case]| gates::complaints("chapter/example", cases).join("\n").contains("more than 1.00 %");
    assert!(wide(&write(false)));
    assert!(!wide(&write(true)));
}

#[test]
fn no_case_of_the_course_lets_a_large_error_or_an_idle_answer_through() {
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let exercises: Vec<_> = course.exercises().collect();
    let found = side_by_side(&exercises, |_, _, exercise| {
        let cases = hidden::cases(&exercise.chapter, &exercise.id, 0).unwrap().unwrap();
        gates::complaints(&exercise.full_id(), &cases)
    });
    let found: Vec<String> = found.into_iter().flatten().collect();
    assert!(found.is_empty(), "{} complaints:\n{}", found.len(), found.join("\n"));
}
