//! The golden values are what the snapshots say, and the reference solutions' answers are too.
//!
//! `INSTA_UPDATE=always cargo test -p grader --test snapshots` writes new snapshots after golden values changed;
//! `cargo run -p grader -- snapshots record` makes differences pending, for `cargo insta review`.

use std::{fs, panic::catch_unwind, path::Path, sync::OnceLock};

use grader::{
    build::assemble::{Assembly, Sources, assemble},
    course::{Chapter, Course, Exercise, stubs},
    device::Device,
    events::Silence,
    examine::{
        Examinee, answers,
        snapshot::{self, Golden, NumericComparator, differing_lines},
    },
    grade::Grader,
    judge::Outcome,
    paths::Paths,
    source::tree::Tree,
};
use insta::Settings;
use protocol::Answer;

/// This course, read once.
fn course() -> &'static Course {
    static COURSE: OnceLock<Course> = OnceLock::new();
    COURSE.get_or_init(|| Course::find(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("this course"))
}

fn paths() -> Paths {
    Paths::new(&course().root)
}

fn goldens(chapter: &Chapter) -> Vec<(&Exercise, Golden)> {
    let load = |exercise| Golden::load(&paths(), exercise).expect("a golden file that can be read");
    // `snapshots record ID` names what it wants.
    let wanted = std::env::var("CRASH_COURSE_SNAPSHOTS").ok();
    let is_wanted = |exercise: &&Exercise| {
        wanted.as_ref().is_none_or(|ids| ids.split(',').any(|id| id == exercise.full_id()))
    };
    chapter
        .exercises
        .iter()
        .filter(is_wanted)
        .filter_map(|exercise| Some((exercise, load(exercise)?)))
        .collect()
}

/// Whether `text` is the exercise's snapshot; where not, insta shows the difference and records it as pending. Under
/// `INSTA_FORCE_PASS` every text passes.
fn is_snapshot(exercise: &Exercise, golden: &Golden, text: &str) -> bool {
    let check = || {
        let mut settings = settings("../snapshots");
        settings.set_description(&golden.by);
        settings.bind(|| insta::assert_snapshot!(snapshot::name(exercise), text));
    };
    catch_unwind(check).is_ok()
}

fn settings(folder: impl AsRef<Path>) -> Settings {
    let mut settings = Settings::new();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_comparator(Box::new(NumericComparator));
    settings
}

/// The exercises whose golden values are not the snapshot's. Both tests need this done first: insta forgets a pending
/// snapshot as soon as any text passes, so a golden text that passes must not come after an answer that does not.
fn drifted_goldens() -> &'static [String] {
    static DRIFTED: OnceLock<Vec<String>> = OnceLock::new();
    DRIFTED.get_or_init(|| {
        let all = course().chapters.iter().flat_map(goldens);
        all.filter(|(exercise, golden)| !is_snapshot(exercise, golden, &golden.text()))
            .map(|it| it.0.full_id())
            .collect()
    })
}

#[test]
fn golden_values_are_what_the_snapshots_say() {
    assert!(
        drifted_goldens().is_empty(),
        "golden values differ from the snapshots of {}",
        drifted_goldens().join(", ")
    );
}

#[test]
fn solutions_answer_what_the_snapshots_say() {
    _ = drifted_goldens();
    let events = Silence;
    let grader = Grader::new(course(), &events).expect("the grader's lock");
    let mut wrong = Vec::new();
    for chapter in &course().chapters {
        let goldens = goldens(chapter);
        let assembled = solve(&grader, chapter, &goldens);
        for (exercise, golden) in &goldens {
            // A solution can't be held against a snapshot that is in doubt itself.
            let recorded = snapshot::recorded(&snapshot::file(&grader.paths, exercise)).unwrap_or_default();
            if !differing_lines(&recorded, &golden.text()).is_empty() {
                continue;
            }
            let passes = match answer(&assembled, exercise, golden) {
                // Golden values may overwrite a snapshot; a solution never does.
                Ok(text) if overwrites() => differing_lines(&recorded, &text).is_empty(),
                Ok(text) => is_snapshot(exercise, golden, &text),
                Err(message) => {
                    eprintln!("{}: {message}", exercise.full_id());
                    false
                }
            };
            if !passes {
                wrong.push(exercise.full_id());
            }
        }
    }
    assert!(wrong.is_empty(), "the solutions of {} differ from their snapshots", wrong.join(", "));
}

/// Whether insta would write a differing text over the snapshot itself.
fn overwrites() -> bool {
    std::env::var("INSTA_UPDATE").is_ok_and(|update| matches!(update.as_str(), "always" | "1" | "force"))
}

/// Builds the solutions that have golden values, as `grader check` does.
fn solve(grader: &Grader, chapter: &Chapter, goldens: &[(&Exercise, Golden)]) -> Assembly {
    let mut topics: Vec<&str> = goldens.iter().map(|(exercise, _)| exercise.topic.as_str()).collect();
    topics.dedup();
    if topics.is_empty() {
        return Assembly::default();
    }
    let tree = Tree::read(&grader.paths.solution(&chapter.name)).expect("solutions");
    let stubs =
        stubs::load(&grader.paths, &chapter.name).expect("sealed stubs; `grader check --seal` makes them");
    let submission = Sources { chapter, source: "solutions", tree: &tree };
    let assembled = assemble(Device::Cpu, &grader.paths, &submission, &stubs, &topics, grader.events);
    assembled.expect("solutions that compile")
}

/// The solution's answer to the golden call, as text.
fn answer(assembled: &Assembly, exercise: &Exercise, golden: &Golden) -> Result<String, String> {
    if let Some(message) = assembled.why_broken(exercise) {
        return Err(message);
    }
    let asked = assembled.program(exercise).and_then(|program| {
        answers(Examinee { exercise, program, device: Device::Cpu }, &[golden.case(exercise)])
    });
    let outcomes = asked.map_err(|error| format!("{error:#}"))?;
    match outcomes.concat().pop() {
        Some(Outcome::Answered(Answer::Values(values))) => Ok(golden.render_same(&values)),
        other => Err(format!("{other:?}")),
    }
}

#[test]
fn a_snapshot_whose_numbers_agree_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c__e.snap");
    let text = "---\nsource: s.rs\ndescription: \"by --- hand\"\n---\ny [2]\n   1.0000000e0   2.0000000e-3\n";
    fs::write(&path, text).expect("a snapshot");
    settings(folder.path()).bind(|| insta::assert_snapshot!("c__e", "y [2]\n   1.0000001e0   2.0000500e-3"));
    assert_eq!(fs::read_to_string(&path).expect("a snapshot"), text);
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    assert_eq!(snapshot::recorded(&path).expect("a snapshot"), "y [2]\n   1.0000000e0   2.0000000e-3");
}
