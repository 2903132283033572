//! Whatever a student's code says, reports are well formed, complete and harmless.

use std::{collections::BTreeMap, time::Duration};

use grader::{
    course::Course,
    report::{Again, Facts, Grading, News, Paper, Screen, Style, Terminal, export},
    verdict::{Diagnosis, Failure, Kind, Marks, Verdict},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use roxmltree::{Document, Node};

/// Elements and their attributes, those that must be there first, as in Jenkins' junit-10.xsd.
const SCHEMA: [(&str, &[&str], &[&str]); 6] = [
    ("testsuites", &[], &["name", "time", "tests", "failures", "errors"]),
    ("testsuite", &["name", "tests", "failures", "errors"], &["time", "skipped"]),
    ("testcase", &["name"], &["time", "classname"]),
    ("failure", &[], &["type", "message"]),
    ("error", &[], &["type", "message"]),
    ("skipped", &[], &["type", "message"]),
];

#[track_caller]
fn assert_in_schema(node: Node) {
    let name = node.tag_name().name();
    let Some((_, needed, allowed)) = SCHEMA.iter().find(|(known, ..)| *known == name) else {
        panic!("<{name}> is not in the schema")
    };
    let given: Vec<&str> = node.attributes().map(|attribute| attribute.name()).collect();
    assert!(needed.iter().all(|needed| given.contains(needed)), "<{name}> has {given:?}");
    assert!(
        given.iter().all(|given| needed.contains(given) || allowed.contains(given)),
        "<{name}>: {given:?}"
    );
    if let Some(time) = node.attribute("time") {
        assert!(time.parse::<f64>().is_ok_and(|time| time >= 0.0) && !time.contains('e'), "{time}");
    }
    let parent = |name: &str| match name {
        "testsuites" => None,
        "testsuite" => Some("testsuites"),
        "testcase" => Some("testsuite"),
        _ => Some("testcase"),
    };
    assert_eq!(node.parent_element().map(|above| above.tag_name().name()), parent(name));
    node.children().filter(Node::is_element).for_each(assert_in_schema);
}

/// A grading of what lies in `lectures/`, or of submissions where these have names, as other programs get it.
fn exported(form: &str, course: &Course, parts: &[(Option<&str>, &Marks)]) -> String {
    let chapters = course.chapters.iter().collect();
    let part = |(place, graded): &(Option<&str>, &Marks)| {
        let facts = |place: &str| Facts { place: place.to_owned(), ..Facts::default() };
        Paper { submission: place.map(facts), graded: (*graded).clone() }
    };
    let of_submissions = parts.iter().any(|(place, _)| place.is_some());
    let parts = parts.iter().map(part).collect();
    let grading = Grading { chapters, parts, of_submissions, unread: Vec::new(), solved_now: Vec::new() };
    export::format(form).unwrap().text(&grading).unwrap()
}

fn demo() -> (crate::course::Course, Course) {
    let folder = crate::gradable();
    let course = Course::load(folder.root()).unwrap();
    (folder, course)
}

fn failed(message: &str, says: Option<&str>, prints: Option<&str>) -> Verdict {
    let misconception = says.map(|says| Diagnosis { name: "name".to_owned(), says: says.to_owned() });
    Verdict::Failed(Box::new(Failure {
        about: "a case".to_owned(),
        message: message.to_owned(),
        misconception,
        passed: 1,
        cases: 3,
        seed: 7,
        prints: prints.map(str::to_owned),
        ..Failure::of(Kind::Wrong)
    }))
}

fn graded(one: Verdict, two: Verdict) -> Marks {
    let verdicts = [("demo/one".to_owned(), one), ("demo/two".to_owned(), two)].into();
    let spent: BTreeMap<_, _> = [("demo/one".to_owned(), Duration::from_millis(1250))].into();
    Marks { verdicts, spent, ..Marks::default() }
}

fn found<'d>(xml: &'d Document, tag: &str) -> Node<'d, 'd> {
    xml.descendants().find(|node| node.has_tag_name(tag)).unwrap()
}

#[test]
fn a_failure_has_its_first_line_as_message_and_all_of_it_as_text() {
    let (_folder, course) = demo();
    let graded =
        graded(failed("`y` is wrong\n  at 3", Some("You add twice."), Some("x = 1")), Verdict::NotStarted);
    let xml = exported("junit", &course, &[(None, &graded)]);
    let xml = Document::parse(&xml).unwrap();
    assert_in_schema(xml.root_element());
    let (failure, case) = (found(&xml, "failure"), found(&xml, "testcase"));
    assert_eq!(
        (failure.attribute("message"), failure.attribute("type")),
        (Some("You add twice."), Some("wrong"))
    );
    let text = failure.text().unwrap();
    for part in ["You add twice.", "`y` is wrong\n  at 3", "a case", "1 of 3 cases right", "seed 7", "x = 1"]
    {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!((case.attribute("classname"), case.attribute("time")), (Some("demo"), Some("1.250")));
    assert_eq!(found(&xml, "testsuite").attribute("time"), Some("1.250"));
    assert_eq!(found(&xml, "skipped").attribute("message"), Some("not started"));
}

#[test]
fn what_the_compiler_says_comes_without_colours() {
    let (_folder, course) = demo();
    let broken = || Verdict::Broken { message: "\x1b[1m\x1b[38;5;9merror\x1b[0m: no\n --> a.rs".to_owned() };
    let internal = Verdict::Internal { message: "no probe".to_owned() };
    let (first, second) = (graded(broken(), internal), graded(Verdict::NotStarted, broken()));
    let xml = exported("junit", &course, &[(Some("a.zip"), &first), (Some("b.zip"), &second)]);
    let xml = Document::parse(&xml).unwrap();
    assert_in_schema(xml.root_element());
    assert_eq!(found(&xml, "failure").attribute("message"), Some("error: no"));
    assert_eq!(found(&xml, "failure").text(), Some("error: no\n --> a.rs"));
    assert_eq!(found(&xml, "error").attribute("message"), Some("no probe"));
    let suites = xml.descendants().filter(|node| node.has_tag_name("testsuite"));
    let names: Vec<_> = suites.filter_map(|suite| suite.attribute("name")).collect();
    assert_eq!(names, ["a.zip: demo", "b.zip: demo"]);
}

/// Control characters, escapes, what XML forbids, and anything else.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,30}", "(\\pC|\\x1b\\[[0-9;]{0,3}[A-Za-z]|\u{fffe}|\u{ffff}|\r|\n|]]>|<|&|x){0,30}"]
}

/// Ours: what `Style` makes and nothing else.
fn without_our_styles(text: &str) -> String {
    let style = Style { colour: true };
    let paints = [Style::good, Style::bad, Style::strong, Style::faint, Style::command];
    paints.iter().fold(text.to_owned(), |text, paint| {
        let painted = paint(style, "|");
        let (before, after) = painted.split_once('|').unwrap();
        text.replace(before, "").replace(after, "")
    })
}

fn is_harmless(text: &str) -> bool {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !text.contains(|c: char| turns(c) || c.is_control() && c != '\n' && c != '\t')
}

#[test]
fn no_text_breaks_a_report() {
    let (_folder, course) = demo();
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let texts = (any_text(), any_text(), any_text());
    let checked = runner.run(&texts, |(message, says, prints)| {
        let results = vec![("a result".to_owned(), message.clone())];
        let passed =
            Verdict::Passed { cases: 1, prints: Some(prints.clone()), results, pictures: Vec::new() };
        let failure = failed(&message, Some(&says), Some(&prints));
        assert_harmless(&course, &says, &graded(failure, passed), &[false, true]);
        let internal = Verdict::Internal { message: message.clone() };
        // With colours the compiler's own stay in, which `report::clean` has tests of.
        assert_harmless(&course, &says, &graded(Verdict::Broken { message }, internal), &[false]);
        Ok(())
    });
    checked.unwrap();
}

/// On the terminal, as JUnit XML and as JSON.
#[track_caller]
fn assert_harmless(course: &Course, whose: &str, graded: &Marks, colours: &[bool]) {
    let chapters: Vec<_> = course.chapters.iter().collect();
    let xml = exported("junit", course, &[(Some(whose), graded)]);
    assert_in_schema(Document::parse(&xml).unwrap().root_element());
    for &colour in colours {
        let (screen, again) = (Screen::PAPER, Again::Command);
        let terminal = Terminal { course, style: Style { colour }, screen, again, program: "grader" };
        let details = course
            .exercises()
            .map(|exercise| terminal.detail(exercise, &graded.verdicts[&exercise.full_id()], graded));
        let text = terminal.report(&chapters, graded, &News::default()) + &details.collect::<String>();
        let text = if colour { without_our_styles(&text) } else { text };
        assert!(is_harmless(&text), "{text:?}");
    }
    let text = exported("json", course, &[(Some(whose), graded)]);
    assert!(is_harmless(&text) && serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text:?}");
}
