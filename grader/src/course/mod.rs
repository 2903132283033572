//! What exists: chapters and exercises as `lectures/course.toml` and `lectures/<chapter>/exercises.toml` list them.
//!
//! Looks at no student code; what an exercise's state is, others say.

pub mod cases;
mod exercise;
pub mod manifest;
mod question;
pub mod stubs;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use globset::Glob;
use serde::Deserialize;

pub use exercise::{Exercise, MINUTES_A_POINT};
pub use question::Question;

use crate::{PROGRAM, files::read_toml, paths::Paths};

/// The version of the course, which is that of its grader.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A version's numbers, which can be compared.
pub fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or_default()).collect()
}

/// The whole course.
#[derive(Debug)]
pub struct Course {
    /// The repository's top folder.
    pub root: PathBuf,
    /// The title, as reports and lectures print it.
    pub title: String,
    /// In teaching order.
    pub chapters: Vec<Chapter>,
}

/// A chapter: one crate under `lectures/`.
#[derive(Debug)]
pub struct Chapter {
    /// Folder and crate name.
    pub name: String,
    /// The title, as reports and lectures print it.
    pub title: String,
    /// In reading order.
    pub exercises: Vec<Exercise>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CourseFile {
    title: String,
    chapters: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChapterFile {
    title: String,
    #[serde(default)]
    exercise: Vec<Exercise>,
}

impl Course {
    /// Loads the course that `start` lies in.
    pub fn find(start: &Path) -> Result<Self> {
        Self::load(Self::root(start)?)
    }

    /// The nearest folder upwards that has `lectures/course.toml`, or where an update of it was interrupted.
    pub fn root(start: &Path) -> Result<&Path> {
        let is_root = |folder: &&Path| {
            folder.join("lectures/course.toml").is_file() || Paths::new(folder).update_journal().is_file()
        };
        start.ancestors().find(is_root).with_context(|| {
            format!(
                "no `lectures/course.toml` in {} or above it; run the grader inside the course",
                start.display()
            )
        })
    }

    /// Loads the course below `root`.
    pub fn load(root: &Path) -> Result<Self> {
        let file: CourseFile = read_toml(&root.join("lectures/course.toml"))?;
        let chapters = file.chapters.iter().map(|name| Chapter::load(root, name)).collect::<Result<_>>()?;
        let course = Self { root: root.to_owned(), title: file.title, chapters };
        course.validate()?;
        Ok(course)
    }

    /// The course below `root`, of which nothing could be read.
    pub fn unread(root: &Path) -> Self {
        Self { root: root.to_owned(), title: String::new(), chapters: Vec::new() }
    }

    /// Every exercise in teaching order.
    pub fn exercises(&self) -> impl Iterator<Item = &Exercise> {
        self.chapters.iter().flat_map(|chapter| &chapter.exercises)
    }

    /// The chapter of this name.
    pub fn chapter(&self, name: &str) -> Option<&Chapter> {
        self.chapters.iter().find(|chapter| chapter.name == name)
    }

    /// The exercise called `full_id`.
    pub fn exercise(&self, full_id: &str) -> Option<&Exercise> {
        self.exercises().find(|exercise| exercise.full_id() == full_id)
    }

    /// The exercises that `pattern` names: a chapter, `chapter/id`, a bare id, a glob over `chapter/id`, or a file.
    pub fn select(&self, pattern: &str) -> Result<Vec<&Exercise>> {
        let glob = Glob::new(pattern).with_context(|| format!("`{pattern}` is no glob"))?.compile_matcher();
        let matches = |exercise: &&Exercise| {
            let is_named = exercise.chapter == pattern || exercise.id == pattern;
            is_named || glob.is_match(exercise.full_id()) || exercise.lies_in(pattern)
        };
        let found: Vec<_> = self.exercises().filter(matches).collect();
        if found.is_empty() {
            bail!(
                "no exercise is called `{pattern}`{}; `{PROGRAM} list` shows them all",
                self.suggestion(pattern)
            );
        }
        Ok(found)
    }

    /// `exercises` and everything that they need, in teaching order.
    pub fn with_needs(&self, exercises: &[&Exercise]) -> Vec<&Exercise> {
        let mut ids: Vec<String> = exercises.iter().map(|exercise| exercise.full_id()).collect();
        let mut next = 0;
        while next < ids.len() {
            let needs = self.exercise(&ids[next]).map(|exercise| exercise.needs.clone()).unwrap_or_default();
            ids.extend(needs.into_iter().filter(|need| !ids.contains(need)).collect::<Vec<_>>());
            next += 1;
        }
        self.exercises().filter(|exercise| ids.contains(&exercise.full_id())).collect()
    }

    /// The one exercise that `name` means.
    pub fn one(&self, name: &str) -> Result<&Exercise> {
        match self.select(name)?[..] {
            [exercise] => Ok(exercise),
            ref many => {
                let names: Vec<_> = many.iter().map(|exercise| exercise.full_id()).collect();
                bail!("`{name}` means several exercises ({}); name one", names.join(", "))
            }
        }
    }

    fn suggestion(&self, name: &str) -> String {
        let bare = name.rsplit('/').next().unwrap_or(name);
        let nearest = self.exercises().min_by_key(|exercise| edit_distance(&exercise.id, bare));
        match nearest {
            Some(exercise) if edit_distance(&exercise.id, bare) <= bare.len().div_ceil(3) => {
                format!(" (did you mean `{}`?)", exercise.full_id())
            }
            _ => String::new(),
        }
    }

    /// A topic is the name of a program in cargo's target folder, where there is one of a name.
    fn programs_are_distinct(&self) -> Result<()> {
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for chapter in &self.chapters {
            for topic in chapter.topics() {
                if let Some(other) = owners.insert(topic, &chapter.name) {
                    bail!("`{other}` and `{}` both have a topic `{topic}`: rename one of them", chapter.name);
                }
            }
        }
        Ok(())
    }

    fn validate(&self) -> Result<()> {
        let mut seen: Vec<String> = Vec::new();
        for exercise in self.exercises() {
            let id = exercise.full_id();
            ensure!(!seen.contains(&id), "`{id}` is listed twice");
            for needed in &exercise.needs {
                ensure!(seen.contains(needed), "`{id}` needs `{needed}`, which is not listed before it");
            }
            if let Some(fault) = exercise.question.as_ref().and_then(Question::fault) {
                bail!("the question of `{id}` {fault}");
            }
            ensure!(exercise.time_limit > 0.0, "`{id}` has a time limit of {} s", exercise.time_limit);
            seen.push(id);
        }
        self.programs_are_distinct()?;
        for exercise in self.exercises() {
            if let Some(layer) = exercise.mine.iter().find(|layer| !seen.contains(layer)) {
                bail!("`{}` can't be trained on `{layer}`, which is not listed", exercise.full_id());
            }
            if let Some(former) = exercise.renamed_from.iter().find(|former| seen.contains(former)) {
                bail!("`{}` was renamed from `{former}`, which is listed still", exercise.full_id());
            }
        }
        Ok(())
    }
}

impl Chapter {
    fn load(root: &Path, name: &str) -> Result<Self> {
        let path = root.join("lectures").join(name).join("exercises.toml");
        let file: ChapterFile = read_toml(&path)?;
        let exercises = file.exercise.into_iter().map(|exercise| complete(exercise, name)).collect();
        Ok(Self { name: name.to_owned(), title: file.title, exercises })
    }

    /// The modules that exercises are written in, in reading order.
    pub fn topics(&self) -> Vec<&str> {
        topics(&self.exercises)
    }
}

/// The topics of `exercises`, each once, where it first occurs: a topic's exercises need not stand one behind the other.
pub fn topics<'e>(exercises: impl IntoIterator<Item = &'e Exercise>) -> Vec<&'e str> {
    let mut found = Vec::new();
    for Exercise { topic, .. } in exercises {
        if !found.contains(&topic.as_str()) {
            found.push(topic.as_str());
        }
    }
    found
}

fn complete(mut exercise: Exercise, chapter: &str) -> Exercise {
    exercise.chapter = chapter.to_owned();
    if exercise.items.is_empty() {
        exercise.items = vec![exercise.id.clone()];
    }
    for id in exercise.needs.iter_mut().chain(&mut exercise.mine).chain(&mut exercise.renamed_from) {
        if !id.contains('/') {
            *id = format!("{chapter}/{id}");
        }
    }
    exercise
}

/// Levenshtein distance.
fn edit_distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_costs_one() {
        assert_eq!(edit_distance("relu", "relu"), 0);
        assert_eq!(edit_distance("relu", "leaky_relu"), 6);
        assert_eq!(edit_distance("sigmoid", "sigmiod"), 2);
    }

    #[test]
    fn this_course_loads() {
        let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(course.select("tricks").unwrap().len() > 3);
        assert_eq!(course.one("relu").unwrap().full_id(), "tricks/relu");
        assert!(course.select("tricks/*relu").unwrap().len() >= 2);
        let of_file = course.select("lectures/tricks/src/activations.rs:12").unwrap();
        assert!(of_file.iter().any(|exercise| exercise.id == "relu"));
        let message = course.select("tricks/sigmiod").unwrap_err().to_string();
        assert!(message.contains("did you mean `tricks/sigmoid`?"), "{message}");
    }

    #[test]
    fn two_chapters_have_no_topic_of_one_name() {
        let mut course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        course.validate().unwrap();
        course.chapters[1].exercises[0].topic = "tensors".to_owned();
        let message = course.validate().unwrap_err().to_string();
        assert_eq!(message, "`first_steps` and `tricks` both have a topic `tensors`: rename one of them");
    }

    #[test]
    fn a_topic_is_listed_once_although_its_exercises_are_apart() {
        let course = Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let chapter = course.chapters.iter().find(|chapter| chapter.name == "special_layers").unwrap();
        let places = |topic: &str| chapter.topics().into_iter().filter(|other| *other == topic).count();
        assert_eq!((chapter.topics()[0], places("dense"), places("pooling")), ("dense", 1, 1));
    }
}
