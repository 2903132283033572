//! The grader's rooms: what lies in `grader/src`, from the ground up, and what each room may import. Read it as a map.

#![allow(clippy::disallowed_methods, reason = "our own sources are not nested deep")]

use std::{collections::BTreeSet, fs, path::Path};

use syn::{
    File, ItemMod, ItemUse, UseTree,
    visit::{self, Visit},
};

use super::{root, rust_files};

/// A room, what it is, and the rooms that it imports. A room imports those above it in this list only, so that there is no circle.
const ROOMS: &[(&str, &str)] = &[
    // The ground: no policy.
    ("clean", ""),
    ("device", ""),
    ("events", ""),
    ("exit", ""),
    ("locking", ""),
    ("parallel", ""),
    ("process", "exit"),
    ("verdict", ""),
    ("messages", "verdict"),
    ("files", "messages"),
    ("paths", "device"),
    // The stages, in the order of the flow.
    ("source", "files messages paths"),
    ("course", "files paths source"),
    ("build", "course device events files messages parallel paths process source verdict"),
    ("judge", "messages verdict"),
    ("examine", "course device files judge messages paths process source verdict"),
    ("grade", "build course device events examine files locking messages parallel paths source verdict"),
    ("clinic", "build device events files paths process source"),
    ("bench", "course device examine files judge paths process verdict"),
    ("keep", "course files locking paths process source verdict"),
    ("hand_in", "build clean course events examine files messages paths source"),
    ("class", "clean course files hand_in messages paths source verdict"),
    ("report", "bench clean course device events messages source verdict"),
    ("page", "clean course events files keep messages parallel report source verdict"),
    // Who asks for it.
    ("cli", "class device exit report"),
    (
        "commands",
        "bench build class clean cli clinic course device events examine exit files grade hand_in judge keep messages page parallel \
         paths process report source verdict",
    ),
];

/// The rooms that a file names.
#[derive(Default)]
struct Imports(BTreeSet<String>);

impl Imports {
    fn tree(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => _ = self.0.insert(path.ident.to_string()),
            UseTree::Name(name) => _ = self.0.insert(name.ident.to_string()),
            UseTree::Rename(name) => _ = self.0.insert(name.ident.to_string()),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(item)),
            UseTree::Glob(_) => {}
        }
    }
}

impl<'a> Visit<'a> for Imports {
    fn visit_item_use(&mut self, item: &'a ItemUse) {
        if let UseTree::Path(path) = &item.tree
            && path.ident == "crate"
        {
            self.tree(&path.tree);
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        if path.segments[0].ident == "crate"
            && let Some(room) = path.segments.iter().nth(1)
        {
            self.0.insert(room.ident.to_string());
        }
        visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        // Tests may look wherever they like.
        if item.ident != "tests" {
            visit::visit_item_mod(self, item);
        }
    }
}

/// The room that a file of `grader/src` belongs to.
fn room(file: &Path) -> String {
    let first = file.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

fn imports(file: &Path) -> BTreeSet<String> {
    let parsed: File = syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap();
    let mut imports = Imports::default();
    imports.visit_file(&parsed);
    imports.0
}

#[test]
fn rooms_import_what_the_map_says_and_nothing_from_below_them() {
    for (i, (room, imports)) in ROOMS.iter().enumerate() {
        for import in imports.split_whitespace() {
            let place = ROOMS.iter().position(|(name, _)| *name == import);
            assert!(
                place.is_some_and(|place| place < i),
                "`{room}` may not import `{import}`, which stands below it"
            );
        }
    }
    let source = root().join("grader/src");
    let (mut files, mut found) = (Vec::new(), BTreeSet::new());
    rust_files(&source, &mut files);
    for file in files {
        let relative = file.strip_prefix(&source).unwrap();
        let own = room(relative);
        if ["lib", "main"].contains(&own.as_str()) {
            continue;
        }
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == own) else {
            panic!("`{}` is in no room of the map", relative.display());
        };
        let allowed: Vec<&str> = allowed.split_whitespace().collect();
        let rooms = imports(&file).into_iter().filter(|name| ROOMS.iter().any(|(room, _)| room == name));
        for import in rooms.filter(|import| *import != own) {
            let known = allowed.contains(&import.as_str());
            assert!(known, "{} imports `{import}`, which the map does not let it", relative.display());
            found.insert((own.clone(), import));
        }
    }
    for (room, allowed) in ROOMS {
        for import in allowed.split_whitespace() {
            let is_used = found.contains(&((*room).to_owned(), import.to_owned()));
            assert!(is_used, "nothing in `{room}` imports `{import}` any more: take it out of the map");
        }
    }
}

#[test]
fn the_readme_and_the_crate_list_the_folders_in_this_order() {
    let folders = ROOMS.iter().map(|(room, _)| *room);
    let folders: Vec<&str> = folders.filter(|room| root().join("grader/src").join(room).is_dir()).collect();
    for (file, begins) in [("README.md", "grader/src/"), ("grader/src/lib.rs", "//! - `")] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        let lines = text.lines().filter_map(|line| line.strip_prefix(begins));
        let listed: Vec<&str> = lines.filter_map(|line| Some(line.split_once('/')?.0)).collect();
        assert_eq!(listed, folders, "in {file}");
    }
}
