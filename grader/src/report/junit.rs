//! The report as JUnit XML, for continuous integration.

use anyhow::{Context, Result};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Style, waiting_for};
use crate::{
    course::{Chapter, Exercise},
    grade::Graded,
    verdict::Verdict,
};

/// A test suite a chapter, a test case an exercise.
pub fn junit(chapters: &[&Chapter], graded: &Graded) -> Result<String> {
    let mut report = Report::new("crash-course");
    for chapter in chapters {
        let mut suite = TestSuite::new(&chapter.name);
        for exercise in &chapter.exercises {
            if let Some(verdict) = graded.verdicts.get(&exercise.full_id()) {
                suite.add_test_case(TestCase::new(exercise.full_id(), status(exercise, verdict)));
            }
        }
        report.add_test_suite(suite);
    }
    report.to_string().context("failed to write JUnit XML")
}

fn status(exercise: &Exercise, verdict: &Verdict) -> TestCaseStatus {
    let plain = Style { colour: false };
    let (mut status, message) = match verdict {
        Verdict::Passed { .. } => return TestCaseStatus::success(),
        Verdict::NotStarted => (TestCaseStatus::skipped(), "not started".to_owned()),
        Verdict::Waiting { needs } => (TestCaseStatus::skipped(), waiting_for(needs)),
        Verdict::Broken { message } => {
            (TestCaseStatus::non_success(NonSuccessKind::Failure), plain.rendered(message))
        }
        Verdict::Failed(failure) => {
            let said = failure
                .misconception
                .as_ref()
                .map(|diagnosis| format!("{}\n", diagnosis.says))
                .unwrap_or_default();
            let message = format!("{said}{}: {}", failure.about, failure.message);
            (TestCaseStatus::non_success(NonSuccessKind::Failure), message)
        }
        Verdict::Internal { message } => {
            (TestCaseStatus::non_success(NonSuccessKind::Error), message.clone())
        }
    };
    status.set_type(verdict.word()).set_message(format!("{}: {message}", exercise.title));
    status
}
