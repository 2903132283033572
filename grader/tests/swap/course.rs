//! A small course in a folder of its own, and the grader at work on it as a process that can be killed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::SystemTime,
};

use grader::{
    course::{manifest, stubs},
    keep::stash::{self, Deposit},
    paths::Paths,
    source::tree::Tree,
};
use tempfile::TempDir;

pub const EXERCISES: &str = r#"title = "Demo"
[[exercise]]
id = "one"
title = "One"
topic = "shapes"
points = 1
source = "slide 1"
hints = ["mind the sign"]
[[exercise]]
id = "two"
items = ["Two"]
title = "Two"
topic = "shapes"
points = 1
source = "slide 2"
hints = []
"#;

pub const README: &str = "# Shapes\n\nFirst.\n\nSecond.\n\nThird.\n";
pub const LIB: &str = "//! Demo.\n\npub mod shapes;\n";
pub const STUB: &str = "//! Shapes.\n\n/// One.\npub fn one() -> f32 {\n    todo!()\n}\n\n/// Two.\npub struct Two;\n\n\
                        impl Two {\n    /// Goes.\n    pub fn go() {\n        todo!()\n    }\n}\n";

/// What stands at a path: bytes (none for folders), permissions, time of the last change.
pub type Snapshot = BTreeMap<PathBuf, (Option<Vec<u8>>, u32, SystemTime)>;

pub struct Course {
    root: PathBuf,
    _folder: Option<TempDir>,
}

/// A course whose exercises, all untouched, are graded without building anything.
pub fn gradable() -> Course {
    let course = Course::new();
    for place in [
        "Cargo.toml",
        "Cargo.lock",
        "rust-toolchain.toml",
        "grader/probe/src/lib.rs",
        "grader/probe/demo/src/bin/shapes.rs",
        "grader/protocol/src/lib.rs",
        "lectures/toolkit/src/lib.rs",
    ] {
        course.write(place, "");
    }
    course
}

impl Course {
    /// Chapter `demo` with two exercises in one file, solved in solutions/, untouched in lectures/.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { root: folder.path().to_owned(), _folder: Some(folder) }.furnished()
    }

    /// A release for all tests of this program, which nobody removes in the end: in cargo's own folder for such, where it
    /// replaces that of an earlier run.
    pub fn lasting_release(name: &str, version: &str, files: &[(&str, Option<&str>)]) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("swap").join(name);
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        fs::create_dir_all(&root).unwrap();
        Self { root, _folder: None }.furnished().made_release(version, files)
    }

    fn furnished(self) -> Self {
        let course = self;
        course.write("lectures/course.toml", "title = \"Course\"\nchapters = [\"demo\"]\n");
        course.write("lectures/demo/exercises.toml", EXERCISES);
        course.write("lectures/demo/src/lib.rs", LIB);
        course.write("lectures/demo/src/shapes.rs", STUB);
        course.write("solutions/demo/src/lib.rs", LIB);
        course.write("solutions/demo/src/shapes.rs", &STUB.replace("todo!()", "1.0"));
        let paths = course.paths();
        stubs::seal(&paths, "demo", &Tree::read(&paths.lecture("demo")).unwrap()).unwrap();
        course
    }

    /// One that students got: version 0.1.0, with a program of the grader and a lecture to read.
    pub fn released() -> Self {
        Self::release("0.1.0", &[])
    }

    /// The same in another version, where these files have another text, or none.
    pub fn release(version: &str, files: &[(&str, Option<&str>)]) -> Self {
        Self::new().made_release(version, files)
    }

    fn made_release(self, version: &str, files: &[(&str, Option<&str>)]) -> Self {
        let course = self;
        course.write("Cargo.toml", "[workspace]\n");
        course.write("grader/src/main.rs", "fn main() {}\n");
        course.write("lectures/demo/README.md", README);
        course.write("lectures/demo/src/old.rs", "//! Old.\n");
        for (path, text) in files {
            match text {
                Some(text) => course.write(path, text),
                None => fs::remove_file(course.root().join(path)).unwrap(),
            }
        }
        let paths = course.paths();
        stubs::seal(&paths, "demo", &Tree::read(&paths.lecture("demo")).unwrap()).unwrap();
        manifest::write(course.root(), version).unwrap();
        course
    }

    /// One in which a student has worked: an exercise solved, a file of odd permissions, a folder, an old file.
    pub fn begun() -> Self {
        let course = Self::new();
        course.write("lectures/demo/src/shapes.rs", &STUB.replacen("todo!()", "0.5 + 0.5 // mine", 1));
        course.write("lectures/demo/src/my notes.txt", "σ is not s");
        course.write("lectures/demo/src/tried/first.rs", "not Rust at all");
        fs::create_dir(course.root().join("lectures/demo/src/empty")).unwrap();
        course.permit("lectures/demo/src/tried/first.rs", 0o400);
        let shapes = fs::File::open(course.root().join("lectures/demo/src/shapes.rs")).unwrap();
        shapes.set_modified(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_007)).unwrap();
        course
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn paths(&self) -> Paths {
        Paths::new(self.root())
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    pub fn permit(&self, path: &str, mode: u32) {
        fs::set_permissions(self.root().join(path), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// The grader with this command line.
    pub fn grader(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
        command.args(line.split_whitespace()).arg("--course").arg(self.root()).current_dir(self.root());
        command
    }

    pub fn run(&self, line: &str) -> Output {
        self.grader(line).output().unwrap()
    }

    /// Runs it to a good end and returns what it prints.
    #[track_caller]
    pub fn succeed(&self, line: &str) -> String {
        let output = self.run(line);
        let (out, err) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(output.status.success(), "`{line}`: {out}{err}");
        out + &err
    }

    /// Runs it to a refusal, which must have moved nothing, and returns its words.
    #[track_caller]
    pub fn refuse(&self, line: &str) -> String {
        let (before, stashes) = (self.snapshot(), self.stashes().len());
        let output = self.run(line);
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert_eq!((self.snapshot(), self.stashes().len()), (before, stashes), "{err}");
        assert!(!self.root().join(".crash-course/scratch").exists(), "{err}");
        err
    }

    /// Lets the grader complete or undo what was interrupted.
    pub fn settle(&self) -> String {
        String::from_utf8(self.run("solutions status").stderr).unwrap()
    }

    /// Every file of the course, the student's and ours.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut all = Snapshot::new();
        walk(self.root(), &mut all);
        let relative = |path: &Path| path.strip_prefix(self.root()).unwrap().to_owned();
        let files = all.into_iter().filter_map(|(path, (bytes, ..))| Some((relative(&path), bytes?)));
        files.filter(|(path, _)| !path.starts_with(".crash-course") && !path.starts_with("target")).collect()
    }

    /// Runs it until it has done `steps` steps; whether that was before its end.
    pub fn interrupt(&self, line: &str, steps: usize) -> bool {
        let output = self.grader(line).env("GRADER_ABORT_AFTER", steps.to_string()).output().unwrap();
        output.status.code().is_none()
    }

    /// Everything below the lecture's `src`, itself included.
    pub fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::new();
        walk(&self.root().join("lectures/demo/src"), &mut snapshot);
        snapshot
    }

    /// Every text there is of the student's, here or in a stash.
    pub fn texts(&self) -> BTreeSet<Vec<u8>> {
        let mut found = self.snapshot();
        self.stashes().iter().chain(&self.updates()).for_each(|kept| walk(&kept.payload, &mut found));
        let ours = [LIB.to_owned(), STUB.replace("todo!()", "1.0")];
        let texts = found.into_values().filter_map(|(bytes, ..)| bytes);
        texts.filter(|bytes| !ours.iter().any(|text| text.as_bytes() == bytes)).collect()
    }

    pub fn stashes(&self) -> Vec<Deposit> {
        stash::list(&self.paths(), "demo").unwrap()
    }

    /// What updates replaced.
    pub fn updates(&self) -> Vec<Deposit> {
        stash::list(&self.paths(), stash::UPDATE).unwrap()
    }

    /// Whether the solutions are in.
    pub fn is_swapped(&self) -> bool {
        stash::waiting(&self.paths(), "demo").unwrap().is_some()
    }

    pub fn is_interrupted(&self) -> bool {
        ["journal.toml", "update.toml"]
            .iter()
            .any(|name| self.root().join(".crash-course").join(name).exists())
    }
}

fn walk(path: &Path, snapshot: &mut Snapshot) {
    let Ok(metadata) = fs::symlink_metadata(path) else { return };
    let bytes = metadata.is_file().then(|| fs::read(path).unwrap());
    snapshot.insert(path.to_owned(), (bytes, metadata.permissions().mode(), metadata.modified().unwrap()));
    if metadata.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| walk(&entry.unwrap().path(), snapshot));
    }
}
