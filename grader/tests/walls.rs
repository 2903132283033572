//! The walls that students run into, each with a program of a student's that meets it and what the compiler of the
//! course says of it: `walls/<program>.json`, trimmed; `walls/panics.json`. Programs without a wall are near misses: no
//! sentence is true of them.
//!
//! `WRITE=1 cargo test -p grader --test walls` writes down which walls are found now, and `walls/README.md`; read the
//! difference.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "in a test a panic is a finding")]

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    sync::Once,
};

use grader::{
    build::{compile::Diagnostic, stage::LECTURE_DEPENDENCIES},
    messages::walls::{self, PANICS, Told, Wall},
};
use serde::Deserialize;
use serde_json::Value;

/// A student's program, and what the compiler says.
#[derive(Deserialize)]
struct Program {
    file: String,
    function: String,
    code: Vec<String>,
    walls: Vec<String>,
    messages: Vec<Value>,
}

/// A student's statement, and the panic that it ends in.
#[derive(Deserialize)]
struct Panic {
    code: String,
    wall: String,
    message: String,
    place: String,
}

impl Program {
    fn errors(&self) -> Vec<Diagnostic> {
        self.messages.iter().map(|message| Diagnostic::read(&message.to_string()).unwrap()).collect()
    }

    /// What is told, each once.
    fn told(&self) -> Vec<Told> {
        self.errors().iter().filter_map(Diagnostic::wall).fold(Vec::new(), |mut all, told| {
            if !all.iter().any(|known: &Told| known.says == told.says) {
                all.push(told);
            }
            all
        })
    }

    fn found(&self) -> Vec<String> {
        self.told().into_iter().map(|told| told.wall.to_owned()).collect()
    }
}

impl Panic {
    fn found(&self) -> String {
        walls::of_panic(&self.message, &self.place).map(|told| told.wall.to_owned()).unwrap_or_default()
    }
}

/// Where all this lies; once what is found now is written down there, should it be.
fn folder() -> PathBuf {
    static WRITTEN: Once = Once::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/walls");
    if env::var_os("WRITE").is_some() {
        WRITTEN.call_once(|| write_down(&folder));
    }
    folder
}

fn write_down(folder: &Path) {
    let mut programs = programs_in(folder);
    for (path, program) in &mut programs {
        let text = fs::read_to_string(&path).unwrap();
        let line = |walls: &[String]| format!("  \"walls\": {}", Value::from(walls));
        let found = program.found();
        fs::write(path, text.replacen(&line(&program.walls), &line(&found), 1)).unwrap();
        program.walls = found;
    }
    let mut text = fs::read_to_string(folder.join("panics.json")).unwrap();
    let panics = panics_in(folder);
    for panic in &panics {
        let line =
            |wall: &str| format!("{}, \"wall\": {}", Value::from(panic.code.as_str()), Value::from(wall));
        text = text.replace(&line(&panic.wall), &line(&panic.found()));
    }
    fs::write(folder.join("panics.json"), text).unwrap();
    fs::write(folder.join("README.md"), table(&programs, &panics)).unwrap();
}

fn programs() -> Vec<(PathBuf, Program)> {
    programs_in(&folder())
}

fn panics() -> Vec<Panic> {
    panics_in(&folder())
}

fn programs_in(folder: &Path) -> Vec<(PathBuf, Program)> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    files.retain(|path| !path.ends_with("panics.json"));
    files.sort();
    let read = |path: PathBuf| {
        let program = serde_json::from_str(&fs::read_to_string(&path).unwrap());
        let program = program.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, program)
    };
    files.into_iter().map(read).collect()
}

fn panics_in(folder: &Path) -> Vec<Panic> {
    serde_json::from_str(&fs::read_to_string(folder.join("panics.json")).unwrap()).unwrap()
}

fn all_walls() -> impl Iterator<Item = &'static Wall> {
    walls::walls().chain(PANICS)
}

#[test]
fn every_program_gets_the_sentences_that_are_true_of_it() {
    for (path, program) in programs() {
        assert_eq!(program.found(), program.walls, "{}", path.display());
    }
}

#[test]
fn every_panic_gets_its_sentence() {
    for panic in panics() {
        assert_eq!(panic.found(), panic.wall, "{}", panic.code);
    }
}

#[test]
fn every_wall_has_a_program_and_a_name_of_its_own() {
    let names: Vec<&str> = all_walls().map(|wall| wall.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "a name stands twice");
    let met: BTreeSet<String> = programs().into_iter().flat_map(|(_, program)| program.walls).collect();
    let met: BTreeSet<String> = met.into_iter().chain(panics().into_iter().map(|panic| panic.wall)).collect();
    let unmet: Vec<&&str> = names.iter().filter(|name| !met.contains(**name)).collect();
    assert!(unmet.is_empty(), "no program meets {unmet:?}");
}

#[test]
fn links_lead_to_headings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for wall in all_walls() {
        let (file, anchor) = wall.link.split_once('#').unwrap();
        let text = fs::read_to_string(root.join(file)).unwrap();
        let headings = text.lines().filter(|line| line.starts_with('#'));
        let slug = |line: &str| {
            let words = line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
            words.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect::<String>()
        };
        assert!(headings.map(slug).any(|slug| slug == anchor), "`{}` links to {}", wall.name, wall.link);
    }
}

#[test]
fn the_sentence_about_crates_names_those_that_there_are() {
    let says = all_walls().find(|wall| wall.name == "crate_imported").unwrap().says;
    assert!(LECTURE_DEPENDENCIES.iter().all(|name| says.contains(&format!("`{name}`"))), "{says}");
}

#[test]
fn the_table_shows_what_is_said() {
    let written = fs::read_to_string(folder().join("README.md")).unwrap();
    assert!(
        written == table(&programs(), &panics()),
        "the table is old: write it anew (see the head of this file)"
    );
}

fn table(programs: &[(PathBuf, Program)], panics: &[Panic]) -> String {
    let mut text = "# Walls\n\nWhat students of dfdx run into: what was written, the compiler's first line, what the course\n\
                    says. Written by `grader/tests/walls.rs`.\n\n| code | compiler | sentence |\n|---|---|---|\n"
        .to_owned();
    let cell = |text: &str| text.replace('|', "\\|");
    let (mut rows, mut near) = (Vec::new(), String::new());
    for (_, program) in programs {
        let errors = program.errors();
        let first = |error: &Diagnostic| match &error.code {
            Some(code) => format!("error[{code}]: {}", error.message),
            None => format!("error: {}", error.message),
        };
        let code = program
            .code
            .iter()
            .map(|line| format!("`{}`", cell(line.trim())))
            .collect::<Vec<_>>()
            .join("<br>");
        let code = format!(
            "{code}<br>in `{}` of {}",
            program.function,
            program.file.trim_start_matches("lectures/")
        );
        let told: Vec<(usize, Told)> =
            errors.iter().enumerate().filter_map(|(i, error)| Some((i, error.wall()?))).collect();
        match told.first() {
            Some((i, _)) => {
                let all = program.told();
                let says: Vec<String> = all
                    .iter()
                    .map(|told| format!("{} → [{}]({})", told.says, told.wall, up(told.link)))
                    .collect();
                rows.push((
                    place(all[0].wall),
                    format!("| {code} | {} | {} |\n", cell(&first(&errors[*i])), cell(&says.join("<br>"))),
                ));
            }
            None => near += &format!("| {code} | {} |\n", cell(&first(&errors[0]))),
        }
    }
    rows.sort();
    text.extend(rows.into_iter().map(|(_, row)| row));
    text += "\n## Panics\n\n| code | panic | sentence |\n|---|---|---|\n";
    for panic in panics {
        let says = walls::of_panic(&panic.message, &panic.place).map(|told| told.says).unwrap_or_default();
        let message = panic.message.replace('\n', "; ");
        text += &format!("| `{}` | {} | {} |\n", cell(&panic.code), cell(&message), cell(&says));
    }
    text + "\n## Near misses: no sentence\n\n| code | compiler |\n|---|---|\n" + &near
}

/// Where a wall stands in the table.
fn place(name: &str) -> usize {
    walls::walls().position(|wall| wall.name == name).unwrap()
}

/// A link from the table's folder.
fn up(link: &str) -> String {
    format!("../../../{link}")
}
