//! `update`: what is new arrives, what a student wrote stays, whatever happens halfway.

use std::{fs, os::unix::fs::symlink, process::Command, sync::OnceLock};

use crate::course::{Course, EXERCISES, LIB, README, STUB};

const SHAPES: &str = "lectures/demo/src/shapes.rs";
const PROPOSAL: &str = ".crash-course/conflicts/lectures/demo/src/shapes.rs";
const THREE: &str = "\n/// Three.\npub fn three() {\n    todo!()\n}\n";

/// Version 0.2.0: other docs, another signature, an exercise more, a file more, one less, another grader.
pub fn next() -> &'static Course {
    static MADE: OnceLock<Course> = OnceLock::new();
    MADE.get_or_init(|| {
        let shapes = STUB.replace("pub fn go()", "pub fn go(&self)") + THREE;
        let lib = LIB.to_owned() + "pub mod more;\n";
        Course::lasting_release(
            "next",
            "0.2.0",
            &[
                (SHAPES, Some(&shapes)),
                ("lectures/demo/src/lib.rs", Some(&lib)),
                ("lectures/demo/src/more.rs", Some("//! More.\n")),
                ("lectures/demo/src/old.rs", None),
                ("lectures/demo/README.md", Some(&README.replace("Third.", "Third, and last."))),
                ("grader/src/main.rs", Some("fn main() { /* better */ }\n")),
                ("grader/src/new.rs", Some("//! New.\n")),
            ],
        )
    })
}

pub fn line(release: &Course) -> String {
    format!("update {}", release.root().display())
}

/// A student solved an exercise, wrote into the lecture and has a file of their own.
pub fn begun() -> Course {
    let course = Course::released();
    course.write(SHAPES, &STUB.replacen("todo!()", "0.5 + 0.5 // mine", 1));
    course.write("lectures/demo/README.md", &README.replace("First.", "First. (I see!)"));
    course.write("lectures/demo/src/my notes.txt", "σ is not s");
    course
}

#[test]
fn what_was_left_alone_is_replaced_and_work_stays() {
    let course = begun();
    let said = course.succeed(&line(next()));
    let shapes = next().read(SHAPES).replacen("todo!()", "0.5 + 0.5 // mine", 1);
    assert_eq!(course.read(SHAPES), shapes);
    assert_eq!(
        course.read("lectures/demo/README.md"),
        "# Shapes\n\nFirst. (I see!)\n\nSecond.\n\nThird, and last.\n"
    );
    assert_eq!(course.read("lectures/demo/src/my notes.txt"), "σ is not s");
    assert!(!course.root().join("lectures/demo/src/old.rs").exists());
    for path in [
        "lectures/demo/src/lib.rs",
        "lectures/demo/src/more.rs",
        "grader/src/main.rs",
        "grader/sealed/release.toml",
    ] {
        assert_eq!(course.read(path), next().read(path), "{path}");
    }
    for words in [
        "Version 0.1.0 to 0.2.0",
        "new        lectures/demo/src/more.rs",
        "removed    lectures/demo/src/old.rs",
        "merged     lectures/demo/src/shapes.rs: yours, with what is new",
        "merged     lectures/demo/README.md",
        "files of the course that you had left as they were",
        "Everything as it was before is in .crash-course/stash/update/",
        "Should this be interrupted and cargo not build the grader: .crash-course/scratch/grader list",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let kept = course.updates().remove(0);
    let before = fs::read_to_string(kept.payload.join(SHAPES)).unwrap();
    assert_eq!(before, STUB.replacen("todo!()", "0.5 + 0.5 // mine", 1));
    assert_eq!(kept.contents.unwrap().command, line(next()));
    assert!(!course.root().join(".crash-course/scratch").exists());
    assert!(
        course
            .succeed(&line(next()))
            .contains("Nothing to do: this course is that release already (version 0.2.0)")
    );
}

#[test]
fn in_a_conflict_the_students_item_stays_and_both_are_shown() {
    let course = Course::released();
    let mine = STUB.replace("pub fn go() {\n        todo!()", "pub fn go() {\n        // mine");
    course.write(SHAPES, &mine);
    let said = course.succeed(&line(next()));
    assert_eq!(course.read(SHAPES), mine + THREE);
    assert!(
        said.contains(
            "conflict   lectures/demo/src/shapes.rs: `impl  Two`: changed by you and by the course"
        ),
        "{said}"
    );
    assert!(said.contains(&format!("both sides, with markers: {PROPOSAL}")), "{said}");
    let proposal = course.read(PROPOSAL);
    assert!(
        proposal.contains("<<<<<<< yours\n    pub fn go() {\n        // mine\n||||||| as it was"),
        "{proposal}"
    );
    assert!(
        proposal.contains("=======\n    pub fn go(&self) {\n        todo!()\n>>>>>>> the new release\n"),
        "{proposal}"
    );
    // The next update takes the old proposal away, and does not ask again.
    let text = next().read(SHAPES);
    let said = course.succeed(&line(&Course::release("0.3.0", &[(SHAPES, Some(&text))])));
    assert!(!said.contains("conflict") && !course.root().join(PROPOSAL).exists(), "{said}");
}

#[test]
fn what_does_not_parse_stays_as_it_is() {
    let course = Course::released();
    let mine = STUB.replace("pub fn go() {", "pub fn go( {");
    course.write(SHAPES, &mine);
    let said = course.succeed(&line(next()));
    assert!(said.contains("conflict   lectures/demo/src/shapes.rs: changed by you"), "{said}");
    assert_eq!(course.read(SHAPES), mine);
    fs::write(course.root().join("lectures/demo/src/more.rs"), b"// caf\xe9").unwrap();
    let said =
        course.succeed(&line(&Course::release("0.3.0", &[("lectures/demo/src/more.rs", Some("//! 3.\n"))])));
    assert!(said.contains("conflict   lectures/demo/src/more.rs"), "{said}");
    assert_eq!(fs::read(course.root().join("lectures/demo/src/more.rs")).unwrap(), b"// caf\xe9");
}

#[test]
fn a_renamed_exercise_keeps_work_and_hints() {
    let exercises = EXERCISES.replace("id = \"one\"", "id = \"uno\"\nrenamed_from = [\"one\"]").replacen(
        "topic = \"shapes\"",
        "topic = \"forms\"",
        1,
    );
    let (head, rest) = STUB.split_once("\n/// Two.").unwrap();
    let files = [
        ("lectures/demo/exercises.toml", Some(exercises.as_str())),
        ("lectures/demo/src/lib.rs", Some("//! Demo.\n\npub mod forms;\npub mod shapes;\n")),
        ("lectures/demo/src/forms.rs", Some(&*head.replace("Shapes", "Forms").replace("one()", "uno()"))),
        (SHAPES, Some(&*format!("//! Shapes.\n\n/// Two.{rest}"))),
    ];
    let release = Course::release("0.2.0", &files);
    let course = Course::released();
    course.write(SHAPES, &(STUB.replacen("todo!()", "helper()", 1) + "\nfn helper() -> f32 {\n    1.0\n}\n"));
    course.write(
        ".crash-course/state.toml",
        "[exercises.\"demo/one\"]\nhints = 1\nattempts = 3\nsolved = true\n",
    );
    let said = course.succeed(&line(&release));
    assert!(
        said.contains("renamed    demo/one is demo/uno now; hints, attempts and answers go with it"),
        "{said}"
    );
    assert_eq!(
        course.read("lectures/demo/src/forms.rs"),
        "//! Forms.\n\n/// One.\npub fn uno() -> f32 {\n    helper()\n}\n"
    );
    assert_eq!(course.read(SHAPES), release.read(SHAPES) + "\nfn helper() -> f32 {\n    1.0\n}\n");
    course.succeed("solutions status");
    let state = course.read(".crash-course/state.toml");
    assert!(
        state.contains("[exercises.\"demo/uno\"]\nhints = 1\nattempts = 3") && !state.contains("demo/one"),
        "{state}"
    );
}

#[test]
fn the_graders_own_files_fit_together_again() {
    let course = Course::released();
    course.write("grader/src/main.rs", "fn main() { /* mine */ }\n");
    course.write("lectures/demo/src/lib.rs", &LIB.replace('\n', "\r\n"));
    fs::remove_file(course.root().join("lectures/demo/src/shapes.rs")).unwrap();
    let said = course.succeed(&line(next()));
    assert!(
        said.contains("replaced   grader/src/main.rs: you had changed it: yours is in the stash"),
        "{said}"
    );
    // Git on some machines changes line ends; nobody did.
    assert!(said.contains("replaced   lectures/demo/src/lib.rs"), "{said}");
    assert_eq!(course.read(SHAPES), next().read(SHAPES));
}

#[test]
fn a_dry_run_only_shows() {
    let course = begun();
    let before = course.files();
    let said = course.succeed(&format!("{} --dry-run", line(next())));
    assert!(
        said.contains("(only shown, nothing was changed)")
            && said.contains("new        lectures/demo/src/more.rs"),
        "{said}"
    );
    assert_eq!(course.files(), before);
    assert!(course.updates().is_empty());
    let json = course.succeed(&format!("{} --dry-run --json", line(next())));
    assert!(json.contains("\"dry_run\": true") && json.contains("\"what\": \"merged\""), "{json}");
}

#[test]
fn what_is_no_newer_release_is_refused() {
    let course = begun();
    let refused = |release: &Course| course.refuse(&line(release));
    assert!(
        refused(&Course::release("0.0.9", &[])).contains("has version 0.0.9, and this course 0.1.0 already")
    );
    assert!(refused(&Course::new()).contains("is no release of the course"));
    let changed = Course::release("0.2.0", &[]);
    changed.write(SHAPES, "// changed later");
    assert!(
        refused(&changed)
            .contains("`lectures/demo/src/shapes.rs` of the release was changed after it was made")
    );
    fs::remove_file(changed.root().join(SHAPES)).unwrap();
    assert!(refused(&changed).contains("of the release is missing"));
    let manifest = changed.read("grader/sealed/release.toml");
    changed.write("grader/sealed/release.toml", &manifest.replace("format = 1", "format = 2"));
    assert!(refused(&changed).contains("has format 2, and this grader knows 1"));
    changed.write("grader/sealed/release.toml", &manifest.replace("[files]", "[files]\n\"../x\" = \"\""));
    assert!(refused(&changed).contains("can't have a file `../x`"));
    assert!(course.refuse("update /nowhere/at/all").contains("git could not get `/nowhere/at/all`"));
    let full = Course::new();
    assert!(full.refuse(&line(next())).contains("was not made by `release`"));
}

#[test]
fn what_stands_in_the_way_is_named() {
    let course = begun();
    fs::create_dir(course.root().join("grader/src/new.rs")).unwrap();
    assert!(
        course
            .refuse(&line(next()))
            .contains("`grader/src/new.rs` is a folder, where the new release has a file")
    );
    fs::remove_dir(course.root().join("grader/src/new.rs")).unwrap();
    fs::rename(course.root().join("grader/src"), course.root().join("elsewhere")).unwrap();
    symlink("../elsewhere", course.root().join("grader/src")).unwrap();
    assert!(course.refuse(&line(next())).contains("`grader/src` is a link"));
    let swapped = begun();
    swapped.succeed("solutions in");
    assert!(swapped.refuse(&line(next())).contains("holds the reference solutions"));
}

#[test]
fn a_git_remote_does_as_well() {
    let (course, remote) = (begun(), tempfile::tempdir().unwrap());
    let git = |line: &str| {
        let arguments = line.split_whitespace();
        let mut command = Command::new("git");
        command
            .args(["-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "core.autocrlf=false"])
            .args(arguments);
        let output = command.current_dir(remote.path()).output().unwrap();
        assert!(output.status.success(), "{line}: {output:?}");
    };
    git("init --quiet --initial-branch=main");
    // As the README says: the repository takes over a release as it is.
    git(&format!("--work-tree={} add --all", next().root().display()));
    git("commit --quiet --message=0.2.0");
    git("tag v0.2.0");
    let url = format!("file://{}", remote.path().display());
    let said = course.succeed(&format!("update {url} --branch v0.2.0"));
    assert!(said.contains("Version 0.1.0 to 0.2.0"), "{said}");
    assert_eq!(course.read("lectures/demo/src/more.rs"), "//! More.\n");
    assert!(course.refuse(&format!("update {url} --branch nothing")).contains("git could not get"));
}
