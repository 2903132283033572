//! Adapters call and hand on; they score nothing. What is judged is worked out by the judge, from raw outputs.
//!
//! Read from their sources: no arithmetic, no comparison of numbers and no reduction, but for the functions that are named
//! here with the reason why it is no score.

#![allow(clippy::disallowed_methods, reason = "our own sources are not nested deep")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use syn::{
    BinOp, Expr, ExprBinary, ExprMethodCall, ItemFn, Token,
    punctuated::Punctuated,
    visit::{self, Visit},
};

use super::{root, rust_files};

/// Functions that compute, as file, function and reason.
const COMPUTE: &[(&str, &str, &str)] = &[
    ("convnets/cats_vs_dogs.rs", "curve", "counts the classes of the labels that it was given"),
    ("convnets/cats_vs_dogs.rs", "head", "the logits of the student's head: a forward pass"),
    ("convnets/cats_vs_dogs.rs", "maps", "the network that the student's function is given"),
    ("convnets/cats_vs_dogs.rs", "pictures", "paints a picture, which nobody judges"),
    ("convnets/classics.rs", "some_logits", "sizes of arrays"),
    ("convnets/degradation.rs", "stack", "describes the network in words"),
    ("convnets/filters.rs", "every", "the network that the student's function is given"),
    (
        "convnets/filters.rs",
        "feature_maps_of_efficientnet",
        "which of the depths that were asked for is the deepest",
    ),
    ("convnets/made.rs", "numbers", "weights and images by a rule: inputs"),
    ("convnets/made.rs", "parameter", "weights by a rule: inputs"),
    ("convnets/maximization.rs", "shades", "paints a picture, which nobody judges"),
    ("convnets/maximization.rs", "small_network", "the network that the student's function is given"),
    ("convnets/occlusion.rs", "activation", "which place of the map a pixel lies in, for a picture"),
    ("convnets/occlusion.rs", "five_best", "shares for a line of text, which nobody judges"),
    ("convnets/occlusion.rs", "light", "paints a picture, which nobody judges"),
    ("convnets/occlusion.rs", "picture", "paints a picture, which nobody judges"),
    ("convnets/occlusion.rs", "photograph", "the probabilities that the student's function is given"),
    ("convnets/occlusion.rs", "small_network", "the network that the student's function is given"),
    ("convnets/plans.rs", "narrowed", "a narrower plan of a network: inputs"),
    ("convnets/pretrained.rs", "arrays", "sizes of arrays"),
    ("convnets/pretrained.rs", "made_by_rule", "sizes of arrays"),
    ("convnets/residual.rs", "arrays", "sizes of arrays"),
    ("convnets/transfer.rs", "batch", "the sum with the call's cotangent, whose gradients are asked for"),
    ("regularization/dropout.rs", "many", "the length of an axis"),
    ("regularization/dropout_features.rs", "train_and_look", "the length of an axis"),
    (
        "regularization/early_stopping.rs",
        "early_stopping",
        "in which epoch of the training that it plays a rule changes",
    ),
    ("regularization/weight_decay.rs", "train", "the loss whose gradients the student's step is given"),
    ("regularization/weight_decay.rs", "direction", "Adam's direction, which the student's step is given"),
    ("special_layers/item_analysis.rs", "of_a_trained_model", "counts the ratings of each item: inputs"),
    ("special_layers/item_analysis.rs", "rows", "picks rows of a table"),
    ("special_layers/merge.rs", "of_copies", "copies of an input on a tape"),
    ("tricks/generator.rs", "arguments", "a function that the student's generator is given"),
    ("tricks/generator.rs", "centres", "picks pixels"),
    ("tricks/generator.rs", "epoch_images", "the length of an axis"),
];

/// Methods that make a number of numbers, or one of several.
const REDUCE: [&str; 29] = [
    "abs",
    "sqrt",
    "square",
    "powi",
    "powf",
    "exp",
    "ln",
    "log",
    "log2",
    "log10",
    "sum",
    "product",
    "mean",
    "var",
    "stddev",
    "norm",
    "min_by",
    "max_by",
    "min",
    "max",
    "total_cmp",
    "partial_cmp",
    "argmax",
    "count",
    "clamp",
    "softmax",
    "log_softmax",
    "dot",
    "cross_entropy_with_logits_loss",
];

#[test]
fn adapters_compute_no_score() {
    let mut found = BTreeSet::new();
    for file in adapters() {
        let parsed = syn::parse_file(&fs::read_to_string(&file).unwrap()).unwrap();
        let mut search = Search { file: short(&file), function: String::new(), found: &mut found };
        search.visit_file(&parsed);
    }
    let reason = |file: &str, function: &str| {
        COMPUTE.iter().any(|(f, g, why)| *f == file && *g == function && !why.is_empty())
    };
    let new: Vec<_> = found.iter().filter(|(file, function, _)| !reason(file, function)).collect();
    assert!(new.is_empty(), "an adapter computes; let the judge do it (`Derived`), or say why:\n{new:#?}");
    let used =
        |(f, g, _): &&(&str, &str, &str)| found.iter().any(|(file, function, _)| f == file && g == function);
    let stale: Vec<_> = COMPUTE.iter().filter(|reason| !used(reason)).collect();
    assert!(stale.is_empty(), "reasons that nothing needs any more:\n{stale:#?}");
}

#[test]
fn a_score_in_an_adapter_would_be_found() {
    for body in [
        "let error = (got[0] - want[0]).powi(2); Ok(outputs.number(\"error\", error))",
        "let right = found.iter().zip(&labels).filter(|(a, b)| a == b).count(); Ok(outputs)",
        "Ok(outputs.number(\"gain\", report.tuned - report.frozen))",
        "Ok(outputs.number(\"mean\", values.iter().sum::<f32>() / 3.0))",
        "Ok(outputs.text(\"error\", &format!(\"{}\", tuned - frozen)))",
        "Ok(outputs.number(\"worst\", drops.into_iter().fold(f32::MIN, f32::max)))",
        "Ok(outputs.number(\"worst\", if a > b { a } else { b }))",
        "total += value; Ok(outputs)",
    ] {
        let source = format!("fn adapter(call: &Inputs) -> Result<Outputs, Fault> {{ {body} }}");
        let mut found = BTreeSet::new();
        let mut search = Search { file: String::new(), function: String::new(), found: &mut found };
        search.visit_file(&syn::parse_file(&source).unwrap());
        assert!(!found.is_empty(), "{body}");
    }
}

/// As in `rnn/lstm.rs`.
pub fn short(file: &Path) -> String {
    let relative = file.strip_prefix(root().join("grader/probe")).unwrap().display().to_string();
    relative.replace("src/bin/", "").replace("src/", "")
}

pub fn adapters() -> Vec<PathBuf> {
    let probe = root().join("grader/probe");
    let chapters = fs::read_dir(&probe).unwrap().map(|entry| entry.unwrap().path());
    let mut files = Vec::new();
    for chapter in chapters.filter(|path| path.join("src/bin").is_dir()) {
        rust_files(&chapter.join("src"), &mut files);
    }
    assert!(files.len() > 40, "only {} adapters found", files.len());
    files
}

/// Notes what a file computes, by function.
struct Search<'a> {
    file: String,
    function: String,
    found: &'a mut BTreeSet<(String, String, String)>,
}

impl Search<'_> {
    fn note(&mut self, what: &str) {
        self.found.insert((self.file.clone(), self.function.clone(), what.to_owned()));
    }
}

impl<'ast> Visit<'ast> for Search<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        let outer = std::mem::replace(&mut self.function, function.sig.ident.to_string());
        visit::visit_item_fn(self, function);
        self.function = outer;
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        let outer = std::mem::replace(&mut self.function, function.sig.ident.to_string());
        visit::visit_impl_item_fn(self, function);
        self.function = outer;
    }

    fn visit_expr_binary(&mut self, binary: &'ast ExprBinary) {
        if !is_harmless(binary) {
            let op = &binary.op;
            self.note(&quote::quote!(#op).to_string());
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let method = call.method.to_string();
        // `call.count("units")` asks for an argument, `.max(1)` is about whole numbers.
        let harmless = call.args.iter().any(is_whole) || (method == "count" && !call.args.is_empty());
        if REDUCE.contains(&method.as_str()) && !harmless {
            self.note(&method);
        }
        visit::visit_expr_method_call(self, call);
    }

    /// As in `fold(0.0, f64::max)`; a student's function may be called `softmax`.
    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let [first, .., last] = &path.segments.iter().collect::<Vec<_>>()[..]
            && first.ident != "student"
            && REDUCE.contains(&last.ident.to_string().as_str())
        {
            self.note(&last.ident.to_string());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        // Those of the standard library take expressions; others are visited for what they are named after.
        if let Ok(args) = called.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated) {
            // The tree is a new one, of no lifetime that the visitor could hold on to.
            let mut inner =
                Search { file: self.file.clone(), function: self.function.clone(), found: self.found };
            args.iter().for_each(|arg| inner.visit_expr(arg));
        }
    }
}

/// Anything with a whole number's literal, for Rust adds none of these to a score; comparisons with another literal, with an
/// enum's constant, or of two shapes; logic and bits.
fn is_harmless(ExprBinary { left, op, right, .. }: &ExprBinary) -> bool {
    let sides = [left, right];
    match op {
        _ if sides.iter().any(|side| is_whole(side)) => true,
        BinOp::Eq(_) | BinOp::Ne(_) => {
            sides.iter().any(|side| is_constant(side)) || (is_shape(left) && is_shape(right))
        }
        BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_) | BinOp::Rem(_) => false,
        BinOp::AddAssign(_) | BinOp::SubAssign(_) | BinOp::MulAssign(_) | BinOp::DivAssign(_) => false,
        BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_) => false,
        _ => true,
    }
}

fn is_whole(side: &Expr) -> bool {
    matches!(side, Expr::Lit(literal) if matches!(&literal.lit, syn::Lit::Int(number) if number.suffix().is_empty()))
}

fn is_constant(side: &Expr) -> bool {
    match side {
        Expr::Lit(_) => true,
        Expr::Path(path) => path.path.segments.len() > 1,
        _ => false,
    }
}

fn is_shape(side: &Expr) -> bool {
    matches!(side, Expr::MethodCall(call) if call.method == "shape")
}

#[test]
fn the_adapters_own_files_are_where_the_scan_looks() {
    assert!(adapters().iter().any(|file| file.ends_with(Path::new("rnn/src/bin/echo_state.rs"))));
}
