//! The doctor names what is missing and what to do about it, and only a problem makes it fail.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use serde_json::Value;
use tempfile::TempDir;

const EXERCISES: &str = "title = \"A chapter\"\n[[exercise]]\nid = \"relu\"\ntitle = \"t\"\ntopic = \"a\"\npoints = 1\n\
                         source = \"s\"\nhints = []\nmemory_limit = 300\n";

/// A course that lacks everything, and a folder of programs.
fn course() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("lectures/course.toml", "title = \"A course\"\nchapters = [\"first\"]\n");
    write("lectures/first/exercises.toml", EXERCISES);
    write("rust-toolchain.toml", "[toolchain]\nchannel = \"1.2.3\"\n");
    fs::create_dir(folder.path().join("bin")).expect("a folder");
    folder
}

fn program(course: &Path, name: &str, prints: &str) {
    let path = course.join("bin").join(name);
    fs::write(&path, format!("#!/bin/sh\necho '{prints}'\n")).expect("a program");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a program");
}

/// The exit code and the findings of a doctor who finds only the programs of the course's `bin`.
fn doctor(course: &Path, environment: &[(&str, &str)]) -> (Option<i32>, Vec<Value>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command.env_remove("CRASH_COURSE_DATA").env_remove("CUDA_PATH").env("PATH", course.join("bin"));
    command.envs(environment.iter().copied()).arg("--course").arg(course).args(["doctor", "--json"]);
    let output = command.output().expect("a doctor");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    (output.status.code(), report["findings"].as_array().expect("findings").clone())
}

#[track_caller]
fn assert_finding(findings: &[Value], name: &str, health: &str, says: &str) {
    let finding = findings.iter().find(|finding| finding["name"] == name).expect("a finding");
    assert_eq!(finding["health"], health, "{finding}");
    assert!(finding["says"].as_str().expect("a sentence").contains(says), "{finding}");
    assert_eq!(finding.get("advice").is_some(), health != "ok", "{finding}");
}

#[test]
fn what_is_missing_is_named_with_advice() {
    let course = course();
    let data = [("CRASH_COURSE_DATA", "/no/such/folder")];
    let (code, findings) = doctor(course.path(), &data);
    assert_eq!(code, Some(2));
    assert_finding(&findings, "toolchain", "problem", "rustc does not run");
    assert_finding(&findings, "stubs", "problem", "first.stubs.zip");
    assert_finding(&findings, "downloads", "attention", "not downloaded yet");
    assert_finding(&findings, "data", "attention", "/no/such/folder");
    assert_finding(&findings, "git", "attention", "not found");
}

#[test]
fn a_compiler_is_held_against_the_course_s() {
    let course = course();
    program(course.path(), "rustc", "rustc 1.2.3 (0123abc 2020-01-01)");
    assert_finding(&doctor(course.path(), &[]).1, "toolchain", "ok", "1.2.3");
    program(course.path(), "rustc", "rustc 1.2.30 (0123abc 2020-01-01)");
    assert_finding(&doctor(course.path(), &[]).1, "toolchain", "problem", "tested with 1.2.3");
}

#[test]
fn no_cuda_is_fine_and_half_of_it_is_not() {
    let course = course();
    assert_finding(&doctor(course.path(), &[]).1, "CUDA", "ok", "`not run`");
    program(course.path(), "nvidia-smi", "A device, 1024 MiB, 500.1");
    assert_finding(&doctor(course.path(), &[]).1, "CUDA", "attention", "no nvcc");
    program(course.path(), "nvcc", "nvcc: a compiler\nrelease 12.1");
    assert_finding(
        &doctor(course.path(), &[]).1,
        "CUDA",
        "ok",
        "A device, 1024 MiB, 500.1; nvcc release 12.1",
    );
    let wrong = [("CUDA_PATH", "/no/such/folder")];
    assert_finding(&doctor(course.path(), &wrong).1, "CUDA", "attention", "CUDA_PATH");
}

#[test]
fn the_hungriest_exercise_is_named() {
    assert_finding(&doctor(course().path(), &[]).1, "memory", "ok", "(first/relu) may take 0.3 GiB");
}

#[test]
fn data_are_found_by_their_manifest() {
    let course = course();
    fs::write(course.path().join("MANIFEST.toml"), "").expect("a file");
    let folder = course.path().to_str().expect("a path");
    assert_finding(&doctor(course.path(), &[("CRASH_COURSE_DATA", folder)]).1, "data", "ok", folder);
}
