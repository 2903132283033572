//! A question is asked once, of somebody at a terminal, and its answer is shown beside what came out; nobody else is asked.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

#[allow(dead_code, reason = "each test program uses its part")]
#[path = "swap/course.rs"]
mod course;

#[allow(dead_code, reason = "each test program uses its part")]
#[path = "helpers/terminal.rs"]
mod terminal;

use std::process::Command;

use course::{Course, EXERCISES, STUB, gradable};
use grader::keep::state;
use rustix::process::Signal;
use terminal::Terminal;

const QUESTION: &str = "\n[exercise.question]\ntext = \"What is one?\"\nanswers = [\"less\", \"more\"]\nright = 2\n\
                        because = \"It was more by 1.\"\n";
const ASKS: &str = "1 to 2, or Enter to skip: ";

/// Two written exercises with a question each. Nothing in it compiles: what is asked is asked before that.
fn course() -> Course {
    let course = gradable();
    let (first, second) = EXERCISES.split_once("[[exercise]]\nid = \"two\"").unwrap();
    let exercises = format!("{first}{QUESTION}[[exercise]]\nid = \"two\"{second}{QUESTION}");
    course.write("lectures/demo/exercises.toml", &exercises);
    course.write("lectures/demo/src/shapes.rs", &STUB.replace("todo!()", "0.5"));
    course
}

fn open(course: &Course, line: &str) -> Terminal {
    Terminal::of(course.grader(line))
}

fn said(course: &Course, id: &str) -> Option<String> {
    state::load(&course.paths()).unwrap().state.get(id).said
}

fn asked(course: &Course, line: &str) -> usize {
    open(course, line).end().0.matches("What is one?").count()
}

#[test]
fn each_question_is_asked_once_and_its_answer_is_kept() {
    let course = course();
    let mut terminal = open(&course, "");
    terminal.answer(ASKS, 1, "more\n");
    terminal.answer(ASKS, 2, "1\n");
    terminal.answer(ASKS, 3, "\n");
    let (shown, _) = terminal.end();
    assert!(shown.contains("Before ") && shown.contains("demo/two"), "{shown}");
    assert_eq!(
        (said(&course, "demo/one").as_deref(), said(&course, "demo/two").as_deref()),
        (Some("less"), Some(""))
    );
    for line in ["", "run one", "list"] {
        assert_eq!(asked(&course, line), 0, "`{line}`");
    }
}

#[test]
fn what_is_not_written_or_not_named_is_not_asked() {
    let course = course();
    let mut terminal = open(&course, "run two");
    terminal.answer(ASKS, 1, "2\n");
    assert_eq!(terminal.end().0.matches("What is one?").count(), 1);
    course.write("lectures/demo/src/shapes.rs", STUB);
    assert_eq!(asked(&course, ""), 0);
    assert_eq!((said(&course, "demo/one"), said(&course, "demo/two").as_deref()), (None, Some("more")));
}

#[test]
fn nobody_is_asked_who_does_not_sit_there_and_wait() {
    let course = course();
    for line in [
        "--no-questions",
        "run one --no-questions",
        "list --no-questions",
        "--json",
        "--quiet",
        "grade . --seed 1",
    ] {
        assert_eq!(asked(&course, line), 0, "`{line}`");
    }
    for line in ["", "run one", "list"] {
        let output = course.run(line);
        let shown = [output.stdout, output.stderr].concat();
        assert!(!String::from_utf8_lossy(&shown).contains("What is one?"), "`{line}`");
    }
    // `Terminal` takes `CI` away; a shell in between sets it again.
    let grader = course.grader("");
    let mut shell = Command::new("sh");
    shell.args(["-c", "CI=true exec \"$@\"", "sh"]).arg(grader.get_program()).args(grader.get_args());
    assert!(!Terminal::of(shell).end().0.contains("What is one?"));
    assert_eq!(said(&course, "demo/one"), None);
}

#[test]
fn watching_asks_nothing() {
    let course = course();
    let mut terminal = open(&course, "watch --plain");
    terminal.answer("Ctrl-C ends", 1, "");
    terminal.signal(Signal::INT);
    assert!(!terminal.end().0.contains("What is one?"));
}

#[test]
fn solutions_that_stand_in_for_a_students_files_ask_nothing() {
    let course = course();
    course.succeed("solutions in");
    assert_eq!(asked(&course, ""), 0);
}

#[test]
fn ctrl_c_at_a_question_loses_no_answer_and_the_question_comes_again() {
    let course = course();
    let mut terminal = open(&course, "");
    terminal.answer(ASKS, 1, "2\n");
    terminal.answer(ASKS, 2, "1");
    terminal.signal(Signal::INT);
    assert_eq!(terminal.end().1, Some(130));
    assert_eq!((said(&course, "demo/one").as_deref(), said(&course, "demo/two")), (Some("more"), None));
    assert_eq!(course.read("lectures/demo/src/shapes.rs"), STUB.replace("todo!()", "0.5"));
    let mut terminal = open(&course, "");
    terminal.answer(ASKS, 1, "1\n");
    assert_eq!(terminal.end().0.matches("What is one?").count(), 1);
    assert_eq!(said(&course, "demo/two").as_deref(), Some("less"));
}

#[test]
fn an_end_of_the_input_asks_no_further_question_and_leaves_this_one_open() {
    let course = course();
    let mut terminal = open(&course, "");
    terminal.answer(ASKS, 1, "\x04");
    assert_eq!(terminal.end().0.matches("What is one?").count(), 1);
    assert_eq!(said(&course, "demo/one"), None);
}

#[test]
fn the_answer_stands_beside_what_came_out_once_that_is_right() {
    let course = course();
    let mut terminal = open(&course, "run one");
    terminal.answer(ASKS, 1, "1\n");
    terminal.end();
    // A verdict on the stub, of which a right answer is made: nothing compiles here.
    course.write("lectures/demo/src/shapes.rs", STUB);
    assert!(!course.succeed("run one").contains("You said"));
    let verdicts = course.read("target/grader/verdicts.json");
    course.write(
        "target/grader/verdicts.json",
        &verdicts.replace(r#""state":"not_started""#, r#""state":"passed","cases":1"#),
    );
    let shown = course.succeed("run one");
    assert!(shown.contains("demo/one · You said “less”; it is “more”. It was more by 1."), "{shown}");
    for line in ["run one --json", "run one --quiet", "run two"] {
        assert!(!course.succeed(line).contains("You said"), "`{line}`");
    }
}
