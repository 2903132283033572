//! Gets probes out of sources that may be broken: what doesn't compile is taken out (see `rounds`), one round after another,
//! until the rest does. An error thus costs the function that contains it, and what calls that.

mod blame;
mod owners;
mod parts;
mod rounds;
mod search;
mod steps;
mod words;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    build::{
        compile::{Compilation, CompilerLimits, Diagnostic, Job, compile},
        inputs, intake,
        stage::Stage,
    },
    course::{Chapter, Exercise},
    device::Device,
    events::Listener,
    messages::compiler,
    paths::Paths,
    source::{signatures, tree::Tree},
    verdict::Verdict,
};
use rounds::Rounds;

pub use words::Words;

/// A chapter's sources and where they come from.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// Of which chapter they are.
    pub chapter: &'a Chapter,
    /// What the source is called: `lectures`, `solutions`, …
    pub source: &'a str,
    /// What the student wrote, by path within the chapter.
    pub tree: &'a Tree,
}

/// The probes of a chapter, and what was left out of them.
#[derive(Debug, Default)]
pub struct Assembly {
    /// The built programs' files, by the topic whose exercises they answer for.
    pub programs: BTreeMap<String, PathBuf>,
    /// What does not compile.
    pub broken: Vec<Defect>,
    /// Warnings about the sources.
    pub warnings: Vec<Diagnostic>,
    /// The sources of the programs: what was submitted, with stand-ins for what does not compile.
    pub tree: Tree,
}

/// A part of a submission that does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// The source file (`src/relu.rs`).
    pub file: PathBuf,
    /// The function or item in it (`relu`, `Dense::forward`); `None` where the whole file had to go.
    pub name: Option<String>,
    /// The item that this belongs to (`relu`, `Dense`).
    pub item: Option<String>,
    /// What is said about it.
    pub message: Words,
    /// Whether the compiler said nothing, but did not come to an end or met its limits.
    pub is_too_much: bool,
    /// Full ids of the exercises that it is shown under.
    pub exercises: Vec<String>,
}

impl Defect {
    fn of_part(file: &Path, name: &str, item: &str, message: Words) -> Self {
        let (file, name, item) = (file.to_owned(), Some(name.to_owned()), Some(item.to_owned()));
        Self { file, name, item, message, is_too_much: false, exercises: Vec::new() }
    }

    fn of_file(file: &Path, message: Words) -> Self {
        Self {
            file: file.to_owned(),
            name: None,
            item: None,
            message,
            is_too_much: false,
            exercises: Vec::new(),
        }
    }
}

impl Assembly {
    /// What the compiler said about `exercise`.
    pub fn why_broken(&self, exercise: &Exercise) -> Option<String> {
        let id = exercise.full_id();
        let own = self.broken.iter().filter(|fault| fault.exercises.contains(&id));
        let words: Words = own.map(|fault| fault.message.clone()).collect();
        (!words.is_empty()).then(|| words.to_string())
    }

    /// The verdict on `exercise`, where it does not compile.
    pub fn verdict_on(&self, exercise: &Exercise) -> Option<Verdict> {
        let (id, message) = (exercise.full_id(), self.why_broken(exercise)?);
        let too_much = self.broken.iter().any(|fault| fault.is_too_much && fault.exercises.contains(&id));
        Some(if too_much { Verdict::TooMuch { message } } else { Verdict::Broken { message } })
    }

    /// The program of an exercise.
    ///
    /// # Errors
    /// When cargo built none.
    pub fn program(&self, exercise: &Exercise) -> Result<&Path> {
        let program = self.programs.get(&exercise.topic);
        Ok(program.with_context(|| format!("cargo built no probe for `{}`", exercise.topic))?)
    }

    /// What to say of an exercise whose code panicked with `panic`, where it called something that does not compile.
    pub fn called_in_vain(&self, panic: &str) -> Option<String> {
        let name = parts::called_in_vain(panic)?;
        let fault = self.broken.iter().find(|fault| fault.name.as_deref() == Some(name))?;
        let ids = fault.exercises.join(", ");
        Some(compiler::called_in_vain(name, &ids))
    }
}

/// Builds the programs of `topics` from a submission, with `stubs` standing in for what is broken.
pub fn assemble(
    device: Device,
    paths: &Paths,
    submission: &Sources,
    stubs: &Tree,
    topics: &[&str],
    events: &dyn Listener,
) -> Result<Assembly> {
    let Sources { chapter, source, tree } = *submission;
    let mut rounds = Rounds::new(tree.clone(), stubs);
    let place = Path::new(source).join(&chapter.name);
    for (file, message) in intake::unusable(paths, tree, stubs, &place) {
        rounds.drop_file(&file, message.into());
    }
    rounds.take_out(&intake::refused(&rounds.tree, stubs, &place), &Stage::of(paths, source, &chapter.name));
    let changed = signatures::changed(paths, &place, &rounds.tree, stubs);
    for change in changed {
        rounds.restore(&change.file, &change.key, change.message.into());
    }
    let stage = Stage::write(paths, source, chapter, &rounds.tree)?;
    let job = Job { paths, stage: &stage, topics, device, limits: CompilerLimits::of_environment(), events };
    loop {
        let compiled = compile(&job)?;
        if let Some(outsider) = compiled.outsiders.first() {
            let (file, message) = inputs::blame(&rounds.tree, stubs, outsider, &place)?;
            rounds.drop_file(&file, message.into());
            stage.write_sources(&rounds.tree)?;
            continue;
        }
        if compiled.errors.is_empty() && compiled.end.is_none() {
            let mut broken = rounds.faults;
            owners::assign(&mut broken, chapter, tree, topics);
            let Compilation { programs, warnings, .. } = compiled;
            return Ok(Assembly { programs, broken, warnings, tree: rounds.tree });
        }
        if !rounds.take_out(&compiled.errors, &stage) && !search::take_out(&mut rounds, &job, &compiled)? {
            let messages: String = compiled.errors.iter().map(|error| error.rendered.as_str()).collect();
            bail!("{}", compiler::of_the_course(&messages));
        }
        stage.write_sources(&rounds.tree)?;
    }
}
