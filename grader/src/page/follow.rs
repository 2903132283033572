//! Which task is being worked on: the one whose code was saved last. Reads sources, compiles nothing.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{
    course::{Course, Exercise},
    source::items::Module,
    verdict::{Marks, Verdict},
};

/// Remembers what the sources were at the last look.
#[derive(Default)]
pub struct Follow {
    texts: BTreeMap<PathBuf, String>,
    current: Option<String>,
    /// Whether it stays with that.
    is_fixed: bool,
}

impl Follow {
    /// Stays with this exercise whatever is saved.
    pub fn only(id: &str) -> Self {
        Self { texts: BTreeMap::new(), current: Some(id.to_owned()), is_fixed: true }
    }

    /// The exercise to show now, of those that are `graded`.
    pub fn pick<'c>(
        &mut self,
        course: &'c Course,
        exercises: &[&'c Exercise],
        graded: &Marks,
    ) -> Option<&'c Exercise> {
        if self.is_fixed {
            return self.kept(exercises);
        }
        let before = std::mem::replace(&mut self.texts, texts(&course.root, exercises));
        let picked = match before.is_empty() {
            true => self.first(&course.root, exercises, graded),
            false => self.saved(&before, exercises, graded),
        };
        let picked = picked.or_else(|| self.kept(exercises)).or_else(|| next(exercises, graded));
        self.current = picked.map(Exercise::full_id);
        picked
    }

    fn kept<'c>(&self, exercises: &[&'c Exercise]) -> Option<&'c Exercise> {
        let current = self.current.as_deref()?;
        exercises.iter().copied().find(|exercise| exercise.full_id() == current)
    }

    /// At the first look: of what was begun that in the file that was saved last.
    fn first<'c>(&self, root: &Path, exercises: &[&'c Exercise], graded: &Marks) -> Option<&'c Exercise> {
        let saved = |exercise: &&Exercise| -> Option<SystemTime> {
            fs::metadata(path(root, exercise)).and_then(|file| file.modified()).ok()
        };
        let begun = exercises.iter().copied().filter(|exercise| is_begun(exercise, graded));
        let last = begun.clone().max_by_key(saved)?;
        let same: Vec<&Exercise> = begun.filter(|exercise| saved(exercise) == saved(&last)).collect();
        to_fix(&same, graded).or(Some(last))
    }

    /// The exercise whose own code changed; of a file where only something else did, one that is to be fixed.
    fn saved<'c>(
        &self,
        before: &BTreeMap<PathBuf, String>,
        exercises: &[&'c Exercise],
        graded: &Marks,
    ) -> Option<&'c Exercise> {
        let mut touched: Vec<&Exercise> = Vec::new();
        let mut edited: Vec<&Exercise> = Vec::new();
        let mut parsed: BTreeMap<PathBuf, Option<(Module, Module)>> = BTreeMap::new();
        for &exercise in exercises {
            let file = Path::new(&exercise.chapter).join(exercise.file());
            let (Some(old), Some(new)) = (before.get(&file), self.texts.get(&file)) else { continue };
            if old == new {
                continue;
            }
            touched.push(exercise);
            let modules = parsed
                .entry(file)
                .or_insert_with(|| Some((Module::parse(old).ok()?, Module::parse(new).ok()?)));
            let code = |module: &Module| module.code_of(&exercise.items);
            if modules.as_ref().is_some_and(|(old, new)| code(old) != code(new)) {
                edited.push(exercise);
            }
        }
        let is_open = |exercise: &&Exercise| !graded.is_passed(&exercise.full_id());
        // Whoever saves during a run has its text looked at before it is judged: then the verdict tells.
        let fresh: Vec<&Exercise> =
            exercises.iter().copied().filter(|exercise| graded.fresh.contains(&exercise.full_id())).collect();
        let of_file = self.kept(&touched).filter(is_open).or_else(|| to_fix(&touched, graded));
        let current = || self.kept(exercises).filter(is_open).or_else(|| to_fix(&fresh, graded));
        to_fix(&edited, graded).or(edited.last().copied()).or(of_file).or_else(current)
    }
}

fn texts(root: &Path, exercises: &[&Exercise]) -> BTreeMap<PathBuf, String> {
    let read = |exercise: &&Exercise| {
        let text = fs::read_to_string(path(root, exercise)).ok()?;
        Some((Path::new(&exercise.chapter).join(exercise.file()), text))
    };
    exercises.iter().filter_map(read).collect()
}

fn path(root: &Path, exercise: &Exercise) -> PathBuf {
    root.join("lectures").join(&exercise.chapter).join(exercise.file())
}

fn is_begun(exercise: &Exercise, graded: &Marks) -> bool {
    graded.verdicts.get(&exercise.full_id()).is_some_and(|verdict| *verdict != Verdict::NotStarted)
}

fn to_fix<'c>(exercises: &[&'c Exercise], graded: &Marks) -> Option<&'c Exercise> {
    let is_wrong =
        |exercise: &&Exercise| is_begun(exercise, graded) && !graded.is_passed(&exercise.full_id());
    exercises.iter().copied().find(is_wrong)
}

/// What comes next where nobody works on anything.
pub fn next<'c>(exercises: &[&'c Exercise], graded: &Marks) -> Option<&'c Exercise> {
    let is_open = |exercise: &&Exercise| !graded.is_passed(&exercise.full_id());
    to_fix(exercises, graded)
        .or_else(|| exercises.iter().copied().find(is_open))
        .or_else(|| exercises.last().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STUB: &str = "/// A.\npub fn a() {\n    todo!()\n}\n\n/// B.\npub fn b() {\n    todo!()\n}\n";

    fn course() -> (tempfile::TempDir, Course) {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let exercise = |id: &str| {
            format!(
                "[[exercise]]\nid = \"{id}\"\ntitle = \"\"\ntopic = \"t\"\npoints = 1\nsource = \"\"\nhints = []\n"
            )
        };
        write("lectures/course.toml", "title = \"C\"\nchapters = [\"one\"]\n");
        write("lectures/one/exercises.toml", &format!("title = \"One\"\n{}{}", exercise("a"), exercise("b")));
        write("lectures/one/src/t.rs", STUB);
        let course = Course::load(folder.path()).unwrap();
        (folder, course)
    }

    #[test]
    fn what_was_saved_during_a_run_is_followed_once_it_is_judged() {
        let (_folder, course) = course();
        let exercises: Vec<&Exercise> = course.exercises().collect();
        let passed = Verdict::Passed { cases: 1, prints: None, results: Vec::new(), pictures: Vec::new() };
        let broken = Verdict::Broken { message: String::new() };
        let verdicts = [("one/a".to_owned(), broken), ("one/b".to_owned(), passed)].into();
        let mut graded = Marks { verdicts, ..Marks::default() };
        let mut follow = Follow::default();
        follow.pick(&course, &exercises, &graded);
        follow.current = Some("one/b".to_owned());
        assert_eq!(follow.pick(&course, &exercises, &graded).unwrap().id, "b");
        graded.fresh.push("one/a".to_owned());
        assert_eq!(follow.pick(&course, &exercises, &graded).unwrap().id, "a");
    }

    #[test]
    fn the_exercise_whose_code_was_saved_is_followed() {
        let (folder, course) = course();
        let exercises: Vec<&Exercise> = course.exercises().collect();
        let save = |text: &str| fs::write(folder.path().join("lectures/one/src/t.rs"), text).unwrap();
        let mut follow = Follow::default();
        let mut picked = || follow.pick(&course, &exercises, &Marks::default()).unwrap().id.clone();
        assert_eq!(picked(), "a");
        save(&STUB.replacen("/// B.\npub fn b() {\n    todo!()", "/// B.\npub fn b() {\n    1;", 1));
        assert_eq!(picked(), "b");
        assert_eq!(picked(), "b");
        save(STUB);
        assert_eq!(picked(), "b");
        save(&STUB.replacen("todo!()", "2;", 1));
        assert_eq!(picked(), "a");
        assert_eq!(Follow::only("one/b").pick(&course, &exercises, &Marks::default()).unwrap().id, "b");
    }
}
