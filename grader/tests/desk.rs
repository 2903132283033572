//! Watching at a terminal: keys, saves, the editor; and that the terminal is as it was, however it ends. What has no terminal,
//! or a dumb or narrow one, gets lines that it can show.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a finding")]

#[allow(dead_code, reason = "each test program uses its part")]
#[path = "swap/course.rs"]
mod course;

#[allow(dead_code, reason = "each test program uses its part")]
#[path = "helpers/terminal.rs"]
mod terminal;

use std::{
    env,
    fs::{self, File},
    mem::forget,
    process::Command,
};

use course::{Course, gradable};
use grader::commands::watch::Raw;
use rustix::process::Signal;
#[cfg(target_os = "linux")]
use rustix::process::{Pid, kill_process};
use terminal::Terminal;

/// What takes the whole screen, and what gives it back.
const ENTER: &str = "\x1b[?1049h";
const LEAVE: &str = "\x1b[?25h\x1b[?1049l";
/// What is said while another grader is at work.
const WAITS: &str = "waiting for it";
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

fn without_colours(shown: &str) -> String {
    let mut parts = shown.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    let is_colour = |code: &str| code.chars().all(|c| c.is_ascii_digit() || c == ';');
    let rest = parts.map(|part| match part.split_once('m') {
        Some((code, text)) if is_colour(code) => text.to_owned(),
        _ => format!("\x1b[{part}"),
    });
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
fn a_signal_gives_the_terminal_back_also_while_something_runs() {
    for (signal, is_busy) in [(Signal::TERM, false), (Signal::INT, true), (Signal::HUP, true)] {
        let course = gradable();
        let lock = is_busy.then(|| busy(&course));
        let mut screen = watch(&course);
        screen.answer(if is_busy { WAITS } else { IDLE }, 1, "");
        screen.signal(signal);
        let (shown, code) = screen.end();
        drop(lock);
        // Nothing is drawn below the prompt that comes next.
        assert!(code == Some(130) && shown.ends_with(LEAVE), "{signal:?}: {shown:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_screen_outlives_what_runs_beside_it() {
    let course = gradable();
    let lock = busy(&course);
    let mut screen = watch(&course);
    screen.answer(WAITS, 1, "");
    children(screen.pid()).into_iter().for_each(|child| kill_process(child, Signal::KILL).unwrap());
    screen.answer("the grader was killed; r runs it again", 1, "");
    drop(lock);
    screen.answer("", 0, "r");
    screen.answer(IDLE, 1, "q");
    let (shown, code) = screen.end();
    assert!(code == Some(0) && shown.ends_with(LEAVE), "{shown:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_save_stops_the_run_that_it_made_stale() {
    use std::{
        thread::yield_now,
        time::{Duration, Instant},
    };

    use course::STUB;

    let course = gradable();
    let lock = busy(&course);
    let mut screen = watch(&course);
    screen.answer(WAITS, 1, "");
    let (stale, began) = (children(screen.pid()), Instant::now());
    course.write("lectures/demo/src/shapes.rs", &format!("{STUB}// more\n"));
    let is_another = |now: &[Pid]| !now.is_empty() && !now.contains(&stale[0]);
    while !is_another(&children(screen.pid())) {
        assert!(began.elapsed() < Duration::from_secs(60), "it is still there");
        yield_now();
    }
    drop(lock);
    screen.answer(IDLE, 1, "q");
    assert_eq!(screen.end().1, Some(0));
}

/// The graders that a screen has started; not its watchdog, which only looks after it.
#[cfg(target_os = "linux")]
fn children(screen: u32) -> Vec<Pid> {
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let graders = processes.filter(|process| {
        let read = |file: &str| fs::read_to_string(process.join(file)).unwrap_or_default();
        let is_child = read("status").lines().any(|line| line == format!("PPid:\t{screen}"));
        is_child && read("cmdline").contains("--json")
    });
    graders.filter_map(|path| Pid::from_raw(path.file_name()?.to_str()?.parse().ok()?)).collect()
}

/// Whoever grades this course waits until this is dropped.
fn busy(course: &Course) -> File {
    let place = course.root().join("target/grader");
    fs::create_dir_all(&place).unwrap();
    let lock = File::create(place.join("lock")).unwrap();
    lock.lock().unwrap();
    lock
}

/// What this program is asked for by itself, in a terminal.
const PANICS: &str = "DESK_PANICS";

#[test]
fn a_panic_gives_the_terminal_back_before_it_is_told() {
    if env::var_os(PANICS).is_some() {
        // Not by being dropped.
        forget(Raw::enter().unwrap());
        panic!("on the screen");
    }
    let mut again = Command::new(env::current_exe().unwrap());
    again.args(["--exact", "a_panic_gives_the_terminal_back_before_it_is_told", "--nocapture"]);
    again.env(PANICS, "1");
    let (shown, code) = Terminal::sized(again, (80, 24)).end();
    let (before, told) = shown.split_once("on the screen").unwrap();
    assert!(before.contains(ENTER) && before.contains(LEAVE) && !told.contains(ENTER), "{shown:?}");
    assert_eq!(code, Some(101));
}

#[test]
fn where_nothing_may_be_redrawn_reports_come_in_lines() {
    let course = gradable();
    for (line, name, value) in
        [("watch --plain", "X", ""), ("watch", "TERM", "dumb"), ("watch", "CI", "true")]
    {
        let mut grader = course.grader(line);
        grader.env(name, value);
        let mut screen = Terminal::sized(grader, (80, 24));
        screen.answer("Ctrl-C ends", 1, "");
        screen.signal(Signal::INT);
        let (shown, _) = screen.end();
        // A log of continuous integration may be coloured.
        let shown = if name == "CI" { without_colours(&shown) } else { shown };
        assert!(!shown.contains('\x1b') && shown.contains("demo/one"), "`{line}`: {shown:?}");
    }
}

#[test]
fn no_colour_says_anything_alone() {
    let course = gradable();
    let mut grader = course.grader("watch");
    grader.env("NO_COLOR", "1").env("TERM", "xterm-256color").env("LC_ALL", "C.UTF-8");
    let mut screen = Terminal::sized(grader, (60, 20));
    screen.answer(IDLE, 1, "l");
    screen.answer("> demo/one", 1, "q");
    let (shown, _) = screen.end();
    let codes = shown.split("\x1b[").skip(1).filter_map(|part| part.split_once('m'));
    let colours: Vec<&str> = codes.map(|(code, _)| code).filter(|code| code.parse::<u8>().is_ok()).collect();
    assert!(colours.iter().all(|code| *code == "0"), "{colours:?}");
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
