//! The golden values are what the snapshots say, and the reference solutions' answers are too.
//!
//! `cargo run -p grader -- snapshots record` makes differences pending, for `cargo insta review`.

use std::{fs, path::Path};

use grader::{
    course::Course,
    events::Silence,
    examine::snapshot::{self, Golden, NumericComparator},
    grade::{Grader, snapshots::standings},
    paths::Paths,
};
use insta::Settings;

fn course() -> Course {
    Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("this course")
}

fn settings(folder: impl AsRef<Path>) -> Settings {
    let mut settings = Settings::new();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_comparator(Box::new(NumericComparator));
    settings
}

#[test]
fn golden_values_and_solutions_are_what_the_snapshots_say() {
    let (course, events) = (course(), Silence);
    let grader = Grader::new(&course, &events).expect("the grader's lock");
    let (mut drifted, mut wrong) = (Vec::new(), Vec::new());
    for chapter in &course.chapters {
        let exercises: Vec<_> = chapter.exercises.iter().collect();
        for standing in standings(&grader, chapter, &exercises).expect("golden values and solutions") {
            let id = standing.exercise.full_id();
            if !standing.is_recorded() {
                drifted.push(id);
            } else if !standing.is_solved() {
                wrong.push(format!("{id}: {:?}", standing.answer));
            }
        }
    }
    assert!(drifted.is_empty(), "golden values differ from the snapshots of {}", drifted.join(", "));
    assert!(wrong.is_empty(), "solutions differ from their snapshots: {}", wrong.join("\n"));
}

/// What is recorded is a snapshot to insta, too, byte for byte: its own tools review it.
#[test]
fn snapshots_are_written_as_insta_writes_them() {
    let (course, folder) = (course(), tempfile::tempdir().expect("a folder"));
    let paths = Paths::new(&course.root);
    let exercise = course.exercise("tricks/relu").expect("relu");
    let golden = Golden::load(&paths, exercise).expect("golden values").expect("golden values of relu");
    let document = snapshot::document(&golden, &golden.text());
    assert_eq!(document, fs::read_to_string(snapshot::file(&paths, exercise)).expect("the snapshot of relu"));
    fs::write(folder.path().join("c__e.snap"), &document).expect("a snapshot");
    settings(folder.path()).bind(|| insta::assert_snapshot!("c__e", golden.text()));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    let path = folder.path().join("c__e.snap");
    assert_eq!(snapshot::recorded(&path).expect("a snapshot"), golden.text());
}

#[test]
fn a_snapshot_whose_numbers_agree_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c__e.snap");
    let text = "---\nsource: s.rs\ndescription: \"by --- hand\"\n---\ny [2]\n   1.0000000e0   2.0000000e-3\n";
    fs::write(&path, text).expect("a snapshot");
    settings(folder.path()).bind(|| insta::assert_snapshot!("c__e", "y [2]\n   1.0000001e0   2.0000500e-3"));
    assert_eq!(fs::read_to_string(&path).expect("a snapshot"), text);
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    assert_eq!(snapshot::recorded(&path).expect("a snapshot"), "y [2]\n   1.0000000e0   2.0000000e-3");
}
