//! Rounds of taking out what does not compile, in made-up sources.

use super::*;

const STUB: &str = "pub fn a() -> f32 {\n    todo!()\n}\npub struct S;\nimpl S {\n    pub fn m(&self) {\n        todo!()\n    }\n}\n";

fn stage() -> Stage {
    Stage {
        source: "lectures".into(),
        folder: "/stage".into(),
        chapter: "one".into(),
        beside: Default::default(),
    }
}

fn error(file: &str, byte: usize, rendered: &str) -> Diagnostic {
    let place = Place { file: file.into(), byte, caller: None };
    Diagnostic { rendered: rendered.into(), places: vec![place], ..Diagnostic::default() }
}

fn trees(root: &str, a: &str) -> (Tree, Tree) {
    (Tree::of([(ROOT, root), ("src/a.rs", a)]), Tree::of([(ROOT, "pub mod a;"), ("src/a.rs", STUB)]))
}

fn said(rounds: &Rounds) -> Vec<String> {
    let said = |fault: &Defect| {
        let name = fault.name.clone().unwrap_or_else(|| fault.file.display().to_string());
        format!("{name}: {}", fault.message.to_string().trim_end())
    };
    rounds.faults.iter().map(said).collect()
}

#[test]
fn what_an_adapter_misses_is_the_fault_of_a_changed_root() {
    let adapter = [error("lectures/one/src/../../../adapters/lectures-one-a.rs", 0, "error 0")];
    let (tree, stubs) = trees("mod b;", STUB);
    let mut rounds = Rounds::new(tree, &stubs);
    assert!(rounds.take_out(&adapter, &stage()));
    assert_eq!(said(&rounds), ["src/lib.rs: error 0"]);
    assert!(!rounds.take_out(&adapter, &stage()), "the root is the stub's now");
}

#[test]
fn a_body_goes_first_then_the_item_then_the_file_and_lines_stay() {
    let written =
        STUB.replace("todo!()", "wrong\n\n").replace("pub struct", "fn own() {\n wrong }\npub struct");
    let (tree, stubs) = trees("pub mod a;", &written);
    let mut rounds = Rounds::new(tree, &stubs);
    let file = "lectures/one/src/a.rs";
    let text = |rounds: &Rounds| rounds.tree.files[Path::new("src/a.rs")].clone();
    let wrongs = |text: &str| text.match_indices("wrong").map(|(at, _)| at).collect::<Vec<_>>();
    let errors: Vec<_> = wrongs(&written)
        .into_iter()
        .enumerate()
        .map(|(i, at)| error(file, at, &format!("error {i}")))
        .collect();
    assert!(rounds.take_out(&[&errors[..], &errors[..]].concat(), &stage()));
    assert_eq!(said(&rounds), ["a: error 0", "own: error 1", "S::m: error 2"]);
    let left = text(&rounds);
    assert_eq!(left.lines().count(), written.lines().count());
    assert!(wrongs(&left).is_empty() && left.contains("`S::m` does not compile"), "{left}");
    let line = |text: &str| text.lines().position(|line| line.contains("pub fn m"));
    assert_eq!(line(&left), line(&written));
    // The stand-in fails too: nothing new is said, and the item goes, at last the file.
    let own = || left.find("fn own").unwrap();
    assert!(rounds.take_out(&[error(file, own(), "error 3")], &stage()));
    assert!(!text(&rounds).contains("fn own") && rounds.faults.len() == 3);
    let a = text(&rounds).find("fn a").unwrap();
    assert!(rounds.take_out(&[error(file, a, "error 4")], &stage()));
    assert!(rounds.take_out(&[error(file, a, "error 5")], &stage()));
    assert_eq!(text(&rounds), STUB);
    assert_eq!(rounds.faults.len(), 1);
}

#[test]
fn what_misses_something_taken_out_is_said_to_use_it() {
    let (tree, stubs) = trees("pub mod a;", &format!("{STUB}struct T(Nothing);\nfn f() {{ T }}\n"));
    let mut rounds = Rounds::new(tree.clone(), &stubs);
    let at = |what: &str| tree.files[Path::new("src/a.rs")].find(what).unwrap();
    let file = "lectures/one/src/a.rs";
    assert!(rounds.take_out(&[error(file, at("Nothing"), "no Nothing")], &stage()));
    let user = Diagnostic { message: "cannot find `T`".into(), ..error(file, at("fn f"), "no T") };
    let left = rounds.tree.files[Path::new("src/a.rs")].find("{ T }").unwrap();
    let user = Diagnostic { places: error(file, left, "").places, ..user };
    assert!(rounds.take_out(&[user], &stage()));
    assert_eq!(said(&rounds), ["T: no Nothing", "f: `f` uses `T`, which does not compile."]);
}

#[test]
fn a_macros_mistake_is_its_callers() {
    let text = format!("{STUB}macro_rules! m {{ () => {{ wrong }} }}\nfn f() {{ m!() }}\n");
    let (tree, stubs) = trees("pub mod a;", &text);
    let mut rounds = Rounds::new(tree, &stubs);
    let mut error = error("lectures/one/src/a.rs", text.find("wrong").unwrap(), "error");
    let call = Place { file: "lectures/one/src/a.rs".into(), byte: text.find("m!()").unwrap(), caller: None };
    error.places[0].caller = Some(Box::new(call));
    assert!(rounds.take_out(&[error], &stage()));
    assert_eq!(said(&rounds), ["f: error"]);
}
