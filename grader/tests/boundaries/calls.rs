//! A call names the student's function, and the adapter has a row for it: nobody guesses what is meant from the arguments.

#![allow(clippy::disallowed_methods, reason = "our own sources are not nested deep")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use syn::{
    Expr, ExprCall, ExprMethodCall, ImplItemFn, ItemFn, Lit, TraitItemFn,
    visit::{self, Visit},
};

use super::{
    adapters::{adapters, short},
    root, rust_files,
    truth::every_exercise,
};

/// Arguments that may be missing, as file, argument and reason: none of them decides which function is called.
const MAY_BE_MISSING: &[(&str, &str, &str)] = &[
    (
        "convnets/classics.rs",
        "d_y",
        "a cotangent asks for gradients; without one nothing is recorded for them",
    ),
    ("convnets/maximization.rs", "row", "`Target` is a unit with a place, or a channel without one"),
    ("regularization/cross_validation.rs", "gammas", "an empty list: dfdx has no empty tensors"),
    ("regularization/early_stopping.rs", "goes_on", "whether the training that the adapter plays obeys"),
    ("tricks/generator.rs", "name", "`Arguments` has a default for each"),
    ("tricks/generator.rs", "cval", "`Arguments` has a default for each"),
    ("tricks/generator.rs", "rescale", "`Arguments` has a default for each"),
    ("tricks/initialization.rs", "skip", "how many draws are thrown away before the one that is looked at"),
    ("tricks/initialization.rs", "slope", "`calculate_gain` takes an `Option`"),
];

/// Methods that ask whether there is an argument.
const ASK: [&str; 4] = ["has", "count_or", "number_or", "flag_or"];

#[test]
fn adapters_do_not_guess_which_function_is_meant() {
    let mut found = BTreeSet::new();
    for file in adapters() {
        let mut search = Optional(BTreeSet::new());
        search.visit_file(&parsed(&file));
        found.extend(search.0.into_iter().map(|argument| (short(&file), argument)));
    }
    let known = |(file, argument): &(String, String)| {
        MAY_BE_MISSING.iter().any(|(f, a, why)| f == file && a == argument && !why.is_empty())
    };
    let new: Vec<_> = found.iter().filter(|asked| !known(asked)).collect();
    assert!(
        new.is_empty(),
        "an adapter asks whether there is an argument: give the function a row of its own, and let the cases name it \
         (`Args::function`), or say why the argument may be missing:\n{new:#?}"
    );
    let used = |(f, a, _): &&(&str, &str, &str)| found.contains(&((*f).to_owned(), (*a).to_owned()));
    let stale: Vec<_> = MAY_BE_MISSING.iter().filter(|reason| !used(reason)).collect();
    assert!(stale.is_empty(), "reasons that nothing needs any more:\n{stale:#?}");
}

#[test]
fn a_guess_would_be_found() {
    for body in
        ["if call.has(\"steps\") { descent(call) } else { loss(call) }", "call.flag_or(\"last\", false)"]
    {
        let source = format!("fn adapter(call: &Inputs) -> Result<Outputs, Fault> {{ {body} }}");
        let mut search = Optional(BTreeSet::new());
        search.visit_file(&syn::parse_file(&source).unwrap());
        assert!(!search.0.is_empty(), "{body}");
    }
}

#[test]
fn every_row_names_functions_that_students_write() {
    for (file, keys) in tables() {
        let chapter = file.strip_prefix(root().join("grader/probe")).unwrap().iter().next().unwrap();
        // The clinic's trainings are nobody's to write.
        if chapter == "clinic" {
            continue;
        }
        let functions = functions_of(&root().join("solutions").join(chapter).join("src"));
        for key in keys {
            let Some((_, called)) = key.split_once('/') else { continue };
            for part in called.split(" + ") {
                let name = part.split(' ').next().unwrap();
                let name = name.rsplit("::").next().unwrap();
                assert!(functions.contains(name), "{}: `{key}`: there is no `{name}`", short(&file));
            }
        }
    }
}

#[test]
fn every_call_has_a_row() {
    let rows: BTreeSet<String> = tables().into_values().flatten().collect();
    let mut missing = BTreeSet::new();
    every_exercise(&[1], |_, cases| {
        for call in cases.iter().flat_map(|case| &case.calls) {
            let key = match call.is_of_another() {
                true => format!("{}/{}", call.exercise, call.function),
                false => call.exercise.clone(),
            };
            if !rows.contains(&key) {
                missing.insert(key);
            }
        }
    });
    assert!(missing.is_empty(), "calls that no adapter has a row for:\n{missing:#?}");
}

fn parsed(file: &Path) -> syn::File {
    syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap()
}

/// The keys of each adapter's table.
fn tables() -> BTreeMap<PathBuf, Vec<String>> {
    let of_file = |file: PathBuf| {
        let mut table = Table(Vec::new());
        table.visit_file(&parsed(&file));
        (file, table.0)
    };
    let tables: BTreeMap<_, _> = adapters().into_iter().map(of_file).collect();
    assert!(tables.values().flatten().count() > 150, "only {} rows", tables.values().flatten().count());
    tables
}

fn functions_of(sources: &Path) -> BTreeSet<String> {
    let (mut files, mut functions) = (Vec::new(), Functions(BTreeSet::new()));
    rust_files(sources, &mut files);
    files.iter().for_each(|file| functions.visit_file(&parsed(file)));
    functions.0
}

/// What is asked for with the methods of [`ASK`]; a variable by its name.
struct Optional(BTreeSet<String>);

impl<'ast> Visit<'ast> for Optional {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if ASK.contains(&call.method.to_string().as_str())
            && let Some(argument) = call.args.first()
        {
            self.0.insert(literal(argument).unwrap_or_else(|| quote::quote!(#argument).to_string()));
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// The keys in `serve(&[(key, adapter), …])`.
struct Table(Vec<String>);

impl<'ast> Visit<'ast> for Table {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(function) = &*call.func
            && function.path.is_ident("serve")
            && let Some(Expr::Reference(table)) = call.args.first()
            && let Expr::Array(rows) = &*table.expr
        {
            for row in &rows.elems {
                let Expr::Tuple(row) = row else { panic!("a row that is no pair") };
                self.0.extend(row.elems.first().and_then(literal));
            }
        }
        visit::visit_expr_call(self, call);
    }
}

/// The names of all functions and methods.
struct Functions(BTreeSet<String>);

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.0.insert(function.sig.ident.to_string());
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.0.insert(function.sig.ident.to_string());
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        self.0.insert(function.sig.ident.to_string());
    }
}

fn literal(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
