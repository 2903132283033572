//! An option stands where it does something, and nowhere else; exit codes are as they are written down.

use std::{collections::BTreeMap, fs, path::Path};

use clap::CommandFactory;
use grader::{cli::Cli, exit::Exit, report::export::FORMATS};

use crate::{course::Course, gradable};

#[track_caller]
fn refused(course: &Course, line: &str, words: &[&str]) {
    let output = course.run(line);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "`{line}`: {said}");
    assert!(words.iter().all(|word| said.contains(word)), "`{line}`: {said}");
    assert!(!course.root().join("verdicts.xml").exists(), "`{line}`");
}

#[test]
fn options_of_the_grading_stand_on_commands_that_grade() {
    let course = gradable();
    for option in ["--junit=verdicts.xml", "--min-score=1", "--no-timing", "--full"] {
        let name = option.split('=').next().unwrap();
        for command in ["hint one", "reset one", "doctor", "submit", "solutions status", "bench", "update ."]
        {
            refused(&course, &format!("{command} {option}"), &["unexpected argument", name]);
        }
        refused(&course, &format!("{option} hint one"), &[name, "before a command does nothing"]);
        refused(&course, &format!("{option} run one"), &[name, "as in `cargo run -p grader -- run ID"]);
    }
    refused(&course, "watch --junit=verdicts.xml", &["unexpected argument", "--junit"]);
    refused(&course, "list --full", &["unexpected argument", "--full"]);
    for command in ["hint one", "reset one", "doctor", "submit", "update .", "run one", "solutions status"] {
        refused(&course, &format!("{command} --chapter demo"), &["unexpected argument", "--chapter"]);
    }
    refused(&course, "--chapter demo list", &["--chapter", "before a command does nothing"]);
}

#[test]
fn whoever_takes_junit_writes_it() {
    let course = gradable();
    let file = course.root().join("verdicts.xml");
    let mut takes = Vec::new();
    for command in Cli::command().get_subcommands() {
        if command.get_arguments().any(|argument| argument.get_id() == "junit") {
            takes.push(command.get_name().to_owned());
        }
    }
    assert_eq!(takes, ["list", "run", "grade"]);
    for line in ["", "list", "run one two", "grade . --seed 1", "run demo --quiet", "list --json"] {
        course.succeed(&format!("{line} --junit {}", file.display()));
        let xml = fs::read_to_string(&file).unwrap();
        assert!(xml.contains("demo/one") && xml.contains("classname=\"demo\""), "`{line}`: {xml}");
        fs::remove_file(&file).unwrap();
    }
}

#[test]
fn every_form_of_a_report_is_written_by_every_command_that_grades() {
    let course = gradable();
    for form in FORMATS {
        let (name, file) = (form.name(), course.root().join("verdicts"));
        for line in ["", "list", "run one two", "grade . --seed 1"] {
            course.succeed(&format!("{line} --export {name}={}", file.display()));
            let text = fs::read_to_string(&file).unwrap();
            assert!(text.contains("demo/one"), "`{line}` as {name}: {text}");
            fs::remove_file(&file).unwrap();
        }
    }
    refused(&course, "list --export csv=verdicts", &["no form `csv`", "json, junit"]);
    refused(&course, "list --export verdicts.xml", &["say which form", "junit=verdicts.xml"]);
}

#[test]
fn a_report_that_cannot_be_written_hides_no_verdict() {
    let output = gradable().run("list --junit /no/such/folder/verdicts.xml");
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        out.contains("demo/one") && err.contains("failed to write `/no/such/folder/verdicts.xml`"),
        "{err}"
    );
}

#[test]
fn one_bad_submission_keeps_no_other_from_being_graded() {
    let course = gradable();
    course.write("bad.zip", "no archive");
    let output = course.run("grade bad.zip . --seed 1 --quiet");
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!((out.as_str(), output.status.code()), (".: 0 of 2 points\n", Some(2)));
    assert!(err.contains("is no zip archive") && err.contains("not graded: bad.zip"), "{err}");
}

/// Codes and what they mean, of lines such as `0  graded`.
fn codes<'t>(lines: impl Iterator<Item = &'t str>) -> BTreeMap<u8, String> {
    let entries = lines.filter_map(|line| {
        let (code, means) = line.trim().split_once(' ')?;
        Some((code.parse().ok()?, means.trim().replace('`', "")))
    });
    entries.collect()
}

#[test]
fn the_readme_and_help_list_the_same_exit_codes() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let listed = readme.split("Exit codes:").nth(1).unwrap().split("\n\n").next().unwrap();
    let listed = listed.replace('\n', " ");
    let help = codes(Exit::list().lines());
    assert_eq!(codes(listed.trim_end_matches('.').split("; ")), help);
    assert_eq!(help.into_keys().collect::<Vec<_>>(), [0, 1, 2, 3, 130]);
}

/// Whatever the verdicts, only `--min-score` makes 1 of them: it is compared in one place.
#[test]
fn too_few_points_matter_only_where_some_are_wanted() {
    let course = gradable();
    for line in ["", "list", "run one", "grade . --seed 1"] {
        assert_eq!(course.run(line).status.code(), Some(0), "`{line}`");
        assert_eq!(course.run(&format!("{line} --min-score 0")).status.code(), Some(0), "`{line}`");
        assert_eq!(course.run(&format!("{line} --min-score 1")).status.code(), Some(1), "`{line}`");
    }
    let commands = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/commands");
    for entry in fs::read_dir(commands).unwrap() {
        let path = entry.unwrap().path();
        let text = if path.is_file() { fs::read_to_string(&path).unwrap() } else { continue };
        let decides = text.matches("{ Exit::BelowScore }").count();
        assert_eq!(decides, usize::from(path.ends_with("finish.rs")), "{}", path.display());
        assert!(!text.contains("= Exit::BelowScore;"), "{}", path.display());
    }
}
