//! The compiler has limits: what makes it compute for ever or fill the memory costs the function that does it, and leaves
//! nothing running.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

#[path = "grading/mod.rs"]
mod grading;

use std::{env, path::Path};

use grader::{
    course::stubs,
    process::tool,
    verdict::{Marks, Verdict},
};
use grading::Grading;

const FILE: &str = "src/activations.rs";
const RELU: &str = "x.gt(0.0).choose(x, zeros)";

/// Each constant is small; together they take minutes. No statement is longer than the grader lets through.
fn slow(patch: &mut dyn FnMut(&str, &str)) {
    let numbers = |k: u32| (k..k + 200).map(|n| format!(" {n}")).collect::<String>();
    let spins: String = (0..20).map(|k| format!("let _ = spins!({}); ", numbers(200 * k))).collect();
    patch(
        "use dfdx::prelude::*;\n\n/// The logistic",
        "use dfdx::prelude::*;\nconst fn spin(n: u32) -> u32 { let mut i = 0; while i < n { i += 1; } i }\n\
         macro_rules! spins { ($($n:literal)*) => { 0 $(^ { const S: u32 = spin(600_000 + $n); S })* } }\n/// The logistic",
    );
    patch(RELU, &format!("{{ let _ = zeros; {spins} x }}"));
}

/// A macro that doubles what it is given, thirty times.
fn bomb(patch: &mut dyn FnMut(&str, &str)) {
    patch(
        RELU,
        "{ macro_rules! bomb { ([] $($x:tt)*) => { [$($x)*] }; \
         ([. $($n:tt)*] $($x:tt)*) => { bomb!([$($n)*] $($x)* $($x)*) } }\n\
         let _ = (zeros, bomb!([. . . . . . . . . . . . . . . . . . . . . . . . . . . . . .] 1,)); x }",
    );
}

/// Grades sigmoid and relu with a mistake, in a process of its own whose compiler has small limits.
fn grade(source: &str, test: &str, spoil: fn(&mut dyn FnMut(&str, &str))) -> Option<Marks> {
    if env::var_os("ROLE").is_none() {
        let args = ["--exact", test, "--nocapture"];
        let small = [
            ("ROLE", "limits"),
            ("CRASH_COURSE_COMPILER_SECONDS", "16"),
            ("CRASH_COURSE_COMPILER_MIB", "1000"),
        ];
        let small = small.map(|(name, value)| (name.into(), value.into()));
        let mut said = String::new();
        let mut hear = |line: &str| said += &format!("{line}\n");
        let this = env::current_exe().unwrap();
        let variables = env::vars_os().chain(small);
        let status = tool::run(this, &args, Path::new("/"), variables, &mut hear, &mut |_| ()).unwrap();
        assert!(status.success(), "{said}");
        assert!(!compiles(source), "a compiler was left running");
        return None;
    }
    let solved = grading::solutions();
    let mut tree = stubs::load(&grading::paths(), "tricks").unwrap();
    tree.files.insert(FILE.into(), solved.files[Path::new(FILE)].clone());
    spoil(&mut |find, replace| tree.patch(Path::new(FILE), find, replace).unwrap());
    Some(Grading { source, chapter: "tricks", ids: &["sigmoid", "relu"], seed: 3 }.of(&tree))
}

/// Whether a compiler is at work on what is called `source`, where the system tells.
fn compiles(source: &str) -> bool {
    let name = format!("{source}_tricks_activations");
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let lines = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    lines.map(|line| String::from_utf8_lossy(&line).into_owned()).any(|line| line.contains(&name))
}

#[track_caller]
fn blames_relu(graded: &Marks, says: &str) {
    assert!(graded.is_passed("tricks/sigmoid"), "{:?}", graded.verdicts["tricks/sigmoid"]);
    match &graded.verdicts["tricks/relu"] {
        Verdict::TooMuch { message } => assert!(message.contains(says), "{message}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_never_finished_costs_its_function() {
    if let Some(graded) = grade("slow", "what_is_never_finished_costs_its_function", slow) {
        blames_relu(&graded, "computes for more than 16 s");
    }
}

#[test]
fn what_fills_the_memory_costs_its_function() {
    if let Some(graded) = grade("bomb", "what_fills_the_memory_costs_its_function", bomb) {
        blames_relu(&graded, "wants more than 1000 MiB of memory");
    }
}
