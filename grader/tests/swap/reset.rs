//! `reset`: one exercise back to its stub, the neighbours as they are, the old file in a stash.

use std::{fs, os::unix::fs::PermissionsExt};

use crate::course::{Course, STUB};

#[test]
fn reset_keeps_the_neighbours_work_and_the_files_mode() {
    let course = Course::new();
    let path = "lectures/demo/src/shapes.rs";
    let both = STUB.replacen("todo!()", "one_helper()", 1).replace("todo!()", "let two = 2;")
        + "\n// Mine.\nfn one_helper() -> f32 {\n    1.0\n}\n";
    course.write(path, &both);
    course.permit(path, 0o640);
    let said = course.succeed("reset demo/one");
    let now = course.read(path);
    assert_eq!(now, both.replacen("one_helper()", "todo!()", 1));
    assert_eq!(fs::metadata(course.root().join(path)).unwrap().permissions().mode() & 0o777, 0o640);
    let kept = course.stashes().remove(0);
    assert_eq!(fs::read_to_string(&kept.payload).unwrap(), both);
    let line = said.lines().find_map(|line| line.strip_prefix("To bring it back: ")).unwrap();
    let line = line.split_once(" -- ").unwrap().1;
    let said = course.succeed(line);
    assert!(said.contains("`lectures/demo/src/shapes.rs` is as it was in demo/"), "{said}");
    assert_eq!(course.read(path), both);
    assert!(course.succeed(line).contains("nothing to do"));
    let said = course.succeed("stash list");
    assert!(said.contains("shapes.rs: 1 file, from before (`reset demo/one`)"), "{said}");
    assert!(said.contains("from before (`stash restore demo/"), "{said}");
    assert_eq!(course.succeed("solutions status"), "demo: yours; 2 stashes, which `stash list` names\n");
}

#[test]
fn an_untouched_exercise_is_left_alone() {
    let course = Course::begun();
    let before = course.snapshot();
    let said = course.succeed("reset two");
    assert!(said.contains("`demo/two` is untouched"), "{said}");
    assert_eq!(course.snapshot(), before);
    assert!(course.stashes().is_empty());
}

#[test]
fn a_file_that_does_not_parse_is_reset_as_a_whole() {
    let course = Course::new();
    course.write("lectures/demo/src/shapes.rs", "pub fn one( {");
    let said = course.refuse("reset demo/one");
    assert!(said.contains("line 1 does not parse") && said.contains("reset demo/one --file"), "{said}");
    course.succeed("reset demo/one --file");
    assert_eq!(course.read("lectures/demo/src/shapes.rs"), STUB);
    assert_eq!(fs::read_to_string(&course.stashes()[0].payload).unwrap(), "pub fn one( {");
}

#[test]
fn a_missing_file_comes_back() {
    let course = Course::new();
    let before =
        course.snapshot().into_iter().map(|(path, (bytes, mode, _))| (path, bytes, mode)).collect::<Vec<_>>();
    fs::remove_file(course.root().join("lectures/demo/src/shapes.rs")).unwrap();
    assert!(course.succeed("reset one").contains("was missing"));
    let after =
        course.snapshot().into_iter().map(|(path, (bytes, mode, _))| (path, bytes, mode)).collect::<Vec<_>>();
    assert_eq!(after, before);
}

#[test]
fn solutions_are_not_reset() {
    let course = Course::begun();
    course.succeed("solutions in");
    assert!(course.refuse("reset one").contains("solutions out demo` first"));
}

#[test]
fn a_read_only_file_is_reset_and_stays_read_only() {
    let course = Course::begun();
    course.permit("lectures/demo/src/shapes.rs", 0o444);
    course.succeed("reset one");
    assert_eq!(course.read("lectures/demo/src/shapes.rs"), STUB);
    let metadata = fs::metadata(course.root().join("lectures/demo/src/shapes.rs")).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o444);
}
