//! Who calls whom, in made-up crates.
use std::path::Path;

use super::{Body, BodyKind, Calls, Certainty};

fn calls(files: &[(&str, &str)]) -> Calls {
    Calls::of("tricks", files.iter().map(|(path, text)| (Path::new(*path), *text)))
}

/// What function `f` of `src/a.rs` certainly reaches, itself left out.
fn reached(files: &[(&str, &str)]) -> Vec<String> {
    let calls = calls(files);
    let is_root = |body: &Body| body.file == Path::new("src/a.rs") && body.name == "f";
    let reached = calls.reached(is_root, |_, certainty| certainty == Certainty::Certain);
    let functions = reached.iter().filter(|body| !is_root(body) && body.kind != BodyKind::Data);
    let mut names: Vec<String> = functions.map(|body| format!("{}::{}", body.item, body.name)).collect();
    names.sort();
    names
}

const B: (&str, &str) = (
    "src/b.rs",
    "pub fn g() { h() } fn h() {} pub fn k() {} pub struct S; impl S { pub fn new() {} pub fn m(self) {} }",
);
const LIB: (&str, &str) = ("src/lib.rs", "pub mod a; pub mod b;");

#[track_caller]
fn assert_reaches(a: &str, expected: &[&str]) {
    assert_eq!(reached(&[LIB, ("src/a.rs", a), B]), expected, "{a}");
}

#[test]
fn functions_are_followed_by_their_paths() {
    let gh = ["g::g", "h::h"];
    assert_reaches("fn f() { crate::b::g() }", &gh);
    assert_reaches("fn f() { super::b::g() }", &gh);
    assert_reaches("fn f() { tricks::b::g() }", &gh);
    assert_reaches("use crate::b::g; fn f() { g() }", &gh);
    assert_reaches("use crate::b::g as other; fn f() { other() }", &gh);
    assert_reaches("use crate::b; fn f() { b::g() }", &gh);
    assert_reaches("use crate::b::*; fn f() { g() }", &gh);
    assert_reaches("use crate::b::{k, self}; fn f() { b::g() }", &gh);
    assert_reaches("fn f() { use crate::b::g; [1].map(|_| g()) }", &gh);
    assert_reaches("use crate::b::g; fn f() { [1].iter().map(g) }", &gh);
    assert_reaches(
        "mod inner { pub fn g() { super::g() } } fn f() { inner::g() } fn g() {}",
        &["g::g", "g::g"],
    );
    assert_reaches("fn f() { b::g() }", &[]);
    assert_reaches("fn f() { let g = 1; g + 1 }", &[]);
    assert_reaches("// crate::b::g()\nfn f() { \"crate::b::g()\" }", &[]);
    assert_reaches("use crate::b::S; fn f() { S::new() }", &["S::new"]);
    assert_reaches("fn f(s: crate::b::S) { s.m() }", &["S::m"]);
}

#[test]
fn macros_hide_no_calls() {
    let gh = ["g::g", "h::h"];
    assert_reaches("fn f() { vec![crate::b::g(); 2] }", &gh);
    assert_reaches("fn f() { println!(\"{}\", crate::b::g()) }", &gh);
    assert_reaches("macro_rules! m { () => { crate::b::g() } } fn f() { m!() }", &["g::g", "h::h", "m::m"]);
    assert_reaches("fn f() { mad! { (a ; crate::b::g()) } }", &gh);
}

#[test]
fn a_method_of_several_types_is_no_certain_call_but_self_is_known() {
    let two =
        "struct A; struct C; impl A { fn m2(&self) {} fn f(&self) { self.m2() } } impl C { fn m2(&self) {} }";
    assert_reaches(two, &["A::m2"]);
    assert_reaches(
        "struct A; struct C; impl A { fn m2(&self) {} } impl C { fn m2(&self) {} } fn f(a: A) { a.m2() }",
        &[],
    );
    assert_reaches(
        "struct A; impl std::ops::Add for A { fn add(self) { crate::b::k() } } fn f(a: A) { a + a }",
        &["A::add", "k::k"],
    );
}

#[track_caller]
fn borrows(a: &str, name: &str) -> bool {
    let calls = calls(&[LIB, ("src/a.rs", a), B]);
    let body = calls.bodies().find(|body| body.name == "f").unwrap();
    calls.borrows(body, name).is_some()
}

#[test]
fn what_is_borrowed_is_found_in_every_form() {
    for code in [
        "fn f(x: T) { x.sigmoid() }",
        "fn f(x: T) { x.try_sigmoid() }",
        "fn f(x: T) { Tensor::sigmoid(x) }",
        "fn f(x: T) { <Tensor<S, f32, D, T>>::sigmoid(x) }",
        "fn f(x: T) { dfdx::tensor_ops::sigmoid(x) }",
        "use dfdx::tensor_ops::sigmoid; fn f(x: T) { sigmoid(x) }",
        "use dfdx::tensor_ops::sigmoid as s; fn f(x: T) { s(x) }",
        "use dfdx::tensor_ops as ops; fn f(x: T) { ops::sigmoid(x) }",
        "use dfdx::prelude::*; fn f(x: T) { sigmoid(x) }",
        "fn f(x: T) { [x].map(Tensor::sigmoid) }",
        "fn f(x: T) { vec![x.sigmoid()] }",
        "fn f(x: T) { odd!(x => x.sigmoid() => 1) }",
        "type M = Tensor<S>; fn f(x: M) { M::sigmoid(x) }",
        "trait Own { fn sigmoid(self); } fn f(x: T) { x.sigmoid() }",
    ] {
        assert!(borrows(code, "sigmoid"), "{code}");
    }
    assert!(borrows("use dfdx::nn::modules::Linear; fn f() { Linear::new() }", "Linear"));
    assert!(borrows("fn f(l: toolkit::ops::LstmWeights<D>) {}", "LstmWeights"));
}

#[test]
fn ones_own_function_of_the_name_is_not_borrowed() {
    for code in [
        "fn sigmoid() {} fn f(x: T) { sigmoid(x) }",
        "use dfdx::prelude::*; fn sigmoid() {} fn f(x: T) { sigmoid(x) }",
        "fn f(x: T) { crate::b::sigmoid(x) }",
        "fn f(x: T) { let sigmoid = |x| x; sigmoid(x) }",
        "use dfdx::prelude::*; fn f(sigmoid: T) { sigmoid + 1 }",
        "struct Gate; impl Gate { fn sigmoid(&self) {} } fn f(g: Gate) { g.sigmoid() }",
        "/// x.sigmoid()\nfn f(x: T) { \"x.sigmoid()\" /* x.sigmoid() */ }",
        "fn f(x: T) { x.sigmoid }",
        "fn f(x: T) { x.log_sigmoid() }",
        "#[doc = \"sigmoid\"] fn f() { S { sigmoid: 1 } }",
    ] {
        assert!(!borrows(code, "sigmoid"), "{code}");
    }
}
