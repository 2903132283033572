//! What a program was built from is known by content: clocks that were set back, and drives with times of their own, bend no
//! verdict.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{
    fs::{self, File},
    path::Path,
    time::{Duration, SystemTime},
};

use grader::{
    build::assemble::Sources,
    course::Course,
    device::Device,
    events::Silence,
    grade::{Grader, Options},
    source::tree::Tree,
    verdict::{Kind, Marks, Verdict},
};

/// Grades relu of `tree`, always in the same place.
fn grade(grader: &Grader, tree: &Tree) -> Verdict {
    let chapter = grader.course.chapter("tricks").unwrap();
    let relu = chapter.exercises.iter().find(|exercise| exercise.id == "relu").unwrap();
    let submission = Sources { chapter, source: "fresh", tree };
    let options = Options { seed: Some(3), force: true };
    let mut graded = Marks::default();
    grader.grade(&submission, &[relu], &options, None, &mut graded).unwrap();
    graded.verdicts.remove("tricks/relu").unwrap()
}

#[test]
fn a_wrong_answer_is_seen_although_its_build_seems_newer() {
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let events = Silence;
    let grader = Grader::new(&course, &events).unwrap();
    let mut tree = Tree::read(&grader.paths.solution("tricks")).unwrap();
    assert!(grade(&grader, &tree).is_passed());
    set_ahead(&grader.paths.build(Device::Cpu).join("grade/.fingerprint"), "fresh-tricks-activations");
    let (right, wrong) = ("x.gt(0.0).choose(x, zeros)", "{ let _ = zeros; x * 2.0 }");
    tree.patch(Path::new("src/activations.rs"), right, wrong).unwrap();
    let verdict = grade(&grader, &tree);
    assert!(matches!(&verdict, Verdict::Failed(failure) if failure.kind == Kind::Wrong), "{verdict:?}");
}

#[test]
fn a_damaged_lock_file_is_copied_anew() {
    let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let events = Silence;
    let grader = Grader::new(&course, &events).unwrap();
    let tree = Tree::read(&grader.paths.solution("tricks")).unwrap();
    let lock = grader.paths.stage("fresh").join("tricks/Cargo.lock");
    for damage in ["", "version = 4\n[[package]]\nname = \"dfdx\"\n", "\0\0\0"] {
        fs::create_dir_all(lock.parent().unwrap()).unwrap();
        fs::write(&lock, damage).unwrap();
        assert!(grade(&grader, &tree).is_passed());
    }
}

/// Sets the times of what cargo remembers of a program two hours ahead.
fn set_ahead(fingerprints: &Path, program: &str) {
    let ahead = SystemTime::now() + Duration::from_secs(2 * 60 * 60);
    let mut count = 0;
    for folder in fs::read_dir(fingerprints).unwrap().map(|entry| entry.unwrap().path()) {
        let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        let is_programs = |file: &Path| file.file_name().unwrap().to_string_lossy().contains(program);
        if files.iter().any(|file| is_programs(file)) {
            files.iter().for_each(|file| File::open(file).unwrap().set_modified(ahead).unwrap());
            count += files.len();
        }
    }
    assert!(count > 0, "cargo remembers nothing of `{program}` there");
}
