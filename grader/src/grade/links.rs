//! What a written answer is made of: which other exercises it uses, whether it is finished, what it borrows.
//!
//! Known from its text, which is read when somebody asks and not before: nobody does where all is well.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use crate::{
    build::assemble::Sources,
    course::{Chapter, Exercise},
    messages::states,
    parallel::lock,
    paths::Paths,
    source::{
        calls::{Body, BodyKind, Calls, Certainty},
        imports::Imports,
        tree::Tree,
    },
    verdict::{Failure, Kind, Verdict},
};

/// What adapters are called among a chapter's files.
const ADAPTER: &str = "adapter";

/// The links of one chapter's exercises, as somebody wrote them.
pub struct Links<'c> {
    chapter: &'c Chapter,
    source: String,
    tree: Tree,
    adapters: PathBuf,
    /// By topic.
    read: Mutex<BTreeMap<String, Arc<Calls>>>,
}

/// Something ready-made in the place of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loan {
    /// The method or function, as the exercise's `not_with` has it.
    pub name: String,
    /// Whose it is: "dfdx", "the toolkit".
    pub from: &'static str,
    /// Where it is used, as compilers write it.
    pub place: String,
}

impl Loan {
    /// The verdict on an exercise whose `cases` are all right by this.
    pub fn verdict(&self, cases: usize, seed: u64) -> Verdict {
        let Self { name, from, place } = self;
        let message = states::borrowed(from, name, place);
        Verdict::Failed(Box::new(Failure {
            about: "what it is made of".to_owned(),
            message,
            passed: cases,
            cases,
            seed,
            ..Failure::of(Kind::Borrowed)
        }))
    }
}

impl<'c> Links<'c> {
    /// Of a submission; nothing is read yet.
    pub fn new(paths: &Paths, submission: &Sources<'c>) -> Self {
        let Sources { chapter, source, tree } = *submission;
        let adapters = paths.root().join("grader/probe").join(&chapter.name).join("src/bin");
        Self { chapter, source: source.to_owned(), tree: tree.clone(), adapters, read: Mutex::default() }
    }

    /// Full ids of the other exercises whose functions `exercise` reaches, by its own calls or by how the course calls it.
    pub fn uses(&self, exercise: &Exercise) -> Vec<String> {
        let calls = self.calls(exercise);
        let needs = self.needs(exercise);
        let is_entry = |body: &Body| body.file == Path::new(ADAPTER) && body.name == exercise.id;
        let is_root = |body: &Body| is_entry(body) || exercise.owns(body);
        // Of methods that share a name, those that the exercise has any business with.
        let may_be_meant = |body: &Body| match self.owner(body) {
            Some(owner) => owner.id == exercise.id || needs.contains(&owner.full_id()),
            // An adapter names its types.
            None => body.file != Path::new(ADAPTER),
        };
        let follows = |body: &Body, certainty| certainty == Certainty::Certain || may_be_meant(body);
        let reached = calls.reached(is_root, follows);
        let owners: BTreeSet<&str> =
            reached.into_iter().filter_map(|body| Some(self.owner(body)?.id.as_str())).collect();
        let others = self.chapter.exercises.iter().filter(|other| other.id != exercise.id);
        others.filter(|other| owners.contains(other.id.as_str())).map(Exercise::full_id).collect()
    }

    /// Whether something of `exercise` itself is still `todo!()`.
    pub fn is_unfinished(&self, exercise: &Exercise) -> bool {
        self.calls(exercise).bodies().any(|body| exercise.owns(body) && body.is_unfinished)
    }

    /// Reads ahead what [`Links::borrowed`] will ask for: while a compiler works, it costs nothing.
    pub fn read_ahead(&self, exercises: &[&Exercise]) {
        for exercise in exercises.iter().filter(|exercise| self.may_borrow(exercise)) {
            self.calls(exercise);
        }
    }

    /// Most answers don't even have the word in them.
    fn may_borrow(&self, exercise: &Exercise) -> bool {
        let has = |name: &str| self.tree.files.values().any(|text| text.contains(name));
        exercise.not_with.iter().any(|entry| has(bare(entry)))
    }

    /// What of `not_with` the answer to `exercise` uses, also through functions of the student's own.
    pub fn borrowed(&self, exercise: &Exercise) -> Option<Loan> {
        let names: BTreeSet<&str> = exercise.not_with.iter().map(|entry| bare(entry)).collect();
        if !self.may_borrow(exercise) {
            return None;
        }
        let calls = self.calls(exercise);
        let follows = |body: &Body, certainty| {
            certainty == Certainty::Certain && self.owner(body).is_none_or(|owner| owner.id == exercise.id)
        };
        let reached = calls.reached(|body| exercise.owns(body), follows);
        reached.into_iter().find_map(|body| {
            names.iter().find_map(|name| {
                let (line, path) = calls.borrows(body, name)?;
                let place = format!("{}/{}/{}:{line}", self.source, self.chapter.name, body.file.display());
                Some(Loan { name: (*name).to_owned(), from: origin(&exercise.not_with, name, &path), place })
            })
        })
    }

    /// The calls of what `exercise`'s file needs, and of its adapter.
    fn calls(&self, exercise: &Exercise) -> Arc<Calls> {
        lock(&self.read)
            .entry(exercise.topic.clone())
            .or_insert_with(|| Arc::new(self.read(exercise)))
            .clone()
    }

    fn read(&self, exercise: &Exercise) -> Calls {
        let (file, imports) = (exercise.file(), Imports::of(&self.tree));
        let files = imports.needed(&file);
        let texts = files.iter().filter_map(|&file| Some((file, self.tree.files.get(file)?.as_str())));
        let mut calls = Calls::of(&self.chapter.name, texts);
        let adapter = self.adapters.join(format!("{}.rs", exercise.topic));
        calls.add_adapter(Path::new(ADAPTER), &fs::read_to_string(adapter).unwrap_or_default());
        calls
    }

    /// The exercise that has to write `body`.
    fn owner(&self, body: &Body) -> Option<&Exercise> {
        self.chapter.exercises.iter().find(|exercise| exercise.owns(body))
    }

    /// Everything that `exercise` needs, and what that needs.
    fn needs(&self, exercise: &Exercise) -> BTreeSet<String> {
        let mut all: BTreeSet<String> = exercise.needs.iter().cloned().collect();
        // What is needed stands before what needs it.
        for other in self.chapter.exercises.iter().rev() {
            if all.contains(&other.full_id()) {
                all.extend(other.needs.iter().cloned());
            }
        }
        all
    }
}

impl Exercise {
    /// Whether `body` is a function that this exercise is to write, or a method of its types.
    fn owns(&self, body: &Body) -> bool {
        let is_function = !matches!(body.kind, BodyKind::Data | BodyKind::Trait | BodyKind::Macro);
        is_function && !body.is_nested && self.items.contains(&body.item) && body.file == self.file()
    }
}

/// An entry of `not_with` without whose it is.
fn bare(entry: &str) -> &str {
    entry.rsplit("::").next().unwrap_or(entry)
}

/// Whose `name` is.
fn origin(not_with: &[String], name: &str, path: &[String]) -> &'static str {
    let known = |from: &str| not_with.iter().any(|entry| *entry == format!("{from}{name}"));
    match (known(""), known("toolkit::")) {
        (true, true) if path.first().is_some_and(|root| root == "toolkit") => "the toolkit",
        (true, true) if path.len() == 1 || path.iter().any(|part| part == "dfdx" || part == "Tensor") => {
            "dfdx"
        }
        (true, true) => "dfdx or the toolkit",
        (false, true) => "the toolkit",
        _ => "dfdx",
    }
}
