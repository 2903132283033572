//! What of a student's sources must not reach the compiler costs its own file, with a sentence, and reads no answer of the course.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

use std::{fs, os::unix::fs::symlink, path::Path};

use grader::{
    build::{
        assemble::Sources,
        compile::{CompilerLimits, Job, compile},
        stage::Stage,
    },
    course::{Course, Exercise, stubs},
    device::Device,
    events::Silence,
    grade::{Grader, Options},
    source::tree::Tree,
    verdict::{Marks, Verdict},
};

const ACTIVATIONS: &str = "src/activations.rs";
const ROOT: &str = "src/lib.rs";

fn course() -> Course {
    Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Stubs of `tricks`, in which `calculate_gain` is solved, with some other texts.
fn tree(course: &Course, files: &[(&str, String)]) -> Tree {
    let paths = grader::paths::Paths::new(&course.root);
    let (mut tree, solved) =
        (stubs::load(&paths, "tricks").unwrap(), Tree::read(&paths.solution("tricks")).unwrap());
    let gain = Path::new("src/initialization.rs");
    tree.files.insert(gain.into(), solved.files[gain].clone());
    tree.files.extend(files.iter().map(|(path, text)| ((*path).into(), text.clone())));
    tree
}

/// Grades the activations and `calculate_gain`.
fn grade(course: &Course, tree: &Tree) -> Marks {
    let events = Silence;
    let grader = Grader::new(course, &events).unwrap();
    let chapter = course.chapter("tricks").unwrap();
    let is_wanted = |e: &&Exercise| e.topic == "activations" || e.id == "calculate_gain";
    let wanted: Vec<&Exercise> = chapter.exercises.iter().filter(is_wanted).collect();
    let mut graded = Marks::default();
    let submission = Sources { chapter, source: "sources", tree };
    grader.grade(&submission, &wanted, &Options::default(), None, &mut graded).unwrap();
    graded
}

/// That the activations earn nothing and each says all of `parts`; and that the rest is not touched, unless all is lost.
#[track_caller]
fn assert_refused(course: &Course, tree: &Tree, parts: &[&str], costs_all: bool) {
    let graded = grade(course, tree);
    for (id, verdict) in graded.verdicts.iter().filter(|(id, _)| costs_all || *id != "tricks/calculate_gain")
    {
        let Verdict::Broken { message } = verdict else { panic!("{id}: {verdict:?}") };
        assert!(parts.iter().all(|part| message.contains(part)), "{id}: {message}");
        assert!(!message.contains("negative slope times"), "a line of a solution: {message}");
    }
    assert!(costs_all || graded.is_passed("tricks/calculate_gain"), "{:?}", graded.verdicts);
}

#[test]
fn a_module_or_a_text_from_the_solutions_earns_nothing() {
    let course = course();
    let root = tree(&course, &[]).files[Path::new(ROOT)].clone();
    let absolute = course.root.join("solutions/tricks/src/activations.rs").display().to_string();
    let relative = "../../../../../../../../solutions/tricks/src/activations.rs";
    let module = "pub mod activations;";
    assert!(root.contains(module) && fs::read_to_string(&absolute).is_ok());
    let macro_made =
        format!("macro_rules! m {{ ($a:meta) => {{ #[$a] {module} }} }} m!(path = {absolute:?});");
    let by = [
        (format!("#[path = {relative:?}] {module}"), false),
        (format!("#[path = {absolute:?}] {module}"), false),
        (format!("#[cfg_attr(all(), path = {absolute:?})] {module}"), false),
        (macro_made, true),
    ];
    for (by, costs_all) in by {
        let files = [(ROOT, root.replace(module, &by)), (ACTIVATIONS, "// mine".to_owned())];
        let parts = ["`#[path]`", "sources/tricks/src/lib.rs:", "declare it with"];
        assert_refused(&course, &tree(&course, &files), &parts, costs_all);
    }
    for text in [
        format!("include!({absolute:?});"),
        format!("use std::include as mine;\nmine!({relative:?});"),
        format!("macro_rules! m {{ ($i:ident) => {{ $i!({absolute:?}); }} }}\nm!(include);"),
    ] {
        let tree = tree(&course, &[(ACTIVATIONS, text)]);
        assert_refused(
            &course,
            &tree,
            &["`include!`", "sources/tricks/src/activations.rs:", "your own sources"],
            false,
        );
    }
}

#[test]
fn macros_that_are_called_as_the_courses_are_change_nothing() {
    let course = course();
    let root = tree(&course, &[]).files[Path::new(ROOT)].clone();
    let answer = course.root.join("solutions/tricks/src/activations.rs");
    let shadows: String = ["concat", "env"]
        .map(|name| format!("#[allow(unused)] macro_rules! {name} {{ ($($t:tt)*) => {{ {answer:?} }} }}\n"))
        .concat();
    let graded = grade(&course, &tree(&course, &[(ROOT, root + "\n" + &shadows)]));
    assert!(graded.is_passed("tricks/calculate_gain"), "{:?}", graded.verdicts);
}

#[test]
fn a_text_of_another_file_costs_the_function_that_reads_it() {
    let course = course();
    let solved = fs::read_to_string(course.root.join("solutions/tricks").join(ACTIVATIONS)).unwrap();
    let relu = "x.gt(0.0).choose(x, zeros)";
    assert!(solved.contains(relu));
    let by = format!("{{ const TEXT: &str = include_str!(\"notes.txt\"); let _ = TEXT; {relu} }}");
    let graded = grade(&course, &tree(&course, &[(ACTIVATIONS, solved.replace(relu, &by))]));
    let Verdict::Broken { message } = &graded.verdicts["tricks/relu"] else {
        panic!("{:?}", graded.verdicts)
    };
    let line = 1 + solved.split(relu).next().unwrap().matches('\n').count();
    let says = format!("sources/tricks/src/activations.rs:{line}: `include_str!` reads another file");
    assert!(message.contains(&says) && message.contains("put the text into a `const`"), "{message}");
    assert!(graded.is_passed("tricks/sigmoid"), "{:?}", graded.verdicts);
    assert!(!matches!(graded.verdicts["tricks/leaky_relu"], Verdict::Broken { .. }), "{:?}", graded.verdicts);
}

#[test]
fn a_program_that_was_built_from_another_file_is_not_used_and_no_message_quotes_one() {
    let course = course();
    let events = Silence;
    let grader = Grader::new(&course, &events).unwrap();
    let (chapter, elsewhere) = (course.chapter("tricks").unwrap(), tempfile::tempdir().unwrap());
    let secret = elsewhere.path().join("secret.rs");
    let compiled = |text: &str, line: &str| {
        fs::write(&secret, text).unwrap();
        let written = tree(&course, &[]).files[Path::new(ACTIVATIONS)].clone() + line;
        let tree = tree(&course, &[(ACTIVATIONS, written)]);
        let stage = Stage::write(&grader.paths, "outside", chapter, &tree).unwrap();
        let (paths, topics, limits) = (&grader.paths, &["activations"][..], CompilerLimits::of_environment());
        compile(&Job { paths, stage: &stage, topics, device: Device::Cpu, limits, events: &events }).unwrap()
    };
    let sound = compiled("", "");
    assert!(sound.outsiders.is_empty() && sound.programs.contains_key("activations"), "{:?}", sound.errors);
    for line in [
        format!("const _: &str = include_str!({secret:?});"),
        format!("#[path = {secret:?}] mod secret;"),
        format!("include!({secret:?});"),
    ] {
        let read = compiled("pub const ANSWER: f32 = 42.0;", &line);
        assert_eq!((&read.outsiders[..], read.programs.len()), (&[secret.clone()][..], 0), "{line}");
    }
    let broken = compiled("the answer is 42", &format!("include!({secret:?});"));
    assert!(!broken.errors.is_empty() && broken.programs.is_empty());
    for error in broken.errors {
        assert!(
            !error.rendered.contains("answer") && !error.message.contains("answer"),
            "{}",
            error.rendered
        );
        assert!(error.rendered.contains("is not shown"), "{}", error.rendered);
    }
}

#[test]
fn what_is_nested_too_deep_costs_its_own_file() {
    let course = course();
    let stub = tree(&course, &[]).files[Path::new(ACTIVATIONS)].clone();
    for (open, close) in [("{", "}"), ("[", "]"), ("", " + 1.0"), ("if true {} else ", "")] {
        let deep =
            format!("{stub}\nfn deep() {{ let _ = {}1.0{}; }}\n", open.repeat(50_000), close.repeat(50_000));
        let tree = tree(&course, &[(ACTIVATIONS, deep)]);
        assert_refused(&course, &tree, &["sources/tricks/src/activations.rs:", "more than"], false);
    }
}

#[test]
fn what_is_no_source_costs_its_own_file() {
    let course = course();
    let folder = tempfile::tempdir().unwrap();
    let chapter = folder.path().join("lectures/tricks");
    for (path, text) in tree(&course, &[]).files {
        fs::create_dir_all(chapter.join(&path).parent().unwrap()).unwrap();
        fs::write(chapter.join(&path), text).unwrap();
    }
    fs::write(chapter.join("src/._activations.rs"), b"\x00\x05\x16\x07\xff").unwrap();
    let place = chapter.join(ACTIVATIONS);
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    fs::write(&place, wide("\u{feff}pub fn relu() {}")).unwrap();
    assert_refused(
        &course,
        &Tree::of_student(&chapter),
        &["`lectures/tricks/src/activations.rs`", "UTF-16"],
        false,
    );
    fs::write(&place, b"//\n// caf\xe9").unwrap();
    assert_refused(
        &course,
        &Tree::of_student(&chapter),
        &["lectures/tricks/src/activations.rs", "line 2"],
        false,
    );
    fs::remove_file(&place).unwrap();
    assert_refused(
        &course,
        &Tree::of_student(&chapter),
        &["sources/tricks/src/activations.rs` is gone", "reset"],
        false,
    );
    symlink(course.root.join("solutions/tricks/src/activations.rs"), &place).unwrap();
    assert_refused(
        &course,
        &Tree::of_student(&chapter),
        &["is a link", "put a copy of the file there"],
        false,
    );
    fs::remove_dir_all(chapter.join("src")).unwrap();
    assert_refused(&course, &Tree::of_student(&chapter), &["`lectures/tricks/src` is gone"], true);
}
