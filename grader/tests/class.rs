//! A class as it comes from learning platforms: whose is whose, nothing is dropped, a run goes on where it was, and grades go back
//! into the tables that were downloaded.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{Cursor, Write as _},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use flate2::{Compression, write::GzEncoder};
use grader::{
    class::{attempts::Attempts, roster::Roster, senders::Register},
    course::Course,
    hand_in::{
        bundle::{self, Bundle},
        submission::Submission,
    },
};
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

const RELU: &str = "lectures/tricks/src/activations.rs";

fn course() -> Course {
    Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut zip = ZipWriter::new(&mut bytes);
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap();
    bytes.into_inner()
}

fn tarred(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, content) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, *content).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

fn write(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    File::create(&path).unwrap().write_all(bytes).unwrap();
    path
}

/// The text of `activations.rs` that counts for each sender, and what is said of who sent nothing of use.
fn read(place: &Path) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let course = course();
    let Bundle { parcels, useless, submitters } = bundle::open(&course, place).unwrap();
    let register = Register { roster: None, submitters: submitters.as_deref() };
    let name = place.file_name().unwrap().to_str().unwrap();
    let within: Vec<&str> =
        parcels.iter().map(|p| p.within.as_str()).chain(useless.iter().map(|(w, _)| w.as_str())).collect();
    let mut senders = register.senders(name, &within).into_iter();
    let mut attempts = Attempts::default();
    for parcel in &parcels {
        attempts.add(senders.next().unwrap(), name, parcel);
    }
    let bad = useless.iter().map(|(_, why)| (senders.next().unwrap()[0].key.clone(), why.clone())).collect();
    let text = |files| {
        let submitted = Submission::of(&course, files);
        let tree = submitted.trees.get("tricks").cloned().unwrap_or_default();
        tree.files.get(Path::new("src/activations.rs")).cloned().unwrap_or_default()
    };
    let counting = attempts.counting().into_iter();
    (counting.map(|attempt| (attempt.sender.key, text(attempt.files))).collect(), bad)
}

fn texts(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn canvas_download_is_read_whatever_students_packed() {
    let folder = tempfile::tempdir().unwrap();
    let windows = zipped(&[("lectures\\tricks\\src\\activations.rs", b"windows"), ("__MACOSX/._a", b"x")]);
    let older = tarred(&[("hw/lectures/tricks/src/activations.rs", b"older")]);
    let newer = zipped(&[("hw/tricks/src/activations.rs", b"newer"), ("hw/tricks/Cargo.toml", b"")]);
    let nested = zipped(&[("mine.zip", &zipped(&[(RELU, b"nested")])), ("note.txt", b"hello")]);
    let class = zipped(&[
        ("lovelaceada_1043_77_hw.zip", &windows),
        ("kim_LATE_7_8_hw.tar.gz", &older),
        ("kim_LATE_7_9_hw-1.zip", &newer),
        ("bob_9_10_activations.rs", b"loose"),
        ("bob_9_11_initialization-1.rs", b"more"),
        ("cyd_10_12_all.zip", &nested),
        ("eve_12_13_hw.zip", b""),
        ("dan_14_15_essay.docx", b"PK"),
        ("fay_16_17_hw.rar", b"Rar!...."),
    ]);
    let (read, bad) = read(&write(&folder, "class.zip", &class));
    let want = [("1043", "windows"), ("7", "newer"), ("9", "loose"), ("10", "nested")];
    assert_eq!(read, texts(&want));
    assert_eq!(bad.keys().collect::<Vec<_>>(), ["12", "14", "16"]);
    assert!(bad["12"].contains("is empty"), "{bad:?}");
    assert!(bad["14"].contains("no source of the course"), "{bad:?}");
    assert!(bad["16"].contains("RAR"), "{bad:?}");
}

#[test]
fn moodle_gradescope_and_plain_folders_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let archive = zipped(&[(RELU, b"ada")]);
    write(&folder, "moodle/Ada King_12_assignsubmission_file/hw.zip", &archive);
    write(&folder, &format!("moodle/Bob van_Dyk_13_assignsubmission_file/{RELU}"), b"bob");
    write(&folder, "moodle/Eve_14_assignsubmission_file/essay.pdf", b"%PDF");
    let (moodle, bad) = read(&folder.path().join("moodle"));
    assert_eq!(moodle, texts(&[("12", "ada"), ("13", "bob")]));
    assert_eq!(bad.keys().collect::<Vec<_>>(), ["14"]);

    let list = "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: A1\nsubmission_2:\n  :submitters:\n  - :name: Bob\n    \
                :sid: B2\n  - :name: Cyd\n    :sid: C3\n";
    write(&folder, "export/assignment_5_export/submission_metadata.yml", list.as_bytes());
    write(&folder, &format!("export/assignment_5_export/submission_1/{RELU}"), b"ada");
    write(&folder, "export/assignment_5_export/submission_2/activations.rs", b"group");
    let (gradescope, _) = read(&folder.path().join("export"));
    assert_eq!(gradescope, texts(&[("A1", "ada"), ("B2", "group"), ("C3", "group")]));

    write(&folder, &format!("clones/hw-ada/{RELU}"), b"clone");
    write(&folder, &format!("clones/hw-bob/{RELU}"), b"other");
    write(&folder, "clones/hw-bob/.git/config", b"");
    write(&folder, "clones/hw-bob/target/debug/x.zip", b"not opened");
    let (clones, bad) = read(&folder.path().join("clones"));
    assert_eq!((clones, bad.len()), (texts(&[("hw-ada", "clone"), ("hw-bob", "other")]), 0));
}

fn grader(arguments: &[&str]) -> Output {
    let root = course().root;
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command.args(["--course", root.to_str().unwrap()]).args(arguments).env("NO_COLOR", "1");
    command.output().unwrap()
}

#[track_caller]
fn says(output: &Output, words: &[&str]) -> String {
    let text = [output.stdout.clone(), output.stderr.clone()].concat();
    let text = String::from_utf8(text).unwrap();
    assert!(words.iter().all(|word| text.contains(word)), "not {words:?} in:\n{text}");
    text
}

/// A class of which nobody's work has to be built: what is untouched and what is of no use.
fn class(folder: &TempDir) -> PathBuf {
    let stub = fs::read(course().root.join(RELU)).unwrap();
    let archive = zipped(&[(RELU, &stub)]);
    write(folder, "moodle/Ada King_12_assignsubmission_file/hw.zip", &archive);
    write(folder, "moodle/Bob_13_assignsubmission_file/hw.zip", b"damaged");
    write(folder, "moodle/Cy_d_15_assignsubmission_file/hw.zip", &archive);
    folder.path().join("moodle")
}

#[test]
fn a_class_is_graded_once_and_goes_back_into_the_worksheet() {
    let folder = tempfile::tempdir().unwrap();
    let (places, out) = (class(&folder), folder.path().join("results"));
    let (places, out) = (places.to_str().unwrap(), out.to_str().unwrap());
    let worksheet = "\u{feff}Identifier,Full name,Email address,Status,Grade,Maximum grade,\"Grade can be changed\",\"Last modified \
                     (grade)\",\"Feedback comments\"\r\n\"Participant 12\",\"Ada King\",a@x.org,\"Submitted\",,\"10,00\",Yes,-,\"\"\r\n\"Participant \
                     13\",Bob,b@x.org,,,\"10,00\",Yes,-,\"\"\r\n\"Participant 14\",Eve,e@x.org,,,\"10,00\",Yes,-,\"\"\r\n";
    let roster = write(&folder, "worksheet.csv", worksheet.as_bytes());
    let roster = roster.to_str().unwrap();
    let grade = [
        "grade",
        "--isolation",
        "light",
        places,
        "--chapter",
        "tricks",
        "--seed",
        "5",
        "--out",
        out,
        "--roster",
        roster,
    ];
    let first = grader(&grade);
    assert!(first.status.success(), "{first:?}");
    says(
        &first,
        &["Bob: not graded: it is no zip", "1 of 2  Ada King: untouched", "2 untouched, 1 not graded"],
    );
    says(&first, &["on the roster, nothing handed in (1): Eve", "not on the roster (1): Cy_d"]);
    // The same once more has nothing to do but for who was lost.
    fs::remove_file(Path::new(out).join("sheets/15.json")).unwrap();
    let again = grader(&grade);
    let text = says(&again, &["Cy_d: untouched", "2 untouched, 1 not graded"]);
    assert!(!text.contains("Ada King: untouched"), "{text}");
    let other = grader(&["grade", "--isolation", "light", places, "--seed", "6", "--out", out]);
    says(&other, &["was begun with --seed 5"]);

    let filled = folder.path().join("filled.csv");
    let filled = filled.to_str().unwrap();
    let fill = grader(&["class", "fill", out, roster, "--out", filled]);
    says(
        &fill,
        &[
            "Moodle's grading worksheet: 1 grades",
            "nothing handed in (1): Eve",
            "not in the table (1): Cy_d",
            "Bob: it is no zip",
        ],
    );
    let want = worksheet.replacen("\"Submitted\",,", "\"Submitted\",0,00,", 1).replacen(
        ",0,00,\"10,00\",Yes,-,\"\"",
        ",\"0,00\",\"10,00\",Yes,-,\"0 of 60 points by the course's own tests\"",
        1,
    );
    let of = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let points: u32 = of.chapter("tricks").unwrap().exercises.iter().map(|exercise| exercise.points).sum();
    let want = want.replace("0 of 60 points", &format!("0 of {points} points"));
    assert_eq!(fs::read_to_string(filled).unwrap(), want);
    exports(&folder, out);
}

fn exports(folder: &TempDir, out: &str) {
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (csv, lines, scope) = (at("points.csv"), at("all.jsonl"), at("gradescope"));
    let forms = [format!("csv={csv}"), format!("jsonl={lines}"), format!("gradescope={scope}")];
    let exported = grader(&["class", "export", out, &forms[0], &forms[1], &forms[2]]);
    assert!(exported.status.success(), "{exported:?}");
    let table = fs::read_to_string(csv).unwrap();
    assert!(table.starts_with("student,name,id,email,late,state,earned,points,tricks/"), "{table}");
    assert_eq!(table.lines().count(), 4);
    assert!(table.contains("Bob,13,b@x.org,,not graded,,,"), "{table}");
    let lines = fs::read_to_string(lines).unwrap();
    let parsed: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(parsed.iter().filter(|sheet| sheet["state"] == "untouched").count(), 2);
    let result: serde_json::Value =
        serde_json::from_slice(&fs::read(format!("{scope}/15.json")).unwrap()).unwrap();
    assert!(
        result["tests"]
            .as_array()
            .unwrap()
            .iter()
            .all(|test| test["score"] == 0 && test["status"] == "failed")
    );
    assert!(!Path::new(&scope).join("13.json").exists(), "Bob was not graded, which is no zero");
    let (pages, moodle) = (at("pages"), at("feedback.zip"));
    grader(&["class", "feedback", out, &pages, "--show", "points", "--moodle-zip", &moodle]);
    let page =
        fs::read_dir(&pages).unwrap().filter_map(|entry| fs::read_to_string(entry.unwrap().path()).ok());
    assert!(page.into_iter().any(|page| page.contains("Not graded: it is no zip")));
    let names: Vec<String> = {
        let zip = zip::ZipArchive::new(File::open(moodle).unwrap()).unwrap();
        zip.file_names().map(str::to_owned).collect()
    };
    assert!(names.contains(&"Ada King_12_assignfeedback_file/feedback.html".to_owned()), "{names:?}");
    // Moodle passes over what has no number there.
    assert!(names.iter().any(|name| name.starts_with("Cy d_15_assignfeedback_")), "{names:?}");
    let report = grader(&["class", "report", out, "--html", &at("class.html")]);
    says(&report, &["0 graded", "as a page"]);
}

#[test]
fn what_is_said_wrongly_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    says(&grader(&["class", "report", place]), &["holds no results"]);
    says(&grader(&["class", "export", place, "xml=x"]), &["there is no form `xml`; there are csv"]);
    let roster = write(&folder, "roster.csv", b"colour\nred\n");
    let out = folder.path().join("out");
    let (roster, out) = (roster.to_str().unwrap(), out.to_str().unwrap());
    says(
        &grader(&["grade", "--isolation", "light", place, "--out", out, "--seed", "1", "--roster", roster]),
        &["call one `name`"],
    );
    assert!(Roster::read(Path::new(roster)).is_err());
}
