//! Whatever `solutions`, `reset` and `update` do, and wherever they are killed, nothing that a student wrote is lost.

#[expect(clippy::unwrap_used, reason = "a helper of tests fails by panicking")]
#[allow(dead_code, reason = "each test program uses its part")]
mod course;
mod killed;
mod random;
mod reset;
mod update;
mod update_killed;

use std::{fs, os::unix::fs::symlink, path::Path};

use course::{Course, STUB};

#[test]
fn a_round_trip_keeps_bytes_modes_and_times() {
    let course = Course::begun();
    let before = course.snapshot();
    let said = course.succeed("solutions in demo");
    assert!(said.contains("solutions out demo") && said.contains(".crash-course/stash/demo/"), "{said}");
    assert_eq!(course.read("lectures/demo/src/shapes.rs"), STUB.replace("todo!()", "1.0"));
    assert!(!course.root().join("lectures/demo/src/my notes.txt").exists());
    let said = course.succeed("solutions status");
    assert!(said.starts_with("demo: solutions (yours are in .crash-course/stash/demo/"), "{said}");
    course.succeed("solutions out");
    assert_eq!(course.snapshot(), before);
    assert_eq!(course.succeed("solutions status"), "demo: yours\n");
    assert_eq!(fs::read_dir(course.root().join(".crash-course/stash/demo")).unwrap().count(), 0);
}

#[test]
fn a_stash_says_what_it_holds() {
    let course = Course::begun();
    course.succeed("solutions in");
    let kept = course.stashes().remove(0);
    let contents = kept.contents.unwrap();
    assert_eq!((contents.chapter.as_str(), contents.command.as_str()), ("demo", "solutions in demo"));
    let first = contents.files.iter().find(|entry| entry.path == "src/tried/first.rs").unwrap();
    assert_eq!((first.size, first.mode.as_str()), (15, "400"));
    assert_eq!(first.sha256.as_ref().unwrap().len(), 64);
    assert!(contents.files.iter().any(|entry| entry.path == "src/empty/"));
    assert_eq!(contents.solutions.len(), 3);
}

#[test]
fn edits_made_while_solutions_are_in_are_stashed() {
    let course = Course::begun();
    let before = course.snapshot();
    course.succeed("solutions in demo");
    course.write("lectures/demo/src/shapes.rs", "// what if");
    course.write("lectures/demo/src/new.rs", "// and that");
    let said = course.succeed("solutions out demo");
    assert!(
        said.contains("What was edited while the solutions were in is in .crash-course/stash/demo/"),
        "{said}"
    );
    assert_eq!(course.snapshot(), before);
    let kept = course.stashes().remove(0);
    assert_eq!(fs::read_to_string(kept.payload.join("shapes.rs")).unwrap(), "// what if");
    assert_eq!(fs::read_to_string(kept.payload.join("new.rs")).unwrap(), "// and that");
}

#[test]
fn doing_it_twice_changes_nothing_more() {
    let course = Course::begun();
    assert!(course.succeed("solutions out").contains("holds your files already"));
    course.succeed("solutions in");
    let swapped = course.snapshot();
    assert!(course.succeed("solutions in").contains("in already"));
    assert_eq!(course.snapshot(), swapped);
    assert_eq!(course.stashes().len(), 1);
}

#[test]
fn a_lecture_deleted_under_the_solutions_comes_back() {
    let course = Course::begun();
    let before = course.snapshot();
    course.succeed("solutions in");
    fs::remove_dir_all(course.root().join("lectures/demo/src")).unwrap();
    course.succeed("solutions out");
    assert_eq!(course.snapshot(), before);
}

#[test]
fn two_at_once_wait_for_each_other() {
    let course = Course::begun();
    let before = course.snapshot();
    for line in ["solutions in", "solutions out"] {
        let mut children: Vec<_> =
            (0..4).map(|_| course.grader(&format!("{line} --quiet")).spawn().unwrap()).collect();
        assert!(children.iter_mut().all(|child| child.wait().unwrap().success()));
    }
    assert_eq!(course.snapshot(), before);
    assert!(course.stashes().is_empty());
}

#[test]
fn a_chapter_without_solutions_is_left_alone() {
    let course = Course::begun();
    fs::remove_dir_all(course.root().join("solutions")).unwrap();
    let said = course.refuse("solutions in");
    assert!(said.contains("there is no `solutions/demo/src`"), "{said}");
    assert!(course.refuse("solutions in nowhere").contains("there is no chapter `nowhere`; there is demo"));
}

#[test]
fn a_missing_or_linked_source_folder_is_refused() {
    let course = Course::begun();
    let (src, elsewhere) = (course.root().join("lectures/demo/src"), course.root().join("elsewhere"));
    fs::rename(&src, &elsewhere).unwrap();
    assert!(course.refuse("solutions in").contains("`lectures/demo/src` is missing"));
    symlink(&elsewhere, &src).unwrap();
    assert!(course.refuse("solutions in").contains("is a link"));
    assert!(course.refuse("reset one").contains("is a link"));
}

#[test]
fn links_in_a_source_folder_travel_with_it() {
    let course = Course::begun();
    symlink("shapes.rs", course.root().join("lectures/demo/src/again.rs")).unwrap();
    symlink("nowhere", course.root().join("lectures/demo/src/nothing")).unwrap();
    course.succeed("solutions in");
    course.succeed("solutions out");
    assert_eq!(
        fs::read_link(course.root().join("lectures/demo/src/again.rs")).unwrap(),
        Path::new("shapes.rs")
    );
    assert_eq!(fs::read_link(course.root().join("lectures/demo/src/nothing")).unwrap(), Path::new("nowhere"));
}

/// A limit on file sizes stands for a disk without room: writing fails halfway.
#[test]
fn a_full_disk_is_an_error_before_anything_moves() {
    let course = Course::begun();
    course.write("solutions/demo/src/long.rs", &"// long\n".repeat(100_000));
    let before = course.snapshot();
    let grader = env!("CARGO_BIN_EXE_grader");
    let script = format!(
        "trap '' XFSZ; ulimit -f 64; exec '{grader}' solutions in --course '{}'",
        course.root().display()
    );
    let output = std::process::Command::new("sh").arg("-c").arg(script).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && err.contains("failed to copy"), "{err}");
    assert_eq!(course.snapshot(), before);
    assert!(course.stashes().is_empty() && !course.root().join(".crash-course/scratch").exists());
}

/// Cargo goes by times: files that come back with old ones would leave it running the solutions.
#[test]
fn cargo_builds_the_students_files_again() {
    let course = Course::begun();
    course.write("target/debug/.fingerprint/demo-0123456789abcdef/lib-demo", "");
    course.write("target/debug/.fingerprint/demo-two-0123456789abcdef/lib-demo-two", "");
    course.succeed("solutions in");
    course.succeed("solutions out");
    assert!(!course.root().join("target/debug/.fingerprint/demo-0123456789abcdef").exists());
    assert!(course.root().join("target/debug/.fingerprint/demo-two-0123456789abcdef").exists());
}
