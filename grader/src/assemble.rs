//! Gets probes out of sources that may be broken: modules that don't compile are replaced by their sealed stubs, one round
//! after another, until the rest does. A broken module thus costs only itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

use crate::{
    compile::{Diagnostic, compile},
    course::{Chapter, Exercise},
    device::Device,
    paths::Paths,
    report::Progress,
    signatures, sources,
    stage::Stage,
    tree::{ROOT, Tree},
};

/// A chapter's sources and where they come from.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'a> {
    /// The chapter.
    pub chapter: &'a Chapter,
    /// What the source is called: `lectures`, `solutions`, …
    pub source: &'a str,
    /// Its files.
    pub tree: &'a Tree,
}

/// The probes of a chapter, and why some topics have none.
#[derive(Debug, Default)]
pub struct Assembled {
    /// Programs by topic.
    pub programs: BTreeMap<String, PathBuf>,
    /// For each broken source file (`src/relu.rs`) what the compiler said about it.
    pub broken: BTreeMap<PathBuf, String>,
    /// Warnings about the sources.
    pub warnings: Vec<Diagnostic>,
}

impl Assembled {
    /// What the compiler said about the files of `exercise`: its module, that module's parts, or the crate's root.
    pub fn why_broken(&self, exercise: &Exercise) -> Option<String> {
        let parts = Path::new("src").join(&exercise.topic);
        let concerns =
            |file: &Path| file == exercise.file() || file.starts_with(&parts) || file == Path::new(ROOT);
        let messages: Vec<&str> = self
            .broken
            .iter()
            .filter(|(file, _)| concerns(file))
            .map(|(_, message)| message.as_str())
            .collect();
        (!messages.is_empty()).then(|| messages.join("\n"))
    }
}

/// Builds the programs of `topics` from a submission, with `stubs` standing in for what is broken.
pub fn assemble(
    paths: &Paths,
    submission: &Submission,
    stubs: &Tree,
    topics: &[&str],
    progress: &Progress,
) -> Result<Assembled> {
    assemble_for(Device::Cpu, paths, submission, stubs, topics, progress)
}

/// As [`assemble`], for any device.
pub fn assemble_for(
    device: Device,
    paths: &Paths,
    submission: &Submission,
    stubs: &Tree,
    topics: &[&str],
    progress: &Progress,
) -> Result<Assembled> {
    let Submission { chapter, source, tree } = *submission;
    let mut tree = tree.clone();
    let mut broken = sources::unusable(&tree, stubs, &Path::new(source).join(&chapter.name));
    replace(&mut tree, stubs, broken.keys());
    broken.extend(signatures::changed(paths, &chapter.name, &tree, stubs));
    replace(&mut tree, stubs, broken.keys());
    let stage = Stage::write(paths, source, chapter, &tree)?;
    // Each round takes at least one module out, so there are no more rounds than modules.
    for _ in 0..=tree.files.len() + 1 {
        let compiled = compile(paths, &stage, topics, device, progress)?;
        let new = blame(&compiled.errors, &stage, &tree, stubs, &broken);
        if compiled.errors.is_empty() {
            return Ok(Assembled { programs: compiled.programs, broken, warnings: compiled.warnings });
        }
        if new.is_empty() {
            let messages: String = compiled.errors.iter().map(|error| error.rendered.as_str()).collect();
            bail!("the course's own code does not compile:\n{messages}");
        }
        replace(&mut tree, stubs, new.keys());
        stage.write_sources(&tree)?;
        for (file, message) in new {
            broken.entry(file).or_default().push_str(&message);
        }
    }
    bail!("the sources of `{}` can't be made to compile", chapter.name)
}

/// New errors by the student's file that they point at. What an adapter can't find or finds twice is the root's fault, where a
/// student changed it.
fn blame(
    errors: &[Diagnostic],
    stage: &Stage,
    tree: &Tree,
    stubs: &Tree,
    known: &BTreeMap<PathBuf, String>,
) -> BTreeMap<PathBuf, String> {
    let (prefix, root) = (Path::new(&stage.source).join(&stage.chapter), Path::new(ROOT));
    let changed = tree.files.get(root) != stubs.files.get(root);
    let mut blamed: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for error in errors {
        let file = error.file.as_deref().and_then(|file| file.strip_prefix(&prefix).ok());
        let written = file.filter(|file| tree.files.contains_key(*file));
        let Some(file) = written.or(changed.then_some(root)) else { continue };
        // The same error comes again for every program that includes the file.
        let repeated =
            if written.is_some() { !seen.insert(&error.rendered) } else { blamed.contains_key(root) };
        if !repeated && !known.contains_key(file) {
            let message = blamed.entry(file.to_owned()).or_default();
            message.push_str(&error.rendered);
            message.push('\n');
        }
    }
    blamed
}

/// Puts the stub in the place of each file. One that the student added is emptied, so that what declares it still compiles.
fn replace<'a>(tree: &mut Tree, stubs: &Tree, files: impl Iterator<Item = &'a PathBuf>) {
    for file in files {
        if file.extension().is_some_and(|extension| extension == "rs") {
            tree.files.insert(file.clone(), stubs.files.get(file).cloned().unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(root: &str) -> Tree {
        Tree::of([(ROOT, root), ("src/a.rs", "")])
    }

    fn blamed(files: &[&str], root: &str) -> Vec<String> {
        let stage = Stage { source: "lectures".into(), folder: "/stage".into(), chapter: "one".into() };
        let error = |(i, file): (usize, &&str)| Diagnostic {
            file: Some(file.into()),
            rendered: format!("error {i}"),
        };
        let errors: Vec<Diagnostic> = files.iter().enumerate().map(error).collect();
        let blamed = blame(&errors, &stage, &tree(root), &tree("pub mod a;"), &BTreeMap::new());
        blamed.iter().map(|(file, message)| format!("{}: {}", file.display(), message.trim_end())).collect()
    }

    #[test]
    fn what_an_adapter_misses_is_the_fault_of_a_changed_root() {
        let adapters =
            ["/grader/probe/one/src/bin/a.rs", "lectures/one/src/../../../adapters/lectures-one-a.rs"];
        assert_eq!(blamed(&adapters, "mod b;"), ["src/lib.rs: error 0"]);
        assert!(blamed(&adapters, "pub mod a;").is_empty());
        let own = ["lectures/one/src/a.rs", "lectures/one/src/lib.rs", "lectures/one/src/a.rs"];
        assert_eq!(blamed(&own, "pub mod a;"), ["src/a.rs: error 0\nerror 2", "src/lib.rs: error 1"]);
    }
}
