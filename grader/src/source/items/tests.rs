//! Items found in made-up sources.

use super::*;

const STUB: &str = "/// Docs.\npub fn f(x: f32) -> f32 {\n    todo!()\n}\npub struct S { pub a: f32 }\n\
                    impl S {\n pub fn g(&self) -> f32 { todo!() }\n}\n";

#[test]
fn bodies_docs_and_private_items_are_no_part_of_signatures() {
    let solved = "pub fn f(mut x: f32) -> f32 { x += 1.0; helper(x) }\nfn helper(x: f32) -> f32 { x }\n\
                  pub struct S { pub a: f32 }\n\
                  impl S { pub fn g(&self) -> f32 { self.h() } fn h(&self) -> f32 { 1.0 } }\n";
    let (stub, solved) = (Module::parse(STUB).unwrap(), Module::parse(solved).unwrap());
    assert_eq!(stub.signatures(), solved.signatures());
    let changed = Module::parse(&STUB.replace("x: f32", "x: f64")).unwrap();
    assert_ne!(stub.signatures(), changed.signatures());
}

#[test]
fn comments_do_not_count_as_work_and_lines_are_found() {
    let stub = Module::parse(STUB).unwrap();
    let commented = Module::parse(&STUB.replace("todo!()", "// how?\n todo!()")).unwrap();
    let items = ["f".to_owned(), "S".to_owned()];
    assert_eq!(stub.code_of(&items), commented.code_of(&items));
    assert_ne!(stub.code_of(&items), Module::parse(&STUB.replace("todo!()", "1.0")).unwrap().code_of(&items));
    assert_eq!(stub.line("f"), Some(2));
    assert_eq!(stub.line("nothing"), None);
}
