//! `new`: everything that an exercise needs, in its places and under its name, so that it compiles; `check` says what is still to
//! be written. What each place gets is `places`'s, the texts are `templates`'s.

mod places;
mod templates;

use anyhow::{Result, ensure};
use serde_json::json;

use super::{PROGRAM, Session};
use crate::{
    course::Chapter,
    exit::Exit,
    files::write_whole,
    report::{put_json, putln},
};

/// An exercise that is to be made.
pub struct Plan<'a> {
    /// The chapter that it becomes the last exercise of.
    pub chapter: &'a Chapter,
    /// Its id within the chapter, which is also its function's name.
    pub id: &'a str,
    /// The file that it is written in, without `.rs`.
    pub topic: &'a str,
}

/// Makes `chapter/id`, in the file `topic` or in one of its own.
pub fn new(session: &Session, full_id: &str, topic: Option<&str>) -> Result<Exit> {
    super::refuse_without_authors("new")?;
    let plan = plan(session, full_id, topic)?;
    // All is read and put together before anything is written: what does not fit leaves everything as it is.
    let edits = places::edits(&session.paths, &plan)?;
    for (path, text) in &edits {
        write_whole(path, text.as_bytes())?;
    }
    let root = session.paths.root();
    let files: Vec<_> = edits.iter().map(|(path, _)| path.strip_prefix(root).unwrap_or(path)).collect();
    if session.common.json {
        put_json(&json!({ "format": 1, "exercise": full_id, "files": files }));
        return Ok(Exit::Done);
    }
    files.iter().for_each(|file| putln!("  {}", file.display()));
    let check = session.style.command(&format!("{PROGRAM} check {full_id} --seal"));
    putln!("\nEvery place has its name, and everything compiles. What is still to be written: {check}");
    Ok(Exit::Done)
}

fn plan<'a>(session: &'a Session, full_id: &'a str, topic: Option<&'a str>) -> Result<Plan<'a>> {
    let named = full_id.split_once('/');
    ensure!(named.is_some(), "name the chapter, too: `new CHAPTER/{full_id}`");
    let (name, id) = named.unwrap_or_default();
    let chapter = session.chapters_called(Some(name))?[0];
    let topic = topic.unwrap_or(id);
    for (word, what) in [(id, "exercise"), (topic, "file")] {
        let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let is_name = word.starts_with(|c: char| c.is_ascii_lowercase()) && word.chars().all(is_letter);
        ensure!(
            is_name,
            "`{word}` can't be the name of an {what}: take small letters, digits and `_`, as in `leaky_relu`"
        );
    }
    let is_there = session.course.exercises().any(|exercise| exercise.id == id);
    ensure!(!is_there, "there is an exercise `{id}` already: names are taken once in the whole course");
    Ok(Plan { chapter, id, topic })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{course::Course, paths::Paths, source::parse::parse};

    /// A lecture ends with where to go from here, and with its sources.
    #[test]
    fn a_section_of_its_own_stands_before_what_comes_next() {
        let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let paths = Paths::new(&course.root);
        for chapter in &course.chapters {
            let edits =
                places::edits(&paths, &Plan { chapter, id: "brand_new", topic: "brand_new" }).unwrap();
            let (_, lecture) = edits.iter().find(|(path, _)| path.ends_with("README.md")).unwrap();
            let (before, after) = lecture.split_once("## TODO").unwrap();
            let rest = after.split_once("\n## ").map_or("", |(_, rest)| rest);
            assert!(!rest.contains("| [`"), "tasks behind it in {}", chapter.name);
            let last = before.rfind("| [`").unwrap();
            assert!(!before[last..].contains("\n## "), "another section before it in {}", chapter.name);
        }
    }

    /// In this course: every place takes a new exercise, in a file of its own and in any that is there.
    #[test]
    fn every_place_of_every_chapter_takes_a_new_exercise() {
        let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let paths = Paths::new(&course.root);
        for chapter in &course.chapters {
            for topic in chapter.topics().into_iter().chain(["brand_new"]) {
                let edits = places::edits(&paths, &Plan { chapter, id: "brand_new", topic }).unwrap();
                for (path, text) in &edits {
                    let name = path.display();
                    assert!(text.contains("brand_new") || path.ends_with("brand_new.toml"), "{name}");
                    match path.extension().and_then(|extension| extension.to_str()) {
                        Some("rs") => _ = parse(text).unwrap_or_else(|error| panic!("{name}: {error}")),
                        Some("toml") => _ = text.parse::<toml::Table>().unwrap(),
                        _ => {}
                    }
                }
                let made = edits.iter().filter(|(path, _)| !path.exists()).count();
                // Its misconceptions; and a golden program, where the topic has none.
                let few = if topic == "brand_new" { 6..=6 } else { 1..=2 };
                assert!(few.contains(&made), "{made} for {topic} of {}", chapter.name);
            }
        }
    }
}
