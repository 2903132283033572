//! Where to look: the file and line of what is to be written or mended next.

use std::{fs, path::Path};

use crate::{
    course::Exercise,
    source::calls::{Body, Calls},
    verdict::{Failure, Kind},
};

/// `lectures/tricks/src/activations.rs:12`: the function that stopped, or else the first that is unfinished, or else the first.
pub fn place(root: &Path, exercise: &Exercise, failure: Option<&Failure>) -> String {
    let file = exercise.file();
    let read = |file: &Path| {
        fs::read_to_string(root.join("lectures").join(&exercise.chapter).join(file)).unwrap_or_default()
    };
    if let Some((file, line)) = failure.and_then(|failure| stopped_at(exercise, failure)) {
        let is_borrowed = failure.is_some_and(|failure| failure.kind == Kind::Borrowed);
        let start =
            if is_borrowed { None } else { function_at(Path::new(&file), &read(Path::new(&file)), line) };
        return format!("lectures/{}/{file}:{}", exercise.chapter, start.unwrap_or(line));
    }
    let line = first_line(exercise, &file, &read(&file));
    let shown = Path::new("lectures").join(&exercise.chapter).join(&file).display().to_string();
    line.map_or_else(|| shown.clone(), |line| format!("{shown}:{line}"))
}

/// The file below the chapter and the line that a failure's message names.
fn stopped_at(exercise: &Exercise, failure: &Failure) -> Option<(String, usize)> {
    if !matches!(failure.kind, Kind::Todo | Kind::Panic | Kind::Borrowed) {
        return None;
    }
    let (_, rest) = failure.message.split_once(&format!("lectures/{}/src/", exercise.chapter))?;
    let (file, rest) = rest.split_once(":")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((format!("src/{file}"), digits.parse().ok()?)).filter(|_| file.ends_with(".rs"))
}

/// Where the function begins that `line` stands in.
fn function_at(file: &Path, text: &str, line: usize) -> Option<usize> {
    let calls = Calls::of("", [(file, text)]);
    let around = calls.bodies().filter(|body| (body.line..=body.end).contains(&line));
    around.max_by_key(|body| body.line).map(|body| body.line)
}

/// The first unfinished function of `exercise`, or else its first item.
fn first_line(exercise: &Exercise, file: &Path, text: &str) -> Option<usize> {
    let calls = Calls::of("", [(file, text)]);
    let own = |body: &&Body| !body.is_nested && exercise.items.contains(&body.item);
    let unfinished = calls.bodies().filter(own).find(|body| body.is_unfinished);
    let first = || {
        let of_first = |body: &&Body| !body.is_nested && exercise.items.first() == Some(&body.item);
        calls.bodies().find(of_first)
    };
    unfinished.or_else(first).map(|body| body.line)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "/// Docs.\npub fn a() {\n    1.0\n}\n\n/// More.\npub fn b() {\n    todo!()\n}\n\n\
                        pub struct S;\nimpl S {\n    pub fn m() {\n        b()\n    }\n    pub fn n() {\n        todo!()\n    }\n}\n";

    fn placed(items: &str, failure: Option<(Kind, &str)>) -> String {
        let folder = tempfile::tempdir().unwrap();
        let chapter = folder.path().join("lectures/one/src");
        fs::create_dir_all(&chapter).unwrap();
        fs::write(chapter.join("t.rs"), TEXT).unwrap();
        let exercise = format!(
            "id = \"x\"\nitems = {items}\ntitle = \"\"\ntopic = \"t\"\npoints = 1\nsource = \"\"\nhints = []"
        );
        let mut exercise: Exercise = toml::from_str(&exercise).unwrap();
        exercise.chapter = "one".to_owned();
        let failure =
            failure.map(|(kind, message)| Failure { message: message.to_owned(), ..Failure::of(kind) });
        place(folder.path(), &exercise, failure.as_ref())
    }

    #[test]
    fn of_several_items_the_unfinished_one_is_pointed_at() {
        assert_eq!(placed("[\"a\"]", None), "lectures/one/src/t.rs:2");
        assert_eq!(placed("[\"a\", \"b\"]", None), "lectures/one/src/t.rs:7");
        assert_eq!(placed("[\"S\"]", None), "lectures/one/src/t.rs:16");
        assert_eq!(placed("[\"gone\"]", None), "lectures/one/src/t.rs");
        let wrong = Some((Kind::Wrong, "`y` is wrong in lectures/one/src/t.rs:3"));
        assert_eq!(placed("[\"a\"]", wrong), "lectures/one/src/t.rs:2");
    }

    #[test]
    fn what_panicked_is_pointed_at() {
        let panicked = |line| format!("The code panicked at lectures/one/src/t.rs:{line}:9:\n  no");
        assert_eq!(placed("[\"a\", \"S\"]", Some((Kind::Panic, &panicked(14)))), "lectures/one/src/t.rs:13");
        assert_eq!(placed("[\"a\", \"S\"]", Some((Kind::Todo, &panicked(3)))), "lectures/one/src/t.rs:2");
        let elsewhere = "The code panicked at dfdx-0.13.0/src/shapes.rs:3:9:\n  no";
        assert_eq!(placed("[\"a\"]", Some((Kind::Panic, elsewhere))), "lectures/one/src/t.rs:2");
        let borrowed = "… and lectures/one/src/t.rs:14 uses it";
        assert_eq!(placed("[\"a\"]", Some((Kind::Borrowed, borrowed))), "lectures/one/src/t.rs:14");
    }
}
