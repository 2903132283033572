//! The walls that students of dfdx run into: what the compiler or a panic says, and what it means here.
//!
//! A table: a pattern, a sentence in the course's words, and where the lecture explains it. The first that fits counts,
//! so the special stands before the general. A false sentence is worse than none: a pattern names what must be there
//! for the sentence to be true. `grader/tests/walls/` has a student's program and the compiler's own message for each.
//! To add a wall, add its program there.

mod access;
mod moves;
mod names;
mod numbers;
mod panics;
mod pattern;
mod shapes;
mod tapes;

use std::path::Path;

use pattern::{matched, plain};

pub use panics::PANICS;

/// Something that many students meet.
#[derive(Debug)]
pub struct Wall {
    /// A name of our own, by which tests know it.
    pub name: &'static str,
    /// The compiler's code; empty where it gives none.
    pub code: &'static str,
    /// Patterns of the first sentence, of which one fits.
    pub message: &'static [&'static str],
    /// Patterns of which one fits some label or note; none where the first sentence is enough.
    pub said: &'static [&'static str],
    /// What it means. `{1}`, `{2}`, … are what the `*`s stand for, those of the first sentence and then those of the
    /// note.
    pub says: &'static str,
    /// Where to read on: a heading in a file.
    pub link: &'static str,
}

/// What a tensor is, and why an operation uses it up.
const TENSORS: &str = "lectures/first_steps/README.md#2-tensors-numbers-with-a-shape";
/// What is recorded, and who has the record.
const RECORDED: &str = "lectures/first_steps/README.md#4-the-tape-derivatives-without-a-pencil";
/// Types of a function, and one tensor in two places.
const SIGNATURES: &str = "lectures/first_steps/README.md#5-signatures-read-aloud";
/// How a tensor and its tape are used, all of it for looking up.
const TAPES: &str = "lectures/tricks/README.md#2-tensors-and-tapes-in-five-minutes";
/// What holds in every exercise.
const CONVENTIONS: &str = "lectures/README.md#conventions-of-the-whole-course";
/// What is compiled and run.
const GRADING: &str = "lectures/README.md#how-grading-works";
/// How to look into a program.
const STUCK: &str = "lectures/README.md#getting-unstuck";
/// What the compiler's words mean where tensors are concerned.
const OBJECTIONS: &str = "lectures/tricks/README.md#when-the-compiler-objects";

/// What a student is told of a wall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The wall's name.
    pub wall: &'static str,
    /// What is said to the student.
    pub says: String,
    /// Where to read on.
    pub link: &'static str,
}

/// All walls of the compiler, in the order in which they are tried.
pub fn walls() -> impl Iterator<Item = &'static Wall> {
    [moves::WALLS, tapes::WALLS, numbers::WALLS, shapes::WALLS, access::WALLS, names::WALLS]
        .into_iter()
        .flatten()
}

/// The wall behind an error of the compiler: its code, its first sentence, its labels and notes.
pub fn of_error(code: Option<&str>, message: &str, said: &[String]) -> Option<Told> {
    let said: Vec<String> = said.iter().map(|text| plain(text)).collect();
    let code = code.unwrap_or_default();
    walls().filter(|wall| wall.code == code).find_map(|wall| wall.told(&plain(message), &said))
}

/// The wall behind a panic at `place`.
pub fn of_panic(message: &str, place: &str) -> Option<Told> {
    // Only a student's files have relative names.
    let whose = if Path::new(place).is_relative() { "yours: " } else { "" };
    PANICS.iter().find_map(|wall| wall.told(&plain(message), &[format!("{whose}{place}")]))
}

impl Told {
    /// The sentence, and below it the link. What shows it breaks it where its screen ends.
    pub fn lines(&self) -> [String; 2] {
        [self.says.clone(), format!("→ {}", self.link)]
    }
}

impl Wall {
    fn told(&self, message: &str, said: &[String]) -> Option<Told> {
        let mut caught = self.message.iter().find_map(|pattern| matched(pattern, message))?;
        if !self.said.is_empty() {
            let texts = || said.iter().map(String::as_str);
            let fits = |pattern: &&str| texts().find_map(|text| matched(pattern, text));
            caught.extend(self.said.iter().find_map(fits)?);
        }
        let insert =
            |says: String, (i, caught): (usize, &&str)| says.replace(&format!("{{{}}}", i + 1), caught);
        let says = caught.iter().enumerate().fold(self.says.to_owned(), insert);
        Some(Told { wall: self.name, says, link: self.link })
    }
}
