//! What students read about a wrong answer, word by word, and what the judge lets through.

use std::collections::BTreeMap;

use grader::{
    judge::{Outcome, judge},
    verdict::Kind,
};
use hidden::{Args, Budget, Case, Rule, Statistic, Suite, Tensor};
use insta::assert_snapshot;
use protocol::{Answer, Array, Value};

fn doubling() -> Case {
    let mut tests = Suite::new("double", 1);
    let x = tests.array(&[2, 2], &[1.0, -2.0, 0.5, 4.0]);
    tests.value("small numbers", Args::new().tensor("x", x), Budget::elementwise(), |args| {
        args.get("x") * 2.0
    });
    tests.into_cases().expect("the cases need no data").remove(0)
}

fn answer(outputs: &[(&str, Array)]) -> Vec<Outcome> {
    let values = outputs.iter().map(|(name, array)| ((*name).to_owned(), Value::Array(array.clone())));
    vec![Outcome::Answered(Answer::Values(values.collect()))]
}

fn complaint(case: &Case, outcomes: &[Outcome]) -> String {
    judge(case, outcomes).map(|fault| fault.message).unwrap_or_default()
}

#[test]
fn a_right_answer_within_its_budget_passes() {
    let right = Array::f32(&[2, 2], vec![2.0, -4.000_001, 1.0, 8.0]);
    assert_eq!(judge(&doubling(), &answer(&[("y", right)])), None);
}

#[test]
fn a_wrong_answer_shows_where_how_far_and_with_what() {
    let wrong = Array::f32(&[2, 2], vec![2.0, 4.0, f32::NAN, 8.0]);
    assert_snapshot!(complaint(&doubling(), &answer(&[("y", wrong)])), @r"
    The output is wrong in 2 of 4 elements, shape (2, 2).
      at                    expected         yours
      [0, 1]                      -4             4
      [1, 0]                       1           NaN
      largest error 8, 2.6e5 times the error budget of 3.1e-5
      of yours, 1 should not be NaN and 0 should not be infinite
      with x = [1, -2, 0.5, 4], shape (2, 2)
    ");
}

#[test]
fn another_shape_is_named_before_any_element() {
    let flat = Array::f32(&[4], vec![2.0, -4.0, 1.0, 8.0]);
    assert_snapshot!(complaint(&doubling(), &answer(&[("y", flat)])), @r"
    The output has shape (4), expected (2, 2).
      with x = [1, -2, 0.5, 4], shape (2, 2)
    ");
}

#[test]
fn a_shape_that_lies_about_its_elements_is_no_answer() {
    let lie = Array { shape: vec![2, 2], ..Array::f32(&[1], vec![2.0]) };
    assert!(complaint(&doubling(), &answer(&[("y", lie)])).contains("no output `y`"));
    let overflowing = Array { shape: vec![usize::MAX, 2], ..Array::f32(&[1], vec![2.0]) };
    assert!(complaint(&doubling(), &answer(&[("y", overflowing)])).contains("no output `y`"));
}

#[test]
fn a_wrong_gradient_is_reported_by_its_argument() {
    let mut tests = Suite::new("square", 1);
    let x = tests.array(&[2], &[3.0, -1.0]);
    tests.differentiable("two numbers", Args::new().tensor("x", x), Budget::elementwise(), |args| {
        args.get("x").mapv(|x| x * x)
    });
    let case = tests.into_cases().unwrap().remove(0);
    let cotangent = match &case.calls[0].args["d_y"] {
        Value::Array(array) => array.to_f64(),
        other => panic!("{other:?}"),
    };
    let gradient = |factor: f64| Array::f64(&[2], vec![factor * 3.0 * cotangent[0], factor * -cotangent[1]]);
    let y = Array::f64(&[2], vec![9.0, 1.0]);
    assert_eq!(judge(&case, &answer(&[("y", y.clone()), ("d_x", gradient(2.0))])), None);
    let message = complaint(&case, &answer(&[("y", y), ("d_x", gradient(1.0))]));
    assert!(message.starts_with("The gradient with respect to `x` is wrong in 2 of 2 elements"), "{message}");
    assert!(!message.contains("d_y"), "the cotangent is the grader's own: {message}");
}

#[test]
fn an_err_must_name_what_is_wrong() {
    let mut tests = Suite::new("gain", 1);
    tests.call("an unknown name", Args::new().text("name", "banana")).refuses(&["Banana"]);
    let case = tests.into_cases().unwrap().remove(0);
    let refused = |message: &str| vec![Outcome::Answered(Answer::Refused(message.to_owned()))];
    assert_eq!(judge(&case, &refused("no gain for `banana`")), None);
    assert!(complaint(&case, &refused("bad name")).contains("does not name `Banana`"));
    assert!(complaint(&case, &answer(&[])).contains("must return `Err`"));
    let panicked = Answer::Panicked { message: "no".to_owned(), location: "src/a.rs:1:1".to_owned() };
    assert_eq!(judge(&case, &[Outcome::Answered(panicked)]).map(|fault| fault.kind), Some(Kind::Panic));
}

#[test]
fn statistics_and_bounds_are_checked_and_nan_escapes_neither() {
    let mut tests = Suite::new("draw", 1);
    tests
        .call("a draw", Args::new().count("seed", 1))
        .statistic("y", Statistic::Mean, -0.1, 0.1)
        .check("y", Rule::Within { low: -2.0, high: 2.0 });
    let case = tests.into_cases().unwrap().remove(0);
    let draw = |values: &[f64]| answer(&[("y", Array::f64(&[values.len()], values.to_vec()))]);
    assert_eq!(judge(&case, &draw(&[-1.0, 1.0])), None);
    assert!(
        complaint(&case, &draw(&[1.0, 1.0]))
            .contains("The mean of the output is 1; it should be between -0.1 and 0.1")
    );
    assert!(complaint(&case, &draw(&[-3.0, 3.0])).contains("2 of 2 elements outside -2 to 2"));
    assert!(judge(&case, &draw(&[f64::NAN, 0.0])).is_some());
}

#[test]
fn repeated_calls_are_compared_bit_for_bit() {
    let mut tests = Suite::new("draw", 1);
    let same = Rule::SameAs { call: 0, output: "y".to_owned() };
    tests
        .call("the same seed twice", Args::new().count("seed", 1))
        .also(Args::new().count("seed", 1))
        .check("y", same);
    let case = tests.into_cases().unwrap().remove(0);
    let twice = |a: f32, b: f32| [a, b].map(|x| answer(&[("y", Array::f32(&[1], vec![x]))]).remove(0));
    assert_eq!(judge(&case, &twice(0.5, 0.5)), None);
    assert!(complaint(&case, &twice(0.0, -0.0)).contains("differs from that of the first call"));
}

#[test]
fn a_text_is_compared_letter_by_letter() {
    let mut tests = Suite::new("table", 1);
    let want = "a  1\nb  2\n".to_owned();
    tests.call("a table", Args::new().count("rows", 2)).check("y", Rule::Text { want });
    let case = tests.into_cases().unwrap().remove(0);
    let say = |text: &str| {
        let values = BTreeMap::from([("y".to_owned(), Value::Text(text.to_owned()))]);
        [Outcome::Answered(Answer::Values(values))]
    };
    assert_eq!(judge(&case, &say("a  1\nb  2\n")), None);
    assert_snapshot!(complaint(&case, &say("a  1\nb  2 \n")), @r#"
    The output is another text from line 2 on.
      expected  "b  2\n"
      yours     "b  2 \n"
      with rows = 2
    "#);
    assert!(complaint(&case, &say("a  1\n")).contains("yours     nothing"));
    assert!(complaint(&case, &answer(&[("y", Array::f32(&[1], vec![1.0]))])).contains("no output `y`"));
}

#[test]
fn a_missing_answer_is_a_failure_of_its_case() {
    assert_eq!(judge(&doubling(), &[]).map(|fault| fault.kind), Some(Kind::Crash));
    let empty = Outcome::Answered(Answer::Values(BTreeMap::new()));
    assert!(complaint(&doubling(), &[empty]).contains("no output `y`"));
    let todo = Answer::Panicked { message: "not yet implemented".to_owned(), location: String::new() };
    assert_eq!(judge(&doubling(), &[Outcome::Answered(todo)]).map(|fault| fault.kind), Some(Kind::Todo));
}

#[test]
fn oracles_keep_infinities_apart() {
    let mut tests = Suite::new("log", 1);
    let want = Tensor::from_elem(vec![2], f64::NEG_INFINITY);
    tests.call("zeros", Args::new()).close("y", &want, Budget::elementwise());
    let case = tests.into_cases().unwrap().remove(0);
    assert_eq!(judge(&case, &answer(&[("y", Array::f32(&[2], vec![f32::NEG_INFINITY; 2]))])), None);
    assert!(judge(&case, &answer(&[("y", Array::f32(&[2], vec![f32::INFINITY; 2]))])).is_some());
    assert!(judge(&case, &answer(&[("y", Array::f32(&[2], vec![-1e30; 2]))])).is_some());
}
