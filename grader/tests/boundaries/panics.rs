//! What runs at a student's or an instructor's ends in a sentence, and not in a panic of ours: `unwrap` and `expect` are for tests.

#![allow(clippy::disallowed_methods, reason = "our own sources are not nested deep")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::Span;
use syn::{
    Attribute, ExprMethodCall, ItemFn, ItemMod,
    visit::{self, Visit},
};

use super::{our_files, root};

/// Methods that panic where there is nothing.
const PANICKING: [&str; 4] = ["unwrap", "expect", "unwrap_err", "expect_err"];
/// Folders of tests, and of programs that only their authors run and that measure before they say anything.
const TESTS: [&str; 3] = ["tests", "benches", "examples"];

/// Where something panics, and which modules are tests that lie in a file of their own.
#[derive(Default)]
struct Panics {
    places: Vec<(Span, &'static str)>,
    tests: BTreeSet<String>,
}

fn is_test(attributes: &[Attribute]) -> bool {
    let says = |attribute: &Attribute, word: &str| {
        attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string().contains(word))
    };
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test") || (attribute.path().is_ident("cfg") && says(attribute, "test"))
    })
}

impl<'a> Visit<'a> for Panics {
    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        } else if item.content.is_none() {
            self.tests.insert(item.ident.to_string());
        }
    }

    fn visit_item_fn(&mut self, item: &'a ItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'a ExprMethodCall) {
        if let Some(name) = PANICKING.iter().find(|name| call.method == **name) {
            self.places.push((call.method.span(), name));
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// Whether a file belongs to the module `name` that `beside` declares: `name.rs`, `name/mod.rs`, or what a path says.
fn is_module(file: &Path, beside: &Path, name: &str) -> bool {
    let (stem, folder) = (file.file_stem().unwrap_or_default(), file.parent().unwrap());
    let is_called = stem == name || folder.file_name().is_some_and(|folder| folder == name);
    let own = format!("{}_{name}", beside.file_stem().unwrap().to_string_lossy());
    file.starts_with(beside.parent().unwrap()) && (is_called || stem == own.as_str())
}

#[test]
fn nothing_but_tests_unwraps() {
    let is_ours = |file: &PathBuf| {
        let relative = file.strip_prefix(root()).unwrap();
        // A solution's signature is its exercise's, which leaves it no way to say that memory is out; it says why it can't be.
        let given = ["solutions", "lectures/toolkit"].iter().any(|place| relative.starts_with(place));
        !given && !relative.iter().any(|part| TESTS.iter().any(|folder| part == *folder))
    };
    let (mut found, mut tests) = (Vec::new(), Vec::new());
    for file in our_files().into_iter().filter(is_ours) {
        let parsed = syn::parse_file(&fs::read_to_string(&file).unwrap()).unwrap();
        let mut panics = Panics::default();
        panics.visit_file(&parsed);
        tests.extend(panics.tests.into_iter().map(|name| (file.clone(), name)));
        found.extend(panics.places.into_iter().map(|(span, name)| (file.clone(), span.start().line, name)));
    }
    found.retain(|(file, ..)| !tests.iter().any(|(beside, name)| is_module(file, beside, name)));
    let said: Vec<String> =
        found.iter().map(|(file, line, name)| format!("{}:{line}: {name}", file.display())).collect();
    assert!(
        said.is_empty(),
        "an error of the caller's, or a match, says what is wrong instead:\n{}",
        said.join("\n")
    );
}
