//! `grade`: grades what was handed in, with cases that nobody has seen before, and says what exactly was graded.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};
use serde_json::{Value, json as object};

use super::{Outcome, PROGRAM, Session, grade::settle};
use crate::{
    clean::{clean, clean_plain},
    cli::Scoring,
    course::Chapter,
    grade::Grader,
    hand_in::submission::Submitted,
    report::{Terminal, json, put, put_json, putln, summary, tell},
    verdict::{Graded, Verdict},
};

/// Seeds of the cases that students have are small.
const FRESH: std::ops::Range<u64> = 1 << 32..1 << 48;

/// Grades each submission; all with the same cases, those of `seed` or of one drawn now.
pub fn grade(session: &Session, places: &[PathBuf], seed: Option<u64>, scoring: &Scoring) -> Result<Outcome> {
    if seed.is_none() {
        super::refuse_without_authors("grade without --seed")?;
    }
    let seed = seed.unwrap_or_else(|| rand::Rng::gen_range(&mut rand::thread_rng(), FRESH));
    let chapters = session.chapters()?;
    let grader = Grader::new(session.course, session.events)?;
    let (mut all, mut values, mut unread) = (Vec::new(), Vec::new(), Vec::new());
    for place in places {
        // What is wrong with one submission keeps nobody else's from being graded.
        let submitted = match Submitted::read(session.course, place) {
            Ok(submitted) => submitted,
            Err(error) => {
                tell(&format!("error: {error:#}"));
                unread.push(place.display().to_string());
                continue;
            }
        };
        let graded = grader.grade_submission(&chapters, &submitted.trees, seed)?;
        let (earned, of) = summary(chapters.iter().flat_map(|chapter| &chapter.exercises), &graded);
        if session.common.json {
            values.push(as_json(&chapters, place, &submitted, &graded, seed));
        } else if session.common.quiet {
            putln!("{}: {earned} of {of} points", place.display());
        } else {
            put!("{}", report(session, &chapters, place, &submitted, &graded, seed));
        }
        all.push((place.display().to_string(), graded, earned));
    }
    if session.common.json {
        put_json(&object!({ "format": 1, "submissions": values, "unread": unread }));
    }
    let least = all.iter().map(|(.., earned)| *earned).min().unwrap_or_default();
    let named: Vec<_> = all.iter().map(|(name, graded, _)| (Some(name.as_str()), graded)).collect();
    let outcome = settle(scoring, &chapters, &named, least)?;
    ensure!(unread.is_empty(), "not graded: {}", unread.join(", "));
    Ok(outcome)
}

fn as_json(chapters: &[&Chapter], place: &Path, submitted: &Submitted, graded: &Graded, seed: u64) -> Value {
    let mut value = json(chapters, graded);
    value["file"] = object!(place);
    value["sha256"] = object!(submitted.fingerprint());
    value["seed"] = object!(seed);
    value["findings"] = object!(submitted.findings);
    value["receipt"] = object!(submitted.receipt);
    value
}

fn report(
    session: &Session,
    chapters: &[&Chapter],
    place: &Path,
    submitted: &Submitted,
    graded: &Graded,
    seed: u64,
) -> String {
    let style = session.style;
    let terminal = Terminal { course: session.course, style, program: PROGRAM };
    let (earned, of) = summary(chapters.iter().flat_map(|chapter| &chapter.exercises), graded);
    let mut text =
        format!("{}   {earned} of {of} points\n", style.strong(&clean(&place.display().to_string())));
    let sources = &submitted.fingerprint()[..16];
    _ = writeln!(text, "  graded: {} source files, sha256 {sources}…", submitted.files());
    if let Some(receipt) = &submitted.receipt {
        let points = receipt.points;
        _ = writeln!(
            text,
            "  handed in: {}, where the student's grader gave {} of {}",
            clean(&receipt.made),
            points.earned,
            points.of
        );
    }
    for finding in &submitted.findings {
        _ = writeln!(text, "  {} {}", style.bad("note:"), clean(finding));
    }
    let again = style.command(&format!("{PROGRAM} grade {} --seed {seed}", place.display()));
    _ = writeln!(text, "  the same cases again: {again}\n");
    text += &terminal.list(chapters, graded);
    text + &failures(chapters, graded) + "\n"
}

/// What went wrong, two or three lines an exercise.
fn failures(chapters: &[&Chapter], graded: &Graded) -> String {
    let mut text = String::new();
    for exercise in chapters.iter().flat_map(|chapter| &chapter.exercises) {
        let id = exercise.full_id();
        match graded.verdicts.get(&id) {
            Some(Verdict::Failed(failure)) => {
                let (right, all) = (failure.passed, failure.cases);
                _ = writeln!(text, "\n{id}: {} ({right} of {all} cases right)", failure.about);
                let first = failure.message.lines().next().unwrap_or_default();
                let says = failure.misconception.as_ref().map_or(first, |diagnosis| diagnosis.says.as_str());
                _ = writeln!(text, "  {}", clean(says));
            }
            Some(Verdict::Internal { message }) => {
                _ = writeln!(text, "\n{id}: the grader failed, not the student: {}", clean_plain(message));
            }
            _ => {}
        }
    }
    text
}
