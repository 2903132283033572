//! What is printed reaches its reader whole and harmless, or the exit code says so.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use crate::{course::Course, gradable};

fn full() -> File {
    OpenOptions::new().write(true).open("/dev/full").unwrap()
}

/// What it says on standard error, and how it ends, where standard output is `out`.
fn with_output(course: &Course, line: &str, out: impl Into<Stdio>) -> (String, Option<i32>) {
    let Output { status, stderr, .. } =
        course.grader(line).stdout(out).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    (String::from_utf8(stderr).unwrap(), status.code())
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_below_standard_output_is_an_error_that_names_it() {
    let course = gradable();
    for line in ["list --json", "list", "solutions status", "doctor --json", "", "--help", "--version"] {
        let (said, code) = with_output(&course, line, full());
        assert_eq!(code, Some(2), "`{line}`: {said}");
        assert!(said.contains("failed to write to standard output: No space left on device"), "{said}");
        assert_eq!(said.matches("error:").count(), 1, "{said}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_nobody_hears_on_standard_error_ends_nothing() {
    let course = gradable();
    let output = course.grader("run nothing").stderr(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

/// Where the reader is gone before anything is written to it.
fn unread(course: &Course, line: &str) -> (String, Option<i32>) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    with_output(course, line, writer)
}

#[test]
fn a_reader_that_went_hides_no_exit_code() {
    let course = gradable();
    assert_eq!(unread(&course, "list --json --quiet"), (String::new(), Some(0)));
    assert_eq!(unread(&course, "list --quiet --min-score 1"), (String::new(), Some(1)));
    // The first line was read, as by `head -1`.
    let mut child = course.grader("list --min-score 1").stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("demo"), "{first}");
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn names_that_somebody_typed_steer_no_terminal() {
    let course = gradable();
    let output = course.grader("run").arg("\x1b]0;owned\x07\u{202e}\x1b[31m").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(r"\u{1b}]0;owned\u{7}\u{202e}"), "{said}");
    assert!(!said.contains(|c: char| c.is_control() && c != '\n'), "{said:?}");
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn nothing_is_printed_past_the_one_place_that_checks_it() {
    let (source, mut files) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), Vec::new());
    sources(&source, &mut files);
    let is_test = |file: &Path| file.to_string_lossy().ends_with("tests.rs");
    for file in files.iter().filter(|file| !file.ends_with("report/print.rs") && !is_test(file)) {
        let text = fs::read_to_string(file).unwrap();
        // Sentences to students may quote it.
        let text = text.split("#[cfg(test)]").next().unwrap().replace("`println!(", "");
        let prints = ["println!(", "print!(", "stdout().lock", "stderr().lock", "io::stdout().flush"];
        for word in prints {
            assert!(!text.contains(word), "{} has {word}", file.display());
        }
    }
}
