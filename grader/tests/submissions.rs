//! Whatever is handed in gets a clear sentence, nothing of it is written anywhere, and answers learnt by heart earn nothing.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::Write as _,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use grader::{
    build::assemble::Sources,
    course::{Course, Exercise},
    events::Silence,
    grade::{Grader, Options},
    hand_in::submission::{Points, Receipt, Submission, pack},
    paths::Paths,
    source::tree::Tree,
    verdict::Marks,
};
use hidden::Case;
use protocol::Value;
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

const RELU: &str = "lectures/tricks/src/activations.rs";

fn course() -> Course {
    Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn archive(folder: &TempDir, entries: &[(&str, &[u8])]) -> PathBuf {
    let path = folder.path().join("handed.zip");
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
    path
}

#[track_caller]
fn says(submitted: &Submission, words: &[&str]) {
    let found = submitted.findings.iter().any(|finding| words.iter().all(|word| finding.contains(word)));
    assert!(found, "nothing says {words:?}: {:#?}", submitted.findings);
}

#[test]
fn what_submit_packs_is_what_grade_reads() {
    let (course, folder) = (course(), tempfile::tempdir().unwrap());
    let paths = Paths::new(&course.root);
    let read = |name: &String| (name.clone(), Tree::read(&paths.lecture(name)).unwrap());
    let trees = course.chapters.iter().map(|chapter| read(&chapter.name)).collect();
    let receipt = Receipt::new(&trees, Points { earned: 0, of: 1 }, "2026-01-01T00:00:00Z".to_owned());
    let path = folder.path().join("handed.zip");
    pack(&path, &trees, &receipt, Some("x = 1\n")).unwrap();
    let submitted = Submission::read(&course, &path).unwrap();
    assert_eq!(submitted.findings, [""; 0]);
    assert_eq!((submitted.trees, submitted.history.as_deref()), (trees.clone(), Some("x = 1\n")));
    assert_eq!(submitted.receipt, Some(receipt.clone()));
    let message = pack(&path, &trees, &receipt, None).unwrap_err().to_string();
    assert!(message.contains("exists already"), "{message}");
    // The folder itself does as well, and so does an archive of it under a name of its own.
    assert_eq!(Submission::read(&course, &course.root).unwrap().trees, trees);
    let wrapped = archive(&folder, &[("homework/lectures/tricks/src/activations.rs", b"pub fn f() {}")]);
    assert_eq!(Submission::read(&course, &wrapped).unwrap().files(), 1);
}

#[test]
fn every_trick_of_an_archive_has_its_sentence() {
    let (course, folder) = (course(), tempfile::tempdir().unwrap());
    let giant = vec![b' '; (1 << 20) + 1];
    let path = archive(
        &folder,
        &[
            (RELU, b"pub fn relu() {}"),
            ("../outside.rs", b""),
            ("/etc/passwd", b""),
            ("C:/windows.rs", b""),
            ("lectures/tricks/src/../../../x.rs", b""),
            ("lectures\\tricks\\src\\a.rs", b"pub fn f() {}"),
            ("lectures/tricks/src/./dot.rs", b""),
            ("lectures/tricks/src/giant.rs", &giant),
            ("lectures/tricks/src/latin.rs", b"// caf\xe9"),
            ("lectures/tricks/src/._activations.rs", b"\x00\x05\x16\x07"),
            ("lectures/tricks/build.rs", b"fn main() {}"),
            (".cargo/config.toml", b"[build]"),
            ("lectures/unknown/src/lib.rs", b""),
            ("receipt.toml", b"format = 99"),
        ],
    );
    let submitted = Submission::read(&course, &path).unwrap();
    // What Windows' own compressor packs has backslashes.
    assert_eq!(submitted.files(), 2);
    says(&submitted, &["../outside.rs", "leads out of the submission"]);
    says(&submitted, &["/etc/passwd", "absolute"]);
    says(&submitted, &["C:/windows.rs", "absolute"]);
    says(&submitted, &["lectures/tricks/src/../../../x.rs", "leads out"]);
    says(&submitted, &["lectures/tricks/src/./dot.rs", "not a plain one"]);
    says(&submitted, &["giant.rs", "more than 1048576 bytes"]);
    says(&submitted, &["latin.rs", "not UTF-8"]);
    says(&submitted, &["3 files are no source", "build.rs", "config.toml", "unknown"]);
    says(&submitted, &["receipt can't be read"]);
    says(&submitted, &["lectures/tricks/src/augmentation.rs", "missing"]);
    says(&submitted, &["nothing of the chapter `regularization`"]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is unpacked");
}

#[test]
fn links_lead_nowhere() {
    let (course, folder) = (course(), tempfile::tempdir().unwrap());
    let path = folder.path().join("link.zip");
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    zip.add_symlink(RELU, "/etc/passwd", SimpleFileOptions::default()).unwrap();
    zip.finish().unwrap();
    let submitted = Submission::read(&course, &path).unwrap();
    says(&submitted, &[RELU, "a link"]);
    // Its exercises are told so, and not that they were not begun.
    let says_so = &submitted.trees["tricks"].damaged[Path::new("src/activations.rs")];
    assert!(says_so.contains("was left out: it is a link"), "{says_so}");
    assert!(!submitted.findings.iter().any(|finding| finding.contains(RELU) && finding.contains("missing")));

    let source = folder.path().join("lectures/tricks/src");
    fs::create_dir_all(&source).unwrap();
    symlink("/etc/passwd", source.join("activations.rs")).unwrap();
    symlink("/etc", folder.path().join("lectures/regularization")).unwrap();
    let submitted = Submission::read(&course, folder.path()).unwrap();
    says(&submitted, &[RELU, "a link"]);
    says(&submitted, &["lectures/regularization", "a link"]);
    assert_eq!(submitted.files(), 0);
}

#[test]
fn what_is_no_submission_is_an_error_that_says_so() {
    let (course, folder) = (course(), tempfile::tempdir().unwrap());
    let message = |path: &Path| format!("{:#}", Submission::read(&course, path).unwrap_err());
    assert!(message(&folder.path().join("absent.zip")).contains("absent.zip"));
    assert!(message(folder.path()).contains("no source of the course"));
    let path = archive(&folder, &[(RELU, b"pub fn relu() {}")]);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert!(message(&path).contains("not a whole one"));
    fs::write(&path, "hello").unwrap();
    assert!(message(&path).contains("no zip archive"));
}

/// `calculate_gain` as somebody would write it who knows the cases of these seeds and nothing else.
fn learnt_by_heart(seeds: std::ops::RangeInclusive<u64>) -> String {
    let mut arms = String::new();
    for seed in seeds {
        for Case { calls, checks, .. } in hidden::cases("tricks", "calculate_gain", seed).unwrap().unwrap() {
            let (Some(Value::Number(slope)), hidden::Rule::Close { want, .. }) =
                (calls[0].args.get("slope"), &checks[0].rule)
            else {
                continue;
            };
            let (slope, gain) = ((*slope as f32).to_bits(), want.to_f64()[0] as f32);
            _ = writeln!(arms, "if slope.to_bits() == {slope} {{ return Ok({gain:?}) }}");
        }
    }
    // Without a slope, and in the recorded snapshot.
    format!(
        "{arms} Ok(if slope == 0.01 {{ 1.4141429 }} else if slope == 0.25 {{ 1.3719887 }} else {{ 0.0 }})"
    )
}

#[test]
fn answers_learnt_by_heart_fail_with_fresh_seeds() {
    let course = course();
    let events = Silence;
    let grader = Grader::new(&course, &events).unwrap();
    let mut tree = Tree::read(&grader.paths.solution("tricks")).unwrap();
    let formula = "Ok((2.0 / (1.0 + slope * slope)).sqrt())";
    tree.patch(Path::new("src/initialization.rs"), formula, &learnt_by_heart(1..=8)).unwrap();
    let chapter = course.chapter("tricks").unwrap();
    let wanted: Vec<&Exercise> = chapter.exercises.iter().filter(|e| e.id == "calculate_gain").collect();
    let passes = |seed: u64| {
        let (mut graded, options) = (Marks::default(), Options { seed: Some(seed), force: true });
        let submission = Sources { chapter, source: "heart", tree: &tree };
        grader.grade(&submission, &wanted, &options, None, &mut graded).unwrap();
        graded.is_passed("tricks/calculate_gain")
    };
    assert!((1..=8).all(passes), "full marks where the answers are known");
    assert!(!passes((1 << 32) + 7), "and none where they are not");
}
