//! Grades the solutions of `tricks` with some changes, as a student's files are graded.
#![allow(dead_code, reason = "each test program uses its part")]

use std::path::Path;

use grader::{
    build::assemble::Sources,
    course::{Course, Exercise},
    events::Silence,
    grade::{Grader, Options, cache::Cache},
    source::{items::Module, tree::Tree},
    verdict::Marks,
};

/// Grades the exercises of `topic` and what they need, under the name `source`.
pub fn grade(source: &str, topic: &str, change: impl FnOnce(&mut Tree)) -> Marks {
    let (mut cache, mut tree) = (Cache::default(), solutions());
    change(&mut tree);
    grade_tree(source, &[topic], &tree, &mut cache)
}

/// The solutions of `tricks`.
pub fn solutions() -> Tree {
    Tree::read(&course().root.join("solutions/tricks")).expect("the solutions")
}

/// Grades the exercises of `topics` as they are in `tree`.
pub fn grade_tree(source: &str, topics: &[&str], tree: &Tree, cache: &mut Cache) -> Marks {
    let (course, events) = (course(), Silence);
    let grader = Grader::new(&course, &events).expect("a grader");
    let chapter = &course.chapters[0];
    let wanted: Vec<&Exercise> =
        chapter.exercises.iter().filter(|exercise| topics.contains(&exercise.topic.as_str())).collect();
    let (mut graded, options) = (Marks::default(), Options { seed: Some(3), force: false });
    let submission = Sources { chapter, source, tree };
    grader.grade(&submission, &wanted, &options, Some(cache), &mut graded).expect("verdicts");
    graded
}

/// Writes another body for `item`.
pub fn with_body(tree: &mut Tree, file: &str, item: &str, body: &str) {
    let text = tree.files.get_mut(Path::new(file)).expect("the file");
    let module = Module::parse(text).expect("Rust");
    let range = module.body(&[item.to_owned()]).expect("a body");
    text.replace_range(range, &format!("{{ {body} }}"));
}

fn course() -> Course {
    Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course")
}
