//! Hints come one at a time, what was shown is remembered, and a damaged memory is replaced without losing it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use grader::{keep::state, paths::Paths};
use tempfile::TempDir;

const EXERCISES: &str = r#"
title = "A chapter"
[[exercise]]
id = "relu"
title = "The rectified linear unit"
topic = "activations"
points = 1
source = "a slide"
hints = ["a nudge", "more", "almost all"]
"#;
const LECTURE: &str =
    "# A chapter\n## 1 Before\ntext\n## 2 Activations\n| [`first/relu`](src/activations.rs) |\n## 3 After\n";

/// A course that has hints and nothing else.
fn course() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join("lectures").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("course.toml", "title = \"A course\"\nchapters = [\"first\"]\n");
    write("first/exercises.toml", EXERCISES);
    write("first/README.md", LECTURE);
    folder
}

fn grader(course: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command.arg("--course").arg(course).args(arguments).output().expect("a grader")
}

#[track_caller]
fn hint(course: &Path, arguments: &[&str]) -> String {
    let output = grader(course, &[&["hint", "relu"], arguments].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn file(course: &Path) -> PathBuf {
    state::file(&Paths::new(course))
}

#[test]
fn each_time_there_is_the_next_hint_and_then_the_lecture() {
    let course = course();
    for text in ["hint 1 of 3: a nudge", "hint 2 of 3: more", "hint 3 of 3: almost all"] {
        assert!(hint(course.path(), &[]).contains(text), "{text}");
    }
    let last = hint(course.path(), &[]);
    assert!(last.contains("That was the last hint"), "{last}");
    assert!(last.contains("lectures/first/README.md, “2 Activations”"), "{last}");
}

#[test]
fn again_shows_what_was_shown_and_no_more() {
    let course = course();
    assert!(hint(course.path(), &["--again"]).contains("No hint shown yet"));
    hint(course.path(), &[]);
    hint(course.path(), &[]);
    let again = hint(course.path(), &["--again"]);
    assert!(again.contains("a nudge") && again.contains("more") && !again.contains("almost all"), "{again}");
    assert!(hint(course.path(), &[]).contains("almost all"));
}

#[test]
fn reset_begins_with_the_first_hint() {
    let course = course();
    hint(course.path(), &[]);
    hint(course.path(), &["--reset"]);
    assert!(hint(course.path(), &[]).contains("hint 1 of 3"));
}

#[test]
fn hints_survive_cargo_clean_and_attempts_survive_hints() {
    let course = course();
    let paths = Paths::new(course.path());
    assert!(!file(course.path()).starts_with(paths.root().join("target")));
    state::update(&paths, |state| state.entry("first/relu").attempts = 5).expect("a state");
    hint(course.path(), &[]);
    let record = state::load(&paths).expect("a state").state.get("first/relu");
    assert_eq!((record.hints, record.attempts), (1, 5));
}

#[test]
fn a_damaged_state_is_set_aside_and_a_new_one_begun() {
    let course = course();
    for damage in [&b"[exercises"[..], b"\xff\xfe", b"exercises = 3"] {
        fs::create_dir_all(file(course.path()).parent().expect("a folder")).expect("a folder");
        fs::write(file(course.path()), damage).expect("a file");
        let output = grader(course.path(), &["hint", "relu"]);
        assert!(output.status.success());
        assert!(String::from_utf8_lossy(&output.stdout).contains("hint 1 of 3"));
        assert!(String::from_utf8_lossy(&output.stderr).contains("could not be understood"));
    }
    let kept = [1, 2, 3].map(|n| file(course.path()).with_file_name(format!("state.unreadable-{n}.toml")));
    assert_eq!(
        kept.map(|path| fs::read(path).expect("a file")),
        [&b"[exercises"[..], b"\xff\xfe", b"exercises = 3"]
    );
    assert!(state::load(&Paths::new(course.path())).expect("a state").set_aside.is_none());
}

#[test]
fn an_exercise_without_a_match_is_named_with_a_suggestion() {
    let course = course();
    let output = grader(course.path(), &["hint", "rellu"]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("did you mean `first/relu`?"), "{error}");
}
