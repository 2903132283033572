//! The grader is ended after every single step, and at moments that nobody chose.

use std::{process::Stdio, thread::sleep, time::Instant};

use crate::course::{Course, STUB, Snapshot};

/// Interrupts `line` after each of its steps, each time in a course that `set_up` made; then `check` goes on.
///
/// `set_up` also says what the student's files were like at first.
#[track_caller]
pub fn at_every_step(
    set_up: impl Fn() -> (Course, Snapshot),
    line: &str,
    check: impl Fn(&Course, &Snapshot),
) {
    for steps in 0.. {
        let (course, first) = set_up();
        let texts = course.texts();
        let interrupted = course.interrupt(line, steps);
        assert!(course.texts().is_superset(&texts), "`{line}`, ended after {steps} steps, lost something");
        check(&course, &first);
        assert!(course.texts().is_superset(&texts), "what followed `{line}` of {steps} steps lost something");
        assert!(!course.is_interrupted());
        if !interrupted {
            assert!(steps > 8, "`{line}` is said to have {steps} steps");
            return;
        }
    }
}

fn begun() -> (Course, Snapshot) {
    let course = Course::begun();
    let first = course.snapshot();
    (course, first)
}

fn swapped() -> (Course, Snapshot) {
    let (course, first) = begun();
    course.succeed("solutions in");
    (course, first)
}

fn swapped_and_edited() -> (Course, Snapshot) {
    let (course, first) = swapped();
    course.write("lectures/demo/src/shapes.rs", "// what if");
    (course, first)
}

#[track_caller]
fn ends_as_at_first(course: &Course, first: &Snapshot) {
    course.succeed("solutions out");
    assert_eq!(course.snapshot(), *first);
    assert!(!course.root().join(".crash-course/scratch").exists());
}

#[test]
fn killed_on_the_way_in_it_swaps_back() {
    at_every_step(begun, "solutions in", |course, first| {
        ends_as_at_first(course, first);
        assert!(course.stashes().is_empty());
    });
}

#[test]
fn killed_on_the_way_in_it_can_be_run_again() {
    at_every_step(begun, "solutions in", |course, first| {
        course.succeed("solutions in");
        assert_eq!(course.read("lectures/demo/src/shapes.rs"), STUB.replace("todo!()", "1.0"));
        ends_as_at_first(course, first);
    });
}

#[test]
fn killed_on_the_way_out_it_can_be_run_again() {
    at_every_step(swapped, "solutions out", |course, first| {
        ends_as_at_first(course, first);
        assert!(course.stashes().is_empty());
    });
}

#[test]
fn killed_on_the_way_out_it_keeps_edits() {
    at_every_step(swapped_and_edited, "solutions out", |course, first| {
        ends_as_at_first(course, first);
        assert_eq!(
            std::fs::read_to_string(course.stashes()[0].payload.join("shapes.rs")).unwrap(),
            "// what if"
        );
    });
}

#[test]
fn killed_reset_can_be_run_again() {
    at_every_step(begun, "reset one", |course, _| {
        course.succeed("reset one");
        assert_eq!(course.read("lectures/demo/src/shapes.rs"), STUB);
        assert_eq!(course.stashes().len(), 1);
    });
}

#[test]
fn what_is_written_after_a_kill_is_kept_too() {
    let mut in_the_way = 0;
    for steps in 0.. {
        let (course, _) = begun();
        if !course.interrupt("solutions in", steps) {
            break;
        }
        let missing = !course.root().join("lectures/demo/src").exists();
        course.write("lectures/demo/src/later.rs", "// written by an editor that knows nothing");
        let texts = course.texts();
        let said = course.succeed("solutions status");
        assert!(course.texts().is_superset(&texts), "{steps}: {said}");
        if missing {
            in_the_way += 1;
            assert!(
                course.is_swapped() && said.contains("what had been written to `lectures/demo/src` since"),
                "{said}"
            );
        }
    }
    assert!(in_the_way > 0, "no step leaves the folder missing");
}

#[test]
fn what_cannot_be_completed_is_undone() {
    for steps in 0.. {
        let (course, first) = begun();
        assert!(course.interrupt("solutions in", steps), "no step leaves the folder missing");
        if !course.root().join("lectures/demo/src").exists() {
            std::fs::remove_dir_all(course.root().join(".crash-course/scratch")).unwrap();
            let said = course.succeed("solutions status");
            assert!(said.contains("-- solutions in demo` was undone"), "{said}");
            assert_eq!(course.snapshot(), first);
            return;
        }
    }
}

#[test]
fn an_interruption_is_told() {
    for steps in 0.. {
        let (course, _) = begun();
        assert!(course.interrupt("solutions in", steps), "no step leaves a journal");
        if course.is_interrupted() {
            let said = course.succeed("solutions status");
            assert!(
                said.contains("note: an interrupted `cargo run -p grader -- solutions in demo` had not moved anything yet"),
                "{said}"
            );
            assert!(!course.succeed("solutions status").contains("note:"));
            return;
        }
    }
}

#[test]
fn killed_at_any_moment_nothing_is_lost() {
    let (course, first) = begun();
    let texts = course.texts();
    let began = Instant::now();
    course.succeed("solutions in");
    let whole = began.elapsed();
    for round in 0..80 {
        let line = if course.is_swapped() { "solutions out" } else { "solutions in" };
        let mut child = course.grader(line).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // All over the run, the middle as often as its ends.
        sleep(whole * (round * 7 % 40) / 32);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(course.texts().is_superset(&texts), "round {round}");
    }
    ends_as_at_first(&course, &first);
}
