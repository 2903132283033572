//! What students get gives no answer away, and its sealed cases are the authors' cases.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{
    fs,
    io::{Read, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use grader::{
    course::{Chapter, Course, VERSION, cases},
    events::Silence,
    examine::suppositions,
    hand_in::release::{self, leaks},
    paths::Paths,
};

fn course() -> Course {
    Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The course with three quick exercises; the last one has large arrays.
fn small() -> Course {
    let mut course = course();
    course.chapters.retain(|chapter| chapter.name == "tricks");
    course.chapters[0]
        .exercises
        .retain(|exercise| ["relu", "calculate_gain", "matmul_throughput"].contains(&exercise.id.as_str()));
    course
}

#[test]
fn a_line_of_a_solution_is_found_wherever_it_stands() {
    let (course, folder) = (course(), tempfile::tempdir().unwrap());
    let lecture = folder.path().join("lectures/tricks");
    fs::create_dir_all(lecture.join("src")).unwrap();
    assert_eq!(leaks::find(&course, folder.path()).unwrap(), [""; 0]);

    fs::write(lecture.join("README.md"), "# Relu\n\nTry `Ok((2.0 /  (1.0 + slope * slope)).sqrt())`.\n")
        .unwrap();
    fs::write(lecture.join("src/activations.rs"), "{ let _ = positive; x.maximum(leaked) }").unwrap();
    let found = leaks::find(&course, folder.path()).unwrap();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].contains("lectures/tricks/README.md:3: a line of solutions/tricks/src/initialization.rs")
    );
    assert!(found[1].contains("src/activations.rs:1: a line of the misconceptions of tricks/leaky_relu"));
}

#[test]
fn the_released_tree_has_nothing_of_the_authors() {
    let (course, folder) = (course(), tempfile::tempdir().unwrap());
    release::tree(&course, folder.path()).unwrap();
    let authors = [
        "solutions",
        "grader/bench",
        "grader/hidden/misconceptions",
        "grader/hidden/src/tricks",
        "grader/tests",
        "lectures/figures",
        ".git",
    ];
    for absent in authors {
        assert!(!folder.path().join(absent).exists(), "{absent}");
    }
    let text = |path: &str| fs::read_to_string(folder.path().join(path)).unwrap();
    assert!(!text("Cargo.toml").contains("\"solutions/") && !text("Cargo.toml").contains("grader/bench"));
    assert!(
        !text("Cargo.lock").contains("solution-tricks") && !text("Cargo.lock").contains("name = \"bench\"")
    );
    assert!(text("grader/probe/tricks/Cargo.toml").contains("../../../lectures/tricks"));
    assert!(text("grader/hidden/Cargo.toml").contains("default = []"));
    assert!(
        !text("Cargo.toml").contains("\"lectures/figures\"")
            && !text("Cargo.lock").contains("name = \"figures\"")
    );
    assert!(text("lectures/tricks/figures/activations.svg").starts_with("<svg"));
    assert!(!text("README.md").contains("For authors"));
    assert!(!text("README.md").contains("solutions/") && !text("README.md").contains("grader/bench/"));
    assert!(text("lectures/tricks/src/activations.rs").contains("todo!()"));
    assert!(
        text("Cargo.toml").contains("\"lectures/book\"")
            && text("lectures/book/src/main.rs").contains("cargo run -p book")
    );
    assert_eq!(leaks::find(&course, folder.path()).unwrap(), [""; 0]);
}

/// The programs that a manifest names by their paths.
fn programs(folder: &Path) -> Vec<PathBuf> {
    let manifest: toml::Table = fs::read_to_string(folder.join("Cargo.toml")).unwrap().parse().unwrap();
    let programs = ["bin", "bench", "test", "example"].map(|kind| manifest.get(kind)?.as_array());
    let paths = programs.into_iter().flatten().flatten().filter_map(|program| program.get("path")?.as_str());
    paths.map(|path| folder.join(path)).collect()
}

/// Cargo builds nothing of a workspace where a program is missing that a manifest names.
#[test]
fn programs_that_stay_with_the_authors_are_not_named() {
    let (course, folder) = (course(), tempfile::tempdir().unwrap());
    release::tree(&course, folder.path()).unwrap();
    assert!(!programs(&course.root.join("grader")).is_empty());
    for package in ["grader", "lectures/book", "lectures/toolkit", "datasets"] {
        let programs = programs(&folder.path().join(package));
        assert!(programs.iter().all(|program| program.is_file()), "{programs:?}");
    }
}

#[test]
fn a_place_that_is_taken_is_left_alone() {
    let (course, folder) = (course(), tempfile::tempdir().unwrap());
    fs::write(folder.path().join("mine"), "mine").unwrap();
    let refused = release::release(&course, folder.path(), &Silence).unwrap_err().to_string();
    assert!(refused.contains("is not empty and was left as it is"), "{refused}");
}

#[test]
fn sealed_suppositions_are_the_authors() {
    let course = small();
    let source = Paths::new(&course.root);
    for exercise in &course.chapter("tricks").unwrap().exercises {
        let id = &exercise.id;
        let sealed = suppositions::suppositions(&source, exercise).unwrap();
        assert!(!sealed.is_empty() || id == "matmul_throughput", "{id}");
        assert!(suppositions::are_sealed(&source, exercise).unwrap(), "`check {id} --seal` records them");
    }
}

#[test]
fn sealed_cases_are_the_authors_cases() {
    let (course, folder) = (small(), tempfile::tempdir().unwrap());
    let (source, target) = (Paths::new(&course.root), Paths::new(folder.path()));
    let chapter: &Chapter = course.chapter("tricks").unwrap();
    cases::seal(&target, &source, chapter).unwrap();
    for exercise in &chapter.exercises {
        for seed in cases::SEEDS {
            let written = cases::cases(&source, exercise, seed).unwrap();
            assert_eq!(cases::open(&target, exercise, seed).unwrap(), written);
        }
        let message = cases::open(&target, exercise, 99).unwrap_err().to_string();
        assert!(message.contains("seeds 1 to 4 only, not of 99"), "{message}");
    }
    let sealed_file = target.sealed("tricks", "cases");
    let archive = zip::ZipArchive::new(fs::File::open(&sealed_file).unwrap()).unwrap();
    assert!(
        archive.file_names().any(|name| name.starts_with("arrays/")),
        "large arrays lie beside the cases"
    );
    fs::write(&sealed_file, "hello").unwrap();
    let message = format!("{:#}", cases::open(&target, &chapter.exercises[0], 1).unwrap_err());
    assert!(message.contains("tricks.cases"), "{message}");
}

#[test]
fn cases_of_another_version_are_refused() {
    let (mut course, folder) = (small(), tempfile::tempdir().unwrap());
    let chapter = &mut course.chapters[0];
    chapter.exercises.retain(|exercise| exercise.id == "relu");
    let (source, target) = (Paths::new(&course.root), Paths::new(folder.path()));
    cases::seal(&target, &source, chapter).unwrap();

    let (path, mut bytes) = (target.sealed("tricks", "cases"), Vec::new());
    let mut archive = zip::ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
    archive.by_name("relu").unwrap().read_to_end(&mut bytes).unwrap();
    // The version stands first: its length, then its letters.
    assert_eq!(&bytes[1..=VERSION.len()], VERSION.as_bytes());
    bytes[1] = b'9';
    let mut changed = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    changed.start_file("relu", zip::write::SimpleFileOptions::default()).unwrap();
    changed.write_all(&bytes).unwrap();
    changed.finish().unwrap();

    let message = cases::open(&target, &chapter.exercises[0], 1).unwrap_err().to_string();
    let words = ["`tricks/relu`", "sealed for version 9", VERSION];
    assert!(words.iter().all(|word| message.contains(word)), "{message}");
}

#[test]
fn gradescope_s_archive_has_its_two_programs_at_the_root_and_they_run() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("tree/lectures")).unwrap();
    fs::write(at("tree/lectures/course.toml"), "").unwrap();
    release::gradescope::pack_tree(&at("tree"), &at("made/autograder.zip")).unwrap();
    let mut zip = zip::ZipArchive::new(fs::File::open(at("made/autograder.zip")).unwrap()).unwrap();
    assert!(zip.by_name("course/lectures/course.toml").is_ok());
    fs::create_dir_all(at("autograder/source/course/target/debug")).unwrap();
    for name in ["setup.sh", "run_autograder"] {
        let mut entry = zip.by_name(name).unwrap();
        assert_eq!(entry.unix_mode().unwrap() & 0o111, 0o111, "{name} can be started");
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        assert!(text.starts_with("#!") && !text.contains('\r'), "{name}");
        fs::write(at("autograder").join(name), text).unwrap();
        let checked = Command::new("bash").arg("-n").arg(at("autograder").join(name)).status().unwrap();
        assert!(checked.success(), "{name}");
    }
    // In the grader's place one that writes what it was asked for; nothing where nothing was handed in.
    let program = at("autograder/source/course/target/debug/grader");
    let fake = "#!/bin/bash\nfor word; do case $word in gradescope=*) place=${word#*=};; esac; done\n\
                [ -z \"$place\" ] && exit 0\nmkdir -p $place\n\
                [ -e $AUTOGRADER/submission/a.rs ] && echo '{}' > $place/x.json\nexit 0\n";
    fs::write(&program, fake).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir_all(at("autograder/submission")).unwrap();
    let run = || {
        let mut command = Command::new("bash");
        command
            .arg(at("autograder/run_autograder"))
            .env("AUTOGRADER", at("autograder"))
            .env("TMPDIR", folder.path());
        command.output().unwrap()
    };
    let nothing = run();
    assert!(!nothing.status.success() && !at("autograder/results/results.json").exists(), "{nothing:?}");
    assert!(String::from_utf8_lossy(&nothing.stdout).contains("which is no zero"));
    fs::write(at("autograder/submission/a.rs"), "").unwrap();
    let graded = run();
    assert!(graded.status.success(), "{graded:?}");
    assert_eq!(fs::read_to_string(at("autograder/results/results.json")).unwrap(), "{}\n");
}
