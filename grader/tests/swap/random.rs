//! Commands, kills and edits in any order.

use std::{fs, sync::OnceLock};

use proptest::prelude::*;

use crate::course::{Course, STUB, Snapshot};

/// Releases that follow each other.
const RELEASES: usize = 40;

#[derive(Clone, Debug)]
enum Act {
    /// A command, ended after so many steps.
    Grader(&'static str, Option<usize>),
    /// An update to the next release, ended after so many steps.
    Update(Option<usize>),
    /// The student works on an exercise.
    Work,
    /// The student writes a file of their own.
    File(u8),
    /// The student makes a mess that does not parse.
    Mess,
}

fn act() -> impl Strategy<Value = Act> {
    let line = prop::sample::select(vec![
        "solutions in",
        "solutions out",
        "solutions status",
        "reset one",
        "reset two",
        "reset one --file",
    ]);
    prop_oneof![
        4 => (line, prop::option::of(0..26_usize)).prop_map(|(line, steps)| Act::Grader(line, steps)),
        2 => prop::option::of(0..90_usize).prop_map(Act::Update),
        1 => Just(Act::Work),
        1 => (0..3_u8).prop_map(Act::File),
        1 => Just(Act::Mess),
    ]
}

/// Each changes something that students work on, adds something or takes something away.
fn releases() -> &'static [Course] {
    static MADE: OnceLock<Vec<Course>> = OnceLock::new();
    MADE.get_or_init(|| {
        let release = |n: usize| {
            let stub = match n % 3 {
                0 => STUB.replace("/// One.", &format!("/// One, number {n}.")),
                1 => STUB.replace("one() -> f32", &format!("one(n{n}: f32) -> f32")),
                _ => format!("{STUB}\n/// Three.\npub fn three_{n}() {{\n    todo!()\n}}\n"),
            };
            let extra = format!("//! Number {n}.\n");
            let file = format!("lectures/demo/src/file{}.rs", n % 3);
            let old = n.is_multiple_of(2).then_some("//! Old.\n");
            let files = [
                ("lectures/demo/src/shapes.rs", Some(stub.as_str())),
                (file.as_str(), Some(extra.as_str())),
                ("lectures/demo/src/old.rs", old),
            ];
            Course::lasting_release(&format!("random-{n}"), &format!("0.{}.0", n + 2), &files)
        };
        (0..RELEASES).map(release).collect()
    })
}

fn edit(course: &Course, act: &Act, n: usize) {
    let path = "lectures/demo/src/shapes.rs";
    let text = fs::read_to_string(course.root().join(path)).unwrap_or_default();
    match act {
        Act::Work => course.write(path, &text.replacen("todo!()", &format!("{n}.0"), 1)),
        Act::File(name) => course.write(&format!("lectures/demo/src/file{name}.rs"), &format!("// {n}")),
        Act::Mess => course.write(path, &format!("{text}fn mess_{n}( {{")),
        Act::Grader(..) | Act::Update(..) => {}
    }
}

/// Whatever a student wrote is there after each act, and at the end everything is in order.
fn nothing_is_lost(acts: &[Act]) -> Result<(), TestCaseError> {
    let course = Course::released();
    course.write("lectures/demo/src/shapes.rs", &STUB.replacen("todo!()", "0.5 + 0.5 // mine", 1));
    course.write("lectures/demo/src/my notes.txt", "σ is not s");
    // The student's files as they must come back; unknown once something is half done or they were reset.
    let mut first: Option<Snapshot> = None;
    let mut newest = 0;
    for (n, act) in acts.iter().enumerate() {
        let (line, steps) = match act {
            Act::Grader(line, steps) => ((*line).to_owned(), steps),
            Act::Update(steps) => {
                newest = (newest + usize::from(steps.is_none())).min(RELEASES - 1);
                (format!("update {}", releases()[newest].root().display()), steps)
            }
            _ => {
                edit(&course, act, n);
                continue;
            }
        };
        if course.is_interrupted() {
            first = None;
        } else if !course.is_swapped() {
            first = line.starts_with("solutions").then(|| course.snapshot());
        }
        let texts = course.texts();
        match steps {
            Some(steps) => _ = course.interrupt(&line, *steps),
            None => _ = course.run(&line),
        }
        prop_assert!(course.texts().is_superset(&texts), "{act:?} lost something");
    }
    let texts = course.texts();
    if course.is_interrupted() || !course.is_swapped() {
        first = None;
    }
    course.settle();
    course.succeed("solutions out");
    prop_assert!(course.texts().is_superset(&texts));
    prop_assert!(!course.is_interrupted() && !course.is_swapped());
    if let Some(first) = first {
        prop_assert_eq!(course.snapshot(), first);
    }
    Ok(())
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(32))]

    #[test]
    fn no_order_of_commands_kills_and_edits_loses_anything(acts in prop::collection::vec(act(), 1..14)) {
        nothing_is_lost(&acts)?;
    }
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn two_hundred_acts_lose_nothing(acts in prop::collection::vec(act(), 200..=200)) {
        nothing_is_lost(&acts)?;
    }
}
