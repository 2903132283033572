//! Programs without an exam: to be timed, or looked into.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::Grader;
use crate::{
    build::assemble::Sources,
    course::{Chapter, Exercise, stubs},
    source::tree::Tree,
};

impl Grader<'_> {
    /// The programs of `exercises`, a topic each, built from what is in `lectures` or in `solutions`, to be timed.
    ///
    /// Both are built in the same place, one after the other, and then put aside: programs of the same code are the same to
    /// the byte. Attempt in places of their own their loops have other addresses, which made up to a fifth of a call's time.
    pub fn programs(
        &self,
        chapter: &Chapter,
        source: &str,
        exercises: &[&Exercise],
    ) -> Result<BTreeMap<String, PathBuf>> {
        let tree = Tree::of_student(&self.paths.root().join(source).join(&chapter.name));
        let submission = Sources { chapter, source: "timed", tree: &tree };
        let stubs = stubs::load(&self.paths, &chapter.name)?;
        let assembled = self.assemble(&submission, &stubs, exercises)?;
        let aside = self.paths.build(self.device).join("timed").join(source).join(&chapter.name);
        let programs = assembled.programs.into_iter().map(|(topic, program)| {
            let copy = aside.join(&topic);
            copy_program(&program, &copy)?;
            Ok((topic, copy))
        });
        programs.collect()
    }

    /// The program of an exercise as a student wrote it, built.
    pub fn program(&self, exercise: &Exercise) -> Result<PathBuf> {
        let chapter = self.course.chapter(&exercise.chapter);
        let chapter = chapter.with_context(|| format!("there is no chapter `{}`", exercise.chapter))?;
        let tree = Tree::of_student(&self.paths.lecture(&chapter.name));
        let submission = Sources { chapter, source: "lectures", tree: &tree };
        let stubs = stubs::load(&self.paths, &chapter.name)?;
        let assembled = self.assemble(&submission, &stubs, &[exercise])?;
        Ok(assembled.program(exercise)?.to_owned())
    }
}

/// Copies a program whole, or not at all.
fn copy_program(from: &Path, to: &Path) -> Result<()> {
    let copy = || -> io::Result<()> {
        fs::create_dir_all(to.parent().unwrap_or(Path::new(".")))?;
        // A program that runs can't be written to, but replaced.
        let part = to.with_extension("part");
        fs::copy(from, &part)?;
        fs::rename(part, to)
    };
    copy().with_context(|| format!("failed to copy `{}` to `{}`", from.display(), to.display()))
}
