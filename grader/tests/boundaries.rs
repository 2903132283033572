//! The architecture's absences hold: what the grader must not link, start or grow into.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

#[path = "boundaries/adapters.rs"]
mod adapters;
#[path = "boundaries/calls.rs"]
mod calls;
#[path = "boundaries/editors.rs"]
mod editors;
#[path = "boundaries/given.rs"]
mod given;
#[path = "boundaries/panics.rs"]
mod panics;
#[path = "boundaries/rooms.rs"]
mod rooms;
#[path = "boundaries/slides.rs"]
mod slides;
#[path = "boundaries/truth.rs"]
mod truth;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use toml::{Table, Value};

/// More than this and a file says more than one thing.
const LONGEST_FILE: usize = 300;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().unwrap() != "target" {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Our own files: not `lectures/<chapter>`, which belongs to students.
fn our_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in ["grader", "datasets", "solutions", "lectures/book", "lectures/figures", "lectures/toolkit"]
    {
        rust_files(&root().join(folder), &mut files);
    }
    assert!(files.len() > 50, "only {} files found", files.len());
    files
}

#[test]
fn every_file_says_what_it_is_and_stays_short() {
    for file in our_files() {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//!"), "{} has no //! header", file.display());
        let lines = text.lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines", file.display());
    }
}

#[test]
fn the_top_level_is_as_small_as_it_was() {
    let names = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let besides = |name: &str| {
        name.starts_with('.')
            || name.starts_with("LICENSE")
            || ["Cargo.lock", "rust-toolchain.toml", "target"].contains(&name)
    };
    let names: BTreeSet<String> = names.filter(|name| !besides(name)).collect();
    let wanted = ["Cargo.toml", "README.md", "datasets", "grader", "lectures", "solutions"];
    assert_eq!(names.iter().map(String::as_str).collect::<Vec<_>>(), wanted);
}

#[test]
fn only_process_starts_processes() {
    for file in our_files() {
        let relative = file.strip_prefix(root()).unwrap();
        let allowed = relative.starts_with("grader/src/process") || relative.starts_with("grader/tests");
        let text = fs::read_to_string(&file).unwrap();
        assert!(allowed || !text.contains("Command::new"), "{} starts a process", relative.display());
    }
}

#[test]
fn the_judge_does_no_input_or_output() {
    let mut files = Vec::new();
    rust_files(&root().join("grader/src/judge"), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for word in ["std::fs", "std::io", "std::process", "std::time", "println!"] {
            assert!(!text.contains(word), "{} uses {word}", file.display());
        }
    }
}

#[test]
fn the_grader_links_no_dfdx_no_lecture_and_no_solution() {
    let lock: Table = toml::from_str(&fs::read_to_string(root().join("Cargo.lock")).unwrap()).unwrap();
    let packages = lock["package"].as_array().unwrap();
    let dependencies = |name: &str| -> Vec<String> {
        let package = packages.iter().find(|package| package["name"].as_str() == Some(name)).unwrap();
        let listed = package.get("dependencies").and_then(Value::as_array).cloned().unwrap_or_default();
        listed.iter().map(|entry| entry.as_str().unwrap().split(' ').next().unwrap().to_owned()).collect()
    };
    let mut reached = BTreeSet::new();
    let mut next = vec!["grader".to_owned()];
    while let Some(name) = next.pop() {
        if reached.insert(name.clone()) {
            next.extend(dependencies(&name));
        }
    }
    for forbidden in ["dfdx", "grader-probe", "toolkit", "clinic", "tricks", "solution-tricks"] {
        assert!(!reached.contains(forbidden), "the grader depends on {forbidden}");
    }
    assert!(reached.contains("grader-hidden"));
}
