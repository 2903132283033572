//! Watching at a terminal: keys, saves, the editor; and that the terminal is as it was, however it ends. What has no terminal,
//! or a dumb or narrow one, gets lines that it can show.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

#[allow(dead_code, reason = "each test program uses its part")]
#[path = "swap/course.rs"]
mod course;

#[allow(dead_code, reason = "each test program uses its part")]
#[path = "helpers/terminal.rs"]
mod terminal;

use std::fs;

use course::{Course, gradable};
use rustix::process::Signal;
use terminal::Terminal;

/// What takes the whole screen, and what gives it back.
const ENTER: &str = "\x1b[?1049h";
const LEAVE: &str = "\x1b[?25h\x1b[?1049l";
const IDLE: &str = "watching lectures/: save";

fn watch(course: &Course) -> Terminal {
    let mut grader = course.grader("watch");
    grader
        .env("TERM", "xterm-256color")
        .env("LC_ALL", "C.UTF-8")
        .env("EDITOR", "echo edited:")
        .env_remove("VISUAL");
    Terminal::sized(grader, (80, 24))
}

/// What is shown, without what steers the terminal.
fn plain(shown: &str) -> String {
    let mut parts = shown.split('\x1b');
    let first = parts.next().unwrap_or_default().to_owned();
    let rest =
        parts.map(|part| part.find(|c: char| c.is_ascii_alphabetic()).map_or("", |at| &part[at + 1..]));
    first + &rest.collect::<String>()
}

#[test]
fn each_key_does_what_the_last_line_says() {
    let course = gradable();
    let mut screen = watch(&course);
    screen.answer(IDLE, 1, "n");
    screen.answer("demo/two", 1, "p");
    screen.answer("Next: \x1b[1mdemo/one", 2, "h");
    screen.answer("mind the sign", 1, "\x1b");
    screen.answer(IDLE, 2, "?");
    screen.answer("put the stub back; it asks", 1, "?");
    screen.answer("Next: \x1b[1mdemo/one", 3, "x");
    screen.answer("y puts the stub of demo/one back", 1, "n");
    screen.answer("Next: \x1b[1mdemo/one", 4, "o");
    screen.answer("edited: lectures/demo/src/shapes.rs", 1, "l");
    screen.answer("search: ", 1, "/two");
    screen.answer("search: two_", 1, "\r");
    screen.answer("search: two ", 1, "\r");
    screen.answer("Next: \x1b[1mdemo/two", 2, "q");
    let (shown, code) = screen.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains(ENTER) && shown.ends_with(LEAVE), "{shown:?}");
}

#[test]
fn a_save_is_graded_and_what_is_broken_is_said() {
    let course = gradable();
    let exercises = course.read("lectures/demo/exercises.toml");
    let mut screen = watch(&course);
    screen.answer(IDLE, 1, "");
    course.write("lectures/demo/exercises.toml", "title = ");
    screen.answer("exercises.toml", 1, "");
    course.write("lectures/demo/exercises.toml", &exercises);
    screen.answer(IDLE, 2, "\x03");
    let (shown, code) = screen.end();
    assert!(code == Some(0) && shown.ends_with(LEAVE), "{shown:?}");
}

#[test]
fn a_signal_gives_the_terminal_back() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let course = gradable();
        let mut screen = watch(&course);
        screen.answer(IDLE, 1, "");
        screen.signal(signal);
        let (shown, code) = screen.end();
        assert!(code == Some(130) && shown.contains(LEAVE), "{signal:?}: {shown:?}");
    }
}

#[test]
fn where_nothing_may_be_redrawn_reports_come_in_lines() {
    let course = gradable();
    for (line, name, value) in [("watch --plain", "X", ""), ("watch", "TERM", "dumb")] {
        let mut grader = course.grader(line);
        grader.env(name, value);
        let mut screen = Terminal::sized(grader, (80, 24));
        screen.answer("Ctrl-C ends", 1, "");
        screen.signal(Signal::INT);
        let (shown, _) = screen.end();
        assert!(!shown.contains('\x1b') && shown.contains("demo/one"), "`{line}`: {shown:?}");
    }
}

#[test]
fn nothing_is_wider_than_the_terminal() {
    let course = gradable();
    for line in
        ["", "list", "hint one", "next", "--help", "run --help", "doctor", "stash list", "solutions status"]
    {
        for (columns, rows, widest) in [(60, 20, 60), (0, 0, 80), (120, 40, 120)] {
            let (shown, _) = Terminal::sized(course.grader(line), (columns, rows)).end();
            // Bars are drawn over one another.
            let shown = plain(&shown.replace("\r\n", "\n"));
            let lines = shown.lines().map(|line| line.rsplit('\r').next().unwrap_or_default());
            for line in lines.filter(|line| !line.contains("/tmp")) {
                assert!(line.chars().count() <= widest, "{columns}: {line:?}\n{shown}");
            }
        }
    }
}

#[test]
fn a_terminal_without_utf_8_gets_ascii_and_a_pipe_gets_what_is_written() {
    let course = gradable();
    let mut grader = course.grader("list");
    grader.env("TERM", "xterm").env("LC_ALL", "C");
    let (shown, _) = Terminal::sized(grader, (80, 24)).end();
    assert!(shown.contains("demo - Demo") || plain(&shown).contains("demo - Demo"), "{shown:?}");
    assert!(
        plain(&shown).lines().filter(|line| line.contains("demo")).all(|line| line.is_ascii()),
        "{shown:?}"
    );
    assert!(course.succeed("list").contains("demo · Demo"));
}

#[test]
fn files_are_links_at_a_terminal_that_knows_them_and_never_in_a_pipe() {
    let course = gradable();
    let mut grader = course.grader("next");
    grader.env("TERM", "xterm-256color").env("FORCE_HYPERLINK", "1");
    let (shown, _) = Terminal::sized(grader, (80, 24)).end();
    assert!(shown.contains("\x1b]8;;file://") && shown.contains("\x1b]8;;\x1b\\:"), "{shown:?}");
    let piped = course.grader("next").env("FORCE_HYPERLINK", "1").output().unwrap();
    assert!(!String::from_utf8(piped.stdout).unwrap().contains('\x1b'));
}

#[test]
fn what_was_handed_in_comes_back_on_another_machine() {
    let (course, other) = (gradable(), gradable());
    course.succeed("hint one");
    let handed = course.root().join("handed.zip");
    course.write("lectures/demo/src/helpers.rs", "// mine, too\n");
    course.succeed(&format!("submit {}", handed.display()));
    other.write("lectures/demo/src/helpers.rs", "// written there\n");
    let said = other.succeed(&format!("restore {}", handed.display()));
    assert!(said.contains("brought back: lectures/demo/src/helpers.rs"), "{said}");
    assert!(said.contains("what stood there is in ") && said.contains("of 1 exercises"), "{said}");
    assert_eq!(other.read("lectures/demo/src/helpers.rs"), "// mine, too\n");
    assert_eq!(fs::read_to_string(&other.stashes()[0].payload).unwrap(), "// written there\n");
    assert!(other.succeed(&format!("restore {}", handed.display())).contains("nothing to do"));
}

#[test]
fn a_file_names_its_exercises_and_shells_get_completions() {
    let course = gradable();
    assert!(course.succeed("run lectures/demo/src/shapes.rs:7").contains("demo/two"));
    assert!(course.succeed("next").starts_with("Next: demo/one"));
    for shell in ["bash", "zsh", "fish"] {
        assert!(course.succeed(&format!("completions {shell}")).contains("hint"), "{shell}");
    }
}
