//! What the compiler read beside what it was given: the certain net behind `refuse`, which looks at words.
//!
//! Cargo lists every file that went into a program. A program into which a file went that is neither the student's nor the course's
//! for everybody is not used; a message that quotes such a file is not shown.

use std::{
    env, fs,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    build::{
        beside,
        compile::{Compilation, Diagnostic, Place},
        stage::Stage,
    },
    messages::{compiler::WITHHELD, sources},
    paths::Paths,
    source::tree::{ROOT, Tree},
};

/// What of the course every program is built from.
const COURSE: [&str; 3] = ["grader/probe", "grader/protocol", "lectures/toolkit"];

/// What the programs of a stage may be built from.
pub struct Inputs<'a> {
    stage: &'a Stage,
    course: Vec<PathBuf>,
}

impl<'a> Inputs<'a> {
    /// For what is staged in `stage`.
    pub fn new(paths: &Paths, stage: &'a Stage) -> Self {
        let course = COURSE.iter().map(|folder| paths.root().join(folder));
        let staged = ["adapters", beside::FOLDER].map(|folder| stage.folder.join(folder));
        Self { stage, course: course.chain(staged).collect() }
    }

    /// Takes out of what was compiled the programs into which another file went, and the words of messages that quote one.
    ///
    /// # Errors
    /// When cargo left no list of a program's files.
    pub fn sift(&self, compiled: &mut Compilation) -> Result<()> {
        for diagnostic in compiled.errors.iter_mut().chain(&mut compiled.warnings) {
            if !self.may_be_shown(diagnostic) {
                diagnostic.message.clear();
                WITHHELD.clone_into(&mut diagnostic.rendered);
            }
        }
        for (topic, program) in std::mem::take(&mut compiled.programs) {
            match self.outsider(&program)? {
                Some(outsider) => compiled.outsiders.push(outsider),
                None => _ = compiled.programs.insert(topic, program),
            }
        }
        Ok(())
    }

    /// The first file that went into `program` and was not given.
    fn outsider(&self, program: &Path) -> Result<Option<PathBuf>> {
        let list = program.with_extension("d");
        let text =
            fs::read_to_string(&list).with_context(|| format!("failed to read `{}`", list.display()))?;
        Ok(listed(&text, program).into_iter().find(|file| !self.has(file)))
    }

    /// Whether every file that a message is about was given, or belongs to a library.
    fn may_be_shown(&self, diagnostic: &Diagnostic) -> bool {
        let noted = diagnostic.notes.iter().map(|(_, place)| place);
        let mut places = diagnostic.places.iter().chain(noted).flat_map(Place::and_callers);
        places.all(|place| self.may_be_quoted(&place.file))
    }

    fn may_be_quoted(&self, file: &Path) -> bool {
        self.has(file) || is_library(file)
    }

    /// Whether a file is the student's as it was staged, or the course's for everybody.
    fn has(&self, file: &Path) -> bool {
        let file = plain(&self.stage.folder.join(file));
        let sources = self.stage.lecture().join("src");
        self.course.iter().chain([&sources]).any(|folder| is_below(&file, folder))
    }
}

/// The student's file to blame for `outsider`, and what the student is told: a file that spells its name, or else the root, or else
/// any. `place` is what the compiler calls the chapter's folder.
///
/// # Errors
/// When nothing is left that a student wrote.
pub fn blame(tree: &Tree, stubs: &Tree, outsider: &Path, place: &Path) -> Result<(PathBuf, String)> {
    let name = outsider.file_name().unwrap_or_default().to_string_lossy();
    let written =
        || tree.files.iter().filter(|(file, text)| stubs.files.get(*file).map_or("", |stub| stub) != *text);
    let spelled = written().find(|(_, text)| text.contains(&*name));
    let root = || written().find(|(file, _)| *file == Path::new(ROOT));
    let (file, _) = spelled.or_else(root).or_else(|| written().next()).with_context(|| {
        format!("the compiler read `{}`, which is no part of what it was given", outsider.display())
    })?;
    let says = sources::read_outside(&place.join(file).display().to_string(), &name);
    Ok((file.clone(), says))
}

/// The files that a makefile's rule for `program` names. Spaces are escaped.
fn listed(text: &str, program: &Path) -> Vec<PathBuf> {
    let rule = text.trim_end();
    let target = program.to_string_lossy().replace(' ', "\\ ");
    let files = rule.strip_prefix(&target).and_then(|rest| rest.strip_prefix(": "));
    let files = files.or_else(|| Some(rule.split_once(": ")?.1)).unwrap_or_default();
    let files = files.replace("\\ ", "\0");
    files.split(' ').filter(|file| !file.is_empty()).map(|file| file.replace('\0', " ").into()).collect()
}

/// Whether `file` lies in `folder`, by its name or, where links are on the way, in truth.
fn is_below(file: &Path, folder: &Path) -> bool {
    let is_really = || Some(fs::canonicalize(file).ok()?.starts_with(fs::canonicalize(folder).ok()?));
    file.starts_with(folder) || is_really().unwrap_or(false)
}

/// Downloaded crates, the standard library, and what the compiler makes up.
fn is_library(file: &Path) -> bool {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let file = plain(file);
    let text = file.to_string_lossy();
    home.is_some_and(|home| file.starts_with(home))
        || text.starts_with("/rustc/")
        || text.contains("/lib/rustlib/src/rust/library/")
        || text.starts_with('<')
}

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::ParentDir => _ = plain.pop(),
            Component::CurDir => {}
            part => plain.push(part),
        }
        plain
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_is_told_from_what_was_not() {
        let paths = Paths::new(Path::new("/my course"));
        let folder = paths.stage("lectures").join("tricks");
        let stage = Stage {
            source: "lectures".into(),
            folder: folder.clone(),
            chapter: "tricks".into(),
            beside: Default::default(),
        };
        let given = Inputs::new(&paths, &stage);
        for file in [
            "lectures/tricks/src/a.rs",
            "lectures/tricks/src/../../../adapters/lectures-tricks-a.rs",
            "/my course/lectures/toolkit/src/lib.rs",
            "/my course/target/grader/stage/lectures/tricks/lectures/tricks/src/parts/b.rs",
        ] {
            assert!(given.may_be_quoted(Path::new(file)), "{file}");
        }
        for file in [
            "lectures/tricks/src/../../../../../../../../solutions/tricks/src/a.rs",
            "/my course/grader/hidden/src/lib.rs",
            "/my course/lectures/tricks/src/a.rs",
            "/etc/passwd",
            "/rustc/../etc/passwd",
        ] {
            assert!(!given.may_be_quoted(Path::new(file)), "{file}");
        }
        assert!(given.may_be_quoted(Path::new("/rustc/59807616e/library/core/src/option.rs")));
    }

    #[test]
    fn a_list_of_files_is_read_with_its_spaces() {
        let text = "/my\\ course:\\ x/a: /my\\ course/a.rs b.rs\n";
        let program = Path::new("/my course: x/a");
        assert_eq!(listed(text, program), [PathBuf::from("/my course/a.rs"), PathBuf::from("b.rs")]);
    }
}
