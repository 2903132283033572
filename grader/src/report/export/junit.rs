//! The report as JUnit XML, for continuous integration: in the form that Jenkins' schema (junit-10.xsd) describes, which other
//! systems read, too.

use std::{fmt::Write, time::Duration};

use anyhow::{Context, Result};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::Format;
use crate::{
    clean::clean_plain,
    course::{Chapter, Exercise},
    messages::{
        failures::{lead, whole},
        states::waiting_for,
    },
    report::Grading,
    verdict::{Failure, Marks, Verdict},
};

/// A test suite a chapter, a test case an exercise. Where submissions were graded, their suites begin with their names.
pub struct Junit;

impl Format for Junit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn text(&self, grading: &Grading) -> Result<String> {
        let mut report = Report::new("crash-course");
        for part in &grading.parts {
            let whose = part.submission.as_ref().map(|facts| facts.place.as_str());
            for chapter in &grading.chapters {
                report.add_test_suite(suite(whose, chapter, &part.graded));
            }
        }
        report.set_time(report.test_suites.iter().filter_map(|suite| suite.time).sum());
        Ok(as_in_the_schema(&report.to_string().context("failed to write JUnit XML")?))
    }
}

fn suite(whose: Option<&str>, chapter: &Chapter, graded: &Marks) -> TestSuite {
    let name = whose.map_or_else(|| chapter.name.clone(), |whose| format!("{whose}: {}", chapter.name));
    let mut suite = TestSuite::new(clean_plain(&name));
    let mut whole = Duration::ZERO;
    for exercise in &chapter.exercises {
        let id = exercise.full_id();
        if let Some(verdict) = graded.verdicts.get(&id) {
            // What was remembered took no time.
            let spent = graded.spent.get(&id).copied().unwrap_or_default();
            let mut case = TestCase::new(id, status(exercise, verdict, graded));
            case.set_classname(&chapter.name).set_time(spent);
            suite.add_test_case(case);
            whole += spent;
        }
    }
    suite.set_time(whole);
    suite
}

fn status(exercise: &Exercise, verdict: &Verdict, graded: &Marks) -> TestCaseStatus {
    let (mut status, text) = match verdict {
        Verdict::Passed { .. } => return TestCaseStatus::success(),
        Verdict::NotStarted => (TestCaseStatus::skipped(), "not started".to_owned()),
        Verdict::Waiting { needs } => (TestCaseStatus::skipped(), waiting_for(needs, graded)),
        Verdict::Broken { message } | Verdict::TooMuch { message } => {
            (TestCaseStatus::non_success(NonSuccessKind::Failure), message.clone())
        }
        Verdict::Failed(failure) => {
            (TestCaseStatus::non_success(NonSuccessKind::Failure), told(exercise, failure))
        }
        Verdict::Internal { message } => {
            (TestCaseStatus::non_success(NonSuccessKind::Error), message.clone())
        }
    };
    let text = clean_plain(&text);
    let first = match verdict {
        Verdict::Failed(failure) => clean_plain(&lead(failure)),
        _ => text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned(),
    };
    status.set_type(verdict.word()).set_message(first).set_description(text.trim());
    status
}

/// All that is known of a failure, and how to see it again.
fn told(exercise: &Exercise, failure: &Failure) -> String {
    let mut text = whole(failure);
    _ = writeln!(text, "\n\n{}, seed {}", exercise.title, failure.seed);
    if let Some(prints) = &failure.prints {
        _ = writeln!(text, "\nprinted:\n{prints}");
    }
    text
}

/// The schema knows no count of skipped tests for a whole report, only for a suite.
fn as_in_the_schema(xml: &str) -> String {
    let Some((head, rest)) = xml.split_once("<testsuites ") else { return xml.to_owned() };
    let (tag, rest) = rest.split_once('>').unwrap_or((rest, ""));
    let kept: Vec<&str> = tag.split(' ').filter(|attribute| !attribute.starts_with("skipped=")).collect();
    format!("{head}<testsuites {}>{rest}", kept.join(" "))
}
