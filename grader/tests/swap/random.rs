//! Commands, kills and edits in any order.

use std::fs;

use proptest::prelude::*;

use crate::course::{Course, Snapshot};

#[derive(Clone, Debug)]
enum Act {
    /// A command, ended after so many steps.
    Grader(&'static str, Option<usize>),
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
        1 => Just(Act::Work),
        1 => (0..3_u8).prop_map(Act::File),
        1 => Just(Act::Mess),
    ]
}

fn edit(course: &Course, act: &Act, n: usize) {
    let path = "lectures/demo/src/shapes.rs";
    let text = fs::read_to_string(course.root().join(path)).unwrap_or_default();
    match act {
        Act::Work => course.write(path, &text.replacen("todo!()", &format!("{n}.0"), 1)),
        Act::File(name) => course.write(&format!("lectures/demo/src/file{name}.rs"), &format!("// {n}")),
        Act::Mess => course.write(path, &format!("{text}fn mess_{n}( {{")),
        Act::Grader(..) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_commands_kills_and_edits_loses_anything(acts in prop::collection::vec(act(), 1..14)) {
        let course = Course::begun();
        // The student's files as they must come back; unknown once something is half done or they were reset.
        let mut first: Option<Snapshot> = None;
        for (n, act) in acts.iter().enumerate() {
            let Act::Grader(line, steps) = act else {
                edit(&course, act, n);
                continue;
            };
            if course.is_interrupted() {
                first = None;
            } else if !course.is_swapped() {
                first = line.starts_with("solutions").then(|| course.snapshot());
            }
            let texts = course.texts();
            match steps {
                Some(steps) => _ = course.interrupt(line, *steps),
                None => _ = course.run(line),
            }
            prop_assert!(course.texts().is_superset(&texts), "{act:?} lost something");
        }
        let texts = course.texts();
        if course.is_interrupted() || !course.is_swapped() {
            first = None;
        }
        course.succeed("solutions out");
        prop_assert!(course.texts().is_superset(&texts));
        prop_assert!(!course.is_interrupted() && !course.is_swapped());
        if let Some(first) = first {
            prop_assert_eq!(course.snapshot(), first);
        }
    }
}
