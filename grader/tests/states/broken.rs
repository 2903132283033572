//! What the grader keeps for a student is damaged, or what the student keeps is gone: one sentence, a way out that works, and
//! nothing lost or handed in that is not the student's.

use std::{fs, os::unix::fs::symlink, path::Path, process::Command};

use grader::{
    hand_in::submission::{Points, Receipt, Submission, pack, sources},
    source::tree::Tree,
};
use serde_json::Value;

use crate::{
    course::{Course, STUB},
    gradable,
};

const SHAPES: &str = "lectures/demo/src/shapes.rs";
const JOURNAL: &str = ".crash-course/journal.toml";

/// What the doctor says about `name`, and what is to be done about it.
fn finding(course: &Course, name: &str) -> Option<(String, String)> {
    let output = course.run("doctor --json");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = report["findings"].as_array().unwrap().iter().find(|finding| finding["name"] == name)?;
    let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    Some((text("says"), text("advice")))
}

/// Types the commands in an advice that move or copy something.
#[track_caller]
fn follow(course: &Course, advice: &str) {
    let commands = advice
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|command| command.starts_with("mv ") || command.starts_with("cp "));
    for command in commands {
        let done = Command::new("sh").args(["-c", command]).current_dir(course.root()).status().unwrap();
        assert!(done.success(), "{command}");
    }
}

#[track_caller]
fn refused(course: &Course, line: &str, words: &[&str]) {
    let output = course.run(line);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "`{line}`: {said}");
    assert!(words.iter().all(|word| said.contains(word)), "`{line}`: {said}");
    assert_eq!(said.matches("error:").count(), 1, "{said}");
}

/// The record of the only stash.
fn lose_record(course: &Course) {
    let record = course.stashes()[0].folder.join("contents.toml");
    fs::write(record, b"\x00garbage").unwrap();
}

#[test]
fn a_journal_of_a_swap_that_makes_no_sense_is_survived_at_every_step() {
    for line in ["solutions in", "solutions out", "reset one"] {
        for steps in 0.. {
            let course = Course::begun();
            let texts = course.texts();
            if line == "solutions out" {
                course.succeed("solutions in");
            }
            let before = course.snapshot();
            let interrupted = course.interrupt(line, steps);
            if !interrupted {
                assert!(steps > 8);
                break;
            }
            if !course.root().join(JOURNAL).exists() {
                continue;
            }
            course.write(JOURNAL, "kind = \u{0}");
            for other in ["hint one", "solutions out"] {
                refused(
                    &course,
                    other,
                    &["`.crash-course/journal.toml` can't be read", "-- doctor` says where"],
                );
            }
            let (says, advice) = finding(&course, "interrupted").unwrap();
            assert!(says.contains("journal.toml can't be read"), "{says}");
            follow(&course, &advice);
            course.succeed("solutions status");
            assert!(finding(&course, "interrupted").is_none());
            if !course.is_swapped() && line != "reset one" {
                assert_eq!(course.read(SHAPES), STUB.replacen("todo!()", "0.5 + 0.5 // mine", 1));
            }
            assert!(course.root().join(SHAPES).is_file() && !before.is_empty());
            assert!(course.texts().is_superset(&texts), "`{line}`, {steps} steps");
        }
    }
}

#[test]
fn a_journal_of_an_update_that_makes_no_sense_is_survived() {
    let new =
        Course::release("0.2.0", &[(SHAPES, Some("//! Others.\n")), ("grader/src/main.rs", Some("//!\n"))]);
    for steps in [20, 25, 30, 35] {
        let course = Course::released();
        let before = course.files();
        let journal = ".crash-course/update.toml";
        let interrupted = course.interrupt(&format!("update {}", new.root().display()), steps);
        if !interrupted || !course.root().join(journal).exists() {
            continue;
        }
        course.write(journal, "garbage");
        refused(&course, "list", &["update.toml` can't be read"]);
        let (_, advice) = finding(&course, "interrupted").unwrap();
        follow(&course, &advice);
        let now = course.files();
        assert!(before.iter().all(|(path, bytes)| now.get(path) == Some(bytes)), "{steps}: {advice}");
        course.succeed(&format!("update {}", new.root().display()));
        assert_eq!(course.read(SHAPES), "//! Others.\n");
    }
}

#[test]
fn a_doctor_comes_to_a_course_that_cannot_be_read() {
    let course = gradable();
    course.write("lectures/demo/exercises.toml", "title = ");
    refused(&course, "list", &["exercises.toml"]);
    let (says, advice) = finding(&course, "course").unwrap();
    assert!(says.contains("exercises.toml") && advice.contains("bring that file back"), "{says} {advice}");
}

#[test]
fn a_doctor_says_where_nothing_can_be_written() {
    let course = gradable();
    assert!(finding(&course, "writing").unwrap().1.is_empty());
    fs::remove_dir_all(course.root().join(".crash-course")).unwrap_or_default();
    course.write(".crash-course", "a file in the way");
    let (says, advice) = finding(&course, "writing").unwrap();
    assert!(says.contains(".crash-course") && advice.contains("copy the whole course"), "{says} {advice}");
}

#[test]
fn what_was_typed_wrongly_is_not_watched() {
    refused(&gradable(), "watch --chapter nope", &["there is no chapter `nope`"]);
}

#[test]
fn a_stash_that_lost_its_record_is_known_by_its_files() {
    let course = Course::begun();
    let before = course.snapshot();
    course.succeed("solutions in");
    lose_record(&course);
    assert!(course.succeed("solutions status").starts_with("demo: solutions (yours are in"));
    refused(&course, "submit", &["lectures/demo holds the reference solutions", "solutions out demo`"]);
    assert!(course.succeed("solutions in").contains("in already"));
    let said = course.succeed("solutions out");
    assert!(said.contains("your files are in lectures/demo/src again, as they were\n"), "{said}");
    assert!(!said.contains("edited"), "{said}");
    assert_eq!(course.snapshot(), before);
}

#[test]
fn where_files_tell_nothing_a_lost_record_is_said_with_a_way_out() {
    let course = Course::begun();
    let before = course.snapshot();
    course.succeed("solutions in");
    course.write(SHAPES, "// all new\n");
    course.write("lectures/demo/src/lib.rs", "// all new\n");
    lose_record(&course);
    for line in ["submit", "solutions out", "solutions in", "reset one"] {
        refused(
            &course,
            line,
            &["contents.toml` can't be read", "it is not known whose files `lectures/demo/src` holds"],
        );
    }
    let said = String::from_utf8(course.run("doctor").stdout).unwrap();
    assert!(said.contains("it is not known whose files"), "{said}");
    fs::rename(course.root().join("lectures/demo/src"), course.root().join("elsewhere")).unwrap();
    course.succeed("solutions out demo");
    assert_eq!(course.snapshot(), before);
}

#[test]
fn the_record_of_old_edits_may_be_lost() {
    let course = Course::begun();
    course.succeed("solutions in");
    course.write("lectures/demo/src/lib.rs", "// what if\n");
    course.succeed("solutions out");
    lose_record(&course);
    let before = course.snapshot();
    assert!(course.succeed("solutions out").contains("holds your files already"));
    assert_eq!(course.snapshot(), before);
}

#[test]
fn no_solution_is_handed_in_whatever_the_stash_says() {
    let course = gradable();
    course.write(SHAPES, &STUB.replace("todo!()", "1.0"));
    refused(&course, "submit", &["`lectures/demo/src/shapes.rs` is the reference solution to the byte"]);
    assert!(!course.root().join(".crash-course/submissions").exists());
    course.write(SHAPES, STUB);
    course.succeed("submit");
}

/// How a file can be spoilt, given another one elsewhere.
const DAMAGES: [(&str, fn(&Path, &Path)); 3] = [
    ("is gone", |file, _| fs::remove_file(file).unwrap()),
    ("is a link", |file, elsewhere| {
        fs::remove_file(file).unwrap();
        symlink(elsewhere, file).unwrap();
    }),
    ("is not UTF-8", |file, _| fs::write(file, b"\xff").unwrap()),
];

#[test]
fn what_cannot_be_handed_in_is_said_to_the_student() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().join("mine.rs");
    fs::write(&elsewhere, STUB).unwrap();
    for (words, damage) in &DAMAGES[1..] {
        let course = gradable();
        // A file without exercises: those are as they were, and nothing is built.
        course.write("lectures/demo/src/helpers.rs", "");
        damage(&course.root().join("lectures/demo/src/helpers.rs"), &elsewhere);
        let handed = folder.path().join(format!("{}.zip", words.len()));
        let said = course.succeed(&format!("submit {}", handed.display()));
        assert!(said.contains("not in it: `lectures/demo/src/helpers.rs`") && said.contains(words), "{said}");
    }
}

#[test]
fn what_could_not_be_handed_in_is_on_the_receipt() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().join("mine.rs");
    fs::write(&elsewhere, STUB).unwrap();
    for (words, damage) in DAMAGES {
        let small = gradable();
        let course = grader::course::Course::load(small.root()).unwrap();
        damage(&small.root().join(SHAPES), &elsewhere);
        let trees = [("demo".to_owned(), sources(&small.paths(), &course.chapters[0]))].into();
        let made = "2026-01-01T00:00:00Z".to_owned();
        let receipt = Receipt::new(&trees, Points { earned: 0, of: 2 }, made);
        let handed = folder.path().join(format!("{}.zip", words.len()));
        pack(&handed, &trees, &receipt, None).unwrap();
        let submitted = Submission::read(&course, &handed).unwrap();
        let [finding] = &submitted.findings[..] else { panic!("{:?}", submitted.findings) };
        assert!(finding.contains(SHAPES) && finding.contains(words), "{finding}");
        assert!(finding.starts_with("not handed in, as the student knew: "), "{finding}");
    }
}

#[test]
fn a_receipt_of_somebody_else_steers_no_terminal() {
    let trees = [("demo".to_owned(), Tree::of([("src/a.rs", "a")]))].into();
    let made = "\u{1b}]0;owned\u{7}".to_owned();
    let text = Receipt::new(&trees, Points { earned: 0, of: 1 }, made).text().unwrap();
    let read = Receipt::parse(&text.replace("src/a.rs", "src/\u{202e}sr.a")).unwrap();
    let said = format!("{} {:?}", read.made, read.differences(&trees));
    assert!(said.contains(r"\u{1b}]0;owned\u{7}") && said.contains(r"\u{202e}"), "{said}");
    assert!(!said.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn what_is_gone_comes_back_and_nothing_else_is_touched() {
    let course = Course::begun();
    let mine = course.read(SHAPES);
    fs::remove_file(course.root().join("lectures/demo/src/lib.rs")).unwrap();
    let said = course.succeed("reset demo --missing");
    assert!(said.contains("is there again as a stub: lectures/demo/src/lib.rs"), "{said}");
    assert_eq!(course.read("lectures/demo/src/lib.rs"), crate::course::LIB);
    assert_eq!(course.read(SHAPES), mine);
    assert!(course.succeed("reset demo --missing").contains("nothing is missing"));
    for line in ["reset one", "reset demo/one --missing"] {
        fs::remove_dir_all(course.root().join("lectures/demo/src")).unwrap();
        let said = course.succeed(line);
        assert!(said.contains("lib.rs, lectures/demo/src/shapes.rs"), "{said}");
        assert_eq!((course.read(SHAPES).as_str(), course.stashes().len()), (STUB, 0));
    }
}
