//! Takes out of a submission what does not compile, one round after another: a function's body, a whole item, a file. Each
//! step goes further than the last one at the same place, so that there is an end.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::{
    Defect,
    blame::{Blame, Spot},
    parts::{Part, called_in_vain, part_at, parts, replaced},
    steps::{Extent, Step, without},
    words::Words,
};
use crate::{
    build::{
        compile::{Diagnostic, Place},
        stage::Stage,
    },
    source::tree::{ROOT, Tree, module_name},
};

/// A submission on its way to something that compiles.
pub struct Rounds<'a> {
    /// What is left of the sources, with stand-ins for the rest.
    pub tree: Tree,
    /// What was wrong, in the order in which it was found.
    pub faults: Vec<Defect>,
    stubs: &'a Tree,
    parts: BTreeMap<(PathBuf, String), Extent>,
    files: BTreeSet<PathBuf>,
    /// Names that are missing because what they name was taken out.
    missing: BTreeSet<String>,
}

impl<'a> Rounds<'a> {
    /// Begins with `tree`; `stubs` stand in where they can.
    pub fn new(tree: Tree, stubs: &'a Tree) -> Self {
        let (parts, files) = (BTreeMap::new(), BTreeSet::new());
        Self { tree, faults: Vec::new(), stubs, parts, files, missing: BTreeSet::new() }
    }

    /// Puts the stub's item in the place of one whose public face was changed, or behind everything where it is gone.
    pub fn restore(&mut self, file: &Path, key: &str, message: Words) {
        let parsed = |tree: &Tree| tree.files.get(file).and_then(|text| parts(text));
        let (Some(stub), Some(written)) = (parsed(self.stubs), parsed(&self.tree)) else {
            return self.drop_file(file, message);
        };
        let Some(stub) = stub.into_iter().find(|part| part.key == key) else {
            return self.drop_file(file, message);
        };
        let (text, stand_in) = (&self.tree.files[file], stub.stand_in());
        let text = match written.iter().find(|part| part.key == key) {
            Some(part) => replaced(text, &part.whole, &stand_in),
            None => format!("{text}\n{stand_in}\n"),
        };
        self.tree.files.insert(file.to_owned(), text);
        self.parts.insert((file.to_owned(), key.to_owned()), Extent::Whole);
        self.faults.push(Defect::of_part(file, &stub.name, &stub.item, message));
    }

    /// Takes out what `errors` blame. Returns whether there was anything.
    pub fn take_out(&mut self, errors: &[Diagnostic], stage: &Stage) -> bool {
        let (mut seen, mut files, mut spotless) = (BTreeSet::new(), BTreeMap::new(), None);
        for error in errors {
            let Some(Spot { file, byte }) = Blame::new(stage, &self.tree).spot(error) else {
                spotless = spotless.or(Some(error));
                continue;
            };
            // The same error comes again for every program.
            if seen.insert(&error.rendered)
                && let Some(step) = self.step(&file, byte, error)
            {
                let steps: &mut Vec<Step> = files.entry(file).or_default();
                match steps.iter_mut().find(|other| other.key == step.key) {
                    Some(other) => other.join(step),
                    None => steps.push(step),
                }
            }
        }
        if let (true, Some(error)) = (files.is_empty(), spotless) {
            return self.blame_the_root(error);
        }
        let any = !files.is_empty();
        files.into_iter().for_each(|(file, steps)| self.apply(&file, steps));
        any
    }

    /// What an adapter can't find or finds twice is the root's fault, where a student changed it.
    fn blame_the_root(&mut self, error: &Diagnostic) -> bool {
        let root = Path::new(ROOT);
        let is_in_a_library =
            |place: &Place| place.file.iter().any(|name| name == "registry" || name == "rustc");
        let of_a_library = !error.places.is_empty() && error.places.iter().all(is_in_a_library);
        let changed = self.tree.files.get(root) != self.stubs.files.get(root) && !of_a_library;
        if changed {
            self.drop_file(root, Words::of(error));
        }
        changed
    }

    /// The next step at a place; `None` where nothing is left to take out.
    fn step(&self, file: &Path, byte: usize, error: &Diagnostic) -> Option<Step> {
        if self.files.contains(file) {
            return None;
        }
        let written = parts(self.tree.files.get(file)?);
        let Some(part) = written.as_ref().and_then(|parts| part_at(parts, byte)) else {
            let name = file.display().to_string();
            return Some(Step::of_file(file, self.message(&name, error)));
        };
        let stubs = self.stubs.files.get(file).and_then(|text| parts(text)).unwrap_or_default();
        let stub = stubs.iter().find(|stub| stub.key == part.key);
        let (message, whole) =
            (self.message(&part.name, error), stub.map(Part::stand_in).unwrap_or_default());
        Some(match (&part.body, self.parts.get(&(file.to_owned(), part.key.clone()))) {
            (Some(body), None) if body.contains(&byte) => {
                Step::of_part(file, part, Extent::Body, part.body_stand_in(stub), message)
            }
            (_, None) => Step::of_part(file, part, Extent::Whole, whole, message),
            // What fails now is what stands in: the student was told what was wrong.
            (_, Some(Extent::Body)) => Step::of_part(file, part, Extent::Whole, whole, Words::default()),
            _ => Step::of_file(file, self.said_of(file, part)),
        })
    }

    /// What the student is told: what the compiler said, unless it misses what was taken out before.
    fn message(&self, user: &str, error: &Diagnostic) -> Words {
        let is_missing = |name: &&String| error.message.contains(&format!("`{name}`"));
        let missing = self.missing.iter().find(is_missing).map(String::as_str);
        match missing.or_else(|| called_in_vain(&error.message)) {
            // Of an item that is gone, its `impl` blocks say nothing new.
            Some(missing) if user.split("::").any(|name| name == missing) => Words::default(),
            Some(missing) => format!("`{user}` uses `{missing}`, which does not compile.\n").into(),
            None => Words::of(error),
        }
    }

    fn said_of(&self, file: &Path, part: &Part) -> Words {
        let of_part = |fault: &&Defect| fault.file == file && fault.name.as_ref() == Some(&part.name);
        self.faults.iter().filter(of_part).map(|fault| fault.message.clone()).collect()
    }

    fn apply(&mut self, file: &Path, mut steps: Vec<Step>) {
        if let Some(whole) = steps.iter_mut().find(|step| step.extent == Extent::File) {
            let message = std::mem::take(&mut whole.message);
            return self.drop_file(file, message);
        }
        if let Some(text) = self.tree.files.get_mut(file) {
            *text = without(text, &steps.iter().collect::<Vec<_>>());
        }
        steps.sort_by_key(|step| step.range.start);
        steps.into_iter().for_each(|step| self.note(file, step));
    }

    /// What the student wrote and may be at fault: functions, or other items. What was taken out before is not among it.
    pub fn suspects(&self, extent: Extent) -> Vec<Step> {
        let mut suspects = Vec::new();
        for (file, text) in self.tree.files.iter().filter(|(file, _)| !self.files.contains(*file)) {
            let stubs = self.stubs.files.get(file).and_then(|text| parts(text)).unwrap_or_default();
            for part in parts(text).unwrap_or_default() {
                let stub = stubs.iter().find(|stub| stub.key == part.key);
                let known = self.parts.contains_key(&(file.clone(), part.key.clone()));
                if known || stub.is_some_and(|stub| stub.stand_in() == part.stand_in()) {
                    continue;
                }
                let stand_in = match (extent, &part.body) {
                    (Extent::Body, Some(_)) => part.body_stand_in(stub),
                    (Extent::Whole, None) => stub.map(Part::stand_in).unwrap_or_default(),
                    _ => continue,
                };
                suspects.push(Step::of_part(file, &part, extent, stand_in, Words::default()));
            }
        }
        suspects
    }

    /// The sources without some of them.
    pub fn without(&self, steps: &[Step]) -> Tree {
        let mut tree = self.tree.clone();
        for (file, text) in &mut tree.files {
            let of_file: Vec<&Step> = steps.iter().filter(|step| step.file == *file).collect();
            if !of_file.is_empty() {
                *text = without(text, &of_file);
            }
        }
        tree
    }

    /// Takes one of them out for good.
    pub fn take(&mut self, mut step: Step, message: Words, is_too_much: bool) {
        step.message = message;
        let file = step.file.clone();
        self.apply(&file, vec![step]);
        self.faults.iter_mut().last().into_iter().for_each(|fault| fault.is_too_much = is_too_much);
    }

    fn note(&mut self, file: &Path, step: Step) {
        if step.extent == Extent::Whole && step.stand_in.is_empty() {
            self.missing.insert(last_name(&step.name));
        }
        if let Some(key) = step.key {
            self.parts.insert((file.to_owned(), key), step.extent);
        }
        if !step.message.is_empty() {
            self.faults.push(Defect::of_part(file, &step.name, &step.item, step.message));
        }
    }

    /// Puts the stub in the place of a file; where the student added the file, nothing, so that `mod` finds it.
    pub fn drop_file(&mut self, file: &Path, message: Words) {
        let stub = self.stubs.files.get(file);
        if stub.is_none() {
            self.missing.insert(module_name(file).to_owned());
        }
        if file.extension().is_some_and(|extension| extension == "rs") {
            self.tree.files.insert(file.to_owned(), stub.cloned().unwrap_or_default());
        }
        self.files.insert(file.to_owned());
        // The whole file takes the place of its parts.
        let (of_file, others) =
            std::mem::take(&mut self.faults).into_iter().partition(|fault| fault.file == file);
        self.faults = others;
        let of_file: Vec<Defect> = of_file;
        let said = of_file.into_iter().map(|fault| fault.message).chain([message]);
        self.faults.push(Defect::of_file(file, said.collect()));
    }
}

/// `forward` of `Dense::forward`, `bomb` of `bomb!`.
fn last_name(name: &str) -> String {
    name.trim_end_matches('!').rsplit("::").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
