//! Parity finds what is off on a second device, in outputs and gradients, and nothing where nothing is. Without a GPU too: the
//! second "device" is another program, or answers made by hand.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use grader::{
    build::assemble::{Sources, assemble},
    course::{Course, cases, stubs},
    device::Device,
    events::Silence,
    examine::{
        Examinee, answers, diagnose,
        parity::{Agreement, compare},
    },
    judge::Outcome,
    paths::Paths,
    source::tree::Tree,
    verdict::Kind,
};
use hidden::{Budget, Case, Rule, Statistic, Tensor};
use protocol::{Answer, Array, Call, Value, Values};

/// A call whose output `y` is [1, 2] with 64 roundings to spare, and whose `d_x` must be exactly [0.5].
fn case() -> Case {
    let call = Call::own("double", Values::new());
    let mut case =
        Case { about: "a case".to_owned(), calls: vec![call], checks: Vec::new(), shows: Vec::new() };
    let array = |values: &[f64]| Tensor::from_shape_vec(vec![values.len()], values.to_vec()).unwrap();
    case.close("y", &array(&[1.0, 2.0]), Budget::elementwise());
    case.close("d_x", &array(&[0.5]), Budget::exact());
    case.statistic("draws", Statistic::Mean, 0.0, 1.0);
    case
}

fn answer(y: &[f32], d_x: &[f32], draws: &[f32]) -> Vec<Outcome> {
    let named = [("y", y), ("d_x", d_x), ("draws", draws)];
    let values = named.map(|(name, v)| (name.to_owned(), Value::Array(Array::f32(&[v.len()], v.to_vec()))));
    vec![Outcome::Answered(Answer::Values(values.into_iter().collect::<BTreeMap<_, _>>()))]
}

fn compared(second: &[Outcome]) -> Result<Agreement, String> {
    compare(&case(), &answer(&[1.0, 2.0], &[0.5], &[0.2]), second, None)
}

#[test]
fn rounding_is_no_difference_and_is_measured() {
    // One ulp of 2 is two roundings of 64 that the case allows, twice over.
    let next = f32::from_bits(2.0f32.to_bits() + 1);
    let found = compared(&answer(&[1.0, next], &[0.5], &[0.9])).unwrap();
    assert_eq!((found.numbers, found.rules), (3, 1));
    assert!((found.largest - 1.0 / 64.0).abs() < 1e-9, "{}", found.largest);
}

#[track_caller]
fn assert_difference(second: &[Outcome], words: &str) {
    let difference = compared(second).unwrap_err();
    assert!(difference.contains(words), "{difference}");
}

#[test]
fn an_output_a_gradient_or_a_rule_that_is_off_is_named() {
    assert_difference(
        &answer(&[1.0, 2.0001], &[0.5], &[0.2]),
        "`y`, shape [2]: element 1 is 2 and 2.0000998",
    );
    assert_difference(&answer(&[1.0, f32::NAN], &[0.5], &[0.2]), "element 1 is 2 and NaN");
    assert_difference(&answer(&[1.0, 2.0], &[0.500_000_06], &[0.2]), "`d_x`");
    assert_difference(&answer(&[1.0, 2.0], &[0.5], &[1.5]), "mean of `draws` is 1.5");
    assert_difference(&answer(&[1.0], &[0.5], &[0.2]), "`y` has shape [2] and [1]");
}

#[test]
fn what_answers_on_one_device_only_is_a_difference() {
    let panicked = Answer::Panicked { message: "no kernel".to_owned(), location: "reshape.rs:7".to_owned() };
    assert_difference(&[Outcome::Answered(panicked)], "the other panicked at reshape.rs:7: no kernel");
    let died = Outcome::Died { kind: Kind::Crash, message: "signal 11".to_owned() };
    assert_difference(&[died], "the other died: signal 11");
    assert_difference(&[Outcome::NotRun], "was not run");
    assert_difference(&[Outcome::Answered(Answer::Values(Values::new()))], "the outputs are");
}

#[test]
fn outputs_that_nothing_fixes_are_compared_where_a_budget_is_given() {
    let mut case = case();
    case.checks.retain(|check| !matches!(check.rule, Rule::Statistic { .. }));
    let (first, second) = (answer(&[1.0, 2.0], &[0.5], &[0.2]), answer(&[1.0, 2.0], &[0.5], &[0.3]));
    assert!(compare(&case, &first, &second, None).is_ok());
    assert!(compare(&case, &first, &second, Some(Budget::sum(1024))).unwrap_err().contains("`draws`"));
}

/// The program of `tricks/activations`, from the solution or from it with a mistake.
fn program(course: &Course, source: &str, mistake: Option<&str>) -> PathBuf {
    let (paths, chapter) = (Paths::new(&course.root), course.chapter("tricks").unwrap());
    let exercise = course.one("tricks/leaky_relu").unwrap();
    let mut tree = Tree::read(&paths.solution("tricks")).unwrap();
    if let Some(name) = mistake {
        let variants = diagnose::variants(&paths, exercise).unwrap();
        tree = variants.iter().find(|v| v.name == name).unwrap().apply(&tree, exercise).unwrap();
    }
    let submission = Sources { chapter, source, tree: &tree };
    let stubs = stubs::load(&paths, "tricks").unwrap();
    let built = assemble(Device::Cpu, &paths, &submission, &stubs, &[&exercise.topic], &Silence).unwrap();
    built.programs[&exercise.topic].clone()
}

#[test]
fn a_second_program_with_a_mistake_is_off_and_the_same_one_is_not() {
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let exercise = course.one("tricks/leaky_relu").unwrap();
    let cases = cases::cases(&Paths::new(&course.root), exercise, 1).unwrap();
    let ask = |program: &Path| answers(Examinee { exercise, program, device: Device::Cpu }, &cases).unwrap();
    let right = program(&course, "parity", None);
    let (first, again) = (ask(&right), ask(&right));
    let wrong = ask(&program(&course, "parity-off", Some("maximum_of_two")));
    let mut numbers = 0;
    let mut differences = Vec::new();
    for (i, case) in cases.iter().enumerate() {
        let found = compare(case, &first[i], &again[i], None).unwrap();
        assert_eq!(found.largest, 0.0);
        numbers += found.numbers;
        differences.extend(compare(case, &first[i], &wrong[i], None).err());
    }
    assert!(numbers > 100, "only {numbers} numbers");
    // Both are off where the slope is above 1; gradients come first, by their name.
    assert!(differences.iter().any(|difference| difference.starts_with("`d_x`")), "{differences:?}");
}

/// What the grader says and its exit code, where CUDA's devices are hidden.
fn grader(arguments: &[&str]) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command.env("CUDA_VISIBLE_DEVICES", "").args(["--course", env!("CARGO_MANIFEST_DIR")]);
    let output = command.args(arguments).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

#[test]
fn without_a_device_nothing_is_run_and_the_exit_code_says_so() {
    let words = "not run: no CUDA device (CUDA_VISIBLE_DEVICES hides them all)";
    for arguments in [
        &["parity", "tricks/relu"][..],
        &["run", "tricks/relu", "--device", "cuda"],
        &["--device", "cuda"],
        &["--device", "cuda", "--min-score", "1"],
    ] {
        assert_eq!(grader(arguments), (format!("{words}\n"), Some(3)), "{arguments:?}");
    }
    let (json, code) = grader(&["run", "tricks/relu", "--device", "cuda", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((json["not_run"].as_str(), code), (Some(words), Some(3)));
    assert!(json.get("exercises").is_none(), "nothing that could be counted");
}
