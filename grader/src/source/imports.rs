//! Which files a file's compilation depends on, so that an edit costs only the verdicts that it may change.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::source::tree::{INDEX, ROOT, Tree, module_name};

/// The files of a tree and which others each of them names.
pub struct Imports<'a> {
    tree: &'a Tree,
    named: BTreeMap<&'a Path, Vec<&'a Path>>,
}

impl<'a> Imports<'a> {
    /// Reads every file once.
    pub fn of(tree: &'a Tree) -> Self {
        // A macro may be defined in one file and make code of a word in another.
        let any_word = tree.files.values().any(|text| makes_code(text));
        let named = tree.files.iter().map(|(path, text)| {
            let code = code(text);
            let named = if only_declares(path, &code) { BTreeSet::new() } else { named(&code, any_word) };
            let files = tree.all().map(|(path, _)| path);
            (path.as_path(), files.filter(|path| named.contains(module_name(path))).collect())
        });
        Imports { tree, named: named.collect() }
    }

    /// A hash of what `file`'s compilation depends on.
    pub fn fingerprint(&self, file: &'a Path) -> String {
        self.tree.hash_of(self.needed(file))
    }

    /// What `file`'s compilation depends on: `lib.rs`, the file, and every module that it names.
    pub fn needed(&self, file: &'a Path) -> Vec<&'a Path> {
        let mut needed = vec![Path::new(ROOT), file];
        let mut next = 0;
        while next < needed.len() {
            let named = self.named.get(needed[next]).into_iter().flatten();
            let new: Vec<&Path> = named.copied().filter(|path| !needed.contains(path)).collect();
            needed.extend(new);
            next += 1;
        }
        needed.sort();
        needed
    }
}

/// Whether a crate's root or a folder's module passes on nothing, as it only declares modules: who uses one of them names it.
fn only_declares(path: &Path, code: &str) -> bool {
    let is_index = path == Path::new(ROOT) || path.file_name().is_some_and(|name| name == INDEX);
    is_index && !code.contains("::") && !words(code).any(|word| word == "use")
}

/// The text without its comments.
fn code(text: &str) -> String {
    text.lines().flat_map(|line| [line.split("//").next().unwrap_or_default(), "\n"]).collect()
}

fn between_words(c: char) -> bool {
    !c.is_alphanumeric() && c != '_'
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(between_words).filter(|word| !word.is_empty())
}

/// Whether macros or other files make code of what is written here.
fn makes_code(text: &str) -> bool {
    ["macro_rules!", "include!", "#[path"].iter().any(|maker| text.contains(maker))
}

/// What may be a module's name: the words in `use` and `mod`, and those next to a `::`; or else any word.
fn named(code: &str, any_word: bool) -> BTreeSet<&str> {
    if any_word {
        return words(code).collect();
    }
    let declared = code
        .split(';')
        .flat_map(|statement| words(statement).skip_while(|word| !matches!(*word, "use" | "mod")));
    let segments: Vec<&str> = code.split("::").collect();
    let neighbours = segments.windows(2).flat_map(|pair| {
        [pair[0].trim_end().rsplit(between_words).next(), pair[1].trim_start().split(between_words).next()]
    });
    declared.chain(neighbours.flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        Tree::of(files.iter().copied())
    }

    fn fingerprint(tree: &Tree, file: &Path) -> String {
        Imports::of(tree).fingerprint(file)
    }

    #[test]
    fn a_fingerprint_follows_what_a_file_mentions() {
        let one = tree(&[
            ("src/lib.rs", ""),
            ("src/a.rs", "use crate::b;"),
            ("src/b.rs", "1"),
            ("src/c.rs", "// a"),
        ]);
        let a = Path::new("src/a.rs");
        let mut other = one.clone();
        other.files.insert("src/c.rs".into(), "2".into());
        assert_eq!(fingerprint(&one, a), fingerprint(&other, a));
        other.files.insert("src/b.rs".into(), "2".into());
        assert_ne!(fingerprint(&one, a), fingerprint(&other, a));
        assert_eq!(fingerprint(&one, Path::new("src/c.rs")).len(), 64);
    }

    #[test]
    fn what_only_declares_modules_passes_on_none_of_them() {
        let tree = |index| {
            tree(&[
                ("src/lib.rs", "pub mod given; pub mod a;"),
                ("src/given/mod.rs", index),
                ("src/given/digits.rs", ""),
                ("src/given/sums.rs", "use crate::a;"),
                ("src/b.rs", "use crate::given::digits::Digits;"),
            ])
        };
        let needed = |index| {
            let tree = tree(index);
            let of = Imports::of(&tree).needed(Path::new("src/b.rs"));
            of.into_iter().map(|path| path.display().to_string()).collect::<Vec<_>>()
        };
        let few = ["src/b.rs", "src/given/digits.rs", "src/given/mod.rs", "src/lib.rs"];
        assert_eq!(needed("//! Given::.\npub mod digits;\npub mod sums;"), few);
        assert!(
            needed("pub mod digits; mod sums; pub use sums::Sums;").contains(&"src/given/sums.rs".to_owned())
        );
    }

    #[test]
    fn a_macro_of_another_file_may_make_a_path_of_any_word() {
        let one = tree(&[
            ("src/lib.rs", "#[macro_export] macro_rules! m { ($m:ident) => { crate::$m::f() } }"),
            ("src/a.rs", "fn g() { crate::m!(b) }"),
            ("src/b.rs", "1"),
        ]);
        let mut other = one.clone();
        other.files.insert("src/b.rs".into(), "2".into());
        let a = Path::new("src/a.rs");
        assert_ne!(fingerprint(&one, a), fingerprint(&other, a));
    }

    #[test]
    fn a_module_is_named_by_paths_and_declarations_and_by_no_other_word() {
        let named = |code| named(code, makes_code(code));
        for code in [
            "use crate::filters;",
            "use crate::{\n, \n    cnn::{A, B}, \n filters};",
            "use crate::filters as f;",
            "mod filters;",
            "pub(crate) mod filters ;",
            "fn f() { super::filters::grid() }",
            "fn f() { filters :: grid() }",
            "macro_rules! m { ($m:ident) => { crate::$m::f() } } fn f() { m!(filters) }",
            "include!(\"filters.rs\");",
            "#[path = \"filters.rs\"] mod other;",
        ] {
            assert!(named(code).contains("filters"), "{code}");
        }
        for code in
            ["struct S { filters: usize }", "fn f(filters: f32) -> f32 { filters * 2.0 }", "s.filters"]
        {
            assert!(!named(code).contains("filters"), "{code}");
        }
        assert!(!code("// crate::filters\nx // use filters").contains("filters"));
    }
}
