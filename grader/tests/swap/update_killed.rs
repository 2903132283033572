//! An update is ended after every single step.

use std::fs;

use crate::{
    course::{Course, Snapshot},
    killed::at_every_step,
    update::{begun, line, next},
};

#[test]
fn killed_at_any_step_it_is_all_or_nothing_and_can_be_run_again() {
    let set_up = || {
        let course = begun();
        course.write("grader/src/main.rs", "fn main() { /* mine */ }\n");
        let first = course.snapshot();
        (course, first)
    };
    let (course, _) = set_up();
    let (before, line) = (course.files(), line(next()));
    course.succeed(&line);
    let after = course.files();
    let outcomes = std::cell::RefCell::new([0, 0]);
    at_every_step(set_up, &line, |course: &Course, _: &Snapshot| {
        let said = course.settle();
        let now = course.files();
        assert!(now == before || now == after, "{said}");
        outcomes.borrow_mut()[usize::from(now == after)] += 1;
        course.succeed(&line);
        assert_eq!(course.files(), after);
        assert!(!course.root().join(".crash-course/scratch").exists());
        assert_eq!(course.updates().len(), 1);
    });
    assert!(outcomes.into_inner().iter().all(|&times| times > 10), "some before, some after the first move");
}

#[test]
fn what_cannot_be_completed_is_undone() {
    let mut undone = 0;
    for steps in 0.. {
        let course = begun();
        let before = course.files();
        if !course.interrupt(&line(next()), steps) {
            break;
        }
        if course.is_interrupted() && fs::remove_dir_all(course.root().join(".crash-course/scratch")).is_ok()
        {
            let said = course.settle();
            if said.contains("was undone; everything is as it was") {
                undone += 1;
                assert_eq!(course.files(), before);
                assert!(course.updates().is_empty());
            }
        }
    }
    assert!(undone > 5, "{undone}");
}
