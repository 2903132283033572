//! The staged workspace: a chapter's sources copied under `target/grader/stage/`, with our manifests around them.
//!
//! A topic's program is the student's crate with an adapter as its last module: one crate to compile after an edit, where a
//! library and a program that calls it would be two, one after the other. The compiler keeps them no further apart than the
//! process that they share would; what a program says is judged as if the student had written all of it.
//!
//! A student's `Cargo.toml`, `build.rs` and `.cargo/` have no way in. Files keep their times where their bytes stay the
//! same, so that cargo rebuilds what changed and nothing else. Compiling is left to `compile`.
//!
//! All this lies inside the course, so solutions can be named from it. Staged outside, by the system's temporary folder or
//! cargo's, they could still be named in full, every dependency on the course's crates would be built anew whenever that folder is
//! cleaned, and nothing would be `target/`'s to delete. So `refuse` looks for what names a file, and `inputs` asks what was read.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use toml::{Table, Value};

use crate::{
    build::{
        beside::{self, Beside},
        compile::BUILT_FROM,
    },
    course::Chapter,
    files::{read_toml, write_if_changed},
    paths::Paths,
    source::tree::{ROOT, Tree},
};

/// What every lecture crate may use; the versions are the root manifest's.
pub const LECTURE_DEPENDENCIES: [&str; 5] = ["dfdx", "num-traits", "rand", "rand_distr", "toolkit"];

/// Stands at the end of the staged root, behind the student's own lines, which keep their numbers. Macros of the student's may be
/// called as these are.
const ADAPTER: &str = r#"
::core::include!(::core::concat!("../../../adapters/", ::core::env!("CARGO_BIN_NAME"), ".rs"));
"#;

/// Optimised, but quick to rebuild. Students' code and what it makes of dfdx's generics is cut into many units, of which an edit
/// compiles a few; that they are not optimised across each other saves 0.1 to 0.4 s of every edit. What never changes, the
/// toolkit's loops above all, is one unit a crate instead, in which nothing is left to inline.
const PROFILE: &str = r#"[profile.grade]
inherits = "release"
incremental = true
codegen-units = 256
lto = "off"
debug = 0

[profile.grade.package."*"]
codegen-units = 1
"#;

/// A workspace that holds one chapter from one source.
#[derive(Clone, Debug)]
pub struct Stage {
    /// What the source is called: `lectures`, `solutions`, …; also the first part of its programs' names.
    pub source: String,
    /// The workspace's folder.
    pub folder: PathBuf,
    /// The chapter in it.
    pub chapter: String,
    /// What lies beside it; nothing, as a rule.
    pub beside: Beside,
}

impl Stage {
    /// Where the sources called `source` of a chapter are staged.
    pub fn of(paths: &Paths, source: &str, chapter: &str) -> Self {
        let folder = paths.stage(source).join(chapter);
        Self { source: source.to_owned(), folder, chapter: chapter.to_owned(), beside: Beside::default() }
    }

    /// Stages `tree` as `chapter`. Compiler messages and panics will name its files `<source>/<chapter>/src/…`.
    pub fn write(paths: &Paths, source: &str, chapter: &Chapter, tree: &Tree) -> Result<Self> {
        Self::write_crate(paths, source, &chapter.name, &chapter.topics(), tree)
    }

    /// The same for any crate that has an adapter for each of `topics`.
    pub fn write_crate(
        paths: &Paths,
        source: &str,
        name: &str,
        topics: &[&str],
        tree: &Tree,
    ) -> Result<Self> {
        Self::of(paths, source, name).write_all(paths, topics, tree)
    }

    /// The same for a chapter whose `topic` trains on layers that lie beside it.
    pub fn write_with(
        paths: &Paths,
        source: &str,
        (chapter, topic): (&str, &str),
        tree: &Tree,
        beside: Beside,
    ) -> Result<Self> {
        let stage = Self { beside, ..Self::of(paths, source, chapter) };
        for (name, tree) in &stage.beside.chapters {
            let folder = stage.folder.join(beside::FOLDER).join(name);
            let manifest = beside::manifest(name, &lecture_dependencies());
            write_if_changed(&folder.join("Cargo.toml"), manifest.as_bytes())?;
            write_tree(&folder, tree, "")?;
        }
        stage.write_all(paths, &[topic], tree)
    }

    fn write_all(self, paths: &Paths, topics: &[&str], tree: &Tree) -> Result<Self> {
        let manifest = self.workspace_manifest(paths)?;
        write_if_changed(&self.folder.join("Cargo.toml"), manifest.as_bytes())?;
        write_if_changed(&self.lecture().join("Cargo.toml"), self.lecture_manifest(topics).as_bytes())?;
        self.write_adapters(paths, topics)?;
        self.write_sources(tree)?;
        Ok(self)
    }

    /// The name of a topic's program.
    pub fn program(&self, topic: &str) -> String {
        format!("{}-{}-{topic}", self.source, self.chapter)
    }

    /// The staged crate's folder.
    pub fn lecture(&self) -> PathBuf {
        self.folder.join(&self.source).join(&self.chapter)
    }

    /// Replaces the staged sources.
    pub fn write_sources(&self, tree: &Tree) -> Result<()> {
        write_tree(&self.lecture(), tree, ADAPTER)
    }

    fn lecture_manifest(&self, topics: &[&str]) -> String {
        let dependencies = lecture_dependencies() + &self.beside.dependencies();
        // Of a whole chapter a program uses what its topic needs.
        let mut manifest = format!(
            "[package]\nname = \"{}\"\nedition = \"2024\"\nbuild = false\nautolib = false\nautobins = false\n\n\
             [features]\ncuda = [\"dfdx/cuda\", \"probe/cuda\", \"toolkit/cuda\"]\n\n\
             [dependencies]\n{dependencies}probe = {{ workspace = true, features = [\"counts\"] }}\n\n\
             [lints.rust]\nunsafe_code = \"forbid\"\ndead_code = \"allow\"\n\
             long_running_const_eval = \"forbid\"\n",
            self.chapter
        );
        for topic in topics {
            manifest += &format!("\n[[bin]]\nname = \"{}\"\npath = \"{ROOT}\"\n", self.program(topic));
        }
        manifest
    }

    /// What makes a program of the student's crate, for each topic: the adapter calls the crate by its name.
    fn write_adapters(&self, paths: &Paths, topics: &[&str]) -> Result<()> {
        let adapters = paths.root().join("grader/probe").join(&self.chapter).join("src/bin");
        let (modules, begin) = self.beside.program(paths.root());
        for topic in topics {
            let text = format!(
                "extern crate self as {};\n#[path = {}]\nmod __adapter;\n{modules}\
                 fn main() -> std::io::Result<()> {{\n    std::hint::black_box(env!(\"{BUILT_FROM}\"));\n{begin}    \
                 __adapter::main()\n}}\n",
                self.chapter,
                quoted(&adapters.join(format!("{topic}.rs")))
            );
            let file = self.folder.join("adapters").join(self.program(topic)).with_extension("rs");
            write_if_changed(&file, text.as_bytes())?;
        }
        Ok(())
    }

    /// A workspace manifest with the root's dependency versions, paths made absolute.
    fn workspace_manifest(&self, paths: &Paths) -> Result<String> {
        let root: Table = read_toml(&paths.root().join("Cargo.toml"))?;
        let ours = root
            .get("workspace")
            .and_then(|workspace| workspace.get("dependencies"))
            .and_then(Value::as_table);
        let mut dependencies = ours.context("the root manifest has no `workspace.dependencies`")?.clone();
        for (_, dependency) in &mut dependencies {
            if let Some(path) = dependency.get_mut("path") {
                let absolute = paths.root().join(path.as_str().unwrap_or_default());
                *path = Value::String(absolute.to_string_lossy().into_owned());
            }
        }
        let dependencies = toml::to_string(&dependencies).context("failed to write the staged manifest")?;
        let dependencies = dependencies.replace("\n[", "\n[workspace.dependencies.");
        let (Self { source, chapter, .. }, beside) = (self, self.beside.members());
        let members = format!("[workspace]\nresolver = \"3\"\nmembers = [\"{source}/{chapter}\"{beside}]\n");
        Ok(format!("{members}\n{PROFILE}\n[workspace.dependencies]\n{dependencies}"))
    }
}

/// Replaces the sources of the crate in `folder`; `adapter` stands at the end of its root.
fn write_tree(folder: &Path, tree: &Tree, adapter: &str) -> Result<()> {
    for (path, text) in &tree.files {
        let adapter = if path == Path::new(ROOT) { adapter } else { "" };
        write_if_changed(&folder.join(path), [text, adapter].concat().as_bytes())?;
    }
    let staged = Tree::of_student(folder);
    for (stale, _) in staged.all().filter(|(path, _)| !tree.files.contains_key(*path)) {
        let path = folder.join(stale);
        fs::remove_file(&path).with_context(|| format!("failed to remove `{}`", path.display()))?;
    }
    Ok(())
}

/// Lines of a lecture's manifest.
fn lecture_dependencies() -> String {
    LECTURE_DEPENDENCIES.iter().map(|name| format!("{name}.workspace = true\n")).collect()
}

fn quoted(path: &Path) -> String {
    Value::String(path.to_string_lossy().into_owned()).to_string()
}
