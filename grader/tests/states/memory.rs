//! What the grader remembers is a help: where it can't be written or read, everything is shown all the same.

use std::{fs, path::Path};

use crate::gradable;

/// Nobody can write to a file where a folder is, not even root.
fn block(course: &crate::course::Course, place: &str) {
    fs::create_dir_all(course.root().join(place).join("in the way")).unwrap();
}

#[test]
fn a_verdict_that_cannot_be_remembered_is_shown() {
    let course = gradable();
    block(&course, "target/grader/verdicts.json");
    for line in ["list", "list --json", "run one --quiet"] {
        let output = course.run(line);
        let (out, err) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(output.status.success(), "`{line}`: {err}");
        assert!(out.contains("demo/one") || out.contains("0 of 2 points"), "{out}");
        assert_eq!(err.matches("warning: ").count(), 1, "{err}");
        assert!(
            err.contains("verdicts are not remembered") && err.contains("verdicts.json`: Is a directory"),
            "{err}"
        );
    }
}

#[test]
fn garbage_in_what_is_remembered_is_forgotten() {
    let course = gradable();
    course.write("target/grader/verdicts.json", "{\"entries\": [");
    course.write(".crash-course/state.toml", "\u{0}garbage");
    let said = course.succeed("list");
    assert!(said.contains("demo/one") && said.contains("state.unreadable-1.toml"), "{said}");
}

#[test]
fn a_hint_that_cannot_be_counted_is_shown() {
    let course = gradable();
    block(&course, ".crash-course/state.lock");
    let said = course.succeed("hint one");
    assert!(
        said.contains("mind the sign") && said.contains("warning: hints taken are not counted"),
        "{said}"
    );
}

/// A path that was compiled in leads to where a course was built, not to where it is.
#[test]
fn no_path_of_the_build_is_compiled_in() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (mut folders, mut files) = (vec![root.join("grader/src"), root.join("grader/hidden/src")], 0);
    folders.extend(["datasets/src", "grader/protocol/src", "grader/probe/src"].map(|name| root.join(name)));
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            assert!(!code.contains("CARGO_MANIFEST_DIR"), "{}", path.display());
            files += 1;
        }
    }
    assert!(files > 100, "only {files} files found");
}

#[test]
fn data_are_those_of_the_course_that_is_used() {
    let course = gradable();
    datasets::places::of_course(course.root());
    assert_eq!(datasets::places::bundled(), course.root().join("datasets/bundled"));
}
