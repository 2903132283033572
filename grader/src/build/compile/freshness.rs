//! From which sources a program was built, by their content. Cargo goes by the times of files, which lie where a clock was set
//! back, on network drives, in virtual machines.
//!
//! A program's sources enter it as a hash, as an environment variable that it mentions: cargo keeps the values of those and
//! builds again when one differs. For the course's own libraries, which other crates mention too, a list of hashes lies beside
//! what was built; what differs is removed before cargo looks at it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use toml::{Table, Value};

use crate::{
    build::{beside, stage::Stage},
    files::{hash, read_toml, write_whole},
    paths::Paths,
    source::tree::Tree,
};

/// The environment variable by which programs know what they were built from.
pub const BUILT_FROM: &str = "CRASH_COURSE_BUILT_FROM";

/// What the programs use of the course.
const ENTRIES: [&str; 2] = ["probe", "toolkit"];

/// One of the course's own libraries that programs are built with.
#[derive(Debug, PartialEq)]
pub struct Library {
    /// As cargo calls its package.
    package: String,
    /// A hash of its manifest and its sources.
    content: String,
    /// Those that it is built with, as the workspace calls them.
    uses: Vec<String>,
}

/// The course's own libraries, by the names that the workspace has for them.
pub type Libraries = BTreeMap<String, Library>;

/// Reads them.
pub fn libraries(paths: &Paths) -> Result<Libraries> {
    let root: Table = read_toml(&paths.root().join("Cargo.toml"))?;
    let dependencies = root.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    let place =
        |name: &str| dependencies?.get(name)?.get("path")?.as_str().map(|path| paths.root().join(path));
    let (mut libraries, mut open) = (Libraries::new(), ENTRIES.map(str::to_owned).to_vec());
    while let Some(name) = open.pop() {
        if let (false, Some(folder)) = (libraries.contains_key(&name), place(&name)) {
            let library = Library::read(&folder, |name| place(name).is_some())?;
            open.extend(library.uses.clone());
            libraries.insert(name, library);
        }
    }
    Ok(libraries)
}

impl Library {
    fn read(folder: &Path, is_ours: impl Fn(&str) -> bool) -> Result<Self> {
        let path = folder.join("Cargo.toml");
        let text =
            fs::read_to_string(&path).with_context(|| format!("failed to read `{}`", path.display()))?;
        let manifest: Table = toml::from_str(&text).with_context(|| format!("`{}`", path.display()))?;
        let package = manifest.get("package").and_then(|package| package.get("name")?.as_str());
        let package = package.with_context(|| format!("`{}` names no package", path.display()))?;
        let uses = manifest.get("dependencies").and_then(Value::as_table);
        let uses = uses.into_iter().flat_map(|table| table.keys().filter(|name| is_ours(name)));
        let content = hash([text.as_bytes(), Tree::of_student(folder).fingerprint_all().as_bytes()]);
        Ok(Self { package: package.to_owned(), content, uses: uses.cloned().collect() })
    }
}

/// A hash of everything of the course and of the student that the staged programs are made of. What comes from a registry cargo
/// knows by its version.
pub fn sources(paths: &Paths, stage: &Stage, libraries: &Libraries) -> Result<String> {
    let read =
        |path: PathBuf| fs::read(&path).with_context(|| format!("failed to read `{}`", path.display()));
    let adapters = Tree::of_student(&paths.root().join("grader/probe").join(&stage.chapter));
    let mut parts = vec![
        Tree::of_student(&stage.lecture()).fingerprint_all().into_bytes(),
        adapters.fingerprint_all().into_bytes(),
        read(stage.folder.join("Cargo.toml"))?,
        read(stage.lecture().join("Cargo.toml"))?,
    ];
    for name in stage.beside.names() {
        let folder = stage.folder.join(beside::FOLDER).join(name);
        parts.push(Tree::of_student(&folder).fingerprint_all().into_bytes());
    }
    if !stage.beside.layers.is_empty() {
        let installers = Tree::of_student(&paths.root().join("grader/probe/mine"));
        parts.push(installers.fingerprint_all().into_bytes());
        parts.push(format!("{:?}", stage.beside.layers).into_bytes());
    }
    parts.extend(libraries.values().map(|library| library.content.clone().into_bytes()));
    Ok(hash(parts.iter().map(Vec::as_slice)))
}

/// Whether a program says that it was built from sources with this hash.
pub fn is_built_from(program: &Path, sources: &str) -> bool {
    let finder = aho_corasick::AhoCorasick::new([sources]);
    finder.is_ok_and(|finder| fs::read(program).is_ok_and(|bytes| finder.is_match(&bytes)))
}

/// What was built of the course's libraries in one place.
pub struct BuildRecord {
    path: PathBuf,
    built: BTreeMap<String, String>,
}

impl BuildRecord {
    /// Of what lies below `build`.
    pub fn read(build: &Path) -> Self {
        let path = build.join("libraries.json");
        let built = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { path, built: built.unwrap_or_default() }
    }

    /// Packages that must be built again: whose content is another now, and what is built with them.
    pub fn outdated<'l>(&self, libraries: &'l Libraries) -> BTreeSet<&'l str> {
        let differs = |library: &Library| self.built.get(&library.package) != Some(&library.content);
        let mut names: BTreeSet<&str> = BTreeSet::new();
        loop {
            let new = libraries.iter().filter(|(name, library)| {
                let uses = library.uses.iter().any(|used| names.contains(used.as_str()));
                !names.contains(name.as_str()) && (differs(library) || uses)
            });
            let new: Vec<&str> = new.map(|(name, _)| name.as_str()).collect();
            if new.is_empty() {
                return names.into_iter().map(|name| libraries[name].package.as_str()).collect();
            }
            names.extend(new);
        }
    }

    /// Remembers that what is built from now on is built from these.
    pub fn keep(&mut self, libraries: &Libraries) -> Result<()> {
        let now = libraries.values().map(|library| (library.package.clone(), library.content.clone()));
        self.built = now.collect();
        let bytes = serde_json::to_vec(&self.built).context("failed to write what was built")?;
        write_whole(&self.path, &bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(package: &str, content: &str, uses: &[&str]) -> (String, Library) {
        let uses = uses.iter().map(|&name| name.to_owned()).collect();
        (
            package.to_owned(),
            Library { package: format!("grader-{package}"), content: content.to_owned(), uses },
        )
    }

    #[test]
    fn what_changed_is_built_again_and_what_is_built_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let libraries = |protocol: &str| {
            Libraries::from([
                library("probe", "1", &["protocol"]),
                library("protocol", protocol, &[]),
                library("toolkit", "1", &[]),
            ])
        };
        let mut record = BuildRecord::read(folder.path());
        assert_eq!(record.outdated(&libraries("1")).len(), 3);
        record.keep(&libraries("1")).unwrap();
        let record = BuildRecord::read(folder.path());
        assert!(record.outdated(&libraries("1")).is_empty());
        let outdated: Vec<String> = record.outdated(&libraries("2")).into_iter().map(str::to_owned).collect();
        assert_eq!(outdated, ["grader-probe", "grader-protocol"]);
    }

    #[test]
    fn a_library_is_known_by_the_text_of_its_sources() {
        let folder = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let paths = Paths::new(folder.path());
        write(
            "Cargo.toml",
            "[workspace.dependencies]\nprobe = { path = \"p\" }\ntoolkit = { path = \"t\" }\n",
        );
        write(
            "p/Cargo.toml",
            "[package]\nname = \"p\"\n[dependencies]\ntoolkit.workspace = true\nrand = \"1\"\n",
        );
        write("t/Cargo.toml", "[package]\nname = \"t\"\n");
        write("p/src/lib.rs", "");
        write("t/src/lib.rs", "");
        write("t/src/deep/one.rs", "1");
        let before = libraries(&paths).unwrap();
        assert_eq!(before["probe"].uses, ["toolkit"]);
        write("t/src/deep/one.rs", "2");
        let after = libraries(&paths).unwrap();
        assert_eq!(before["probe"], after["probe"]);
        assert_ne!(before["toolkit"], after["toolkit"]);
    }
}
