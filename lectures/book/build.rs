//! Collects the Rust of all lectures into documentation tests, so that `cargo test` compiles and runs what students read.
//!
//! A lecture's blocks go on from one another as a reader takes them to do. `saved.md` is not among them: the toolkit tests it.

use std::{
    env,
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

/// What a lecture's code has at hand without saying so.
const PRELUDE: &str = "use dfdx::prelude::*;\nuse toolkit::tensor::*;\n";

fn main() -> io::Result<()> {
    let lectures = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    println!("cargo::rerun-if-changed=build.rs");
    let mut code = String::new();
    for lecture in readmes(&lectures) {
        println!("cargo::rerun-if-changed={}", lecture.display());
        let text = fs::read_to_string(&lecture).unwrap_or_default();
        let folder =
            lecture.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        // A folder beside the chapters may be a student's own, and called anything.
        if folder.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            code += &tests(&folder, &text);
        }
    }
    let place = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("code.rs");
    fs::write(place, code)
}

fn readmes(lectures: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(lectures).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.path().join("README.md")).filter(|file| file.is_file()).collect();
    files.sort();
    files
}

/// A documentation test for each block of Rust, in which the blocks before it are hidden.
fn tests(folder: &str, text: &str) -> String {
    let (mut tests, mut before, mut lines) = (String::new(), PRELUDE.to_owned(), (1..).zip(text.lines()));
    while let Some((number, line)) = lines.next() {
        let Some(kind) = line.strip_prefix("```").filter(|kind| !kind.is_empty()) else { continue };
        let block: String = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| *line != "```")
            .fold(String::new(), with_line);
        if kind.split(',').next() != Some("rust") || kind.contains("ignore") {
            continue;
        }
        let hidden: String = before.lines().map(|line| format!("# {line}\n")).collect();
        let doc = format!("```{kind}\n{hidden}{block}```");
        _ = writeln!(tests, "#[doc = {doc:?}]\nmod {folder}_line_{number} {{}}");
        if kind == "rust" {
            before += &block;
        }
    }
    tests
}

fn with_line(text: String, line: &str) -> String {
    text + line + "\n"
}
