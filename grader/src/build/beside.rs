//! What a staged program has beside its own chapter, where a capstone trains on a student's own layers: crates of other chapters,
//! and the functions of `grader/probe/mine` that install the layers before the adapter's `main` begins.

use std::{collections::BTreeSet, path::Path};

use toml::Value;

use crate::source::tree::{ROOT, Tree};

/// The folder of the other chapters' crates, below the stage's.
pub const FOLDER: &str = "beside";

/// Where the functions lie that install a layer, a file a chapter.
const INSTALLERS: &str = "grader/probe/mine/src";

/// Layers to install, and the chapters that they come from but for the program's own.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Chapters with their sources, of which all compiles.
    pub chapters: Vec<(String, Tree)>,
    /// Layers, as (chapter, exercise).
    pub layers: Vec<(String, String)>,
}

impl Beside {
    /// The chapters' names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.chapters.iter().map(|(name, _)| name.as_str())
    }

    /// Their places in the workspace, behind a comma each.
    pub fn members(&self) -> String {
        self.names().map(|name| format!(", \"{FOLDER}/{name}\"")).collect()
    }

    /// Lines of the program's manifest, which depends on them.
    pub fn dependencies(&self) -> String {
        self.names().map(|name| format!("{name} = {{ path = \"../../{FOLDER}/{name}\" }}\n")).collect()
    }

    /// What the program's `main` is preceded by, and what it begins with.
    pub fn program(&self, root: &Path) -> (String, String) {
        if self.layers.is_empty() {
            return (String::new(), String::new());
        }
        let chapters: BTreeSet<&str> = self.layers.iter().map(|(chapter, _)| chapter.as_str()).collect();
        let module = |chapter: &str| {
            let path = root.join(INSTALLERS).join(format!("{chapter}.rs"));
            let path = Value::String(path.to_string_lossy().into_owned());
            format!("#[path = {path}]\nmod __mine_{chapter};\n")
        };
        let call =
            |(chapter, exercise): &(String, String)| format!("    __mine_{chapter}::{exercise}(&mut own);\n");
        let calls: String = self.layers.iter().map(call).collect();
        let begin = format!(
            "    let mut own = toolkit::own::OwnLayers::default();\n{calls}    toolkit::own::install(own);\n"
        );
        (chapters.into_iter().map(module).collect(), begin)
    }
}

/// The manifest of another chapter's crate.
pub fn manifest(name: &str, dependencies: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\nbuild = false\nautobins = false\n\n[lib]\npath = \"{ROOT}\"\n\n\
         [dependencies]\n{dependencies}\n[lints.rust]\nunsafe_code = \"forbid\"\ndead_code = \"allow\"\n\
         long_running_const_eval = \"forbid\"\n"
    )
}
