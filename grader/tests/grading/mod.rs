//! Grades the solutions of `tricks` with some changes, as a student's files are graded.
#![allow(dead_code, reason = "each test program uses its part")]

use std::path::Path;

use grader::{
    build::assemble::Sources,
    course::{Course, Exercise},
    events::Silence,
    grade::{Grader, Options, cache::Cache},
    paths::Paths,
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
    let chapter = course.chapter("tricks").expect("the chapter");
    let wanted: Vec<&Exercise> =
        chapter.exercises.iter().filter(|exercise| topics.contains(&exercise.topic.as_str())).collect();
    let (mut graded, options) = (Marks::default(), Options { seed: Some(3), force: false });
    let submission = Sources { chapter, source, tree };
    grader.grade(&submission, &wanted, &options, Some(cache), &mut graded).expect("verdicts");
    graded
}

/// Everything about one grading that a test may want otherwise.
pub struct Grading<'a> {
    /// What the sources are called.
    pub source: &'a str,
    /// The chapter.
    pub chapter: &'a str,
    /// The exercises, by their ids in the chapter.
    pub ids: &'a [&'a str],
    /// The seed of the cases.
    pub seed: u64,
}

impl Grading<'_> {
    /// The chapter's solutions with `patches` (file below `src`, find, replace), graded without a cache and without waiting.
    pub fn patched(&self, patches: &[(&str, &str, &str)]) -> Marks {
        let mut tree =
            Tree::read(&course().root.join("solutions").join(self.chapter)).expect("the solutions");
        for (file, find, replace) in patches {
            tree.patch(&Path::new("src").join(file), find, replace).expect("a patch that fits");
        }
        self.of(&tree)
    }

    /// `tree`, graded without a cache and without waiting.
    pub fn of(&self, tree: &Tree) -> Marks {
        let (course, events) = (course(), Silence);
        let grader = Grader::new(&course, &events).expect("a grader");
        let chapter = course.chapter(self.chapter).expect("the chapter");
        let is_wanted = |exercise: &&Exercise| self.ids.contains(&exercise.id.as_str());
        let wanted: Vec<&Exercise> = chapter.exercises.iter().filter(is_wanted).collect();
        assert_eq!(wanted.len(), self.ids.len());
        let submission = Sources { chapter, source: self.source, tree };
        let (mut marks, options) = (Marks::default(), Options { seed: Some(self.seed), force: true });
        grader.grade(&submission, &wanted, &options, None, &mut marks).expect("verdicts");
        marks
    }
}

/// Writes another body for `item`.
pub fn with_body(tree: &mut Tree, file: &str, item: &str, body: &str) {
    let text = tree.files.get_mut(Path::new(file)).expect("the file");
    let module = Module::parse(text).expect("Rust");
    let range = module.body(&[item.to_owned()]).expect("a body");
    text.replace_range(range, &format!("{{ {body} }}"));
}

/// Where everything of it lies.
pub fn paths() -> Paths {
    Paths::new(&course().root)
}

fn course() -> Course {
    Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the course")
}
